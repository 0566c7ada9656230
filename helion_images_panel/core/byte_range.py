# SPDX-License-Identifier: Apache-2.0
"""The part of a file that somebody asks for (RFC 9110, "Range Requests")."""

from __future__ import annotations

import re
from dataclasses import dataclass

# More digits than any file's length has, and few enough to read.
_ONE_RANGE = re.compile(r"bytes=[ \t]*(\d{0,19})-(\d{0,19})[ \t]*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ValueError):
    """The file ends before the range begins."""


@dataclass(frozen=True)
class ByteRange:
    """`first` and `last` are offsets in bytes; both belong to it."""

    first: int
    last: int

    @property
    def size_bytes(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        """As a request header says it."""
        return f"bytes={self.first}-{self.last}"

    def content_range(self, size_bytes: int) -> str:
        """As an answer about a file of this size says it."""
        return f"bytes {self.first}-{self.last}/{size_bytes}"


def requested(header: str, size_bytes: int) -> ByteRange | None:
    """The one range that a Range header asks for.

    None for the whole file: no range, several of them, other units, or what
    is no range at all. Raises `Unsatisfiable` for one that lies beyond the end.
    """
    found = _ONE_RANGE.fullmatch(header)
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        last_bytes = min(int(found[2]), size_bytes)
        if not last_bytes:
            raise Unsatisfiable(header)
        return ByteRange(size_bytes - last_bytes, size_bytes - 1)
    first, last = int(found[1]), int(found[2] or size_bytes)
    if last < first and found[2]:
        return None
    if first >= size_bytes:
        raise Unsatisfiable(header)
    return ByteRange(first, min(last, size_bytes - 1))
