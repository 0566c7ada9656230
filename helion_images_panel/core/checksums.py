# SPDX-License-Identifier: Apache-2.0
"""Checksums as publishers print them, and as this plugin writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

#: Algorithms by the length of their checksum in hexadecimal digits, the weakest first.
ALGORITHMS = {32: "md5", 64: "sha256", 128: "sha512"}

#: Characters of a file's name that are looked for; file systems allow no more.
NAME_LENGTH = 255

_DIGITS = re.compile(r"(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])", re.IGNORECASE)

#: Digits in groups of one size, as some programs print them, also over several lines.
_GROUPS = [
    re.compile(
        rf"(?<![0-9a-z])[0-9a-f]{{{size}}}(?:[ \t:-]?\s?[ \t]*(?<![0-9a-z])[0-9a-f]{{{size}}})+"
        r"(?![0-9a-z])",
        re.IGNORECASE,
    )
    for size in (2, 4, 8, 16)
]

#: What stands beside digits that are a part of the name of a file.
_OF_A_NAME = frozenset("._/+~@-")

#: A name such as "SHA-256", "SHA2-512" or "sha256sum", also of an algorithm that
#: cannot be checked here and must not pass for another of the same length.
_NAME = re.compile(
    r"(?<![\w./-])(?:md|sha|blake|ripemd|sm)[-_]?\d[0-9a-z/_-]*+(?![.\w])", re.IGNORECASE
)
_OTHER_NAMES = {"sha2256": "sha256", "sha2512": "sha512"}

#: In a signed list: of its signature, not of the files.
_HEADER = re.compile(r"Hash: ", re.IGNORECASE)

_WRITTEN = re.compile(r"([a-z0-9_-]+):([0-9a-f]+)")


class NotAChecksum(ValueError):
    """The text holds no checksum, or one of another kind."""


class SeveralChecksums(NotAChecksum):
    """The text holds those of several files, and does not say which is meant."""


@dataclass(frozen=True)
class Checksum:
    """`algorithm` is a name of hashlib, `value` lower-case hexadecimal digits."""

    algorithm: str
    value: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"


@dataclass(frozen=True)
class _Candidate:
    """Digits that may be what is meant, with the lines that may name their file.

    `checksum` is None where they are of a kind that cannot be checked.
    """

    checksum: Checksum | None
    line: str
    heading: str


def parse(text: str, file_name: str = "") -> Checksum:
    """The one checksum in a text such as a SHA256SUMS file, or a line of one.

    Takes digits alone, also in groups or after "0x", "sha256:…", "… *image.qcow2",
    "SHA256 (image) = …", and several of these. Of a list the line counts that
    names the file, of several algorithms the strongest. Takes a time that grows
    with the text alone, whatever is in it: it is of somebody else's making.

    :param file_name: may be empty
    """

    @cache  # Many digits may share a line, and many lines a heading.
    def is_about_it(text: str) -> bool:
        return _names(text, file_name[:NAME_LENGTH])

    found = _candidates(_joined(re.sub(r"\b0x(?=[0-9a-f])", "", text, flags=re.IGNORECASE)))
    mine = [each for each in found if is_about_it(each.line)]
    mine = mine or [each for each in found if is_about_it(each.heading)]
    by_algorithm: dict[str, set[Checksum]] = {}
    for candidate in mine or found:
        if checksum := candidate.checksum:
            by_algorithm.setdefault(checksum.algorithm, set()).add(checksum)
    if any(len(values) > 1 for values in by_algorithm.values()):
        raise SeveralChecksums(text)
    for algorithm in reversed(ALGORITHMS.values()):
        if algorithm in by_algorithm:
            return by_algorithm[algorithm].pop()
    raise NotAChecksum(text)


def _joined(text: str) -> str:
    """The text with digits in one piece, where groups of them are as many as a checksum has."""

    def join(found: re.Match[str]) -> str:
        digits = re.sub(r"[^0-9a-f]", "", found[0], flags=re.IGNORECASE)
        return digits if len(digits) in ALGORITHMS else found[0]

    text = "\n".join(text.splitlines())
    for groups in _GROUPS:
        text = groups.sub(join, text)
    return text


def _candidates(text: str) -> list[_Candidate]:
    found: list[_Candidate] = []
    heading = ""
    named_in_heading: set[str] = set()
    for line in text.splitlines():
        digits = list(_DIGITS.finditer(line))
        if not digits:
            # What a line without digits says holds for those that follow it.
            if line.strip():
                heading = "" if _HEADER.match(line) else line
                named_in_heading = _algorithms(heading)
            continue
        named_before, at = named_in_heading, 0
        for each in _outside_names(line, digits) or digits:
            # A name of an algorithm counts where it stands before the digits, and
            # not in the name of a file: that is what follows them.
            named = _algorithms(line[at : each.start()]) or named_before
            algorithm, at = ALGORITHMS.get(len(each[0])), each.end()
            fits = algorithm and (not named or algorithm in named)
            checksum = Checksum(algorithm, each[0].lower()) if algorithm and fits else None
            found.append(_Candidate(checksum, line, heading))
    return found


def _outside_names(line: str, digits: list[re.Match[str]]) -> list[re.Match[str]]:
    """Those that are not a part of the name of a file, which may stand in brackets."""
    outside = []
    open_brackets, at = 0, 0
    for each in digits:
        start, end = each.span()
        open_brackets += line.count("(", at, start) - line.count(")", at, start)
        at = start
        in_a_name = line[max(start - 1, 0) : start] in _OF_A_NAME or (
            line[end : end + 1] in _OF_A_NAME and line[end + 1 : end + 2].isalnum()
        )
        if not in_a_name and open_brackets <= 0:
            outside.append(each)
    return outside


def _algorithms(text: str) -> set[str]:
    """Those that are named, but not in brackets, where the name of a file stands."""
    return {_plain(name) for name in _NAME.findall(re.sub(r"\([^)]*\)?", " ", text))}


def _names(text: str, file_name: str) -> bool:
    """Whether the text names that file, and not one whose name only holds it."""
    name = re.escape(file_name)
    return bool(name and re.search(rf"(?<![\w.+~-]){name}(?![\w+~-]|\.\w)", text))


def read(written: str) -> Checksum:
    """The inverse of `str(checksum)`, whatever the algorithm is."""
    found = _WRITTEN.fullmatch(written)
    if not found:
        raise NotAChecksum(written)
    return Checksum(found[1], found[2])


def _plain(name: str) -> str:
    plain = re.sub(r"[-_]|sums?$", "", name.lower())
    return _OTHER_NAMES.get(plain, plain)
