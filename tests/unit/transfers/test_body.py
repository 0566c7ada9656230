# SPDX-License-Identifier: Apache-2.0
import io

import pytest

from helion_images_panel.transfers import body
from helion_images_panel.transfers.body import UploadBody, UploadInterrupted, UploadStopped


class Reads:
    """A stream that remembers what it was asked for, and gives so much at the most."""

    def __init__(self, data, at_most=None):
        self.stream, self.at_most, self.asked = io.BytesIO(data), at_most, []

    def read(self, size):
        self.asked.append(size)
        return self.stream.read(min(size, self.at_most or size))


class Sees:
    """A observer that keeps what it sees, and stops the upload where it is told to."""

    def __init__(self, stops_at=None, stops_in_the_end=False):
        self.seen, self.concluded = [], 0
        self.stops_at, self.stops_in_the_end = stops_at, stops_in_the_end

    def update(self, chunk):
        self.seen.append(chunk)
        if len(self.seen) == self.stops_at:
            raise UploadStopped("at once")

    def finish(self):
        self.concluded += 1
        if self.stops_in_the_end:
            raise UploadStopped("in the end")


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(body, "CHUNK_BYTES", 2)


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


def test_one_chunk_is_read_at_a_time(small_chunks):
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


def test_observers_see_each_chunk_before_it_goes_out(small_chunks):
    first, second = Sees(), Sees()
    chunks = iter(UploadBody(io.BytesIO(b"abcde"), 5, (first, second)))
    assert next(chunks) == b"ab"
    assert first.seen == second.seen == [b"ab"]
    assert next(chunks) == b"cd"
    assert (first.concluded, second.concluded) == (0, 0)
    assert next(chunks) == b"e"
    assert (first.concluded, second.concluded) == (1, 1)
    assert list(chunks) == []


@pytest.mark.parametrize("data", [b"a", b"ab", b"abc", b"abcde", b"abcdef"])
def test_the_last_chunk_is_held_back_until_all_agree(small_chunks, data):
    upload = UploadBody(io.BytesIO(data), len(data), (Sees(), Sees(stops_in_the_end=True)))
    gone = []
    with pytest.raises(UploadStopped, match="in the end") as caught:
        gone.extend(upload)  # what came before the error stays in the list
    assert upload.error is caught.value
    assert len(b"".join(gone)) < len(data)


def test_the_first_chunk_can_be_read_before_anything_is_sent(small_chunks):
    stream, observer = Reads(b"abcde"), Sees()
    upload = UploadBody(stream, 5, (observer,))
    upload.begin()
    assert (stream.asked, observer.seen) == ([2], [b"ab"])
    assert b"".join(upload) == b"abcde"
    assert (observer.seen, observer.concluded) == ([b"ab", b"cd", b"e"], 1)


@pytest.mark.parametrize("observer", [Sees(stops_at=1), Sees(stops_in_the_end=True)])
def test_a_first_chunk_that_is_refused(small_chunks, observer):
    upload = UploadBody(io.BytesIO(b"ab"), 2, (observer,))
    with pytest.raises(UploadStopped):
        upload.begin()
    assert upload.error


def test_an_early_refusal_reads_no_further(small_chunks):
    stream = Reads(b"abcdef")
    upload = UploadBody(stream, 6, (Sees(stops_at=1),))
    with pytest.raises(UploadStopped, match="at once"):
        list(upload)
    assert stream.asked == [2]


def test_a_body_that_ends_too_early_is_not_concluded(small_chunks):
    observer = Sees()
    with pytest.raises(UploadInterrupted):
        list(UploadBody(io.BytesIO(b"abc"), 5, (observer,)))
    assert observer.concluded == 0


def test_a_listener_hears_of_what_was_taken(small_chunks):
    heard = []

    class Listener:
        def report(self, taken_bytes, at_last):
            heard.append((taken_bytes, at_last))

    chunks = iter(UploadBody(io.BytesIO(b"abcde"), 5, (), Listener()))
    next(chunks)
    assert heard == []
    next(chunks)
    assert heard == [(2, False)]
    list(chunks)
    assert heard == [(2, False), (4, False), (5, True)]
