# SPDX-License-Identifier: Apache-2.0
"""The part of a file that a request asks for (RFC 9110, "Range Requests")."""

from __future__ import annotations

import re
from dataclasses import dataclass

# More digits than any file's length has, and few enough to read.
_ONE_RANGE = re.compile(r"bytes=[ \t]*(\d{0,19})-(\d{0,19})[ \t]*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ValueError):
    """The range begins after the end of the file."""


@dataclass(frozen=True)
class ByteRange:
    """An inclusive range: `first` and `last` are offsets in bytes."""

    first: int
    last: int

    @property
    def size_bytes(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        """Format as the value of a Range request header."""
        return f"bytes={self.first}-{self.last}"

    def content_range(self, size_bytes: int) -> str:
        """Format as the value of a Content-Range response header for a file of this size."""
        return f"bytes {self.first}-{self.last}/{size_bytes}"


def requested(header: str, size_bytes: int) -> ByteRange | None:
    """Parse the single range of a Range header.

    Return None for the whole file: no range, several ranges, other units, or an invalid
    header. Raise `Unsatisfiable` for a range beyond the end.
    """
    match = _ONE_RANGE.fullmatch(header)
    if not match or not (match[1] or match[2]):
        return None
    if not match[1]:
        last_bytes = min(int(match[2]), size_bytes)
        if not last_bytes:
            raise Unsatisfiable(header)
        return ByteRange(size_bytes - last_bytes, size_bytes - 1)
    first, last = int(match[1]), int(match[2] or size_bytes)
    if last < first and match[2]:
        return None
    if first >= size_bytes:
        raise Unsatisfiable(header)
    return ByteRange(first, min(last, size_bytes - 1))
