# SPDX-License-Identifier: Apache-2.0
"""The body of an upload, read from the browser as Glance takes it.

Nothing is kept: one chunk is read, handed on, forgotten. The next read waits
until Glance has taken the last, so that what the browser has sent is what
Glance has got.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

CHUNK_BYTES = 1024 * 1024


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class UploadInterrupted(Exception):
    """The browser stopped sending before the image was whole."""


class UploadBody:
    """Chunks of a stream of known length; never fewer bytes than promised.

    `error` is what went wrong in reading. It is kept here because the HTTP
    library would report it as an error of the connection to Glance.
    """

    def __init__(self, stream: Stream, size_bytes: int):
        self.stream = stream
        self.size_bytes = size_bytes
        self.read_bytes = 0
        self.error: UploadInterrupted | None = None

    def __len__(self) -> int:
        return self.size_bytes

    def __iter__(self) -> Iterator[bytes]:
        while self.read_bytes < self.size_bytes:
            chunk = self._read(min(CHUNK_BYTES, self.size_bytes - self.read_bytes))
            self.read_bytes += len(chunk)
            yield chunk

    def _read(self, size: int) -> bytes:
        try:
            chunk = self.stream.read(size)
        except OSError as error:
            self.error = UploadInterrupted("The browser's connection broke.")
            raise self.error from error
        if not chunk:
            self.error = UploadInterrupted(
                f"The browser sent {self.read_bytes} of {self.size_bytes} bytes."
            )
            raise self.error
        return chunk
