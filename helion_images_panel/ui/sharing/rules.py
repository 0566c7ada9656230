# SPDX-License-Identifier: Apache-2.0
"""Permission to share an image, new or not, and the states in which it can be shared."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.publishing.plan import quota
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope


def not_allowed(request: HttpRequest, scope: PanelScope, image: Image) -> str | None:
    """Return why this user may not share the image; None if allowed."""
    reason = change_refusal(request, scope, image, policy.ADD_MEMBER)
    if not reason and image.visibility == "private":
        return change_refusal(request, scope, image, policy.MODIFY_IMAGE)
    return reason


def may_share_new(request: HttpRequest) -> bool:
    """Whether this user may share a new image of the active project, and the cloud allows
    members.
    """
    return policy.allows(request, policy.ADD_MEMBER) and quota() != 0


def state_refusal(image: Image) -> str | None:
    """Return why sharing the image has no effect; None if it has."""
    if image.visibility in ("private", "shared"):
        return None
    return _eager("Every project of this cloud can already use the image.")


def refusal(request: HttpRequest, scope: PanelScope, image: Image) -> str | None:
    """Return why this user cannot share the image; None if possible."""
    return not_allowed(request, scope, image) or state_refusal(image)
