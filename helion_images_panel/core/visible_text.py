# SPDX-License-Identifier: Apache-2.0
"""Text of users, such as the name of an image, which may contain invisible characters only, or
characters that act on what shows them.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

#: Separators, control characters, format characters such as zero-width ones and marks of
#: the writing direction, and surrogates.
_INVISIBLE_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})

#: Others that Unicode has browsers show as nothing, and characters that are blank, as ranges.
#: `static/.../base/namespace.js` has the same.
_INVISIBLE = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2065, 0x2065),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x16FE4, 0x16FE4),
    (0x1D159, 0x1D159),
    (0xE0000, 0xE0FFF),
)


#: Scripts that are written from right to left, marks of the direction, and the separator of
#: paragraphs. `static/.../base/namespace.js` has the same.
_DIRECTED = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u2029-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
#: Control characters, of which some separate paragraphs, and a separator.
_PARAGRAPHS = re.compile("[\x00-\x1f\x7f-\x9f\u2029]")

#: Marks that begin and end an isolation; the first takes the direction of its first letter.
FIRST_STRONG, _END = "\u2068", "\u2069"
_BEGINNINGS = "\u2066\u2067\u2068"


def is_visible(text: str) -> bool:
    """Whether at least one character of the text can be seen."""
    return any(map(_is_visible_character, text))


def _is_visible_character(character: str) -> bool:
    if unicodedata.category(character) in _INVISIBLE_CATEGORIES:
        return False
    code = ord(character)
    return not any(first <= code <= last for first, last in _INVISIBLE)


def shown(text: str) -> str:
    """Return the text, or the codes of its characters if none of them can be seen."""
    return text if is_visible(text) else " ".join(f"U+{ord(each):04X}" for each in text)


def isolated(text: str | None) -> str:
    """Return text for a sentence, whose other words it neither turns around nor moves; empty
    for None, such as the project of a system-scoped user.

    Text with characters or marks of the other writing direction stands between marks that
    isolate it. Its own marks could end that early or outlast it: they are completed.
    """
    if not text or text.isascii() or not _DIRECTED.search(text) or _is_isolated(text):
        return text or ""
    depth = 0
    parts = []
    # A new paragraph would end all isolation.
    for character in _PARAGRAPHS.sub(" ", text):
        if character != _END or depth:
            depth += _step(character)
            parts.append(character)
    return f"{FIRST_STRONG}{''.join(parts)}{_END * depth}{_END}"


def _step(character: str) -> int:
    return -1 if character == _END else character in _BEGINNINGS


def _is_isolated(text: str) -> bool:
    """Whether the isolation that begins with the text ends with it."""
    if not text.startswith(FIRST_STRONG) or _PARAGRAPHS.search(text):
        return False
    depths = list(itertools.accumulate(map(_step, text)))
    return min(depths[:-1], default=0) > 0 and depths[-1] == 0


def escaped(text: str) -> str:
    """Escape all characters but blanks that are not printable, as Python's literals do.

    Control characters act on a terminal, marks of the writing direction and separators
    of lines make a message look different from what it is.
    """
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )
