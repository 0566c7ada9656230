# SPDX-License-Identifier: Apache-2.0
"""Small parts of a large file, within bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from helion_images_panel.core.byte_range import ByteRange

#: Bounds of one look at a file.
MOST_REQUESTS = 6
MOST_BYTES = 1024 * 1024


class NotRead(Exception):
    """The part is not in the file, or outside the bounds; or the file is not what it says."""


class Disk(Protocol):
    """The bytes of a disk, in a file of any format; `read` raises NotRead."""

    @property
    def size_bytes(self) -> int: ...
    def read(self, offset: int, length: int) -> bytes: ...


class FileParts:
    """Reads parts of a file by `fetch`, each once, and raises NotRead for all others.

    A raw file is also a `Disk`.
    """

    def __init__(self, fetch: Callable[[ByteRange], bytes], size_bytes: int):
        self.size_bytes = size_bytes
        self._fetch = fetch
        self._parts: list[tuple[int, bytes]] = []
        self._bytes_left = MOST_BYTES

    def read(self, offset: int, length: int) -> bytes:
        if length == 0:
            return b""
        if offset < 0 or length < 0 or offset + length > self.size_bytes:
            raise NotRead("outside the file")
        for start, part in self._parts:
            if start <= offset and offset + length <= start + len(part):
                return part[offset - start : offset - start + length]
        if len(self._parts) >= MOST_REQUESTS or length > self._bytes_left:
            raise NotRead("too many parts")
        part = self._fetch(ByteRange(offset, offset + length - 1))
        self._bytes_left -= length
        self._parts.append((offset, part))
        if len(part) != length:
            raise NotRead("another length")
        return part
