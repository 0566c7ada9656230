# SPDX-License-Identifier: Apache-2.0
"""The check of data against what somebody expects, as the page's script has it made."""

import hashlib

import pytest

from helion_images_panel import conf
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import Requested
from helion_images_panel.core.verification import (
    Verified,
    expected_property,
    state_of,
    verified_property,
)
from helion_images_panel.transfers import slots
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import CHANGING, PermissionMatrix, path

DATA = b"what somebody else has stored"


def of(algorithm, data=DATA):
    return Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())


def expecting(glance, checksum, **attributes):
    image = glance.add(
        checksum=of("md5").value,
        os_hash_value=of("sha512").value,
        size=len(DATA),
        created_at=factories.ago(hours=1),
        **attributes,
    )
    image.update(expected_property(image["id"], checksum))
    glance.uploads[image["id"]] = DATA
    return image


def check(browser, image, panel="project"):
    return browser.post(path(panel, "verify", image["id"]))


class TestVerifyPermissions(PermissionMatrix):
    page, expected = "verify", CHANGING

    @pytest.fixture(autouse=True)
    def _images_expect_something(self, glance, monkeypatch):
        add = glance.add

        def added(**attributes):
            image = add(**attributes)
            image.update(expected_property(image["id"], Checksum("md5", "0" * 32)))
            return image

        monkeypatch.setattr(glance, "add", added)

    def ask(self, browser, url):
        return browser.post(url)


@pytest.fixture
def member(browser):
    return browser.login_as(factories.member())


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_what_was_expected(member, glance, algorithm):
    image = expecting(glance, of(algorithm))
    response = check(member, image)
    assert (response.status_code, response.json()) == (200, {"verification": "verified"})
    assert state_of(Image.from_glance(image)) == "verified"


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
@pytest.mark.parametrize("protected", [False, True])
def test_what_was_not_expected_is_deleted_and_both_values_are_said(
    member, glance, algorithm, protected
):
    image = expecting(glance, of(algorithm, b"other"), protected=protected)
    values = (str(of(algorithm, b"other")), str(of(algorithm)))
    answer = check(member, image).json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
    assert (answer["expected"], answer["actual"], answer["name"]) == (*values, image["name"])
    assert all(value in answer["reason"] for value in values)
    # For whom that answer does not reach.
    assert state_of(Image.from_glance(image)) == "mismatch"
    answer = member.post(answer["seen_url"]).json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", True)
    assert (answer["expected"], answer["actual"]) == values
    assert glance.images == {}


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_an_answer_that_nobody_read_is_given_again(member, glance, algorithm):
    image = expecting(glance, of(algorithm, b"other"))
    first = check(member, image).json()
    html = member.get(path("project", "index")).content.decode()
    assert f'data-hip-verify="{path("project", "verify", image["id"])}"' in html
    reads = list(glance.opened)
    assert check(member, image).json() == first
    assert glance.opened == reads
    assert member.post(first["seen_url"]).json()["deleted"]


@pytest.mark.parametrize("seen", ["", "sha256", "sha256:" + "0" * 64, str(of("md5"))])
def test_nothing_is_deleted_for_what_nobody_saw(member, glance, seen):
    image = expecting(glance, of("sha256", b"other"))
    answer = member.post(path("project", "verify", image["id"]) + f"?seen={seen}").json()
    assert (answer["deleted"], image["id"] in glance.images) == (False, True)


def test_nothing_is_deleted_that_has_been_corrected_since(member, glance):
    image = expecting(glance, of("sha256", b"other"))
    answer = check(member, image).json()
    image.update(expected_property(image["id"], of("sha256")))
    assert member.post(answer["seen_url"]).json() == {"verification": "verified"}
    assert image["id"] in glance.images


def test_what_cannot_be_deleted(member, glance):
    image = expecting(glance, of("sha256", b"other"))
    glance.failing[f"DELETE /v2/images/{image['id']}"] = fakes.refusal(409, "In use by somebody.")
    answer = member.post(check(member, image).json()["seen_url"]).json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
    assert "In use by somebody." in answer["reason"]
    assert "seen_url" not in answer
    assert image["id"] in glance.images
    # It is known now, and nobody reads the data again.
    glance.opened.clear()
    assert state_of(Image.from_glance(image)) == "mismatch"
    assert check(member, image).json()["verification"] == "mismatch"
    assert glance.opened == []


def test_data_that_the_store_has_spoilt(member, glance):
    image = expecting(glance, of("sha256"))
    glance.uploads[image["id"]] = b"spoilt"
    answer = check(member, image).json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
    assert "other data than it has stored" in answer["reason"]
    # The store, or the way to it, is mended.
    glance.uploads[image["id"]] = DATA
    html = member.get(path("project", "detail", image["id"])).content.decode()
    assert f'data-hip-verify-now="{path("project", "verify", image["id"])}"' in html
    assert "data-hip-verify=" not in html
    assert check(member, image).json() == {"verification": "verified"}
    assert state_of(Image.from_glance(image)) == "verified"


def test_what_could_not_be_noted(member, glance):
    image = expecting(glance, of("sha256"))
    glance.failing[f"PATCH /v2/images/{image['id']}"] = fakes.refusal(403, "Not now.")
    answer = check(member, image).json()
    assert answer["verification"] == "verified"
    assert "Not now." in answer["reason"]


def test_what_was_checked_before_is_not_read_again(member, glance):
    image = expecting(glance, of("sha256"))
    check(member, image)
    glance.calls.clear()
    assert check(member, image).json() == {"verification": "verified"}
    assert [call.path for call in glance.calls] == [f"/v2/images/{image['id']}"]


@pytest.mark.parametrize("status", ["queued", "saving", "deactivated"])
def test_an_image_without_data_to_read(member, glance, status):
    response = check(member, expecting(glance, of("sha256"), status=status))
    assert (response.status_code, response.json()["kind"]) == (409, "invalid")
    assert glance.writes == []


def test_an_image_of_which_nothing_is_expected(member, glance):
    response = check(member, glance.add())
    assert (response.status_code, response.json()["kind"]) == (409, "invalid")


def test_a_snapshot_is_not_deleted_for_what_its_base_image_should_be(member, glance):
    snapshot = glance.add(image_type="snapshot")
    snapshot.update(expected_property(factories.image_id(), of("md5", b"other")))
    assert check(member, snapshot).status_code == 409
    assert snapshot["id"] in glance.images
    assert glance.writes == []


@pytest.mark.parametrize("forged", [of("md5"), of("sha256"), of("sha512", b"other")])
def test_an_image_is_not_deleted_for_what_nobody_signed(member, glance, forged):
    image = expecting(glance, forged)
    image["helion_images_expected"] = f"{image['id']} {forged}"
    response = check(member, image)
    assert (response.status_code, response.json()["kind"]) == (409, "invalid")
    assert image["id"] in glance.images
    assert glance.writes == []


def test_what_was_not_compared_on_the_way_is_compared_now(member, glance):
    """The expectation came after the upload had begun."""
    image = expecting(glance, of("sha256"))
    record = Verified((of("sha512"),), "2026-11-23T12:00:00Z", "kim")
    image.update(verified_property(image["id"], record))
    assert state_of(Image.from_glance(image)) == "pending"
    assert check(member, image).json() == {"verification": "verified"}
    assert state_of(Image.from_glance(image)) == "verified"


def test_an_expectation_that_is_corrected_while_it_reads(member, glance, monkeypatch):
    image = expecting(glance, of("sha256", b"other"))
    read = fakes.FakeHttp._get_data

    def reading(self, *args, **kwargs):
        image.update(expected_property(image["id"], of("sha256")))
        return read(self, *args, **kwargs)

    monkeypatch.setattr(fakes.FakeHttp, "_get_data", reading)
    response = check(member, image)
    assert (response.status_code, response.json()["kind"]) == (503, "busy")
    assert image["id"] in glance.images
    # As the page's script does then.
    assert check(member, image).json() == {"verification": "verified"}
    assert len(glance.opened) == 1


@pytest.mark.parametrize("expected", [of("sha256"), of("sha256", b"other")])
def test_an_image_that_is_deleted_while_it_reads(member, glance, monkeypatch, expected):
    image = expecting(glance, expected)
    read = fakes.FakeHttp._get_data

    def reading(self, *args, **kwargs):
        response = read(self, *args, **kwargs)
        glance.images.clear()
        return response

    monkeypatch.setattr(fakes.FakeHttp, "_get_data", reading)
    response = check(member, image)
    assert (response.status_code, response.json()["kind"]) == (404, "refused")
    assert "verification" not in response.json()


def test_an_admin_has_it_checked_on_their_own_click(browser, glance):
    image = expecting(glance, of("sha256"))
    browser.login_as(factories.domain_admin())
    assert check(browser, image, "admin").json() == {"verification": "verified"}


def test_whoever_may_change_but_not_delete(member, glance, monkeypatch):
    image = expecting(glance, of("sha256", b"other"))
    allowed = "helion_images_panel.ui.transfers.verify.change_refusal"
    monkeypatch.setattr(
        allowed, lambda _request, _scope, _image, rule: "No." if rule == "delete_image" else None
    )
    response = check(member, image)
    assert (response.status_code, response.json()["kind"]) == (403, "refused")
    assert glance.writes == []


def test_no_place(member, glance, settings):
    setattr(settings, conf.DOWNLOADS_PER_PROCESS.name, 1)
    image = expecting(glance, of("sha256"))
    with slots.DOWNLOADS.acquire():
        response = check(member, image)
        assert (response.status_code, response.json()["kind"]) == (503, "busy")
        assert response.json()["retry_after_s"] > 0
    assert check(member, image).json() == {"verification": "verified"}


@pytest.mark.parametrize(("status", "answer"), [(403, 403), (404, 404), (503, 503)])
def test_data_that_cannot_be_read(member, glance, status, answer):
    image = expecting(glance, of("sha256"))
    glance.failing[f"GET /v2/images/{image['id']}/file"] = fakes.refusal(status, "Because.")
    response = check(member, image)
    assert response.status_code == answer
    assert response.json() == {"reason": "Because.", "kind": "refused"}


def test_a_session_that_ended(member, glance):
    image = expecting(glance, of("sha256"))
    glance.failing[f"GET /v2/images/{image['id']}/file"] = fakes.refusal(401, "Expired.")
    response = check(member, image)
    assert (response.status_code, response.json()["kind"]) == (403, "session")


def test_it_is_not_done_by_looking(member, glance):
    image = expecting(glance, of("sha256", b"other"))
    assert member.get(path("project", "verify", image["id"])).status_code == 405
    assert image["id"] in glance.images


def test_what_the_person_does_meanwhile_stays_done(member, glance, monkeypatch):
    """A check may read for an hour, and Horizon writes the session of every request."""
    image = expecting(glance, of("sha256"))
    member.get(path("project", "index"))
    read = fakes.FakeHttp._get_data

    def reading(self, *args, **kwargs):
        session = member.session
        session["elsewhere"] = "another project"
        session.save()
        return read(self, *args, **kwargs)

    monkeypatch.setattr(fakes.FakeHttp, "_get_data", reading)
    assert check(member, image).json() == {"verification": "verified"}
    assert member.session["elsewhere"] == "another project"


def test_an_image_of_others_is_answered_as_one_that_is_not_there(browser, glance):
    """To an admin's token Glance tells the one from the other, in words of its own."""
    foreign = expecting(glance, of("sha256"), owner=factories.FOREIGN)
    browser.login_as(factories.domain_admin())
    unknown = {"id": factories.image_id(10**6)}
    answers = [check(browser, image, "admin") for image in (foreign, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_an_md5_that_glance_has_is_compared_on_a_python_without_it(member, glance, request):
    image = expecting(glance, of("md5"))
    request.getfixturevalue("without_md5")
    assert check(member, image).json() == {"verification": "verified"}


def test_an_md5_that_nobody_can_compute_is_said(member, glance, request):
    image = expecting(glance, Checksum("md5", "0" * 32))
    image["checksum"] = None
    request.getfixturevalue("without_md5")
    response = check(member, image)
    assert response.status_code == 409
    assert "cannot compute MD5 checksums" in response.json()["reason"]
    assert glance.opened == []
    assert image["id"] in glance.images


@pytest.mark.parametrize("formats", ["raw/bare", "qcow2/bare"])
def test_imported_data_is_never_deleted(member, glance, formats):
    image, expected = expecting(glance, of("sha256", b"other")), of("sha256", b"other")
    image.update(expected_property(image["id"], expected, Requested("url", formats)))
    answer = check(member, image).json()
    assert "seen_url" not in answer
    if formats == "qcow2/bare":
        assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
        assert "The image is kept" in answer["reason"]
        assert answer["actual"] in answer["reason"]
    else:
        assert answer["verification"] == "converted"
        assert "source could not be compared" in answer["reason"]
    seen = path("project", "verify", image["id"]) + f"?seen={of('sha256')}"
    assert not member.post(seen).json().get("deleted")
    assert image["id"] in glance.images


def test_an_official_image_is_deleted_and_nobody_has_entered_a_checksum(member, glance):
    image, expected = expecting(glance, of("sha256", b"other")), of("sha256", b"other")
    requested = Requested("official-url", "qcow2/bare")
    image.update(expected_property(image["id"], expected, requested))
    download = {"import_req": {"method": {"name": "web-download"}}}
    glance.tasks[image["id"]] = [{"status": "success", "input": download}]
    answer = check(member, image).json()
    assert (answer["deleted"], answer["official"]) == (False, True)
    deleted = member.post(answer["seen_url"]).json()
    assert deleted["deleted"]
    for reason in (answer["reason"], deleted["reason"]):
        assert "that you entered" not in reason
        assert f"Expected: {expected}. Found: {of('sha256')}." in reason
        assert "Add the image again from Official Images." in reason
    assert image["id"] not in glance.images
