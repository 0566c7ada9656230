# SPDX-License-Identifier: Apache-2.0
"""Who may change an image."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _eager

from helion_images_panel import policy
from helion_images_panel.core.image import Image


def change_refusal(request: HttpRequest, scope: Any, image: Image, rule: str) -> str | None:
    """Why this person may not do this to the image here; None if they may."""
    if not scope.may_write(request, image) or not policy.allows(request, rule, image):
        return _eager("You are not allowed to change this image.")
    if image.status in ("deleted", "pending_delete"):
        return _eager("The image is being deleted.")
    return None
