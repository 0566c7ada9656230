# SPDX-License-Identifier: Apache-2.0
"""The search for properties and groups to add."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import ngettext

from helion_images_panel.core.definitions import Definition, Section
from helion_images_panel.core.image import Image
from helion_images_panel.ui.metadata.definitions import addable

#: Maximum number of results in one response.
FOUND = 30


def search(sections: tuple[Section, ...], image: Image, query: str) -> Iterator[dict[str, str]]:
    """Yield the best matches first: by name, by title, by group, by description."""
    query_words = query.casefold().split()
    ranked = []
    for section in sections:
        possible = addable(section, image)
        rank = _rank(query_words, section.key, section.title, section.description)
        # A group of one property is not listed, its property is.
        if rank is not None and len(possible) > (1 if query_words else 0):
            ranked.append((rank, section.title.casefold(), _section(section, len(possible))))
        for definition in possible if query_words else ():
            rank = _rank(
                query_words,
                definition.name,
                definition.title,
                f"{section.title} {definition.description}",
            )
            if rank is not None:
                ranked.append((rank, definition.title.casefold(), _property(section, definition)))
    ranked.sort(key=lambda match: match[:2])
    yield from (found for _rank, _title, found in ranked[:FOUND])


def _rank(words: list[str], *texts: str) -> int | None:
    """Return the largest index, over all words, of the first text that contains the word; None
    if none does.
    """
    folded = [text.casefold() for text in texts]
    ranks = []
    for word in words:
        matches = [i for i, text in enumerate(folded) if word in text]
        if not matches:
            return None
        ranks.append(matches[0])
    return max(ranks, default=0)


def _section(section: Section, count: int) -> dict[str, str]:
    message = ngettext("Group of %(count)s property", "Group of %(count)s properties", count)
    return {
        "kind": "section",
        "value": section.key,
        "title": section.title,
        "help": message % {"count": count},
    }


def _property(section: Section, definition: Definition) -> dict[str, str]:
    return {
        "kind": "property",
        "value": definition.name,
        "title": definition.title,
        "help": f"{definition.name} – {section.title}",
    }
