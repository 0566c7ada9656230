# SPDX-License-Identifier: Apache-2.0
"""Checksums as publishers print them, and as this plugin writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Algorithms by the length of their checksum in hexadecimal digits.
ALGORITHMS = {32: "md5", 64: "sha256", 128: "sha512"}

_DIGITS = re.compile(r"(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])", re.IGNORECASE)

#: A name such as "SHA-256", "SHA2-512" or "sha256sum", also of an algorithm that
#: cannot be checked here and must not pass for another of the same length.
_NAME = re.compile(
    r"(?<![\w./-])(?:md|sha|blake|ripemd|sm)[-_]?\d[0-9a-z/_-]*+(?![.\w])", re.IGNORECASE
)
_OTHER_NAMES = {"sha2256": "sha256", "sha2512": "sha512"}

_WRITTEN = re.compile(r"([a-z0-9_-]+):([0-9a-f]+)")


class NotAChecksum(ValueError):
    """The text holds no checksum, or more than one, or of another kind."""


@dataclass(frozen=True)
class Checksum:
    """`algorithm` is a name of hashlib, `value` lower-case hexadecimal digits."""

    algorithm: str
    value: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"


def parse(text: str) -> Checksum:
    """The one checksum in a text such as a line of a SHA256SUMS file.

    Takes digits alone, "sha256:…", "… *image.qcow2" and "SHA256 (image) = …".
    """
    found = {digits.lower() for digits in _DIGITS.findall(text)}
    if len(found) != 1:
        raise NotAChecksum(text)
    value = found.pop()
    algorithm = ALGORITHMS.get(len(value))
    # A name of an algorithm counts where it stands before the digits, and not
    # in the name of a file: that is what follows them, or stands in brackets.
    before = re.sub(r"\([^)]*\)", " ", text[: text.lower().index(value)])
    named = {_plain(name) for name in _NAME.findall(before)}
    if algorithm is None or (named and algorithm not in named):
        raise NotAChecksum(text)
    return Checksum(algorithm, value)


def read(written: str) -> Checksum:
    """The inverse of `str(checksum)`, whatever the algorithm is."""
    found = _WRITTEN.fullmatch(written)
    if not found:
        raise NotAChecksum(written)
    return Checksum(found[1], found[2])


def _plain(name: str) -> str:
    plain = re.sub(r"[-_]|sums?$", "", name.lower())
    return _OTHER_NAMES.get(plain, plain)
