# SPDX-License-Identifier: Apache-2.0
"""The publication of an official image whose data was compared, as it was asked for before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import policy
from helion_images_panel.api import images
from helion_images_panel.core import requested
from helion_images_panel.core.glance_time import time_of
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.core.planned_publication import planned_of
from helion_images_panel.core.publication import CLOUD
from helion_images_panel.core.verification import CONVERTED, VERIFIED, state_of
from helion_images_panel.publishing.after_comparison import due_audience, is_given_up
from helion_images_panel.ui.scopes.scope import PanelScope

#: Seconds within which Glance ends a task whose data is stored. It then writes the image as it
#: was before, and a change in between is lost.
_TASK_ENDS_WITHIN_S = 120


def is_due(request: HttpRequest, image: Image) -> bool:
    """Whether the user's page publishes the image: it was compared, and nobody has published it.

    A page that was closed is continued for a day; then a user decides.
    """
    return _due_audience(request, image) != ""


def task_is_ending(image: Image) -> bool:
    """Whether Glance is about to finish the import of an image that is to be published."""
    if planned_of(image) is None or IMPORT_TASK not in image.properties:
        return False
    changed = time_of(image.updated_at)
    return changed is not None and (
        (datetime.now(UTC) - changed).total_seconds() < _TASK_ENDS_WITHIN_S
    )


def publication_of_checked(
    request: HttpRequest, scope: PanelScope, image: Image, state: str
) -> dict[str, Any]:
    """Return for the page's script how it publishes the image now; empty for not at all.

    :param image: as it was read before the comparison
    :param state: what the comparison has shown
    """
    if state != VERIFIED or planned_of(image) is None:
        return {}
    if state_of(image) != VERIFIED:
        image = images.image_get(request, image.id)
    if not (audience := _due_audience(request, image)):
        return {}
    url = f"{scope.url('publish_step', image.id)}?planned=1"
    return {"publication": {"url": url, "audience": audience}}


def note_of(request: HttpRequest, image: Image) -> str:
    """Return what becomes of the visibility; empty if nothing is planned."""
    planned = planned_of(image)
    if planned is None:
        return ""
    is_over = not requested.is_young(image) or state_of(image) == CONVERTED
    if is_over or is_given_up(request, image):
        return _("It was to be published when its data was verified, and was not. Publish it.")
    if planned.audience == CLOUD:
        return _("It will be public when its data is verified.")
    return _("It will be published to the domain when its data is verified.")


def _due_audience(request: HttpRequest, image: Image) -> str:
    """Return what is due, if the user most likely may do it: the step itself decides."""
    audience = due_audience(request, image)
    required = (policy.MODIFY_IMAGE, policy.DELETE_IMAGE)
    if not audience or not all(policy.allows(request, rule, image) for rule in required):
        return ""
    if audience == CLOUD:
        return audience if policy.allows(request, policy.PUBLICIZE_IMAGE, image) else ""
    may_add = policy.allows(request, policy.ADMIN) and policy.allows(
        request, policy.ADD_MEMBER, image
    )
    return audience if may_add else ""
