# SPDX-License-Identifier: Apache-2.0
"""One page of an ordered list of images."""

from __future__ import annotations

from dataclasses import dataclass

from helion_images_panel.core.image import Image


@dataclass(frozen=True)
class Cursor:
    """The start of a page: after `marker`, or before it if `backwards`.

    `marker` is an image ID; None is the start of the list.
    """

    marker: str | None = None
    backwards: bool = False


@dataclass(frozen=True)
class Page:
    """Images in display order; `first_id` and `last_id` are the markers of the previous and
    next page.
    """

    images: tuple[Image, ...] = ()
    first_id: str | None = None
    last_id: str | None = None
    has_previous: bool = False
    has_next: bool = False
