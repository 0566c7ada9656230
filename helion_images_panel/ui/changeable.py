# SPDX-License-Identifier: Apache-2.0
"""Who may change an image here, and which images wait for their data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _eager

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui import data_source


def not_changeable(request: HttpRequest, scope: Any, image: Image, rule: str) -> str | None:
    """Why this person may not do this to the image here; None if they may."""
    if not scope.may_write(request, image) or not policy.allows(request, rule, image):
        return _eager("You are not allowed to change this image.")
    if image.status in ("deleted", "pending_delete"):
        return _eager("The image is being deleted.")
    return None


def may_upload_data(request: HttpRequest, scope: Any, image: Image) -> bool:
    """Whether the image waits for its data, and this person has a way to give it."""
    return (
        scope.in_active_project
        and not data_source.state_refusal(image)
        and not not_changeable(request, scope, image, policy.MODIFY_IMAGE)
        and policy.allows(request, policy.UPLOAD_IMAGE, image)
        and data_source.has_source(request)
    )
