# SPDX-License-Identifier: Apache-2.0
"""Permission to change an image."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest
from django.utils.translation import gettext as _eager

from helion_images_panel import policy
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.image import Image


class WritableScope(Protocol):
    """The part of a panel's scope that this module uses; the scope itself is a module further
    up.
    """

    def may_write(self, request: HttpRequest, image: Image) -> bool: ...


def change_refusal(
    request: HttpRequest,
    scope: WritableScope,
    image: Image,
    rule: str,
    is_for_deleted: bool = False,
) -> str | None:
    """Return why the user may not change the image in this panel; None if allowed.

    :param is_for_deleted: whether images that can be restored are changed, too
    """
    if not scope.may_write(request, image) or not policy.allows(request, rule, image):
        return _eager("You are not allowed to change this image.")
    if image.status in ("deleted", "pending_delete"):
        return _eager("The image is being deleted.")
    if is_deleted(image) and not is_for_deleted:
        return _eager("The image is deleted. Restore it first.")
    return None
