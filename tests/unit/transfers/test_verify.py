# SPDX-License-Identifier: Apache-2.0
import hashlib

import pytest
from django.core.cache import cache

from helion_images_panel import conf, exceptions
from helion_images_panel.api import client
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import Requested
from helion_images_panel.core.verification import (
    expected_of,
    expected_property,
    state_of,
    verified_of,
)
from helion_images_panel.transfers import slots
from helion_images_panel.transfers.verify import CheckBusy, verify
from tests import factories
from tests.unit import fakes

DATA = b"what somebody else has stored" * 100_000


def of(algorithm, data=DATA):
    return Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())


@pytest.fixture(autouse=True)
def _nothing_stays(glance, threads):
    yield
    assert slots.DOWNLOADS.in_use == 0
    assert glance.open_downloads == 0


@pytest.fixture
def request_():
    return factories.request()


@pytest.fixture
def active(glance):
    image = glance.add(
        checksum=of("md5").value,
        os_hash_value=of("sha512").value,
        size=len(DATA),
        created_at=factories.ago(hours=23),
    )
    glance.uploads[image["id"]] = DATA
    return image


def check(request_, active, expected, seen=None):
    active.update(expected_property(active["id"], expected))
    return verify(request_, Image.from_glance(active), expected, seen)


def check_and_see(request_, active, expected):
    """Has it checked, and says then that a person has seen the mismatch."""
    checked = check(request_, active, expected)
    assert (checked.agrees, checked.deleted, checked.to_be_deleted) == (False, False, True)
    return check(request_, active, expected, checked.actual)


@pytest.mark.parametrize(("algorithm", "reads"), [("md5", 0), ("sha512", 0), ("sha256", 1)])
def test_what_was_expected_is_recorded_by_glances_own_hash(
    glance, request_, active, algorithm, reads
):
    checked = check(request_, active, of(algorithm))
    assert (checked.agrees, checked.deleted, checked.error) == (True, False, None)
    assert checked.actual == of(algorithm)
    image = Image.from_glance(active)
    assert state_of(image) == "verified"
    assert verified_of(image).checksums[0] == of("sha512")
    assert len(glance.opened) == reads


@pytest.mark.parametrize("algorithm", ["md5", "sha512", "sha256"])
@pytest.mark.parametrize("protected", [False, True])
def test_what_was_not_expected_is_deleted(glance, request_, active, algorithm, protected):
    active["protected"] = protected
    checked = check_and_see(request_, active, of(algorithm, b"other"))
    assert (checked.agrees, checked.deleted, checked.error) == (False, True, None)
    assert checked.actual == of(algorithm)
    assert glance.images == {}


def test_somebody_else_has_deleted_it_meanwhile(glance, request_, active):
    key = f"DELETE /v2/images/{active['id']}"
    glance.failing[key] = fakes.refusal(404, "Gone.")
    assert check_and_see(request_, active, of("sha256", b"other")).deleted


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
@pytest.mark.parametrize("status", [401, 403, 409])
def test_what_cannot_be_deleted_is_marked(glance, request_, active, algorithm, status):
    glance.failing[f"DELETE /v2/images/{active['id']}"] = fakes.refusal(status, "In use.")
    checked = check_and_see(request_, active, of(algorithm, b"other"))
    assert (checked.agrees, checked.deleted) == (False, False)
    assert isinstance(checked.error, exceptions.ImageServiceError | exceptions.SessionEnded)
    image = Image.from_glance(active)
    assert state_of(image) == "mismatch"
    assert verified_of(image).checksums[0] == of(algorithm)


def test_what_is_marked_is_known_without_the_cache(glance, request_, active):
    expected = of("sha256", b"other")
    checked = check(request_, active, expected)
    assert checked.to_be_deleted
    cache.clear()
    assert check(request_, active, expected, checked.actual).deleted
    assert len(glance.opened) == 1


def test_a_mark_that_cannot_be_written_keeps_nothing_from_going(glance, request_, active):
    glance.failing[f"PATCH /v2/images/{active['id']}"] = fakes.refusal(403, "No.")
    assert check_and_see(request_, active, of("sha256", b"other")).deleted
    assert len(glance.opened) == 1


def test_a_record_that_fails_is_told(glance, request_, active):
    glance.failing[f"PATCH /v2/images/{active['id']}"] = fakes.refusal(403, "No.")
    checked = check(request_, active, of("sha256"))
    assert checked.agrees
    assert checked.error


def test_data_is_not_read_again_for_a_record_that_failed(glance, request_, active):
    glance.failing[f"PATCH /v2/images/{active['id']}"] = fakes.refusal(403, "No.")
    assert check(request_, active, of("sha256")).error
    assert state_of(Image.from_glance(active)) == "pending"
    glance.failing.clear()
    assert check(request_, active, of("sha256")).error is None
    assert state_of(Image.from_glance(active)) == "verified"
    assert len(glance.opened) == 1


def test_data_is_not_read_again_for_another_expectation_of_the_kind(glance, request_, active):
    glance.failing[f"DELETE /v2/images/{active['id']}"] = fakes.refusal(409, "In use.")
    assert not check(request_, active, of("sha256", b"other")).agrees
    assert check(request_, active, of("sha256")).agrees
    assert len(glance.opened) == 1
    assert state_of(Image.from_glance(active)) == "verified"


def meanwhile(monkeypatch, happens):
    """Something that happens while the data is read."""
    read = fakes.FakeHttp._get_data

    def reading(self, *args, **kwargs):
        response = read(self, *args, **kwargs)
        happens()
        return response

    monkeypatch.setattr(fakes.FakeHttp, "_get_data", reading)


@pytest.mark.parametrize("corrected", [of("sha256"), of("sha256", b"third"), of("md5"), None])
@pytest.mark.parametrize("protected", [False, True])
def test_an_expectation_that_is_corrected_meanwhile(
    glance, request_, active, monkeypatch, corrected, protected
):
    active["protected"] = protected

    def correct():
        active.pop("helion_images_expected")
        if corrected:
            active.update(expected_property(active["id"], corrected))

    meanwhile(monkeypatch, correct)
    with pytest.raises(CheckBusy):
        check(request_, active, of("sha256", b"other"))
    assert glance.writes == []
    assert active["protected"] is protected
    assert expected_of(Image.from_glance(active)) == corrected


@pytest.mark.parametrize("protected", [False, True])
def test_a_protection_of_meanwhile_does_not_save_it(
    glance, request_, active, monkeypatch, protected
):
    active["protected"] = not protected
    meanwhile(monkeypatch, lambda: active.update(protected=protected))
    assert check_and_see(request_, active, of("sha256", b"other")).deleted


def test_an_image_that_is_deleted_meanwhile(glance, request_, active, monkeypatch):
    meanwhile(monkeypatch, lambda: glance.images.clear())
    with pytest.raises(exceptions.ImageNotFound):
        check(request_, active, of("sha256", b"other"))
    glance.images[active["id"]] = active
    cache.clear()
    assert isinstance(check(request_, active, of("sha256")).error, exceptions.ImageNotFound)


def test_data_that_is_not_even_what_glance_stored_is_kept_and_marked(
    glance, request_, active, caplog
):
    """A broken store says nothing about what was expected."""
    glance.uploads[active["id"]] = DATA[:-1] + b"X"
    checked = check(request_, active, of("sha256"))
    assert (checked.agrees, checked.intact, checked.deleted) == (False, False, False)
    assert active["id"] in glance.images
    assert state_of(Image.from_glance(active)) == "mismatch"
    assert "ERROR" in {record.levelname for record in caplog.records}


def test_without_a_hash_of_glance_the_data_alone_counts(glance, request_, active):
    active.update(os_hash_algo=None, os_hash_value=None, checksum=None)
    assert check(request_, active, of("sha256")).agrees
    assert verified_of(Image.from_glance(active)).checksums[0] == of("sha256")


def test_no_place(glance, request_, active, settings):
    setattr(settings, conf.DOWNLOADS_PER_PROCESS.name, 1)
    with slots.DOWNLOADS.acquire():
        with pytest.raises(CheckBusy):
            check(request_, active, of("sha256"))
        # Nothing needs to be read for these.
        assert check(request_, active, of("md5")).agrees
    assert check(request_, active, of("sha256")).agrees


def test_one_check_of_an_image_at_a_time(glance, request_, active):
    cache.add(client.image_cache_key(request_, "verify", active["id"]), True)
    with pytest.raises(CheckBusy):
        check(request_, active, of("sha256"))
    assert glance.opened == []


def test_a_check_that_lost_its_place_does_not_end_the_next_one(
    glance, request_, active, monkeypatch
):
    key = client.image_cache_key(request_, "verify", active["id"])
    meanwhile(monkeypatch, lambda: cache.set(key, "of the next one"))
    assert check(request_, active, of("sha256")).agrees
    assert cache.get(key) == "of the next one"


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_data_that_cannot_be_read_changes_nothing(glance, request_, active, status):
    glance.failing[f"GET /v2/images/{active['id']}/file"] = fakes.refusal(status, "No.")
    with pytest.raises((exceptions.ImageServiceError, exceptions.SessionEnded)):
        check(request_, active, of("sha256", b"other"))
    assert glance.writes == []
    glance.failing.clear()
    assert check(request_, active, of("sha256")).agrees


def test_data_that_breaks_off_changes_nothing(glance, request_, active):
    glance.breaks_after = 1_100_000
    with pytest.raises(exceptions.ImageServiceUnavailable):
        check(request_, active, of("sha256"))
    assert glance.writes == []


def test_a_md5_of_glance_that_this_python_lacks_is_no_reason_to_read_again(
    glance, request_, active, without_md5
):
    active["os_hash_value"] = None
    expected = of("sha256")
    glance.failing[f"PATCH /v2/images/{active['id']}"] = fakes.refusal(403, "No.")
    check(request_, active, expected)
    check(request_, active, expected)
    assert len(glance.opened) == 1


# Data that Glance has imported.


def requesting(active, source, formats="qcow2/bare", expected=None):
    """Has the image expect other data, from this source."""
    expected = expected or of("sha256", b"other")
    active.update(expected_property(active["id"], expected, Requested(source, formats)))
    return expected


def ask(request_, active, expected, seen=None):
    return verify(request_, Image.from_glance(active), expected, seen)


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
@pytest.mark.parametrize("protected", [False, True])
def test_imported_data_that_does_not_match_is_told_and_kept(
    glance, request_, active, algorithm, protected
):
    """No request to Glance tells whether its plugins have changed the data."""
    active["protected"] = protected
    expected = requesting(active, "url", expected=of(algorithm, b"other"))
    for seen in (None, of(algorithm)):
        checked = ask(request_, active, expected, seen)
        assert (checked.agrees, checked.converted, checked.error) == (False, False, None)
        assert (checked.deleted, checked.to_be_deleted) == (False, False)
    assert active["id"] in glance.images
    assert active["protected"] is protected
    assert state_of(Image.from_glance(active)) == "mismatch"


def of_task(created_at, status="success", method="web-download"):
    import_request = {"method": {"name": method}}
    return {"status": status, "created_at": created_at, "input": {"import_req": import_request}}


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
@pytest.mark.parametrize("protected", [False, True])
def test_an_official_image_that_is_not_the_publishers_is_deleted(
    glance, request_, active, algorithm, protected
):
    """Its record shows that nothing has converted it, and Glance that it has downloaded it."""
    active.update(protected=protected)
    glance.tasks[active["id"]] = [of_task("2026-01-01")]
    expected = requesting(active, "official-url", expected=of(algorithm, b"other"))
    checked = ask(request_, active, expected)
    assert (checked.to_be_deleted, checked.deleted, checked.converted) == (True, False, False)
    assert active["id"] in glance.images
    checked = ask(request_, active, expected, checked.actual)
    assert (checked.deleted, checked.error) == (True, None)
    assert active["id"] not in glance.images


@pytest.mark.parametrize(
    "tasks",
    [
        [],
        [of_task("2026-01-01", "failure")],
        [of_task("2026-01-01", "failure"), of_task("2026-01-02", method="glance-direct")],
        [of_task("2026-01-01"), of_task("2026-01-02", "failure")],
    ],
    ids=["gone", "failed", "file since", "failed since"],
)
def test_an_official_image_that_may_have_other_data_is_kept(glance, request_, active, tasks):
    """Its download has failed, say, and another client has sent data since."""
    glance.tasks[active["id"]] = tasks
    expected = requesting(active, "official-url", expected=of("sha256", b"other"))
    checked = ask(request_, active, expected)
    assert not checked.to_be_deleted
    assert not ask(request_, active, expected, checked.actual).deleted
    assert active["id"] in glance.images


@pytest.mark.parametrize("formats", ["vmdk/bare", "qcow2/ova"])
@pytest.mark.parametrize("source", ["url", "official-url"])
def test_converted_data_is_not_called_wrong(glance, request_, active, source, formats):
    expected = requesting(active, source, formats)
    checked = ask(request_, active, expected, of("sha256"))
    assert (checked.converted, checked.deleted, checked.to_be_deleted) == (True, False, False)
    assert glance.writes == []


def test_unpacked_data_is_noted_as_such(glance, request_, active):
    expected = requesting(active, "archive-url")
    assert ask(request_, active, expected).converted
    assert state_of(Image.from_glance(active)) == "converted"
    assert active["id"] in glance.images


def test_the_first_bytes_are_read_with_a_place(glance, request_, active, settings):
    """Glance may take long to send them, as any other data."""
    # By this algorithm Glance has the checksum, and the data is not read.
    expected = requesting(active, "archive-url", expected=of("sha512", b"other"))
    settings.HELION_IMAGES_DOWNLOADS_PER_PROCESS = 0
    with pytest.raises(CheckBusy):
        ask(request_, active, expected)
    settings.HELION_IMAGES_DOWNLOADS_PER_PROCESS = 1
    assert ask(request_, active, expected).converted
    assert slots.DOWNLOADS.in_use == 0


def test_unpacked_data_whose_note_is_refused(glance, request_, active):
    expected = requesting(active, "archive-url")
    glance.failing[f"PATCH /v2/images/{active['id']}"] = fakes.refusal(403, "No.")
    assert ask(request_, active, expected).converted


def test_an_archive_that_is_still_one_was_not_unpacked(glance, request_, active):
    glance.uploads[active["id"]] = b"\x1f\x8b\x08" + DATA
    digests = {name: of(name, glance.uploads[active["id"]]) for name in ("md5", "sha512")}
    active.update(checksum=digests["md5"].value, os_hash_value=digests["sha512"].value)
    expected = requesting(active, "archive-url")
    checked = ask(request_, active, expected)
    assert (checked.converted, checked.agrees, checked.to_be_deleted) == (False, False, False)


def task(method):
    return {"status": "success", "input": {"import_req": {"method": {"name": method}}}}


@pytest.mark.parametrize(
    ("tasks", "deletable"),
    [
        ([], True),
        ([task("copy-image")], True),
        ([task("copy-image"), task("glance-direct")], False),
        ([task("web-download")], False),
        ([task("glance-download")], False),
        ([{"status": "success"}], False),
    ],
)
def test_a_file_that_another_client_has_imported_is_kept(
    glance, request_, active, tasks, deletable
):
    glance.tasks[active["id"]] = tasks
    checked = check(request_, active, of("sha256", b"other"))
    assert checked.to_be_deleted is deletable
    # Glance deletes tasks after a time.
    glance.tasks[active["id"]] = []
    image = Image.from_glance(active)
    checked = verify(request_, image, of("sha256", b"other"), checked.actual)
    assert (checked.deleted, active["id"] in glance.images) == (deletable, not deletable)
    assert deletable or state_of(Image.from_glance(active)) == "mismatch"


@pytest.mark.parametrize(
    "created_at",
    [factories.ago(hours=25), factories.ago(days=400), "", None],
    # With the time in its name, the test has another one in each process.
    ids=["yesterday", "last year", "empty", "none"],
)
def test_an_image_whose_tasks_may_be_gone_is_kept(glance, request_, active, created_at):
    """Another client may have imported it: Glance deletes tasks after a time."""
    active["created_at"] = created_at
    checked = check(request_, active, of("sha256", b"other"))
    assert (checked.agrees, checked.to_be_deleted) == (False, False)
    assert not check(request_, active, of("sha256", b"other"), checked.actual).deleted
    assert state_of(Image.from_glance(active)) == "mismatch"


@pytest.mark.parametrize("status", [403, 404, 500])
def test_without_the_tasks_nothing_is_deleted(glance, request_, active, status):
    key = f"GET /v2/images/{active['id']}/tasks"
    glance.failing[key] = fakes.refusal(status, "No.")
    checked = check(request_, active, of("sha256", b"other"))
    assert (checked.agrees, checked.to_be_deleted) == (False, False)


def test_an_image_of_before_this_was_noted_is_kept(glance, request_, active):
    expected = of("sha256", b"other")
    active.update(expected_property(active["id"], expected))
    active.pop("helion_images_requested")
    for seen in (None, of("sha256")):
        assert not ask(request_, active, expected, seen).deleted
    assert active["id"] in glance.images


def test_the_checksums_of_another_regions_image_of_the_same_id_do_not_count(
    glance, request_, active, monkeypatch
):
    """A client chooses the ID, and a mirror in another region may have a converted image."""
    assert check(request_, active, of("sha256")).agrees
    other = b"the same disk in another format"
    glance.uploads[active["id"]] = other
    active.update(checksum=of("md5", other).value, os_hash_value=of("sha512", other).value)
    del active["helion_images_verified"]
    monkeypatch.setattr(client.base, "url_for", lambda *_args: "http://image.elsewhere.example")
    checked = check(request_, active, of("sha256", other))
    assert (checked.actual, checked.agrees) == (of("sha256", other), True)
