# SPDX-License-Identifier: Apache-2.0
import hashlib
import io
import logging

import pytest

from demo import imagefiles
from helion_images_panel import conf, exceptions
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import (
    expected_property,
    state_of,
    verified_of,
)
from helion_images_panel.transfers import body, progress
from helion_images_panel.transfers.body import UploadInterrupted
from helion_images_panel.transfers.digests import ChecksumRefused
from helion_images_panel.transfers.inspection import ContentRefused
from helion_images_panel.transfers.upload import upload
from tests import factories
from tests.unit import fakes

DATA = b"data" * 1000
QCOW2 = imagefiles.qcow2(1024 * 1024)
BACKED = imagefiles.qcow2(1024 * 1024, backing_file="/etc/passwd")

pytestmark = pytest.mark.usefixtures("threads")


@pytest.fixture
def request_():
    return factories.request()


@pytest.fixture
def queued(glance):
    return glance.add(status="queued", disk_format="raw", os_hash_algo=None, checksum=None)


def send(request_, queued, data=DATA, size=None, store=None):
    image = Image.from_glance(queued)
    return upload(request_, image, io.BytesIO(data), size or len(data), store)


def checksum(algorithm, data=DATA):
    return Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())


def test_the_bytes_arrive_and_the_image_is_active(glance, request_, queued):
    send(request_, queued)
    assert glance.uploads[queued["id"]] == DATA
    assert queued["status"] == "active"


def test_what_was_stored_is_what_was_sent_and_that_is_recorded(glance, request_, queued):
    uploaded = send(request_, queued)
    assert (uploaded.verdict.state, uploaded.verdict.error) == ("verified", None)
    image = Image.from_glance(queued)
    assert state_of(image) == "verified"
    verified = verified_of(image)
    assert verified.checksums[0] == checksum("sha512")
    assert verified.by == "kim"
    assert verified.at.endswith("Z")


@pytest.mark.parametrize("algorithm", ["sha256", "blake2b"])
def test_the_clouds_own_algorithm_is_used(glance, request_, queued, algorithm):
    glance.hash_algorithm = algorithm
    glance.add(status="active", os_hash_algo=algorithm)
    send(request_, queued)
    assert verified_of(Image.from_glance(queued)).checksums[0] == checksum(algorithm)


def test_data_that_glance_changed_is_an_alarm_on_the_image_and_in_the_log(
    glance, request_, queued, caplog
):
    glance.damage = lambda data: data[:-1] + b"X"
    uploaded = send(request_, queued)
    assert uploaded.verdict.state == "mismatch"
    assert state_of(Image.from_glance(queued)) == "mismatch"
    assert [r.levelname for r in caplog.records if queued["id"] in r.getMessage()][-1] == "ERROR"


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_data_that_was_expected_arrives(glance, request_, queued, algorithm):
    queued.update(expected_property(queued["id"], checksum(algorithm)))
    assert send(request_, queued).verdict.state == "verified"
    assert state_of(Image.from_glance(queued)) == "verified"
    assert checksum(algorithm) in verified_of(Image.from_glance(queued)).checksums


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_other_data_than_expected_does_not(glance, request_, queued, algorithm, monkeypatch):
    monkeypatch.setattr(body, "CHUNK_BYTES", 1000)
    expected = checksum(algorithm, b"other")
    queued.update(expected_property(queued["id"], expected))
    with pytest.raises(ChecksumRefused) as caught:
        send(request_, queued)
    assert (caught.value.expected, caught.value.actual) == (expected, checksum(algorithm))
    assert glance.uploads == {}
    assert queued["status"] == "queued"


def test_an_expectation_for_another_image_is_none(glance, request_, queued):
    other = factories.image_id()
    queued.update(expected_property(other, checksum("sha256", b"other")))
    assert send(request_, queued).verdict.state == "verified"


def test_an_expectation_that_nobody_signed_is_none(glance, request_, queued):
    queued["helion_images_expected"] = f"{queued['id']} {checksum('sha256', b'other')}"
    assert send(request_, queued).verdict.state == "verified"


def test_an_expectation_that_came_meanwhile_was_not_compared(glance, request_, queued):
    later = expected_property(queued["id"], checksum("sha256", b"other"))

    def stored(data):
        queued.update(later)
        return data

    glance.damage = stored
    send(request_, queued)
    assert state_of(Image.from_glance(queued)) == "pending"


def test_unsafe_data_does_not_even_begin(glance, request_, queued):
    queued["disk_format"] = "qcow2"
    with pytest.raises(ContentRefused):
        send(request_, queued, BACKED)
    assert glance.writes == []
    assert queued["status"] == "queued"


def test_data_of_another_format_does_not_arrive(glance, request_, queued):
    with pytest.raises(ContentRefused) as caught:
        send(request_, queued, QCOW2)
    assert caught.value.finding.actual_format == "qcow2"
    assert glance.uploads == {}


def test_what_is_tolerated_arrives_with_a_warning(glance, request_, queued, settings):
    setattr(settings, conf.CONTENT_WARNINGS.name, ["format"])
    uploaded = send(request_, queued, QCOW2)
    assert [finding.kind for finding in uploaded.findings] == ["format"]
    assert glance.uploads[queued["id"]] == QCOW2


def test_the_store_is_named_to_glance(glance, request_, queued):
    send(request_, queued, store="archive")
    assert glance.upload_headers["x-image-meta-store"] == "archive"


def test_without_a_store_glance_chooses(glance, request_, queued):
    send(request_, queued)
    assert "x-image-meta-store" not in glance.upload_headers


def test_a_browser_that_stops_is_not_reported_as_glances_fault(glance, request_, queued):
    with pytest.raises(UploadInterrupted, match="4000 of 9000 bytes"):
        send(request_, queued, size=9000)
    assert queued["status"] == "queued"


def test_a_refusal_comes_out_with_its_reason(glance, request_, queued):
    key = f"PUT /v2/images/{queued['id']}/file"
    glance.failing[key] = fakes.refusal(415, "Not a qcow2.")
    with pytest.raises(exceptions.ImageServiceError, match=r"Not a qcow2\."):
        send(request_, queued)


def test_how_far_it_is_can_be_asked_while_it_runs(glance, request_, queued, monkeypatch):
    monkeypatch.setattr(body, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(progress, "EVERY_S", 0)
    seen = []
    put = fakes.FakeHttp._put

    def watched(self, url, data, headers, timeout):
        def chunks():
            for chunk in data:
                yield chunk
                seen.append(progress.taken_bytes(factories.request(), queued["id"]))

        return put(self, url, chunks(), headers, timeout)

    monkeypatch.setattr(fakes.FakeHttp, "_put", watched)
    send(request_, queued)
    assert seen == [0, 1000, 2000, 3000]
    assert progress.taken_bytes(factories.request(), queued["id"]) is None


def test_neither_the_token_nor_the_data_is_logged(glance, request_, queued, caplog):
    caplog.set_level(logging.DEBUG)
    send(request_, queued, b"secret-bytes")
    assert queued["id"] in caplog.text
    assert "secret-bytes" not in caplog.text
    assert request_.user.token.id not in caplog.text
