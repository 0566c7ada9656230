# SPDX-License-Identifier: Apache-2.0
"""Tags as text that a person can type: separated by commas.

A tag that has a comma, a quotation mark, the end of a line or outer blanks in
it stands in quotation marks, in which a quotation mark is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: The longest tag that Glance keeps.
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
    """The tags of a text, each once, in its order."""
    found = []
    position = 0
    while position < len(text):
        match = _TAG.match(text, position)
        if match is None:  # Every text matches: the second branch takes what is there.
            break
        quoted, plain = match.groups()
        tag = plain.strip() if quoted is None else quoted.replace('""', '"')
        if tag:
            found.append(tag)
        position = match.end()
    return tuple(dict.fromkeys(found))


def edited(now: Iterable[str], shown: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """The tags that an image has now, with what the person changed of those they were shown."""
    added = [tag for tag in wanted if tag not in set(shown)]
    removed = set(shown).difference(wanted)
    return tuple(dict.fromkeys([*(tag for tag in now if tag not in removed), *added]))
