# SPDX-License-Identifier: Apache-2.0
"""One page of an ordered list of images."""

from __future__ import annotations

from dataclasses import dataclass

from helion_images_panel.core.image import Image


@dataclass(frozen=True)
class Cursor:
    """The start of a page: after `marker`, or before it if `backwards`.

    `marker` is an image ID; None is the start of the list. `part` is the part of the list
    that has the marker: see `order`.
    """

    marker: str | None = None
    backwards: bool = False
    part: str = ""


@dataclass(frozen=True)
class Page:
    """Images in display order; `first_id` and `last_id` are the markers of the previous and
    next page, `first_part` and `last_part` the parts of the list that have them.

    :ivar is_partial: whether the search for images has stopped before the page was full;
        the next page continues it
    :ivar is_next_certain: whether an image is known that follows, or precedes when paging
        backwards; a search may have stopped where nothing follows
    :ivar looked_at: number of images that the search has looked at
    """

    images: tuple[Image, ...] = ()
    first_id: str | None = None
    last_id: str | None = None
    has_previous: bool = False
    has_next: bool = False
    first_part: str = ""
    last_part: str = ""
    is_partial: bool = False
    is_next_certain: bool = True
    looked_at: int = 0
