# SPDX-License-Identifier: Apache-2.0
"""One page of a list that Glance keeps in order."""

from __future__ import annotations

from dataclasses import dataclass

from helion_images_panel.core.image import Image


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after `marker`, or before it when `backwards`.

    `marker` is an image ID; None is the beginning of the list.
    """

    marker: str | None = None
    backwards: bool = False


@dataclass(frozen=True)
class Page:
    """Images in display order; the ends are markers for the pages beside it."""

    images: tuple[Image, ...] = ()
    first_id: str | None = None
    last_id: str | None = None
    has_previous: bool = False
    has_next: bool = False
