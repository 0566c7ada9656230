# SPDX-License-Identifier: Apache-2.0
"""Whom an image is shared with.

Source: Image service API v2, "Sharing".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from helion_images_panel import exceptions
from helion_images_panel.api import audit, client
from helion_images_panel.api.client import Request, image_path
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image, Member

#: Seconds for which an image that is not shared with an admin's project is not asked about again.
PASSED_OVER_S = 60


def member_list(request: Request, image_id: str) -> list[Member]:
    body = client.get(request, image_path(image_id, "members"))
    return [_seen(request, image_id, _member(found)) for found in body["members"]]


def member_create(request: Request, image_id: str, project_id: str) -> Member:
    """Shares the image, which has to be of visibility "shared"; the project has yet to accept.

    Raises ImageServiceError: of status 409 where it is a member already, 413
    over Glance's quota of members.
    """
    path = image_path(image_id, "members")
    after = {"member": project_id, "member_status": "pending"}
    with audit.recorded(request, "member_create", image_id, after, before={}):
        found = client.post(request, path, {"member": project_id})
    return _seen(request, image_id, _member(found))


def member_update(request: Request, image_id: str, project_id: str, status: str) -> Member:
    """Answers for a member: Glance lets its own project, and admins.

    :param status: "accepted", "rejected" or "pending"
    """
    path = image_path(image_id, "members", project_id)
    after = {"member": project_id, "member_status": status}
    before = audit.member_before(request, image_id, project_id)
    with audit.recorded(request, "member_update", image_id, after, before):
        found = client.put(request, path, {"status": status})
    return _seen(request, image_id, _member(found))


def member_delete(request: Request, image_id: str, project_id: str) -> None:
    """Raises ImageNotFound where it is no member."""
    before = audit.member_before(request, image_id, project_id) or {"member": project_id}
    with audit.recorded(request, "member_delete", image_id, {}, before):
        client.delete(request, image_path(image_id, "members", project_id))


def member_get(request: Request, image_id: str, project_id: str) -> Member | None:
    """The project as a member of the image; None where it is none."""
    try:
        found = client.get(request, image_path(image_id, "members", project_id))
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return None
    return _seen(request, image_id, _member(found))


def is_member(request: Request, image_id: str, project_id: str) -> bool:
    """Whether the image has been shared with the project, accepted or not."""
    return member_get(request, image_id, project_id) is not None


@dataclass(frozen=True)
class Received:
    """Images that others share with a project, by name; `more`: these are not all."""

    images: tuple[tuple[Image, Member], ...]
    more: bool = False


def received(request: Request, status: str, limit: int) -> Received:
    """One call: what others share with the token's project, and its answer is this.

    Only for tokens without the role admin: Glance answers an admin's with the
    shared images of all projects, whatever their members have said. Among the
    `limit` images that are read may be the project's own.

    :param status: "pending", "accepted" or "rejected"
    """
    found, more = _shared(request, {"member_status": status}, limit)
    member = Member(request.user.project_id, status)
    return Received(tuple((image, member) for image in found), more)


def received_by_admin(request: Request, limit: int) -> Received:
    """What `received` cannot tell an admin's token, with every kind of answer.

    Each shared image of the cloud costs a call of its own, so no more than
    `limit` of them are looked through, and those that are not shared with the
    project are passed over for a while. Answers are read anew each time.
    """
    project_id = request.user.project_id
    found, more = _shared(request, {}, limit)
    key = f"helion_images.not_shared.{project_id}"
    now = time.time()
    passed_over = {id_: until for id_, until in (cache.get(key) or {}).items() if until > now}
    asked = [image for image in found if image.id not in passed_over]
    answers = in_parallel(lambda image: member_get(request, image.id, project_id), asked)
    both = list(zip(asked, answers, strict=True))
    passed_over |= {image.id: now + PASSED_OVER_S for image, member in both if member is None}
    cache.set(key, passed_over, PASSED_OVER_S)
    return Received(tuple((image, member) for image, member in both if member), more)


def _shared(request: Request, asked: Mapping[str, str], limit: int) -> tuple[list[Image], bool]:
    """Shared images of other projects than the token's, and whether there are more."""
    parameters = {"visibility": "shared", **asked, "sort": "name:asc,id:asc", "limit": limit + 1}
    rows = client.get(request, "/v2/images", parameters)["images"]
    found = [Image.from_glance(row) for row in rows[:limit]]
    others = [image for image in found if image.owner != request.user.project_id]
    return others, len(rows) > limit


def _seen(request: Request, image_id: str, member: Member) -> Member:
    audit.member_seen(request, image_id, member)
    return member


def _member(body: Mapping[str, Any]) -> Member:
    return Member(body["member_id"], body["status"], body.get("created_at"), body.get("updated_at"))
