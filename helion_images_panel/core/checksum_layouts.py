# SPDX-License-Identifier: Apache-2.0
"""The words around the digits of checksums, in the layouts of publishers and tools."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from helion_images_panel.core.checksum_digits import FEWEST_DIGITS, Piece, Run
from helion_images_panel.core.checksum_markup import as_lines
from helion_images_panel.core.checksum_names import (
    ALGORITHMS,
    MODIFIERS,
    Label,
    is_prose,
    label_of,
)

_DASH = re.compile("[\u2010-\u2015\u2212]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
#: What stands around digits in programs and command lines.
_NOTATION = re.compile(r"\b0x(?=[0-9a-f]++(?![\w+/=]))|\b(?:echo|printf) +(?=[\"'])", re.IGNORECASE)
#: "sha256%3A0123…", as in URLs.
_ENCODED_COLON = re.compile("%3a", re.IGNORECASE)
#: Names of variables in scripts, such as "export DEBIAN_SHA256=".
_VARIABLE = re.compile(
    r"^[ \t]*+(?:(?:export|ARG|ENV) +)?([A-Z][A-Z0-9_]*)_(MD5|SHA256|SHA512)(?:SUMS?)?(?= ?=)",
    re.MULTILINE,
)
#: What hashdeep says of its own call.
_OF_HASHDEEP = re.compile(r"^## .*$", re.MULTILINE)
_PGP_HEADER = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\s*(?:Hash: [^\n]*\n)*")
_PGP_SIGNATURE = re.compile(r"-----BEGIN PGP SIGNATURE-----")
_PGP_END = "-----END PGP SIGNATURE-----"
#: "NAME (file) = ", which the BSDs and OpenSSL print.
_TAGGED = re.compile(r"([^()]{1,80})\(.*\) ?= *")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
#: A line about the file only.
_OF_A_FILE = re.compile(r"[\s\"'-]*(?:path|file|filename|name|location|url)\w*[\"']?\s*[:=]", re.I)
#: The name of an algorithm after the digits.
_NAMED_AFTER = (
    re.compile(r"[\s\"',]*[(\[]([^()\[\]\n]{1,40})[)\]]\s*(?:$|\n)"),
    re.compile(
        r"[^\n]{0,200}(?:\n[^\n]{0,200}){0,3}?\b"
        r"(?:algo\w{0,9}|(?:hash|checksum|digest)[ _-]?(?:alg\w{0,9}|type|function|method))"
        r"[\"']?\s*[:=]\s*[\"']?([\w/ -]{1,40})",
        re.IGNORECASE,
    ),
    # A name that ends with the size of a checksum, such as "SHA3-256".
    re.compile(r"[ \t]+([A-Za-z][A-Za-z0-9]*[-_/]?(?:128|160|224|256|384|512))[ \t]*(?:$|\n)"),
    # One word in the line, and not after the two blanks of GNU's tools, as a file is.
    re.compile(r"(?! [ *])[ \t]*(?:[-–—:#|=]+[ \t]*)?([^\s*(\[]+)[ \t]*(?:$|\n)"),
)


def cleaned(text: str) -> str:
    """Remove what surrounds the text only: mark-up, invisible characters, signatures, "0x"."""
    text = as_lines(text) if "<" in text or "{" in text else text
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", html.unescape(text)))
    text = _ENCODED_COLON.sub(":", _DASH.sub("-", text))
    text = "\n".join(text.splitlines())
    if text.startswith("%%%% HASHDEEP"):
        text = _OF_HASHDEEP.sub("", text)
    text = _VARIABLE.sub(_without_prefix, text)
    text = _PGP_HEADER.sub("", text)
    if signature := _PGP_SIGNATURE.search(text):
        _before, _end, after = text[signature.end() :].partition(_PGP_END)
        text = text[: signature.start()] + after
    return _NOTATION.sub("", text)


def _without_prefix(match: re.Match[str]) -> str:
    parts = match[1].casefold().split("_")
    return match[0] if MODIFIERS.intersection(parts) else match[2]


def label_before(prefix: str, file_name: str) -> Label | None:
    """The algorithm that the words before the digits name."""
    if file_name and file_name in prefix:
        prefix = _whole(file_name).sub("file", prefix)
    if tagged := _TAGGED.fullmatch(prefix):
        label = label_of(tagged[1].rpartition(":")[2], file_name, is_strict=True)
        if label:
            return label
    outside = label_of(_IN_BRACKETS.sub(" ", prefix), file_name)
    in_brackets = " ".join(_IN_BRACKETS.findall(prefix))
    if outside and outside.algorithms and MODIFIERS.intersection(in_brackets.casefold().split()):
        return Label(foreign=f"{in_brackets} {prefix.split()[0]}")
    inside = label_of(in_brackets, file_name)
    # Names of algorithms are ASCII: other words are those of some language.
    if outside and outside.foreign and not outside.foreign.isascii():
        return inside if inside and inside.algorithms else outside
    return outside or inside


def label_of_heading(heading: str, file_name: str) -> Label | None:
    """The algorithm that the nearest of the lines names."""
    for line in reversed(heading.splitlines()):
        if not _OF_A_FILE.match(line) and not is_prose(line, file_name):
            label = label_before(line, file_name)
            if label:
                return label
    return None


def label_after(below: str, run: Run) -> Label | None:
    """The algorithm that stands behind the digits, for digits with none before them."""
    for pattern in _NAMED_AFTER:
        match = pattern.match(below)
        label = label_of(match[1], is_strict=True) if match else None
        # Digits may be followed by the file "SHA512" or "image.foo".
        if label and not label.is_of_file and (label.foreign or _fits(label, run)):
            return label
    return None


def _fits(label: Label, run: Run) -> bool:
    lengths = [length for length, name in ALGORITHMS.items() if name in label.algorithms]
    return any(run.of_length(length) for length in lengths)


@dataclass(frozen=True)
class Columns:
    """The head of a table, whose cells are separated by `separator`."""

    separator: str
    cells: tuple[str, ...]

    def split(self, run: Run, file_name: str) -> list[tuple[Run, Label]]:
        """Return the digits of each cell with the algorithm of its column; empty if the head
        names none for one of them.
        """
        cells: dict[int, list[Piece]] = {}
        for piece in run.pieces:
            cells.setdefault(self._cell(run.text, piece.start), []).append(piece)
        parts = []
        for cell, pieces in cells.items():
            label = label_before(self.cells[cell], file_name) if cell >= 0 else None
            if label is None and sum(map(len, pieces)) < FEWEST_DIGITS:
                continue  # The size of the file.
            if label is None:
                return []
            parts.append((Run(tuple(pieces), run.text), label))
        return parts

    def _cell(self, text: str, position: int) -> int:
        """The number of the cell; -1 if the line is no row of the table."""
        start = text.rfind("\n", 0, position) + 1
        if text.count(self.separator, start, line_end(text, position)) != len(self.cells) - 1:
            return -1
        return text.count(self.separator, start, position)


def columns(heading: str) -> Columns | None:
    """The last line above digits as the head of a table; None if it is none."""
    lines = [line for line in heading.splitlines() if re.search(r"[^\W_]", line)]
    for separator in "|\t,;" if lines else "":
        cells = tuple(lines[-1].split(separator))
        # A line that only ends with a comma is no table.
        if sum(1 for cell in cells if cell.strip()) > 1 or (separator == "|" and len(cells) > 1):
            return Columns(separator, cells)
    return None


def names(text: str, file_name: str) -> bool:
    """Whether the text names the file, and not a file whose name only contains this one."""
    return bool(file_name and _whole(file_name).search(text))


@lru_cache(maxsize=16)
def _whole(file_name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+~-]){re.escape(file_name)}(?![\w+~-]|\.\w)")


def line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
