# SPDX-License-Identifier: Apache-2.0
"""Whom an image is shared with.

Source: Image service API v2, "Sharing".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import client, record
from helion_images_panel.api.client import Request, image_path
from helion_images_panel.core.image import Member


def member_list(request: Request, image_id: str) -> list[Member]:
    body = client.get(request, image_path(image_id, "members"))
    return [_member(found) for found in body["members"]]


def member_create(request: Request, image_id: str, project_id: str) -> Member:
    """Shares the image, which has to be of visibility "shared"; the project has yet to accept.

    Raises ImageServiceError: of status 409 where it is a member already, 413
    over Glance's quota of members.
    """
    path = image_path(image_id, "members")
    after = {"member": project_id, "member_status": "pending"}
    with record.recorded(request, "member_create", image_id, after, before={}):
        return _member(client.post(request, path, {"member": project_id}))


def member_update(request: Request, image_id: str, project_id: str, status: str) -> Member:
    """Answers for a member: Glance lets its own project, and admins.

    :param status: "accepted", "rejected" or "pending"
    """
    path = image_path(image_id, "members", project_id)
    after = {"member": project_id, "member_status": status}
    with record.recorded(request, "member_update", image_id, after, before=None):
        return _member(client.put(request, path, {"status": status}))


def member_delete(request: Request, image_id: str, project_id: str) -> None:
    """Raises ImageNotFound where it is no member."""
    with record.recorded(request, "member_delete", image_id, {}, before={"member": project_id}):
        client.delete(request, image_path(image_id, "members", project_id))


def is_member(request: Request, image_id: str, project_id: str) -> bool:
    """Whether the image has been shared with the project, accepted or not."""
    try:
        client.get(request, image_path(image_id, "members", project_id))
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return False
    return True


def _member(body: Mapping[str, Any]) -> Member:
    return Member(body["member_id"], body["status"], body.get("created_at"), body.get("updated_at"))
