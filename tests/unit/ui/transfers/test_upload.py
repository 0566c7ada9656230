# SPDX-License-Identifier: Apache-2.0
"""The bytes of an upload: what arrives, and what the page's script is told if not."""

import gzip
import hashlib
import io

import pytest
from django.core.cache import cache

from demo import imagefiles
from helion_images_panel import conf, exceptions, policy
from helion_images_panel.api import images
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import decompressed_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_property, verified_of
from helion_images_panel.transfers import slots, upload_decompressed
from helion_images_panel.transfers.progress import taken_bytes
from helion_images_panel.ui.transfers import upload
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import CHANGING, PermissionMatrix, path

MIB = 1024 * 1024
DATA = b"bytes of the image"
QCOW2 = imagefiles.qcow2(MIB)
BACKED = imagefiles.qcow2(MIB, backing_file="/etc/passwd")


@pytest.fixture(autouse=True)
def _no_place_stays_taken():
    yield
    assert slots.UPLOADS.in_use == 0


def put(browser, url, data=DATA, **headers):
    return browser.put(url, data=data, content_type="application/octet-stream", **headers)


class TestUploadPermissions(PermissionMatrix):
    page, expected, status = "upload", CHANGING, "queued"

    def ask(self, browser, url):
        # A format of its own, which the factory's image is declared to be.
        return put(browser, url, QCOW2)


@pytest.fixture
def queued(browser, glance):
    browser.login_as(factories.member())
    return glance.add(status="queued", name="new", disk_format="raw")


def upload_url(image, query=""):
    return path("project", "upload", image["id"]) + query


def test_the_bytes_arrive(browser, glance, queued):
    response = put(browser, upload_url(queued), b"x" * (2 * MIB + 5))
    assert response.json() == {"id": queued["id"], "verification": "verified", "warnings": []}
    assert glance.uploads[queued["id"]] == b"x" * (2 * MIB + 5)


@pytest.mark.parametrize("status", ["active", "saving", "deactivated", "importing"])
def test_data_that_is_there_never_changes(browser, glance, queued, status):
    queued["status"] = status
    response = put(browser, upload_url(queued))
    # Not the kind after which the image might be removed: it is somebody else's.
    assert (response.status_code, response.json()["kind"]) == (409, "taken")
    assert response.json()["reason"].endswith("This file was not stored.")
    assert glance.writes == []


@pytest.mark.parametrize("length", ["0", "-5"])
def test_an_empty_file(browser, glance, queued, length):
    response = put(browser, upload_url(queued), b"x", CONTENT_LENGTH=length)
    assert response.status_code == 400
    assert response.json() == {"reason": "The file is empty.", "kind": "invalid"}
    assert glance.writes == []


@pytest.mark.parametrize("length", ["", "many", "1.5"])
def test_a_body_without_a_length(browser, glance, queued, length):
    response = put(browser, upload_url(queued), CONTENT_LENGTH=length)
    assert (response.status_code, response.json()["kind"]) == (411, "invalid")
    assert glance.writes == []


def test_a_length_that_no_file_has(browser, glance, queued):
    response = put(browser, upload_url(queued), CONTENT_LENGTH="9" * 20)
    assert (response.status_code, response.json()["kind"]) == (413, "invalid")
    assert glance.writes == []


def test_uploads_may_be_switched_off(browser, glance, queued, settings):
    settings.HORIZON_IMAGES_UPLOAD_MODE = "off"
    assert put(browser, upload_url(queued)).status_code == 403
    assert glance.writes == []


@pytest.mark.parametrize("method", ["get", "post", "delete", "patch"])
def test_no_other_method(browser, glance, queued, method):
    assert getattr(browser, method)(upload_url(queued)).status_code == 405
    assert glance.writes == []


def state(browser, image):
    answer = browser.get(path("project", "progress"), {"id": image["id"]}).json()
    return answer["images"][0]


@pytest.mark.parametrize(
    ("status", "answer", "kind", "reason"),
    [
        (413, 413, "refused", "Over quota."),
        # An error of the image service is none of the dashboard.
        (500, 502, "refused", "Broken."),
        (503, 503, "refused", "No disk."),
        # A 401 would have Horizon's scripts leave the page, and the reason with it.
        (401, 400, "session", "Your session ended during the upload. Log in again."),
    ],
)
def test_a_failure_has_its_reason_at_once_and_afterwards(
    browser, glance, queued, status, answer, kind, reason
):
    key = f"PUT /v2/images/{queued['id']}/file"
    glance.failing[key] = fakes.refusal(status, reason)
    response = put(browser, upload_url(queued))
    assert (response.status_code, response.json()["kind"]) == (answer, kind)
    told = response.json()["reason"]
    assert reason in told
    # A browser whose connection broke over the refusal asks here.
    assert (state(browser, queued)["failure"], state(browser, queued)["failure_kind"]) == (
        told,
        kind,
    )
    assert taken_bytes(factories.request(), queued["id"]) is None
    glance.failing.clear()
    put(browser, upload_url(queued))
    assert (state(browser, queued)["status"], state(browser, queued)["failure"]) == ("active", "")


def test_the_loser_of_two_uploads_says_nothing_of_the_image(browser, glance, queued):
    glance.failing[f"PUT /v2/images/{queued['id']}/file"] = fakes.refusal(409, "Wrong state.")
    response = put(browser, upload_url(queued))
    assert response.status_code == 409
    assert response.json() == {
        "reason": "Another upload into this image was faster. This file was not stored.",
        "kind": "taken",
    }
    assert state(browser, queued)["failure"] == ""


@pytest.mark.parametrize(
    ("status", "expected"), [("active", 409), ("saving", 409), ("queued", 409), (None, 410)]
)
def test_gone_is_said_of_an_image_with_the_data_of_another_upload(
    browser, glance, queued, monkeypatch, status, expected
):
    """Glance says "Gone" to the slower of two uploads, as it does of a deleted image."""

    def upload(_request, image_id, _body, _store=None):
        if status is None:
            del glance.images[image_id]
        else:
            queued["status"] = status
        raise exceptions.ImageServiceError("Image x could not be found after upload.", 410)

    monkeypatch.setattr(images, "image_upload", upload)
    response = put(browser, upload_url(queued, f"?attempt={'1' * 32}"))
    kind = "taken" if expected == 409 else "gone"
    assert (response.status_code, response.json()["kind"]) == (expected, kind)
    if status == "active":
        assert state(browser, queued)["refused_attempts"] == ["1" * 32]


@pytest.mark.parametrize(
    ("error", "status", "expected"),
    [
        (exceptions.ImageForbidden("Not allowed."), None, (410, "gone")),
        (exceptions.ImageForbidden("Not allowed."), "queued", (403, "refused")),
        (exceptions.ImageNotFound("No image found."), None, (410, "gone")),
        (exceptions.ImageNotFound("No image found."), "queued", (404, "refused")),
        (exceptions.ImageServiceError("Wrong state.", 409), None, (410, "gone")),
        (exceptions.ImageServiceError("Wrong state.", 409), "saving", (409, "taken")),
    ],
)
def test_what_glance_says_of_an_image_that_was_deleted_meanwhile(
    browser, glance, queued, monkeypatch, error, status, expected
):
    """It refuses to delete its copy of an image that was protected when the upload began."""

    def upload(_request, image_id, _body, _store=None):
        if status is None:
            del glance.images[image_id]
        raise error

    monkeypatch.setattr(images, "image_upload", upload)
    response = put(browser, upload_url(queued))
    assert (response.status_code, response.json()["kind"]) == expected


def test_a_store_that_takes_nothing_is_no_other_upload(browser, glance, queued):
    reason = "Adding images to store is disabled."
    glance.failing[f"PUT /v2/images/{queued['id']}/file"] = fakes.refusal(410, reason)
    response = put(browser, upload_url(queued))
    assert response.status_code == 410
    assert reason in response.json()["reason"]


def test_whose_upload_it_was_that_was_stored(browser, glance, queued):
    """For pages whose connections broke: each has sent under an ID of its own."""
    first, second = "1" * 32, "2" * 32
    put(browser, upload_url(queued, f"?attempt={first}"))
    put(browser, upload_url(queued, f"?attempt={second}"))
    put(browser, upload_url(queued, "?attempt=<b>"))
    found = state(browser, queued)
    assert (found["stored_attempt"], found["refused_attempts"]) == (first, [second])
    assert found["size_bytes"] == len(DATA)


def test_a_browser_that_stops_early(browser, glance, queued):
    stream = {"wsgi.input": io.BytesIO(b"abc"), "CONTENT_LENGTH": "9"}
    response = put(browser, upload_url(queued), **stream)
    assert response.status_code == 400
    assert response.json() == {"reason": "The upload was interrupted.", "kind": "interrupted"}
    assert queued["status"] == "queued"


def test_a_glance_that_fails_before_the_upload(browser, glance, queued):
    glance.failing[f"GET /v2/images/{queued['id']}"] = fakes.refusal(503, "Down.")
    response = put(browser, upload_url(queued))
    assert response.status_code == 503
    assert response.json() == {"reason": "Down.", "kind": "refused"}


# Contents.


def test_another_format_is_refused_and_may_be_chosen(browser, glance, queued):
    response = put(browser, upload_url(queued), QCOW2)
    assert response.status_code == 415
    answer = response.json()
    assert (answer["kind"], answer["actual_format"], answer["actual_label"]) == (
        "format",
        "qcow2",
        "QCOW2",
    )
    assert "The file is QCOW2, not Raw." in answer["reason"]
    assert state(browser, queued)["actual_format"] == "qcow2"
    assert glance.uploads == {}

    response = put(browser, upload_url(queued, "?format=qcow2"), QCOW2)
    assert response.json()["verification"] == "verified"
    assert (queued["disk_format"], queued["container_format"]) == ("qcow2", "bare")
    assert glance.uploads[queued["id"]] == QCOW2


def test_a_format_of_two_parts(browser, glance, queued):
    assert put(browser, upload_url(queued, "?format=ova")).status_code == 200
    assert (queued["disk_format"], queued["container_format"]) == ("vmdk", "ova")


def test_the_format_that_the_image_has_is_not_written_again(browser, glance, queued):
    put(browser, upload_url(queued, "?format=raw"))
    operations = [operation["path"] for call in glance.writes for operation in call.body or ()]
    assert operations == ["/helion_images_verified"]


def test_a_format_that_glance_does_not_know(browser, glance, queued):
    glance.failing[f"PATCH /v2/images/{queued['id']}"] = fakes.refusal(400, "Invalid value.")
    response = put(browser, upload_url(queued, "?format=vhdx"))
    assert (response.status_code, response.json()["kind"]) == (400, "refused")
    assert glance.uploads == {}


@pytest.mark.parametrize("name", ["nope", "<b>", "bare", "QCOW2"])
def test_a_format_that_the_settings_do_not_have(browser, glance, queued, name):
    response = put(browser, upload_url(queued, f"?format={name}"))
    assert (response.status_code, response.json()["kind"]) == (400, "invalid")
    assert glance.writes == []


def test_whoever_may_upload_but_not_change_may_not_choose_a_format(
    browser, glance, queued, monkeypatch
):
    def refuses_changes(request, scope, image, rule):
        return "No." if rule == "modify_image" else None

    monkeypatch.setattr(upload, "change_refusal", refuses_changes)
    response = put(browser, upload_url(queued, "?format=qcow2"), QCOW2)
    assert (response.status_code, response.json()["kind"]) == (403, "refused")
    assert glance.writes == []
    assert put(browser, upload_url(queued)).status_code == 200


def test_a_disk_that_needs_another_file(browser, glance, queued):
    queued["disk_format"] = "qcow2"
    response = put(browser, upload_url(queued), BACKED)
    assert (response.status_code, response.json()["kind"]) == (415, "unsafe")
    assert "needs another file" in response.json()["reason"]
    assert "actual_format" not in response.json()
    assert glance.uploads == {}


def test_what_the_operator_tolerates_is_a_warning(browser, glance, queued, settings):
    setattr(settings, conf.CONTENT_WARNINGS.name, ["format"])
    response = put(browser, upload_url(queued), QCOW2)
    assert response.status_code == 200
    assert response.json()["warnings"] == ["The file is QCOW2, not Raw."]


NO_OTHER_DATA = "This image takes no other data: delete it, then create a new one"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            "Image disk_format raw does not match stream data qcow2",
            "The file is QCOW2, not Raw. This image",
        ),
        ("Image failed safety checks", "The file fails a safety check of its format. This image"),
        (
            "Multiple formats detected: iso,gpt",
            "The image service rejected the file: Multiple formats detected: iso,gpt This image",
        ),
    ],
)
def test_what_only_glance_refuses_has_spoilt_the_image(browser, glance, queued, reason, words):
    """It looks when all is stored, and the data stays: a second upload would get a 500."""
    glance.failing[f"PUT /v2/images/{queued['id']}/file"] = fakes.refusal(415, reason)
    response = put(browser, upload_url(queued))
    assert (response.status_code, response.json()["kind"]) == (415, "stuck")
    assert words in response.json()["reason"]
    assert NO_OTHER_DATA in response.json()["reason"]
    shown = state(browser, queued)
    assert (shown["failure"], shown["failure_kind"]) == (response.json()["reason"], "stuck")
    glance.failing.clear()
    again = put(browser, upload_url(queued))
    assert (again.status_code, again.json()["kind"]) == (415, "stuck")
    assert NO_OTHER_DATA in again.json()["reason"]
    assert glance.uploads == {}


def test_an_image_that_was_spoilt_elsewhere_is_known_by_its_store(browser, glance, queued):
    queued["stores"] = "fast"
    shown = state(browser, queued)
    assert NO_OTHER_DATA in shown["failure"]
    assert (shown["failure_kind"], shown["in_progress"]) == ("stuck", False)
    response = put(browser, upload_url(queued))
    assert (response.status_code, response.json()["kind"]) == (415, "stuck")
    assert glance.uploads == {}


def test_data_that_a_failed_import_has_left(browser, glance, queued):
    queued["os_glance_failed_import"] = "fast"
    glance.failing[f"PUT /v2/images/{queued['id']}/file"] = fakes.refusal(500, "Internal error.")
    response = put(browser, upload_url(queued))
    assert (response.status_code, response.json()["kind"]) == (415, "stuck")


# Checksums.


def sha256(data):
    return Checksum("sha256", hashlib.sha256(data).hexdigest())


def test_other_data_than_expected(browser, glance, queued):
    queued.update(expected_property(queued["id"], sha256(b"other")))
    response = put(browser, upload_url(queued))
    assert (response.status_code, response.json()["kind"]) == (422, "checksum")
    values = (response.json()["expected"], response.json()["actual"])
    assert values == (str(sha256(b"other")), str(sha256(DATA)))
    assert all(value in response.json()["reason"] for value in values)
    assert state(browser, queued)["expected"] == values[0]
    assert glance.uploads == {}


def test_an_expected_md5_on_a_python_without_it(browser, glance, queued, without_md5):
    """No byte is sent to Glance, and the person can choose another checksum."""
    queued.update(expected_property(queued["id"], Checksum("md5", "0" * 32)))
    response = put(browser, upload_url(queued))
    assert (response.status_code, response.json()["kind"]) == (422, "checksum")
    assert "does not allow MD5" in response.json()["reason"]
    assert [call for call in glance.writes if call.method == "PUT"] == []
    assert queued["status"] == "queued"


def test_data_that_glance_changed(browser, glance, queued):
    glance.damage = lambda data: data[:-1] + b"X"
    answer = put(browser, upload_url(queued)).json()
    assert answer["verification"] == "mismatch"
    assert "Do not use this image" in answer["warnings"][0]


@pytest.mark.parametrize(("status", "words"), [(403, "Forbidden."), (401, "session ended")])
def test_an_image_that_could_not_be_marked_is_fine_all_the_same(
    browser, glance, queued, status, words
):
    glance.failing[f"PATCH /v2/images/{queued['id']}"] = fakes.refusal(status, "Forbidden.")
    response = put(browser, upload_url(queued))
    assert response.status_code == 200
    assert response.json()["verification"] == ""
    assert words in response.json()["warnings"][0]
    assert queued["status"] == "active"


def test_a_glance_with_an_algorithm_that_nobody_knew_of(browser, glance, queued):
    glance.hash_algorithm = "sha3_256"
    assert put(browser, upload_url(queued)).json()["verification"] == "verified"
    assert verified_of(Image.from_glance(queued)).checksums[0].algorithm == "md5"
    # It is known from now on.
    queued.update(status="queued")
    assert put(browser, upload_url(queued)).json()["verification"] == "verified"
    assert verified_of(Image.from_glance(queued)).checksums[0].algorithm == "sha3_256"


def test_a_glance_that_has_changed_its_algorithm(browser, glance, queued):
    glance.add(os_hash_algo="sha512")
    glance.hash_algorithm = "sha3_256"
    answer = put(browser, upload_url(queued)).json()
    assert answer["verification"] == ""
    assert "no checksum" in answer["warnings"][0]


# Stores.


@pytest.fixture
def two_stores(glance):
    glance.stores = [{"id": "fast", "default": "true"}, {"id": "archive"}]


def test_the_store_that_was_chosen(browser, glance, queued, two_stores):
    assert put(browser, upload_url(queued, "?store=archive")).status_code == 200
    assert glance.upload_headers["x-image-meta-store"] == "archive"


@pytest.mark.parametrize("name", ["", "none", "fast%0d%0aX-Evil:%201"])
def test_a_store_that_is_none(browser, glance, queued, two_stores, name):
    response = put(browser, upload_url(queued, f"?store={name}"))
    assert (response.status_code, response.json()["kind"]) == (400, "invalid")
    assert glance.writes == []


# Many at once.


def test_no_place(browser, glance, queued, settings):
    setattr(settings, conf.UPLOADS_PER_PROCESS.name, 1)
    with slots.UPLOADS.acquire():
        response = put(browser, upload_url(queued))
        assert (response.status_code, response.json()["kind"]) == (503, "busy")
        assert response.json()["retry_after_s"] > 0
        assert response["Retry-After"] == str(response.json()["retry_after_s"])
        # For a browser whose connection broke over this.
        told = state(browser, queued)
        assert (told["failure_kind"], told["retry_after_s"]) == (
            "busy",
            response.json()["retry_after_s"],
        )
        assert glance.writes == []
    assert put(browser, upload_url(queued)).status_code == 200
    assert state(browser, queued)["failure"] == ""


def test_a_browser_that_has_to_come_again_is_not_read_to_its_end(
    browser, glance, queued, settings, monkeypatch
):
    setattr(settings, conf.UPLOADS_PER_PROCESS.name, 0)
    asked = []
    monkeypatch.setattr(upload, "drain", lambda *args: asked.append(args[1:3]))
    put(browser, upload_url(queued))
    assert asked == [(len(DATA), upload.BUSY_DRAIN_S)]
    setattr(settings, conf.UPLOADS_PER_PROCESS.name, 1)
    put(browser, upload_url(queued), QCOW2)
    assert asked[1:] == [(len(QCOW2), upload.DRAIN_S)]


def test_a_cache_that_fails_ends_no_upload(browser, glance, queued, two_stores, monkeypatch):
    def failing(ask):
        def answer(key, *args, **kwargs):
            # The session of this test is in the same cache, and goes on.
            if key.startswith("helion_images"):
                raise BrokenPipeError(32, "Broken pipe")
            return ask(key, *args, **kwargs)

        return answer

    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(cache, name, failing(getattr(cache, name)))
    attempt = "1" * 32
    response = put(browser, upload_url(queued, f"?store=fast&attempt={attempt}"))
    assert (response.status_code, response.json()["verification"]) == (200, "verified")
    assert glance.uploads[queued["id"]] == DATA
    assert put(browser, upload_url(queued, f"?attempt={attempt}")).json()["kind"] == "taken"
    found = state(browser, queued)
    assert (found["stored_attempt"], found["refused_attempts"]) == ("", [])


def test_the_content_of_a_compressed_file_arrives(browser, glance, queued):
    response = put(browser, upload_url(queued, "?decompress=1"), gzip.compress(DATA))
    assert response.json() == {"id": queued["id"], "verification": "verified", "warnings": []}
    assert glance.uploads[queued["id"]] == DATA
    assert "x-openstack-image-size" not in glance.upload_headers
    record = decompressed_of(Image.from_glance(queued))
    assert record.kind == "gzip"


def test_what_is_refused_of_it_has_its_reason_afterwards(browser, glance, queued):
    response = put(browser, upload_url(queued, "?decompress=1"), DATA)
    assert (response.status_code, response.json()["kind"]) == (415, "compressed")
    assert state(browser, queued)["failure"] == response.json()["reason"]
    assert glance.uploads == {}


def test_a_dashboard_that_does_not_decompress(browser, glance, queued, settings):
    settings.HELION_IMAGES_DECOMPRESSED_GIB = 0
    response = put(browser, upload_url(queued, "?decompress=1"), gzip.compress(DATA))
    assert (response.status_code, response.json()["kind"]) == (403, "invalid")
    assert glance.writes == []


def test_a_checksum_that_this_python_cannot_compute(browser, glance, queued, monkeypatch):
    """As in FIPS mode: that is said before the data is sent."""
    monkeypatch.setattr(upload_decompressed, "is_available", lambda name: name != "md5")
    expected = Checksum("md5", hashlib.md5(DATA, usedforsecurity=False).hexdigest())
    queued.update(expected_property(queued["id"], expected))
    response = put(browser, upload_url(queued, "?decompress=1"), gzip.compress(DATA))
    assert (response.status_code, response.json()["kind"]) == (422, "checksum")
    assert glance.uploads == {}


def test_a_user_who_may_not_change_the_image_sends_no_compressed_file(
    browser, glance, queued, monkeypatch
):
    """The dashboard's own policy, which may be stricter than the image service's."""
    allows = policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, rule, *rest: rule != policy.MODIFY_IMAGE and allows(request, rule, *rest),
    )
    response = put(browser, upload_url(queued, "?decompress=1"), gzip.compress(DATA))
    assert response.status_code in (302, 403)
    assert glance.uploads == {}
    assert decompressed_of(Image.from_glance(queued)) is None


def test_a_slot_is_free_again_after_a_file_that_cannot_be_decompressed(browser, glance, queued):
    data = gzip.compress(bytes(MIB))
    assert put(browser, upload_url(queued, "?decompress=1"), data[:-4]).status_code == 415
    assert slots.UPLOADS.in_use == 0
