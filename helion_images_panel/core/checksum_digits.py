# SPDX-License-Identifier: Apache-2.0
"""The digits of checksums in a text: hexadecimal in one or several pieces, and Base64."""

from __future__ import annotations

import base64
import binascii
import operator
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from helion_images_panel.core.checksum_names import ALGORITHMS, label_of

_WORD = re.compile(r"[^\W_]+")
_HEX = re.compile(r"[0-9a-f]+", re.IGNORECASE | re.ASCII)
#: What may stand between the pieces of one checksum: blanks and line breaks, the colons or
#: hyphens of some programs, and what programs and mail put at the ends of wrapped lines.
_GAP = re.compile(r"[\s:,\-\"'`+\\>=]*")
#: Characters that join digits to the name of a file.
_OF_A_NAME = frozenset("._/+~@-\\")

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}", re.ASCII)
_BASE64_LABEL = re.compile(r"(?:md5|sha[-_]?(?:2[-_])?(?:256|512))[-_]", re.IGNORECASE | re.ASCII)
#: Lengths of Base64 without its padding, and the hexadecimal digits that these are.
_BASE64_LENGTHS = {22: 32, 43: 64, 86: 128}
#: Maximum number of lines that one checksum in Base64 is wrapped to.
_MAX_LINES = 100

#: Maximum number of digits in a group, of those that are joined by hyphens.
_MAX_GROUP = 16

#: Runs with fewer digits are words, sizes and dates.
FEWEST_DIGITS = 20


@dataclass(frozen=True)
class Piece:
    """Digits without a gap, or a checksum in Base64; `digits` are hexadecimal and lower-case."""

    start: int
    end: int
    digits: str

    def __len__(self) -> int:
        return len(self.digits)


@dataclass(frozen=True)
class Run:
    """Pieces with nothing between them that separates checksums for certain."""

    pieces: tuple[Piece, ...]
    text: str

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def end(self) -> int:
        return self.pieces[-1].end

    @cached_property
    def total(self) -> int:
        return sum(map(len, self.pieces))

    def of_length(self, length: int) -> list[Piece]:
        """Return the checksums of this length, for an algorithm that is named."""
        whole = [piece for piece in self.pieces if len(piece) == length]
        return whole or self._joined(length)

    def _joined(self, length: int) -> list[Piece]:
        """Join the first pieces that have this length together, if no other checksum follows."""
        digits = ""
        for number, piece in enumerate(self.pieces):
            digits += piece.digits
            if len(digits) >= length:
                rest = self.total - len(digits)
                if len(digits) > length or rest >= FEWEST_DIGITS:
                    return []
                return [Piece(self.start, self.pieces[number].end, digits)]
        return []

    @cached_property
    def of_any_length(self) -> list[Piece]:
        """Return the checksums of any supported length, if no algorithm is named."""
        whole = [piece for piece in self.pieces if len(piece) in ALGORITHMS]
        if self._is_one or (self.total in ALGORITHMS and not whole):
            return self._joined(self.total)
        return whole

    @property
    def _is_one(self) -> bool:
        """Whether the pieces are the lines of one checksum, though the last is as long as another.

        At least two lines have one width, which is not that of a checksum.
        """
        *lines, last = map(len, self.pieces)
        return (
            self.total in ALGORITHMS
            and len(lines) > 1
            and len(set(lines)) == 1
            and lines[0] not in ALGORITHMS
            and last <= lines[0]
        )

    @cached_property
    def is_ambiguous(self) -> bool:
        """Whether the pieces may be one longer checksum, in lines, as well as several.

        A piece is at least as long as the next then, as in lines of one width, or
        neighbours add up to a supported length.
        """
        if self._is_one or not any(len(piece) in ALGORITHMS for piece in self.pieces):
            return False
        pieces = [piece for piece in self.pieces if self._is_digits(piece)]
        if len({piece.digits for piece in pieces}) < 2:
            return False
        widths = [len(piece) for piece in pieces]
        return any(map(operator.ge, widths, widths[1:])) or self._adds_up(widths)

    @staticmethod
    def _adds_up(widths: Sequence[int]) -> bool:
        for at, total in enumerate(widths):
            for width in widths[at + 1 :]:
                total += width
                if total in ALGORITHMS:
                    return True
                if total > max(ALGORITHMS):
                    break
        return False

    def _is_digits(self, piece: Piece) -> bool:
        """Whether a piece is more than the size of a file on the same line."""
        line_start = self.text.rfind("\n", 0, piece.start) + 1
        is_first = not self.text[line_start : piece.start].strip()
        return len(piece) >= 4 and (is_first or not piece.digits.isdecimal() or len(piece) >= 32)


def runs_of(text: str) -> Iterator[Run]:
    """Yield the runs of digits in their order. The run time is linear in the text."""
    base64_pieces = list(_base64_pieces(text))
    taken = iter(base64_pieces)
    next_taken = next(taken, None)
    pieces: list[Piece] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        while next_taken and next_taken.end <= start:
            if pieces:
                yield from _run(pieces, text)
            yield Run((next_taken,), text)
            pieces, next_taken = [], next(taken, None)
        if next_taken and start >= next_taken.start:
            continue
        is_hex = bool(_HEX.fullmatch(match[0]))
        if not is_hex or _is_of_a_name(text, start, end, pieces):
            if pieces:
                yield from _run(pieces, text)
            pieces = []
            continue
        if pieces and not _GAP.fullmatch(text, pieces[-1].end, start):
            yield from _run(pieces, text)
            pieces = []
        pieces.append(Piece(start, end, match[0].lower()))
    if pieces:
        yield from _run(pieces, text)
    while next_taken:
        yield Run((next_taken,), text)
        next_taken = next(taken, None)


def _run(pieces: Sequence[Piece], text: str) -> Iterator[Run]:
    first = 0
    while first + 1 < len(pieces) and _is_number(pieces, first):
        first += 1
    run = Run(tuple(pieces[first:]), text)
    if run.total >= FEWEST_DIGITS:
        yield run


def _is_number(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a short piece belongs to the words before the digits, as in "SHA 256"."""
    return len(pieces[at]) <= 4 and len(pieces[at]) != len(pieces[at + 1])


def _is_of_a_name(text: str, start: int, end: int, pieces: Sequence[Piece]) -> bool:
    """Whether digits are a part of a file's name, such as "build-0123abcd.qcow2"."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and before in _OF_A_NAME:
        is_chained = before == "-" and _is_chained(pieces, start, end)
        # GNU's tools begin a line with a backslash if they escape the name in it.
        is_escaped = before == "\\" and text[: start - 1][-1:] in ("", "\n")
        if not is_chained and not is_escaped and not _follows_label(text, start, end):
            return True
    if text.startswith("..", end):
        return True  # The rest of the digits is left out.
    following = _WORD.match(text, end + 1)
    if not after or after not in _OF_A_NAME or not following:
        return False
    is_chain = after == "-" and _HEX.fullmatch(following[0]) and end - start <= _MAX_GROUP
    return not (is_chain and len(following[0]) == end - start)


def _is_chained(pieces: Sequence[Piece], start: int, end: int) -> bool:
    """Whether the digits continue groups of one size with hyphens. A UUID's sizes differ."""
    return bool(
        pieces and pieces[-1].end == start - 1 and len(pieces[-1]) == end - start <= _MAX_GROUP
    )


def _follows_label(text: str, start: int, end: int) -> bool:
    """Whether the digits directly follow the name of an algorithm, as in "sha256-0123abcd"."""
    if end - start < _MAX_GROUP:
        return False
    line = text[max(0, start - 24) : start]
    word = re.split(r"[\s:=\"'@]", line[:-1])[-1]
    label = label_of(word)
    return bool(label and label.algorithms)


def _base64_pieces(text: str) -> Iterator[Piece]:
    found = list(_BASE64.finditer(text))
    for number, match in enumerate(found):
        body = match[0]
        label = _BASE64_LABEL.match(body)
        start = match.start() + (label.end() if label else 0)
        body = body[label.end() :] if label else body
        plain = body.rstrip("=")
        padding = len(body) - len(plain)
        is_attached = bool(label) or text[start - 1 : start] in (":", "=")
        if padding:
            first, plain = _unwrapped(text, found, number, plain)
            start = start if first == number else found[first].start()
        elif not is_attached or _HEX.fullmatch(plain):
            continue
        digits = _decoded(plain, padding)
        if digits:
            yield Piece(start, match.end(), digits)


def _unwrapped(
    text: str, found: Sequence[re.Match[str]], number: int, plain: str
) -> tuple[int, str]:
    """Join the lines of Base64 before its last one; return the first match and the text."""
    best, joined = (number, plain), plain
    for at in range(number, max(0, number - _MAX_LINES), -1):
        gap = text[found[at - 1].end() : found[at].start()]
        if gap.strip() or "\n" not in gap or found[at - 1][0].endswith("="):
            break
        joined = found[at - 1][0] + joined
        if len(joined) in _BASE64_LENGTHS:
            best = (at - 1, joined)
        elif len(joined) > max(_BASE64_LENGTHS):
            break
    return best


def _decoded(plain: str, padding: int) -> str:
    """Return Base64 as hexadecimal digits; empty if it is not that of a supported length."""
    length = _BASE64_LENGTHS.get(len(plain))
    if length is None or (padding and padding != -len(plain) % 4):
        return ""
    try:
        digits = base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=False)
    except binascii.Error:
        return ""
    return digits.hex() if len(digits) * 2 == length else ""
