# SPDX-License-Identifier: Apache-2.0
"""Checksums as publishers print them, and as this plugin writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Algorithms by the length of their checksum in hexadecimal digits.
ALGORITHMS = {32: "md5", 64: "sha256", 128: "sha512"}

_DIGITS = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])", re.IGNORECASE)
_NAMED = re.compile(r"\b(md5|sha-?256|sha-?512)\b", re.IGNORECASE)


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
    # A name of an algorithm counts where it stands before the digits: what
    # follows them is the name of a file.
    before = text[: text.lower().index(value)]
    named = {name.lower().replace("-", "") for name in _NAMED.findall(before)}
    if algorithm is None or (named and algorithm not in named):
        raise NotAChecksum(text)
    return Checksum(algorithm, value)
