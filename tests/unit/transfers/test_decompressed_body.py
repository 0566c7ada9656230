# SPDX-License-Identifier: Apache-2.0
import gzip
import io
import random
import threading

import pytest

from helion_images_panel.transfers import decompressed_body, decompression
from helion_images_panel.transfers.body import CHUNK_BYTES, UploadBody, UploadStopped
from helion_images_panel.transfers.decompressed_body import DecompressedBody
from helion_images_panel.transfers.decompression import NotDecompressed
from tests.unit.transfers.test_body import Sees

CONTENT = random.Random(7).randbytes(3 * CHUNK_BYTES) + b"end"  # noqa: S311


def body_of(data, *observers, max_bytes=1 << 40, **options):
    return DecompressedBody(
        UploadBody(io.BytesIO(data), len(data)), max_bytes, observers, **options
    )


def threads():
    return [each for each in threading.enumerate() if each.name == "image-data"]


def sent(body):
    with body:
        body.begin()
        return b"".join(body)


def cause(body):
    with pytest.raises(NotDecompressed) as caught:
        sent(body)
    assert body.error is caught.value
    assert not threads()
    return caught.value.cause


def test_the_content_is_sent_and_seen():
    sees = Sees()
    body = body_of(gzip.compress(CONTENT), sees)
    assert sent(body) == CONTENT == b"".join(sees.seen)
    assert (sees.concluded, body.kind, body.read_bytes) == (1, "gzip", len(CONTENT))
    assert not threads()


def test_its_length_is_not_known():
    with pytest.raises(TypeError):
        len(body_of(gzip.compress(CONTENT)))


def test_the_last_piece_is_sent_when_every_observer_has_agreed():
    body, pieces = body_of(gzip.compress(CONTENT), Sees(stops_in_the_end=True)), []
    with body:
        body.begin()
        with pytest.raises(UploadStopped, match="in the end"):
            pieces.extend(body)
    assert len(b"".join(pieces)) < len(CONTENT)
    assert not threads()


def test_small_content_is_judged_before_anything_is_sent():
    body = body_of(gzip.compress(b"small"), Sees(stops_in_the_end=True))
    with body, pytest.raises(UploadStopped, match="in the end"):
        body.begin()


def test_too_large():
    body = body_of(gzip.compress(CONTENT), max_bytes=len(CONTENT) - 1)
    assert cause(body) == decompression.TOO_LARGE
    assert sent(body_of(gzip.compress(CONTENT), max_bytes=len(CONTENT))) == CONTENT


def test_nothing_in_it():
    assert cause(body_of(gzip.compress(b""))) == decompression.EMPTY


@pytest.mark.parametrize(
    ("mark", "content"), [(b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf\x27\x1c", "7-Zip")]
)
def test_a_compressed_file_in_it(mark, content):
    body = body_of(gzip.compress(mark + bytes(600)))
    assert cause(body) == decompression.NO_IMAGE
    assert body.error.content == content


def test_an_archive_in_it():
    tar = bytes(257) + b"ustar" + bytes(800)
    assert cause(body_of(gzip.compress(tar))) == decompression.NO_IMAGE
    assert sent(body_of(gzip.compress(tar), is_archive_allowed=True)) == tar


def test_a_file_that_is_not_compressed():
    assert cause(body_of(CONTENT)) == decompression.NOT_COMPRESSED


def test_a_browser_that_stops():
    data = gzip.compress(CONTENT)
    body = DecompressedBody(UploadBody(io.BytesIO(data[:-10]), len(data)), 1 << 40)
    with pytest.raises(UploadStopped, match="The browser sent"):
        sent(body)
    assert str(body.error).startswith("The browser sent")
    assert not threads()


def test_the_thread_ends_when_glance_takes_no_more():
    """Much of the content is left, and no room for it."""
    body = body_of(gzip.compress(bytes(200 * CHUNK_BYTES)))
    with body:
        body.begin()
        next(iter(body))
        assert threads()
    assert not threads()


def test_little_waits_between_the_decompressor_and_glance():
    body = body_of(gzip.compress(bytes(200 * CHUNK_BYTES)))
    with body:
        body.begin()
        for _ in body:
            assert body._outputs.qsize() <= decompressed_body.PIECES_AHEAD


def test_many_streams_without_content_are_no_standstill():
    """The decompressor takes chunk after chunk, and returns nothing."""
    empty = gzip.compress(b"")
    data = gzip.compress(b"begin") + empty * (5 * CHUNK_BYTES // len(empty)) + gzip.compress(b"end")
    assert sent(body_of(data)) == b"beginend"
