# SPDX-License-Identifier: Apache-2.0
import bz2
import contextlib
import gzip
import lzma
import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.transfers import decompression
from helion_images_panel.transfers.body import CHUNK_BYTES
from helion_images_panel.transfers.decompression import Decompressor, NotDecompressed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

COMPRESS = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    # As the program makes it, with a checksum.
    "zstd": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
    "bzip2": bz2.compress,
}
RANDOM = random.Random(7)  # noqa: S311
CONTENT = RANDOM.randbytes(30_000) + bytes(3 * CHUNK_BYTES) + RANDOM.randbytes(30_000)

kinds = pytest.mark.parametrize("kind", sorted(COMPRESS))


def decompressed(data, chunk_bytes=10_000):
    stream, content = Decompressor(data[:chunk_bytes]), b""
    for at in range(0, len(data), chunk_bytes):
        for piece in stream.pieces(data[at : at + chunk_bytes]):
            assert 0 < len(piece) <= CHUNK_BYTES
            content += piece
    stream.finish()
    return content


def cause(data):
    with pytest.raises(NotDecompressed) as caught:
        decompressed(data)
    return caught.value.cause


@kinds
@pytest.mark.parametrize("chunk_bytes", [6, 1000, 10_000_000])
def test_content(kind, chunk_bytes):
    content = CONTENT[: 40_000 if chunk_bytes == 6 else None]
    assert decompressed(COMPRESS[kind](content), chunk_bytes) == content
    assert Decompressor(COMPRESS[kind](content)).kind == kind


@kinds
def test_several_streams_in_one_file(kind):
    compress = COMPRESS[kind]
    assert decompressed(compress(b"one, ") + compress(b"") + compress(b"two")) == b"one, two"


@kinds
@pytest.mark.parametrize("padding", [4, 10_240])
def test_a_file_that_is_filled_up(kind, padding):
    assert decompressed(COMPRESS[kind](CONTENT) + bytes(padding)) == CONTENT


@kinds
def test_no_content(kind):
    assert decompressed(COMPRESS[kind](b"")) == b""


@kinds
@pytest.mark.parametrize("left", [7, 1000, -1])
def test_a_file_that_ends_early(kind, left):
    assert cause(COMPRESS[kind](CONTENT)[:left]) == decompression.ENDS_EARLY


@kinds
def test_a_second_stream_that_ends_early(kind):
    compress = COMPRESS[kind]
    assert cause(compress(CONTENT) + compress(CONTENT)[:-1]) == decompression.ENDS_EARLY


@kinds
def test_a_damaged_file(kind):
    data = bytearray(COMPRESS[kind](CONTENT))
    data[len(data) // 2] ^= 0xFF
    assert cause(bytes(data)) == decompression.DAMAGED


@kinds
def test_something_else_behind_the_content(kind):
    assert cause(COMPRESS[kind](CONTENT) + b"and then this") == decompression.DAMAGED


@pytest.mark.parametrize("data", [b"QFI\xfb" + bytes(500), b"\x1f", bytes(600)])
def test_a_file_that_is_not_compressed(data):
    with pytest.raises(NotDecompressed) as caught:
        Decompressor(data)
    assert caught.value.cause == decompression.NOT_COMPRESSED


def test_an_xz_file_that_needs_much_memory():
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 256 * 1024 * 1024, "preset": 0}]
    assert cause(lzma.compress(CONTENT, filters=filters)) == decompression.TOO_MUCH_MEMORY


def test_the_highest_preset_of_xz_is_decompressed():
    assert decompressed(lzma.compress(CONTENT, preset=9 | lzma.PRESET_EXTREME)) == CONTENT


def test_a_zstd_file_that_needs_much_memory():
    compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 28})
    data = compressor.compress(CONTENT) + compressor.flush()
    assert cause(data) == decompression.TOO_MUCH_MEMORY


@given(st.sampled_from(sorted(COMPRESS)), st.binary(max_size=300), st.integers(6, 100))
def test_any_content_in_any_chunks(kind, content, chunk_bytes):
    assert decompressed(COMPRESS[kind](content), chunk_bytes) == content


@given(st.sampled_from(sorted(COMPRESS)), st.data())
def test_any_change_is_an_error_of_ours_or_none(kind, data):
    """A decompressor may find anything in a file that somebody made up."""
    made = bytearray(COMPRESS[kind](b"content" * 50))
    at = data.draw(st.integers(6, len(made) - 1))
    made[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NotDecompressed):
        decompressed(bytes(made))
