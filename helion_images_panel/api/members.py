# SPDX-License-Identifier: Apache-2.0
"""Whom an image is shared with."""

from __future__ import annotations

from helion_images_panel import exceptions
from helion_images_panel.api import client
from helion_images_panel.api.client import Request, image_path
from helion_images_panel.core.image import Member


def member_list(request: Request, image_id: str) -> list[Member]:
    body = client.get(request, image_path(image_id, "members"))
    return [
        Member(member["member_id"], member["status"], member.get("updated_at"))
        for member in body["members"]
    ]


def is_member(request: Request, image_id: str, project_id: str) -> bool:
    """Whether the image has been shared with the project, accepted or not."""
    try:
        client.get(request, image_path(image_id, "members", project_id))
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return False
    return True
