# SPDX-License-Identifier: Apache-2.0
import io
import itertools
import logging

import pytest

from helion_images_panel import exceptions
from helion_images_panel.uploads import upload as upload_module
from helion_images_panel.uploads.body import UploadInterrupted
from helion_images_panel.uploads.upload import drain, upload
from tests import factories
from tests.unit import fakes


@pytest.fixture
def request_():
    return factories.request()


@pytest.fixture
def queued(glance):
    return glance.add(status="queued")


def test_the_bytes_arrive_and_the_image_is_active(glance, request_, queued):
    upload(request_, queued["id"], io.BytesIO(b"data" * 1000), 4000)
    assert glance.uploads[queued["id"]] == b"data" * 1000
    assert queued["status"] == "active"


def test_a_browser_that_stops_is_not_reported_as_glances_fault(glance, request_, queued):
    with pytest.raises(UploadInterrupted, match="4 of 9 bytes"):
        upload(request_, queued["id"], io.BytesIO(b"data"), 9)
    assert queued["status"] == "queued"


def test_a_refusal_comes_out_with_its_reason(glance, request_, queued):
    key = f"PUT /v2/images/{queued['id']}/file"
    glance.failing[key] = fakes.refusal(415, "Not a qcow2.")
    with pytest.raises(exceptions.ImageServiceError, match=r"Not a qcow2\."):
        upload(request_, queued["id"], io.BytesIO(b"data"), 4)


@pytest.mark.parametrize("size", [0, 4, 3_000_000])
def test_draining_reads_as_much_as_was_promised_and_no_more(size):
    stream = io.BytesIO(b"x" * size + b"next request")
    drain(stream, size)
    assert stream.read() == b"next request"


def test_draining_ends_with_the_stream():
    stream = io.BytesIO(b"body")
    drain(stream, 400)
    assert stream.tell() == 4


def test_draining_bears_a_broken_connection():
    asked = []

    class Broken:
        def read(self, size):
            asked.append(size)
            raise OSError("reset by peer")

    drain(Broken(), 4)
    assert asked == [4]


def test_draining_gives_up_on_a_browser_that_takes_too_long(monkeypatch):
    seconds = itertools.count(0, 2)
    monkeypatch.setattr(upload_module.time, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(upload_module, "CHUNK_BYTES", 1)
    stream = io.BytesIO(b"x" * 100)
    drain(stream, 100)
    assert 0 < stream.tell() < 5


def test_neither_the_token_nor_the_data_is_logged(glance, request_, queued, caplog):
    caplog.set_level(logging.DEBUG)
    upload(request_, queued["id"], io.BytesIO(b"secret-bytes"), 12)
    assert queued["id"] in caplog.text
    assert "secret-bytes" not in caplog.text
    assert request_.user.token.id not in caplog.text
