# SPDX-License-Identifier: Apache-2.0
"""Several lists of images, each in Glance's order, merged into one.

Glance cannot filter by "any of these owners", so the images of a domain are one list
per project. The lists are ordered by name, and only the database knows how it compares
names (case, accents). The merged order is therefore a guess that the caller confirms
with Glance: see `Merged`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helion_images_panel.core.image import Image


@dataclass(frozen=True)
class Merged:
    """The merged images in reading order: the next page begins after the last.

    `lasts` are the IDs of the last image taken from each list, `left` of the first
    image not taken. The page is correct if each of `lasts` precedes each of `left` in
    Glance's own order.
    """

    images: tuple[Image, ...]
    lasts: tuple[str, ...]
    left: tuple[str, ...]


def merge(lists: Sequence[Sequence[Image]], size: int, backwards: bool = False) -> Merged:
    """Merge the first `size` images of all lists; an image in two lists is included once."""
    rows = {image.id: image for images in lists for image in images}
    ordered = sorted(
        rows.values(), key=lambda image: (image.name or "", image.id), reverse=backwards
    )
    chosen = {image.id for image in ordered[:size]}
    taken: set[str] = set()
    lasts, left = [], []
    for images in lists:
        # Each list contributes a prefix, even if the guessed order put a later row
        # first: a gap could never be fetched again.
        own = [image.id for image in images]
        count = next((i for i, id_ in enumerate(own) if id_ not in chosen), len(own))
        taken.update(own[:count])
        if count:
            lasts.append(own[count - 1])
        left += own[count : count + 1]
    page = tuple(image for image in ordered if image.id in taken)
    return Merged(page, tuple(lasts), tuple(left))
