# SPDX-License-Identifier: Apache-2.0
"""The place of a page in the list, as far as it is known without a request.

Glance has no total. The links to the next and the previous page have the number of images
before them, so the last page knows the total.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import ngettext

from helion_images_panel.core.page import Page
from helion_images_panel.ui.listing import search

#: URL parameters: the number of images before the page, or up to its end.
BEFORE, UP_TO = "before", "up_to"
PARAMETERS = (BEFORE, UP_TO)


@dataclass(frozen=True)
class Position:
    """A page of which it is known how many images come before it."""

    before: int
    page: Page

    @property
    def up_to(self) -> int:
        return self.before + len(self.page.images)

    @property
    def total(self) -> int | None:
        """Number of images of the list; None if more follow."""
        return None if self.page.has_next else self.up_to

    @property
    def of_next(self) -> dict[str, int]:
        return {BEFORE: self.up_to}

    @property
    def of_previous(self) -> dict[str, int]:
        return {UP_TO: self.before}

    @property
    def text(self) -> str:
        values = {"first": self.before + 1, "last": self.up_to, "total": self.up_to}
        if self.total is None:
            text = ngettext(
                "%(first)s–%(last)s of more than %(total)s image",
                "%(first)s–%(last)s of more than %(total)s images",
                self.up_to,
            )
        else:
            text = ngettext(
                "%(first)s–%(last)s of %(total)s image",
                "%(first)s–%(last)s of %(total)s images",
                self.up_to,
            )
        return text % values


def position_of(
    request: HttpRequest, page: Page, has_marker: bool, is_backwards: bool
) -> Position | None:
    """Return the position of the page; None if it is not known, as during a search.

    :param has_marker: whether the page is not the first one
    """
    is_certain = page.is_next_certain or is_backwards or not page.has_next
    if page.is_partial or search.is_continued(request) or not page.images or not is_certain:
        return None
    if not has_marker or not page.has_previous:
        return Position(0, page)
    if BEFORE in request.GET:
        before = search.count_of(request, BEFORE)
    else:
        before = search.count_of(request, UP_TO) - len(page.images)
    # An image comes before this page: with another number the list has changed.
    return Position(before, page) if before > 0 else None
