# SPDX-License-Identifier: Apache-2.0
"""Several lists of images, each in Glance's order, read as one.

Glance cannot filter by "any of these owners", so the images of a domain are
one list per project. Names decide the order, and how a database compares
names (case, accents) only it knows. What this module merges is therefore a
guess until the caller has had Glance confirm it: see `Merged`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helion_images_panel.core.image import Image


@dataclass(frozen=True)
class Merged:
    """`images` in the order of travel: the next page's begin after the last.

    `lasts` are, of each list, the last image taken; `left` the first one not
    taken. The page is right when every one of
    `lasts` comes before every one of `left` in Glance's own order.
    """

    images: tuple[Image, ...]
    lasts: tuple[str, ...]
    left: tuple[str, ...]


def merge(lists: Sequence[Sequence[Image]], size: int, backwards: bool = False) -> Merged:
    """The first `size` of all, an image that stands in two lists once."""
    rows = {image.id: image for images in lists for image in images}
    ordered = sorted(
        rows.values(), key=lambda image: (image.name or "", image.id), reverse=backwards
    )
    chosen = {image.id for image in ordered[:size]}
    taken: set[str] = set()
    lasts, left = [], []
    for images in lists:
        # What is taken of a list is its beginning, even where the guess at
        # the order put a later row first: a gap could never be fetched again.
        own = [image.id for image in images]
        count = next((i for i, id_ in enumerate(own) if id_ not in chosen), len(own))
        taken.update(own[:count])
        if count:
            lasts.append(own[count - 1])
        left += own[count : count + 1]
    page = tuple(image for image in ordered if image.id in taken)
    return Merged(page, tuple(lasts), tuple(left))
