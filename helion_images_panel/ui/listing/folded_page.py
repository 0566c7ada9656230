# SPDX-License-Identifier: Apache-2.0
"""A page of the list without filters, on which earlier versions stand below the latest one alone.

An earlier version whose latest one is on another page is left out, and the page goes on for as
many images. That is so in panels whose list is one list of Glance: the page takes one request for
the latest versions then, and one each time that it goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.ui.listing.versions import Elsewhere

#: Maximum number of times that a page goes on: what is missing then makes it shorter.
CONTINUED = 3

Read = Callable[[Cursor, int], Page]


def without_former(page: Page, size: int, is_backwards: bool, read: Read, found: Elsewhere) -> Page:
    """Return the page without earlier versions that stand elsewhere.

    :param read: returns what follows the cursor, up to a number of images
    """
    if page.is_partial:
        return page
    first = page
    for _ in range(CONTINUED):
        left = size - len(_kept(page, found))
        goes_on = page.has_previous if is_backwards else page.has_next
        if left <= 0 or left == size - len(page.images) or not goes_on:
            break
        further = read(_after(page, is_backwards), left)
        if further.is_partial:
            break
        page = _joined(page, further, is_backwards)
    # An empty page would have no links to the others: it is left as it was read first.
    kept = _kept(page, found)
    return replace(page, images=kept) if kept else first


def _kept(page: Page, found: Elsewhere) -> tuple[Image, ...]:
    left_out = found.among(page.images)
    return tuple(image for image in page.images if image.id not in left_out)


def _after(page: Page, is_backwards: bool) -> Cursor:
    if is_backwards:
        return Cursor(page.first_id, True, page.first_part)
    return Cursor(page.last_id, False, page.last_part)


def _joined(page: Page, further: Page, is_backwards: bool) -> Page:
    """Return both as one page, the second one before the first if it goes backwards."""
    if is_backwards:
        return replace(
            page,
            images=(*further.images, *page.images),
            first_id=further.first_id or page.first_id,
            first_part=further.first_part if further.first_id else page.first_part,
            has_previous=further.has_previous,
            looked_at=page.looked_at + further.looked_at,
        )
    return replace(
        page,
        images=(*page.images, *further.images),
        last_id=further.last_id or page.last_id,
        last_part=further.last_part if further.last_id else page.last_part,
        has_next=further.has_next,
        is_next_certain=further.is_next_certain,
        looked_at=page.looked_at + further.looked_at,
    )
