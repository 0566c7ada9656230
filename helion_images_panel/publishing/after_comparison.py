# SPDX-License-Identifier: Apache-2.0
"""Whether an official image is published by the page that has compared its data.

Only a page of the user who wanted it does, and once: a member of the project can keep the
signed plan, and write it to the image again.
"""

from __future__ import annotations

from helion_images_panel.api import cache
from helion_images_panel.api.client import Request, image_cache_key
from helion_images_panel.core.image import Image
from helion_images_panel.core.planned_publication import is_as_planned, planned_of
from helion_images_panel.core.requested import TASKS_KEPT_S, is_young


def due_audience(request: Request, image: Image) -> str:
    """Return the audience to which this user's page publishes the image now; empty for none."""
    planned = planned_of(image)
    if planned is None or planned.user_id != request.user.id or image.status != "active":
        return ""
    if not is_young(image) or not is_as_planned(image, planned) or is_given_up(request, image):
        return ""
    return planned.audience


def is_given_up(request: Request, image: Image) -> bool:
    """Whether the plan was carried out, or a user has decided otherwise."""
    return bool(cache.get(_key(request, image.id)))


def give_up(request: Request, image_id: str) -> None:
    """Let the image's plan count no more, for as long as one is carried out."""
    cache.set(_key(request, image_id), True, TASKS_KEPT_S)


def _key(request: Request, image_id: str) -> str:
    return image_cache_key(request, "publication_decided", image_id)
