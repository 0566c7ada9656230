# SPDX-License-Identifier: Apache-2.0
"""Tags as text that a user can type: separated by commas.

A tag that contains a comma, a quotation mark, a line break or outer blanks is quoted; a
quotation mark in it is doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Maximum length of a tag in Glance, in characters.
TAG_LENGTH = 255

_TAG = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))(?:,|$)')
_NEEDS_QUOTES = re.compile(r'[,"\r\n]|^\s|\s$|^$')


def joined(tags: Iterable[str]) -> str:
    return ", ".join(_quoted(tag) for tag in tags)


def _quoted(tag: str) -> str:
    if _NEEDS_QUOTES.search(tag):
        return '"' + tag.replace('"', '""') + '"'
    return tag


def split(text: str) -> tuple[str, ...]:
    """Parse the tags of a text, in order and without duplicates."""
    tags = []
    position = 0
    while position < len(text):
        match = _TAG.match(text, position)
        if match is None:  # Every text matches: the second branch takes what is there.
            break
        quoted, plain = match.groups()
        tag = plain.strip() if quoted is None else quoted.replace('""', '"')
        if tag:
            tags.append(tag)
        position = match.end()
    return tuple(dict.fromkeys(tags))


def edited(current: Iterable[str], shown: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Apply the user's changes of the tags that were shown to the current tags of the image."""
    added = [tag for tag in wanted if tag not in set(shown)]
    removed = set(shown).difference(wanted)
    return tuple(dict.fromkeys([*(tag for tag in current if tag not in removed), *added]))
