# SPDX-License-Identifier: Apache-2.0
"""Compressed files, decompressed piece by piece in bounded memory."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from helion_images_panel.transfers.body import CHUNK_BYTES, UploadStopped
from helion_images_panel.transfers.first_bytes import packed_kind

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Causes of `NotDecompressed`.
DAMAGED = "damaged"
ENDS_EARLY = "ends_early"
#: The content is more than HELION_IMAGES_DECOMPRESSED_GIB allows.
TOO_LARGE = "too_large"
#: Decompressing takes more memory than the programs that make such files use by default.
TOO_MUCH_MEMORY = "too_much_memory"
#: The first bytes are not those of a kind that can be decompressed.
NOT_COMPRESSED = "not_compressed"
#: The content is an archive, or is compressed once more.
NO_IMAGE = "no_image"
EMPTY = "empty"

#: Memory of one xz file: that of its highest preset, -9, is 65 MiB.
_XZ_MEMORY_BYTES = 96 * 1024 * 1024
#: Base-2 logarithm of the memory of one zstd file: the program's own limit, 128 MiB.
_ZSTD_WINDOW_LOG = 27


class NotDecompressed(UploadStopped):
    """The compressed file is refused; `content` says for NO_IMAGE what is in it."""

    def __init__(self, cause: str, kind: str = "", content: str = ""):
        super().__init__(f"The compressed file is refused: {cause} {kind} {content}".rstrip())
        self.cause = cause
        self.kind = kind
        self.content = content


class _Stream(Protocol):
    """A decompressor of Python for one stream; a file may have several, one after the other."""

    def decompress(self, data: bytes, max_length: int) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the methods of the others, which keep what they have not read."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self.needs_input = True

    def decompress(self, data: bytes, max_length: int) -> bytes:
        piece = self._stream.decompress(self._stream.unconsumed_tail + data, max_length)
        # A full piece may not be all: zlib holds output back without any input left.
        self.needs_input = len(piece) < max_length and not self._stream.unconsumed_tail
        return piece

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data


def _zstd() -> _Stream:
    options = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    stream: _Stream = zstd.ZstdDecompressor(options=options)
    return stream


#: What decompresses one stream, by the kind of the file.
_STREAMS: Mapping[str, Callable[[], _Stream]] = {
    "gzip": _Gzip,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY_BYTES),
    "zstd": _zstd,
    "bzip2": bz2.BZ2Decompressor,
}
#: The kinds of files that can be decompressed.
KINDS = frozenset(_STREAMS)

_ERRORS = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, ValueError, EOFError)


class Decompressor:
    """Decompresses a file of one kind; raises `NotDecompressed`.

    :param head: the first bytes of the file
    """

    def __init__(self, head: bytes):
        self.kind = packed_kind(head)
        if self.kind not in _STREAMS:
            raise NotDecompressed(NOT_COMPRESSED)
        self._new_stream = _STREAMS[self.kind]
        self._stream: _Stream | None = self._new_stream()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next bytes of the file become, in pieces of at most CHUNK_BYTES."""
        while True:
            if self._stream is None:
                # Some programs fill the file up between two streams, and after the last.
                data = data.lstrip(b"\0")
                if not data:
                    return
                self._stream = self._new_stream()
            piece = self._next(self._stream, data)
            if piece:
                yield piece
            if self._stream.eof:
                data, self._stream = self._stream.unused_data, None
            elif self._stream.needs_input:
                return
            else:
                data = b""

    def finish(self) -> None:
        """Check that the file has not ended in the middle."""
        if self._stream is not None:
            raise NotDecompressed(ENDS_EARLY, self.kind)

    def _next(self, stream: _Stream, data: bytes) -> bytes:
        try:
            return stream.decompress(data, CHUNK_BYTES)
        except MemoryError:
            cause = TOO_MUCH_MEMORY
        except _ERRORS as error:
            cause = TOO_MUCH_MEMORY if _is_about_memory(error) else DAMAGED
        raise NotDecompressed(cause, self.kind)


def _is_about_memory(error: Exception) -> bool:
    return "emory" in str(error)
