# SPDX-License-Identifier: Apache-2.0
"""Which way a file goes, and what is known of it when the cloud has imported it."""

import gzip
import hashlib
import io

import pytest

from demo import imagefiles
from helion_images_panel import conf, exceptions
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.core.requested import Requested, requested_of, requested_property
from helion_images_panel.core.verification import expected_property, state_of, verified_of
from helion_images_panel.transfers import conversion, progress, sending, staged
from helion_images_panel.transfers.body import UploadInterrupted
from helion_images_panel.transfers.digests import ChecksumRefused
from helion_images_panel.transfers.upload import upload
from helion_images_panel.ui.transfers import upload_causes
from tests import factories
from tests.unit import fakes

QCOW2 = imagefiles.qcow2(1024 * 1024)
RAW = b"a disk without a file around it"

pytestmark = pytest.mark.usefixtures("threads")


@pytest.fixture
def request_():
    return factories.request()


@pytest.fixture
def stage(settings):
    settings.HELION_IMAGES_UPLOAD_METHOD = conf.STAGE


@pytest.fixture
def queued(glance):
    return glance.add(
        status="queued", disk_format="qcow2", size=None, os_hash_algo=None, checksum=None
    )


def sha(algorithm, data=QCOW2):
    return Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())


def send(request_, queued, data=QCOW2, store=None):
    return upload(request_, Image.from_glance(queued), io.BytesIO(data), len(data), store)


def paths(glance):
    return [(call.method, call.path.rpartition("/")[2]) for call in glance.writes]


def see_a_conversion(request_):
    id_ = factories.image_id()
    requested = requested_property(id_, Requested("url", "qcow2/bare"))
    seen = factories.image(
        id=id_, disk_format="raw", created_at=factories.ago(hours=1), **requested
    )
    conversion.notice(request_, seen)


@pytest.mark.parametrize(
    ("method", "seen", "methods", "stages"),
    [
        ("put", True, ["glance-direct"], False),
        ("stage", False, ["web-download", "glance-direct"], True),
        ("stage", True, ["web-download"], False),
        ("stage", True, [], False),
        ("auto", False, ["glance-direct"], False),
        ("auto", True, ["glance-direct"], True),
        ("auto", True, ["web-download"], False),
    ],
)
def test_the_way(glance, request_, settings, method, seen, methods, stages):
    settings.HELION_IMAGES_UPLOAD_METHOD = method
    glance.import_methods = methods
    if seen:
        see_a_conversion(request_)
    assert sending.stages(request_) is stages
    assert sending.stages(request_, methods) is stages


def test_the_default_asks_glance_nothing_until_a_conversion_was_seen(glance, request_):
    assert not sending.stages(request_)
    assert glance.calls == []


def test_where_the_methods_are_unknown_a_file_is_stored_at_once(glance, request_, stage, queued):
    glance.failing["GET /v2/info/import"] = fakes.refusal(503, "busy")
    assert send(request_, queued).verdict.state == "verified"


def test_an_image_that_glance_has_locked_gets_its_file_at_once(glance, request_, stage, queued):
    """After a failed import Glance refuses another one for an hour, and takes a file."""
    queued[IMPORT_TASK] = "t1"
    queued.update(requested_property(queued["id"], Requested("staged-archive", "raw/bare")))
    assert not send(request_, queued).importing
    assert ("PUT", "file") in paths(glance)
    # It is compared as a file that nothing has converted.
    image = Image.from_glance(queued)
    assert (requested_of(image), state_of(image)) == (Requested.of_file(), "verified")


def test_the_file_is_staged_recorded_and_imported_in_this_order(glance, request_, stage, queued):
    uploaded = send(request_, queued)
    assert (uploaded.importing, uploaded.verdict.state) == (True, "")
    assert paths(glance) == [("PUT", "stage"), ("PATCH", queued["id"]), ("POST", "import")]
    assert glance.upload_headers["x-openstack-image-size"] == str(len(QCOW2))
    assert glance.uploads[queued["id"]] == QCOW2
    image = Image.from_glance(queued)
    assert state_of(image) == "verified"
    assert requested_of(image) == Requested("staged", "qcow2/bare", 1024 * 1024)
    assert (verified_of(image).checksums[0], verified_of(image).by) == (sha("sha512"), "kim")


@pytest.mark.parametrize(
    ("stores", "store", "body"),
    [
        (None, None, {}),
        ([{"id": "fast"}], None, {"all_stores_must_succeed": False}),
        (
            [{"id": "fast"}, {"id": "slow"}],
            "slow",
            {"stores": ["slow"], "all_stores_must_succeed": False},
        ),
    ],
)
def test_the_import_goes_into_the_chosen_store(
    glance, request_, stage, queued, stores, store, body
):
    glance.stores = stores
    send(request_, queued, store=store)
    assert glance.writes[-1].body == {"method": {"name": "glance-direct"}, **body}


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_a_converted_file_was_compared_on_its_way(glance, request_, stage, queued, algorithm):
    queued.update(expected_property(queued["id"], sha(algorithm)))
    glance.convert = lambda _data: ({"disk_format": "raw"}, RAW)
    send(request_, queued)
    image = Image.from_glance(queued)
    assert state_of(image) == "converted"
    assert sha(algorithm) in verified_of(image).checksums


def test_a_converted_file_without_an_expected_checksum(glance, request_, stage, queued):
    glance.convert = lambda _data: ({"disk_format": "raw"}, RAW)
    send(request_, queued)
    assert state_of(Image.from_glance(queued)) == "converted"


def test_an_archive_that_the_cloud_unpacks(glance, request_, stage, queued):
    """Glance's record is as before: only the first bytes tell that it was an archive."""
    queued["disk_format"] = "raw"
    glance.convert = lambda data: ({}, gzip.decompress(data))
    send(request_, queued, gzip.compress(RAW))
    assert glance.uploads[queued["id"]] == RAW
    image = Image.from_glance(queued)
    assert requested_of(image) == Requested("staged-archive", "raw/bare")
    assert state_of(image) == "converted"


def test_an_archive_that_the_cloud_keeps(glance, request_, stage, queued):
    queued["disk_format"] = "raw"
    send(request_, queued, gzip.compress(RAW))
    assert state_of(Image.from_glance(queued)) == "verified"


def test_data_that_changed_for_no_reason_that_is_known(glance, request_, stage, queued):
    glance.convert = lambda data: ({}, data[:-1] + b"X")
    send(request_, queued)
    assert state_of(Image.from_glance(queued)) == "mismatch"


def test_wrong_data_is_not_imported(glance, request_, stage, queued):
    queued.update(expected_property(queued["id"], sha("sha256", b"other")))
    with pytest.raises(ChecksumRefused):
        send(request_, queued)
    assert glance.staged == {}
    assert [path for path in paths(glance) if path[1] == "import"] == []


def test_one_file_is_staged_at_a_time(glance, request_, stage, queued):
    """Glance would refuse both, and keep one of them without an image that has it."""
    second = []

    class Stream(io.BytesIO):
        def read(self, size=-1):
            if not second and glance.calls[-1].path.endswith("/stage"):
                with pytest.raises(sending.StagingBusy) as caught:
                    send(factories.request(), queued)
                second.append(upload_causes.of_error(caught.value, Image.from_glance(queued)))
            return super().read(size)

    data = QCOW2 + bytes(2 * 1024 * 1024)
    upload(request_, Image.from_glance(queued), Stream(data), len(data))
    assert second == [upload_causes.BUSY]
    assert glance.uploads[queued["id"]] == data
    other = glance.add(status="queued", disk_format="qcow2", size=None)
    assert send(request_, other).importing


def test_a_browser_that_breaks_off_leaves_nothing(glance, request_, stage, queued):
    stream = io.BytesIO(QCOW2[:-1])
    with pytest.raises(UploadInterrupted):
        upload(request_, Image.from_glance(queued), stream, len(QCOW2))
    assert (glance.staged, queued["status"]) == ({}, "queued")


def test_where_nothing_can_be_recorded_the_import_begins_all_the_same(
    glance, request_, stage, queued
):
    """As on a cloud that requires properties of each image."""
    glance.failing[f"PATCH /v2/images/{queued['id']}"] = fakes.refusal(400, "required property")
    assert send(request_, queued).importing
    assert glance.uploads[queued["id"]] == QCOW2


def import_of(queued):
    return f"POST /v2/images/{queued['id']}/import"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (fakes.refusal(409, "Store for identifier x not found"), "Store for identifier x"),
        (fakes.refusal(503, "busy"), "busy"),
        (fakes.refusal(401, "over"), ""),
    ],
)
def test_a_refused_import_is_resumed_without_the_file(
    glance, request_, stage, queued, error, reason
):
    glance.failing[import_of(queued)] = error
    with pytest.raises(staged.ImportNotStarted) as caught:
        send(request_, queued)
    assert reason in str(caught.value)
    assert isinstance(caught.value.error, exceptions.SessionEnded) is not reason
    assert progress.taken_bytes(request_, queued["id"]) is None
    glance.failing.clear()
    glance.convert = lambda _data: ({"disk_format": "raw"}, RAW)
    staged.resume_import(request_, Image.from_glance(queued), None)
    assert state_of(Image.from_glance(queued)) == "converted"


def test_what_was_sent_is_recorded_when_it_can_be(glance, request_, stage, queued):
    """The session that ended could not even record it."""
    glance.failing[f"PATCH /v2/images/{queued['id']}"] = fakes.refusal(401, "over")
    with pytest.raises(staged.ImportNotStarted):
        send(request_, queued)
    glance.failing.clear()
    staged.resume_import(request_, Image.from_glance(queued), None)
    image = Image.from_glance(queued)
    assert (state_of(image), verified_of(image).checksums[0]) == ("verified", sha("sha512"))


def test_an_import_that_is_resumed_by_a_dashboard_that_knows_nothing(
    glance, request_, queued, stage
):
    queued.update(status="uploading", size=len(QCOW2))
    queued.update(expected_property(queued["id"], sha("sha256")))
    glance.staged[queued["id"]] = QCOW2
    staged.resume_import(request_, Image.from_glance(queued), None)
    assert state_of(Image.from_glance(queued)) == "pending"


def test_an_import_whose_answer_was_lost_has_begun(glance, request_, stage, queued, monkeypatch):
    import_ = fakes.FakeHttp._import

    def lost(http, image):
        import_(http, image)
        raise fakes.refusal(503, "lost")

    monkeypatch.setattr(fakes.FakeHttp, "_import", lost)
    assert send(request_, queued).importing
