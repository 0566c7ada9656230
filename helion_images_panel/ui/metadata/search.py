# SPDX-License-Identifier: Apache-2.0
"""The search for properties and groups to add."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import ngettext

from helion_images_panel.core.definitions import Definition, Section
from helion_images_panel.core.image import Image
from helion_images_panel.ui.metadata.definitions import addable

#: What one answer of the search names at the most.
FOUND = 30


def search(sections: tuple[Section, ...], image: Image, asked: str) -> Iterator[dict[str, str]]:
    """The best matches first: by name, by title, by group, by description."""
    words = asked.casefold().split()
    ranked = []
    for section in sections:
        possible = addable(section, image)
        rank = _rank(words, section.key, section.title, section.description)
        # Of a group of one, the one is found.
        if rank is not None and len(possible) > (1 if words else 0):
            ranked.append((rank, section.title.casefold(), _section(section, len(possible))))
        for each in possible if words else ():
            rank = _rank(words, each.name, each.title, f"{section.title} {each.description}")
            if rank is not None:
                ranked.append((rank, each.title.casefold(), _property(section, each)))
    ranked.sort(key=lambda each: each[:2])
    yield from (found for _rank, _title, found in ranked[:FOUND])


def _rank(words: list[str], *texts: str) -> int | None:
    """The number of the first text in which the rarest word occurs; None if one is nowhere."""
    folded = [text.casefold() for text in texts]
    ranks = []
    for word in words:
        found = [i for i, text in enumerate(folded) if word in text]
        if not found:
            return None
        ranks.append(found[0])
    return max(ranks, default=0)


def _section(section: Section, count: int) -> dict[str, str]:
    words = ngettext("Group of %(count)s property", "Group of %(count)s properties", count)
    return {
        "kind": "section",
        "value": section.key,
        "title": section.title,
        "help": words % {"count": count},
    }


def _property(section: Section, each: Definition) -> dict[str, str]:
    return {
        "kind": "property",
        "value": each.name,
        "title": each.title,
        "help": f"{each.name} – {section.title}",
    }
