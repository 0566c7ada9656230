# SPDX-License-Identifier: Apache-2.0
"""The publication of an official image whose data was compared, as it was asked for before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import policy
from helion_images_panel.api import imports
from helion_images_panel.core import requested, verification
from helion_images_panel.core.glance_time import time_of
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.core.planned_publication import planned_audience
from helion_images_panel.core.publication import CLOUD
from helion_images_panel.core.verification import CONVERTED, VERIFIED
from helion_images_panel.ui.scopes.scope import PanelScope

#: Seconds within which Glance ends a task whose data is stored. It then writes the image as it
#: was before, and a change in between is lost.
_TASK_ENDS_WITHIN_S = 120


def is_due(request: HttpRequest, image: Image) -> bool:
    """Whether a page publishes the image: it was compared, and nobody has published it.

    A page that was closed is continued for a day; then a user decides.
    """
    return (
        verification.state_of(image) in (VERIFIED, CONVERTED)
        and requested.is_young(image)
        and _may_publish(request, image)
    )


def task_is_ending(image: Image) -> bool:
    """Whether Glance is about to finish the import of an image that is to be published."""
    if not planned_audience(image) or IMPORT_TASK not in image.properties:
        return False
    changed = time_of(image.updated_at)
    return changed is not None and (
        (datetime.now(UTC) - changed).total_seconds() < _TASK_ENDS_WITHIN_S
    )


def publication_of_checked(
    request: HttpRequest, scope: PanelScope, image: Image, state: str
) -> dict[str, Any]:
    """Return for the page's script how it publishes the image now; empty for not at all.

    :param state: what the comparison has shown
    """
    if state not in (VERIFIED, CONVERTED) or not _may_publish(request, image):
        return {}
    if state == CONVERTED and not imports.is_last_import(request, image.id, imports.WEB_DOWNLOAD):
        # After a download that failed, a member of the project may have sent other data.
        return {}
    url = scope.url("publish_step", image.id)
    return {"publication": {"url": url, "audience": planned_audience(image)}}


def note_of(image: Image) -> str:
    """Return what becomes of the visibility; empty if nothing is planned."""
    audience = planned_audience(image)
    if not audience:
        return ""
    if not requested.is_young(image):
        return _("It was to be published when its data was verified, and was not. Publish it.")
    if audience == CLOUD:
        return _("It will be public when its data is verified.")
    return _("It will be published to the domain when its data is verified.")


def _may_publish(request: HttpRequest, image: Image) -> bool:
    """Whether something is planned, and the user most likely may do it: the step itself
    decides.
    """
    audience = planned_audience(image)
    if not audience or not policy.allows(request, policy.MODIFY_IMAGE, image):
        return False
    if audience == CLOUD:
        return policy.allows(request, policy.PUBLICIZE_IMAGE, image)
    return policy.allows(request, policy.ADMIN) and policy.allows(request, policy.ADD_MEMBER, image)
