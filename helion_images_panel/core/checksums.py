# SPDX-License-Identifier: Apache-2.0
"""Checksums as publishers print them, and in the notation of this plugin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from helion_images_panel.core.checksum_digits import Run, runs_of
from helion_images_panel.core.checksum_layouts import (
    Columns,
    cleaned,
    columns,
    label_after,
    label_before,
    label_of_heading,
    line_end,
    names,
)
from helion_images_panel.core.checksum_names import ALGORITHMS, Label

#: Maximum number of characters of a file name; file systems allow no more.
NAME_LENGTH = 255

#: Digits of a checksum, by algorithm.
LENGTHS = {algorithm: length for length, algorithm in ALGORITHMS.items()}

_WRITTEN = re.compile(r"([a-z0-9_-]+):([0-9a-f]+)")


class NotAChecksum(ValueError):
    """The text contains no checksum, or one of an unsupported algorithm."""


class UnknownName(NotAChecksum):
    """The digits are named by a word that is no supported algorithm."""

    def __init__(self, text: str, name: str):
        super().__init__(text)
        self.name = name


class WrongLength(NotAChecksum):
    """The number of digits is not that of the named algorithm, or of any if none is named."""

    def __init__(self, text: str, digits: int, algorithm: str = ""):
        super().__init__(text)
        self.digits = digits
        self.algorithm = algorithm


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

    `result` is the reason if they cannot be used.
    """

    result: Checksum | NotAChecksum
    line: str
    heading: str


def parse(text: str, file_name: str = "") -> Checksum:
    """Extract the one checksum from a text such as a SHA256SUMS file, or a line of one.

    Accepts digits alone, also in groups, in several lines or after "0x", Base64 with its
    padding, and all these after the name of their algorithm or in the layouts of common
    tools. Digits after the name of another algorithm are never accepted. In a list, the
    line that names the file is used; of several algorithms, the strongest. The run time
    depends on the length of the text and not on its content: the text comes from users.

    Raise UnknownName, WrongLength, SeveralChecksums if the text does not identify one, or
    NotAChecksum.

    :param file_name: may be empty
    """

    @cache  # Many digits may share a line, and many lines a heading.
    def is_about_file(text: str) -> bool:
        return names(text, name)

    name = unicodedata.normalize("NFKC", file_name[:NAME_LENGTH])
    candidates = list(_candidates(cleaned(text), name))
    about_file = [candidate for candidate in candidates if is_about_file(candidate.line)]
    about_file = about_file or [
        candidate for candidate in candidates if is_about_file(candidate.heading)
    ]
    results = [candidate.result for candidate in about_file or candidates]
    by_algorithm: dict[str, set[Checksum]] = {}
    for result in results:
        if isinstance(result, Checksum):
            by_algorithm.setdefault(result.algorithm, set()).add(result)
    if any(len(values) > 1 for values in by_algorithm.values()):
        raise SeveralChecksums(text)
    for algorithm in reversed(ALGORITHMS.values()):
        if algorithm in by_algorithm:
            return by_algorithm[algorithm].pop()
    for kind in (SeveralChecksums, UnknownName, WrongLength):
        for result in results:
            if isinstance(result, kind):
                raise result
    raise NotAChecksum(text)


def _candidates(text: str, file_name: str) -> Iterator[_Candidate]:
    runs = _outside_brackets(text, list(runs_of(text)))
    if not runs:
        return
    lines_before = text[: runs[0].start].rpartition("\n")[0]
    lines_after = text[runs[-1].end :].partition("\n")[2]
    is_file_below = _has_file(lines_after) and not _has_file(lines_before)
    head: Columns | None = None
    heading, in_heading, in_line, at = "", None, None, 0
    for number, run in enumerate(runs):
        before, is_new_line, prefix = text[at : run.start].rpartition("\n")
        if is_new_line:
            in_line = None
            # The rest of the line of the last digits is about these.
            above = before.partition("\n")[2] if at else before
            if above.strip():
                heading = above
                in_heading = label_of_heading(above, file_name) or in_heading
                head = columns(above)
        at = run.end
        own = label_before(prefix, file_name)
        in_line = own or in_line
        below = text[at : runs[number + 1].start if number + 1 < len(runs) else len(text)]
        label = in_line or in_heading or label_after(below, run)
        nearby = below.partition("\n")[2] if is_file_below else heading
        # A cell such as "SHA-256: 0123" has its own name.
        is_named = own and own.algorithms and prefix.rstrip(" \t\"'").endswith((":", "="))
        in_columns = head.split(run, file_name) if head and not is_named else []
        parts: Sequence[tuple[Run, Label | None]] = in_columns or [(run, label)]
        for part, name in parts:
            for result, start, end in _results(part, name):
                line = text[text.rfind("\n", 0, start) + 1 : line_end(text, end)]
                yield _Candidate(result, line, nearby)


def _results(run: Run, label: Label | None) -> Iterator[tuple[Checksum | NotAChecksum, int, int]]:
    """Yield checksums, or the reason why there is none, with the positions of the digits."""
    if label and label.foreign:
        yield UnknownName(run.text, label.foreign), run.start, run.end
    elif label:
        named = sorted(label.algorithms)
        found = [(name, piece) for name in named for piece in run.of_length(LENGTHS[name])]
        for name, piece in found:
            yield Checksum(name, piece.digits), piece.start, piece.end
        if not found:
            name = named[0] if len(named) == 1 else ""
            yield WrongLength(run.text, run.total, name), run.start, run.end
    elif run.is_ambiguous and len(run.of_any_length) > 1:
        yield SeveralChecksums(run.text), run.start, run.end
    elif run.of_any_length and not run.is_ambiguous:
        for piece in run.of_any_length:
            yield Checksum(ALGORITHMS[len(piece)], piece.digits), piece.start, piece.end
    else:
        yield WrongLength(run.text, run.total), run.start, run.end


def _outside_brackets(text: str, runs: list[Run]) -> list[Run]:
    """Leave out digits in file names in brackets, unless a line has no others."""
    by_line: dict[int, list[Run]] = {}
    outside: dict[int, list[Run]] = {}
    line, open_brackets, at = -2, 0, 0
    for run in runs:
        start = text.rfind("\n", 0, run.start) + 1
        if start != line:
            line, open_brackets, at = start, 0, start
        open_brackets += text.count("(", at, run.start) - text.count(")", at, run.start)
        at = run.start
        by_line.setdefault(line, []).append(run)
        if open_brackets <= 0:
            outside.setdefault(line, []).append(run)
    return [run for line, runs in by_line.items() for run in outside.get(line) or runs]


def _has_file(text: str) -> bool:
    return bool(re.search(r"\w\.[A-Za-z]", text))


def read(written: str) -> Checksum:
    """Parse the notation of `str(checksum)`, for any algorithm."""
    match = _WRITTEN.fullmatch(written)
    if not match:
        raise NotAChecksum(written)
    return Checksum(match[1], match[2])
