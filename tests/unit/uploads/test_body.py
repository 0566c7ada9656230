# SPDX-License-Identifier: Apache-2.0
import io

import pytest

from helion_images_panel.uploads import body
from helion_images_panel.uploads.body import UploadBody, UploadInterrupted


class Reads:
    """A stream that remembers what it was asked for, and gives so much at the most."""

    def __init__(self, data, at_most=None):
        self.stream, self.at_most, self.asked = io.BytesIO(data), at_most, []

    def read(self, size):
        self.asked.append(size)
        return self.stream.read(min(size, self.at_most or size))


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 25])
@pytest.mark.parametrize("at_most", [None, 1, 7])
def test_all_bytes_in_order_whatever_the_chunks(monkeypatch, size, at_most):
    monkeypatch.setattr(body, "CHUNK_BYTES", 10)
    data = bytes(range(size))
    upload = UploadBody(Reads(data, at_most), size)
    chunks = list(upload)
    assert b"".join(chunks) == data
    assert upload.read_bytes == len(upload) == size
    assert all(0 < len(chunk) <= 10 for chunk in chunks)


def test_never_more_than_promised():
    upload = UploadBody(io.BytesIO(b"abcdef"), 4)
    assert b"".join(upload) == b"abcd"


def test_one_chunk_is_read_at_a_time(monkeypatch):
    monkeypatch.setattr(body, "CHUNK_BYTES", 2)
    stream = Reads(b"abcdef")
    chunks = iter(UploadBody(stream, 6))
    assert (next(chunks), stream.asked) == (b"ab", [2])
    assert (next(chunks), stream.asked) == (b"cd", [2, 2])


def test_too_few_bytes_are_an_error_that_is_kept():
    upload = UploadBody(io.BytesIO(b"abc"), 5)
    with pytest.raises(UploadInterrupted, match="3 of 5 bytes"):
        list(upload)
    assert isinstance(upload.error, UploadInterrupted)


def test_a_broken_connection_is_an_error_that_is_kept():
    class Broken:
        def read(self, size):
            raise OSError("reset by peer")

    upload = UploadBody(Broken(), 5)
    with pytest.raises(UploadInterrupted) as caught:
        list(upload)
    assert upload.error is caught.value
    assert isinstance(caught.value.__cause__, OSError)
