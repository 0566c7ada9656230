# SPDX-License-Identifier: Apache-2.0
"""How far the search for images has come, and how it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext

from helion_images_panel import exceptions
from helion_images_panel.core.image import Image
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.ui.scopes.scope import PanelScope

#: URL parameters of a page that continues a search: the number of images looked at
#: before, and, for the script, the number of rows that the page has already.
LOOKED_AT, FOUND = "looked_at", "found"

_MOST_DIGITS = 9


def count_of(request: HttpRequest, parameter: str) -> int:
    return count_in(request.GET, parameter)


def count_in(parameters: Mapping[str, str], name: str) -> int:
    """Return the whole number of a parameter; 0 for what is none."""
    text = parameters.get(name, "")[:_MOST_DIGITS]
    return int(text) if text.isascii() and text.isdecimal() else 0


def is_continued(request: HttpRequest) -> bool:
    return LOOKED_AT in request.GET


@dataclass(frozen=True)
class SearchState:
    """What the page says about a search.

    :ivar go_on_query: URL parameters of the next part as a page of its own; empty if the
        search is over
    :ivar script_query: those of the next part for the rest of this page; empty if it
        would come before this one
    :ivar first_query: those of the first page, if nothing else leads back
    :ivar previous_query: those of the page before this one; empty without one
    """

    looked_at: int
    go_on_query: str = ""
    script_query: str = ""
    previous_query: str = ""
    first_query: str = ""

    @property
    def text(self) -> str:
        if self.go_on_query:
            text = ngettext(
                "Looked at %(count)s image so far.",
                "Looked at %(count)s images so far.",
                self.looked_at,
            )
        else:
            text = ngettext(
                "Looked at %(count)s image.", "Looked at %(count)s images.", self.looked_at
            )
        return text % {"count": self.looked_at}


def by_id(request: HttpRequest, scope: PanelScope, query: ImageQuery) -> Image | None:
    """Return the image with the ID that is searched for; None without one."""
    if not query.image_id:
        return None
    try:
        image = scope.image(request, query.image_id)
    except exceptions.ImageNotFound:
        return None
    matches = query.accepts(image) and query.is_found(image)
    return image if matches and scope.lists(request, image) else None


def empty_message(request: HttpRequest, is_partial: bool) -> str:
    if is_partial:
        return _eager("No images found so far.")
    if is_continued(request) and FOUND not in request.GET:
        return _eager("No further images match the filter.")
    return _eager("No images match the filter.")
