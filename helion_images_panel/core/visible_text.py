# SPDX-License-Identifier: Apache-2.0
"""Text of users, such as the name of an image, which may contain invisible characters only, or
characters that act on what shows them.
"""

from __future__ import annotations

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
