# SPDX-License-Identifier: Apache-2.0
"""The images that may be named as the replacement of another one."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.end_dates import end_dates_of, state_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import BY_NAME
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.ui.base.end_dates import today
from helion_images_panel.ui.scopes.scope import PanelScope

#: Maximum number of images in one response of the search.
FOUND = 20


class NoReplacement(Exception):
    """The image cannot be the replacement; `str()` is the reason."""


def found(request: HttpRequest, scope: PanelScope, image: Image, text: str) -> list[Image]:
    """Return images of the panel's list with a part of the name, or the ID, that can be the
    replacement.
    """
    query = ImageQuery(name=text, status="active")
    page = scope.page(request, query, BY_NAME, Cursor(), FOUND)
    return [each for each in page.images if not refusal(image, each)]


def look_up(request: HttpRequest, scope: PanelScope, image: Image, id_or_name: str) -> Image:
    """Return the image with this ID or whole name; raise NoReplacement otherwise."""
    named = _named(request, scope, id_or_name)
    if not named:
        raise NoReplacement(_("Image not found."))
    if len(named) > 1:
        raise NoReplacement(
            _("Several images have this name. Choose one from the list, or enter the image ID.")
        )
    reason = refusal(image, named[0])
    if reason:
        raise NoReplacement(reason)
    return named[0]


def _named(request: HttpRequest, scope: PanelScope, id_or_name: str) -> list[Image]:
    try:
        image_id = str(uuid.UUID(id_or_name))
    except ValueError:
        query = ImageQuery(name=id_or_name, status="active")
        page = scope.page(request, query, BY_NAME, Cursor(), FOUND)
        return [each for each in page.images if (each.name or "").strip() == id_or_name]
    try:
        return [scope.image(request, image_id)]
    except exceptions.ImageNotFound:
        return []


def refusal(image: Image, replacement: Image) -> str:
    """Return why the image cannot replace the other one; empty if it can."""
    if replacement.id == image.id:
        return _("An image cannot replace itself.")
    if replacement.status != "active" or is_deleted(replacement):
        return _("Nobody can launch instances from this image: it is not active.")
    dates = end_dates_of(replacement)
    if dates and dates.replacement == image.id:
        return _("This image names the other one as its own replacement.")
    if state_of(replacement, today()):
        return _("This image is deprecated itself. Choose a newer one.")
    return ""
