# SPDX-License-Identifier: Apache-2.0
"""Who may share an image, and which images can be shared."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope


def not_allowed(request: HttpRequest, scope: PanelScope, image: Image) -> str | None:
    """Why this person may not share the image here; None if they may."""
    reason = change_refusal(request, scope, image, policy.ADD_MEMBER)
    if not reason and image.visibility == "private":
        return change_refusal(request, scope, image, policy.MODIFY_IMAGE)
    return reason


def state_refusal(image: Image) -> str | None:
    """Why nobody has to share the image; None if somebody may want to."""
    if image.visibility in ("private", "shared"):
        return None
    return _eager("Every project of this cloud can already use the image.")


def refusal(request: HttpRequest, scope: PanelScope, image: Image) -> str | None:
    """Why the image is not shared here by this person; None if it can be."""
    return not_allowed(request, scope, image) or state_refusal(image)
