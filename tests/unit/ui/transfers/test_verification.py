# SPDX-License-Identifier: Apache-2.0
"""What is known of an image's data, in words, and who may have it checked."""

import re
from html import unescape

import pytest

from helion_images_panel.core.checksums import Checksum, read
from helion_images_panel.core.requested import Requested, requested_property
from helion_images_panel.core.verification import Verified, expected_property, verified_property
from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.scope import PROJECT
from helion_images_panel.ui.transfers import verification
from tests import factories
from tests.unit.permissions import path

#: Glance's own value of the images of `factories`.
SHA512 = "a" * 128
OTHER = "b" * 128
SHA256 = "c" * 64
MD5 = "d" * 32
AT, BY = "2026-11-23T10:00:00Z", "kim <b>"


def properties(image_id, expected=None, recorded=None):
    found = {}
    if expected:
        found.update(expected_property(image_id, read(expected)))
    if recorded:
        found.update(verified_property(image_id, Verified((read(recorded),), AT, BY)))
    return found


#: State, and what the image says of its data.
CASES = {
    "verified": {"recorded": f"sha512:{SHA512}"},
    "pending": {"expected": f"sha256:{SHA256}"},
    "mismatch": {"expected": f"sha512:{OTHER}"},
    "recorded mismatch": {"recorded": f"sha512:{OTHER}"},
    "spoilt read": {"expected": f"sha256:{SHA256}", "recorded": f"sha512:{OTHER}"},
    "": {},
}


def image_of(case, **attributes):
    id_ = factories.image_id()
    return factories.image(id=id_, **properties(id_, **CASES[case]), **attributes)


def add(glance, case, **attributes):
    image = glance.add(**attributes)
    image.update(properties(image["id"], **CASES[case]))
    return image


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("person", ["member", "reader", "member_elsewhere", "domain_admin"])
def test_checks_are_for_those_who_may_remove_what_fails_them(keystone, case, person):
    request, image = factories.request(factories.PEOPLE[person]()), image_of(case)
    may, due = case in ("pending", "mismatch", "spoilt read"), case in ("pending", "mismatch")
    assert verification.may_check(request, PROJECT, image) is (may and person == "member")
    assert verification.check_is_due(request, PROJECT, image) is (due and person == "member")


@pytest.mark.parametrize("case", ["pending", "mismatch"])
def test_an_admins_look_at_a_list_moves_no_data(keystone, case):
    request = factories.request(factories.domain_admin())
    image = image_of(case, owner=factories.SIBLING)
    assert verification.may_check(request, ADMIN, image)
    assert not verification.check_is_due(request, ADMIN, image)
    assert verification.check_is_due(request, PROJECT, image)


@pytest.mark.parametrize("status", ["queued", "saving", "importing"])
def test_without_data_there_is_nothing_to_check(status):
    request = factories.request(factories.member())
    assert not verification.may_check(request, PROJECT, image_of("pending", status=status))


def test_the_story_of_a_mismatch_has_both_values():
    for case in ("mismatch", "recorded mismatch"):
        story = verification.summary_of(image_of(case))
        assert (story.state, story.claimed, story.actual) == (
            "mismatch",
            Checksum("sha512", OTHER),
            Checksum("sha512", SHA512),
        )


def test_the_story_of_data_that_was_read_and_could_not_be_removed():
    id_ = factories.image_id()
    found = properties(id_, expected=f"sha256:{SHA256}", recorded=f"sha256:{'d' * 64}")
    story = verification.summary_of(factories.image(id=id_, **found))
    assert (story.state, story.claimed, story.actual) == (
        "mismatch",
        Checksum("sha256", SHA256),
        Checksum("sha256", "d" * 64),
    )


def test_the_story_of_verified_data_has_when_and_by_whom():
    story = verification.summary_of(image_of("verified"))
    assert (story.state, story.by, story.claimed) == ("verified", BY, Checksum("sha512", SHA512))
    assert story.at == AT


@pytest.mark.parametrize(
    "forged",
    [
        {"helion_images_verified": "{id} sha512:" + SHA512 + f" {AT} kim"},
        {"helion_images_expected": "{id} sha512:" + OTHER},
        {"helion_images_expected": "{id} sha256:" + SHA256},
    ],
)
def test_what_nobody_signed_is_nothing_to_tell(keystone, forged):
    id_ = factories.image_id()
    image = factories.image(
        id=id_, **{name: value.format(id=id_) for name, value in forged.items()}
    )
    assert verification.summary_of(image) == verification.VerificationSummary("")
    request = factories.request(factories.member())
    assert not verification.may_check(request, PROJECT, image)


def row(browser, panel, image):
    html = browser.get(path(panel, "index")).content.decode()
    return re.search(rf'(?s)<tr[^>]*data-object-id="{image["id"]}".*?</tr>', html)[0]


@pytest.mark.parametrize(
    ("case", "label", "words"),
    [
        ("verified", "label-success", "Verified"),
        ("pending", "label-default", "Not verified"),
        ("mismatch", "label-danger", "Checksum mismatch"),
        ("recorded mismatch", "label-danger", "Checksum mismatch"),
        ("", None, None),
    ],
)
def test_a_row_shows_it(browser, glance, case, label, words):
    image = add(glance, case)
    browser.login_as(factories.member())
    found = row(browser, "project", image)
    if label:
        assert re.search(rf'class="label {label} hip-badge" title="{words}"', found)
        assert found.count(words) == 2, "once for the eyes or ears, once on hovering"
    else:
        assert "hip-badge" not in found
    url = path("project", "verify", image["id"])
    assert (f'data-hip-verify="{url}"' in found) is (case in ("pending", "mismatch"))


@pytest.mark.parametrize(("person", "panel"), [("reader", "project"), ("domain_admin", "admin")])
def test_a_row_asks_for_no_check_of_who_has_no_part_in_it(browser, glance, person, panel):
    image = add(glance, "pending")
    browser.login_as(factories.PEOPLE[person]())
    found = row(browser, panel, image)
    assert "Not verified" in found
    assert "data-hip-verify=" not in found


def details(browser, image, person="member", panel="project"):
    browser.login_as(factories.PEOPLE[person]())
    return browser.get(path(panel, "detail", image["id"])).content.decode()


def test_the_details_of_verified_data(browser, glance):
    html = details(browser, add(glance, "verified"))
    assert re.search(r"Yes, <time [^>]*>[^<]+ ago<[^>]*> \(11/23/2026 [^)]+\)</span></time>", html)
    assert "by kim &lt;b&gt;" in html
    assert html.count(SHA512) == 1, "it is Glance's own"
    assert "helion_images_" not in html.replace("helion_images_panel", "")
    assert "data-hip-mismatch" not in html


@pytest.mark.parametrize("case", ["mismatch", "recorded mismatch"])
def test_a_mismatch_is_an_alarm_with_both_values(browser, glance, case):
    image = add(glance, case)
    image["created_at"] = factories.ago(hours=1)
    html = details(browser, image)
    alarm = unescape(re.search(r'(?s)<div class="alert alert-danger".*?</div>', html)[0])
    assert f"sha512:{OTHER}" in alarm
    assert f"sha512:{SHA512}" in alarm
    assert "Do not launch instances from it." in alarm


def test_a_mismatch_of_an_image_that_may_have_been_imported_since_has_a_reservation(
    browser, glance
):
    """Glance does not have the task any more that would show it."""
    image = add(glance, "mismatch")
    image["created_at"] = factories.ago(days=3)
    html = details(browser, image)
    assert f"sha512:{OTHER}" in html
    assert "Do not launch instances from it." not in html
    assert "some clouds convert images while they import them" in html


@pytest.mark.parametrize(
    ("person", "panel", "now", "due"),
    [
        ("member", "project", True, True),
        ("reader", "project", False, False),
        ("domain_admin", "admin", True, False),
    ],
)
def test_the_details_offer_a_check(browser, glance, person, panel, now, due):
    image = add(glance, "pending")
    html = details(browser, image, person, panel)
    url = path(panel, "verify", image["id"])
    assert f"sha256:{SHA256}" in html
    assert "Not verified" in html
    assert (f'data-hip-verify-now="{url}"' in html) is now
    assert (f'data-hip-verify="{url}"' in html) is due


def test_a_queued_image_tells_what_it_waits_for(browser, glance):
    image = add(glance, "pending", status="queued")
    html = details(browser, image)
    assert f"sha256:{SHA256}" in html
    assert "data-hip-verify" not in html


def imported(expected, formats="qcow2/bare", recorded=None, source="url", **attributes):
    """An image whose data came from a URL."""
    id_ = factories.image_id()
    written = {
        **properties(id_, recorded=recorded),
        **expected_property(id_, read(expected), Requested(source, formats)),
    }
    return factories.image(id=id_, disk_format="qcow2", **written, **attributes)


def test_converted_data_is_explained_and_not_checked(keystone):
    request, image = factories.request(factories.member()), imported(f"md5:{MD5}", "raw/bare")
    assert not verification.may_check(request, PROJECT, image)
    assert not verification.check_is_due(request, PROJECT, image)
    summary = verification.summary_of(image)
    assert summary.state == "converted"
    assert "source could not be compared" in summary.note


@pytest.mark.parametrize(
    ("recorded", "due"), [(None, True), (f"sha512:{SHA512}", False)], ids=["new", "shown"]
)
def test_a_mismatch_that_stays_is_shown_once(keystone, recorded, due):
    request = factories.request(factories.member())
    image = imported(f"sha512:{OTHER}", recorded=recorded)
    assert verification.may_check(request, PROJECT, image)
    assert verification.check_is_due(request, PROJECT, image) is due
    assert "The image is kept" in verification.note_of(image)


def staged(expected=None, recorded=(), formats="qcow2/bare", **attributes):
    """An image whose file was staged and imported."""
    id_ = factories.image_id()
    written = requested_property(id_, Requested("staged", formats))
    if expected:
        written = {**expected_property(id_, read(expected)), **written}
    if recorded:
        checksums = tuple(map(read, recorded))
        written = {**written, **verified_property(id_, Verified(checksums, AT, BY))}
    return factories.image(id=id_, **{"disk_format": "raw", **written, **attributes})


@pytest.mark.parametrize(
    ("expected", "recorded", "note"),
    [
        (f"sha256:{SHA256}", (f"sha512:{OTHER}", f"sha256:{SHA256}"), "and matched."),
        (f"sha256:{SHA256}", (), "the result could not be saved."),
        (None, (f"sha512:{OTHER}",), "There was no expected checksum"),
    ],
)
def test_a_converted_file_says_whether_it_was_compared(keystone, expected, recorded, note):
    request, image = factories.request(factories.member()), staged(expected, recorded)
    assert not verification.may_check(request, PROJECT, image)
    assert not verification.check_is_due(request, PROJECT, image)
    summary = verification.summary_of(image)
    assert summary.state == "converted"
    assert note in summary.note
    assert summary.compared is (note == "and matched.")


def test_a_staged_file_that_changed_for_an_unknown_reason_is_kept():
    image = staged(None, (f"sha512:{OTHER}",), "raw/bare")
    assert verification.summary_of(image).state == "mismatch"
    assert "differs from the uploaded file" in verification.note_of(image)


def test_the_details_of_a_converted_file(browser, glance):
    browser.login_as(factories.member())
    for recorded, text in [
        ((f"sha512:{OTHER}", f"sha256:{SHA256}"), "The uploaded file was, before"),
        ((), "Not compared: this cloud converted"),
    ]:
        image = staged(f"sha256:{SHA256}", recorded)
        glance.images[image.id] = factories.glance_image(
            id=image.id, disk_format="raw", **image.properties
        )
        html = unescape(browser.get(path("project", "detail", image.id)).content.decode())
        assert text in html
        assert verification.note_of(image) in html


def test_an_official_image_that_is_not_the_publishers_has_no_excuse(keystone):
    """And is checked again, so that the image goes when its owner has seen it."""
    request = factories.request(factories.member())
    wrong = {"recorded": f"sha512:{SHA512}", "source": "official-url"}
    image = imported(f"sha512:{OTHER}", **wrong, created_at=factories.ago(hours=1))
    assert verification.summary_of(image).state == "mismatch"
    assert verification.note_of(image) == ""
    assert verification.check_is_due(request, PROJECT, image)


def test_an_old_official_image_is_kept_and_says_so_once(keystone):
    """Glance may not have the task any more that shows where its data came from."""
    request = factories.request(factories.member())
    wrong = {"recorded": f"sha512:{SHA512}", "source": "official-url"}
    image = imported(f"sha512:{OTHER}", **wrong, created_at=factories.ago(days=2))
    assert verification.note_of(image) == verification.kept_note()
    assert not verification.check_is_due(request, PROJECT, image)


def test_a_store_that_returns_other_data_has_no_excuse():
    image = imported(f"sha256:{SHA256}", recorded=f"sha512:{OTHER}")
    assert verification.summary_of(image).state == "mismatch"
    assert verification.note_of(image) == ""
