# SPDX-License-Identifier: Apache-2.0
"""Checksums as publishers print them, and in the notation of this plugin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

#: Algorithms by the number of hexadecimal digits of their checksums, weakest first.
ALGORITHMS = {32: "md5", 64: "sha256", 128: "sha512"}

#: Maximum number of characters of a file name; file systems allow no more.
NAME_LENGTH = 255

_DIGITS = re.compile(r"(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])", re.IGNORECASE)

#: Digits in groups of equal size, as some programs print them, possibly on several
#: lines.
_GROUPS = [
    re.compile(
        rf"(?<![0-9a-z])[0-9a-f]{{{size}}}(?:[ \t:-]?\s?[ \t]*(?<![0-9a-z])[0-9a-f]{{{size}}})+"
        r"(?![0-9a-z])",
        re.IGNORECASE,
    )
    for size in (2, 4, 8, 16)
]

#: Characters that join digits to the name of a file.
_OF_A_NAME = frozenset("._/+~@-")

#: Names of algorithms such as "SHA-256", "SHA2-512" or "sha256sum". Includes unsupported
#: algorithms, which must not be mistaken for another with checksums of the same length.
_NAME = re.compile(
    r"(?<![\w./-])(?:md|sha|blake|ripemd|sm)[-_]?\d[0-9a-z/_-]*+(?![.\w])", re.IGNORECASE
)
_OTHER_NAMES = {"sha2256": "sha256", "sha2512": "sha512"}

#: Header line of a signed list; it names the algorithm of the signature, not of the
#: checksums.
_HEADER = re.compile(r"Hash: ", re.IGNORECASE)

_WRITTEN = re.compile(r"([a-z0-9_-]+):([0-9a-f]+)")


class NotAChecksum(ValueError):
    """The text contains no checksum, or one of an unsupported algorithm."""


class SeveralChecksums(NotAChecksum):
    """The text contains checksums of several files, and none can be assigned to the file."""


@dataclass(frozen=True)
class Checksum:
    """`algorithm` is a name of hashlib, `value` lower-case hexadecimal digits."""

    algorithm: str
    value: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"


@dataclass(frozen=True)
class _Candidate:
    """Digits that may be the checksum, with the lines that may name their file.

    `checksum` is None for an unsupported algorithm.
    """

    checksum: Checksum | None
    line: str
    heading: str


def parse(text: str, file_name: str = "") -> Checksum:
    """Extract the one checksum from a text such as a SHA256SUMS file, or a line of one.

    Accepts digits alone, also in groups or after "0x", "sha256:…", "… *image.qcow2",
    "SHA256 (image) = …", and several of these. In a list, the line that names the file
    is used; of several algorithms, the strongest. The run time depends on the length of
    the text and not on its content: the text comes from users.

    Raise NotAChecksum, or SeveralChecksums if the text does not identify one.

    :param file_name: may be empty
    """

    @cache  # Many digits may share a line, and many lines a heading.
    def is_about_file(text: str) -> bool:
        return _names(text, file_name[:NAME_LENGTH])

    candidates = _candidates(_joined(re.sub(r"\b0x(?=[0-9a-f])", "", text, flags=re.IGNORECASE)))
    about_file = [candidate for candidate in candidates if is_about_file(candidate.line)]
    about_file = about_file or [
        candidate for candidate in candidates if is_about_file(candidate.heading)
    ]
    by_algorithm: dict[str, set[Checksum]] = {}
    for candidate in about_file or candidates:
        if checksum := candidate.checksum:
            by_algorithm.setdefault(checksum.algorithm, set()).add(checksum)
    if any(len(values) > 1 for values in by_algorithm.values()):
        raise SeveralChecksums(text)
    for algorithm in reversed(ALGORITHMS.values()):
        if algorithm in by_algorithm:
            return by_algorithm[algorithm].pop()
    raise NotAChecksum(text)


def _joined(text: str) -> str:
    """Remove the gaps between groups of digits that together have the length of a checksum."""

    def join(match: re.Match[str]) -> str:
        digits = re.sub(r"[^0-9a-f]", "", match[0], flags=re.IGNORECASE)
        return digits if len(digits) in ALGORITHMS else match[0]

    text = "\n".join(text.splitlines())
    for groups in _GROUPS:
        text = groups.sub(join, text)
    return text


def _candidates(text: str) -> list[_Candidate]:
    candidates: list[_Candidate] = []
    heading = ""
    named_in_heading: set[str] = set()
    for line in text.splitlines():
        digits = list(_DIGITS.finditer(line))
        if not digits:
            # A line without digits is the heading of the lines that follow.
            if line.strip():
                heading = "" if _HEADER.match(line) else line
                named_in_heading = _algorithms(heading)
            continue
        named_before, at = named_in_heading, 0
        for match in _outside_names(line, digits) or digits:
            # An algorithm name applies to the digits after it. Names after the digits
            # belong to a file name.
            named = _algorithms(line[at : match.start()]) or named_before
            algorithm, at = ALGORITHMS.get(len(match[0])), match.end()
            fits = algorithm and (not named or algorithm in named)
            checksum = Checksum(algorithm, match[0].lower()) if algorithm and fits else None
            candidates.append(_Candidate(checksum, line, heading))
    return candidates


def _outside_names(line: str, digits: list[re.Match[str]]) -> list[re.Match[str]]:
    """Select the matches outside of file names; file names may be in brackets."""
    outside = []
    open_brackets, at = 0, 0
    for match in digits:
        start, end = match.span()
        open_brackets += line.count("(", at, start) - line.count(")", at, start)
        at = start
        in_a_name = line[max(start - 1, 0) : start] in _OF_A_NAME or (
            line[end : end + 1] in _OF_A_NAME and line[end + 1 : end + 2].isalnum()
        )
        if not in_a_name and open_brackets <= 0:
            outside.append(match)
    return outside


def _algorithms(text: str) -> set[str]:
    """Algorithm names in the text outside of brackets, which contain file names."""
    return {_plain(name) for name in _NAME.findall(re.sub(r"\([^)]*\)?", " ", text))}


def _names(text: str, file_name: str) -> bool:
    """Whether the text names the file, and not a file whose name only contains this one."""
    name = re.escape(file_name)
    return bool(name and re.search(rf"(?<![\w.+~-]){name}(?![\w+~-]|\.\w)", text))


def read(written: str) -> Checksum:
    """Parse the notation of `str(checksum)`, for any algorithm."""
    match = _WRITTEN.fullmatch(written)
    if not match:
        raise NotAChecksum(written)
    return Checksum(match[1], match[2])


def _plain(name: str) -> str:
    plain = re.sub(r"[-_]|sums?$", "", name.lower())
    return _OTHER_NAMES.get(plain, plain)
