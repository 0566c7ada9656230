# SPDX-License-Identifier: Apache-2.0
"""Members of an image: the projects that it is shared with.

Source: Image service API v2, "Sharing".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import audit, cache, client, shapes
from helion_images_panel.api.client import Request, image_path
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image, Member

#: Seconds for which an image that is not shared with an admin's project is not queried
#: again.
SKIPPED_S = 60

_TIMES = ("created_at", "updated_at")


def member_list(request: Request, image_id: str) -> list[Member]:
    """Return the members of a shared image."""
    body = client.get(request, image_path(image_id, "members"))
    found = [shapes.parsed(_member, row) for row in shapes.rows(body, "members")]
    return [_seen(request, image_id, member) for member in found]


def member_create(request: Request, image_id: str, project_id: str) -> Member:
    """Share the image, whose visibility has to be "shared"; the project has yet to accept it.

    Raise ImageServiceError with status 409 if the project is already a member, 413 over
    Glance's quota of members.
    """
    path = image_path(image_id, "members")
    after = {"member": project_id, "member_status": "pending"}
    with audit.recorded(request, "member_create", image_id, after, before={}):
        body = client.post(request, path, {"member": project_id})
    return _seen(request, image_id, shapes.parsed(_member, body))


def member_update(request: Request, image_id: str, project_id: str, status: str) -> Member:
    """Set a member's status; Glance allows it to the member project itself, and to admins.

    :param status: "accepted", "rejected" or "pending"
    """
    path = image_path(image_id, "members", project_id)
    after = {"member": project_id, "member_status": status}
    before = audit.member_before(request, image_id, project_id)
    with audit.recorded(request, "member_update", image_id, after, before):
        body = client.put(request, path, {"status": status})
    return _seen(request, image_id, shapes.parsed(_member, body))


def member_delete(request: Request, image_id: str, project_id: str) -> None:
    """Remove a member; raise ImageNotFound if the project is none."""
    before = audit.member_before(request, image_id, project_id) or {"member": project_id}
    with audit.recorded(request, "member_delete", image_id, {}, before):
        client.delete(request, image_path(image_id, "members", project_id))


def member_get(request: Request, image_id: str, project_id: str) -> Member | None:
    """Return the project as a member of the image; None if it is none."""
    try:
        body = client.get(request, image_path(image_id, "members", project_id))
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return None
    return _seen(request, image_id, shapes.parsed(_member, body))


def is_member(request: Request, image_id: str, project_id: str) -> bool:
    """Whether the image is shared with the project, accepted or not."""
    return member_get(request, image_id, project_id) is not None


@dataclass(frozen=True)
class Received:
    """Images that other projects share with a project, by name; `more` if the list is cut."""

    images: tuple[tuple[Image, Member], ...]
    more: bool = False


def received(request: Request, status: str, limit: int) -> Received:
    """Return the images that other projects share with the token's project, with this member
    status.

    One request, for tokens without the role admin only: to an admin's token Glance
    returns the shared images of all projects, whatever their member status. The `limit`
    images that are read may include the project's own.

    :param status: "pending", "accepted" or "rejected"
    """
    images, more = _shared(request, {"member_status": status}, limit)
    member = Member(request.user.project_id, status)
    return Received(tuple((image, member) for image in images), more)


def received_by_admin(request: Request, limit: int) -> Received:
    """Return the same for an admin's token, with every member status.

    Each shared image of the cloud takes a request of its own. At most `limit` images
    are therefore queried, and those that are not shared with the project are skipped
    for SKIPPED_S. Member statuses are not cached.
    """
    project_id = request.user.project_id
    images, more = _shared(request, {}, limit)
    key = client.cache_key(request, f"not_shared.{project_id}")
    now = time.time()
    skipped = {id_: expires for id_, expires in (cache.get(key) or {}).items() if expires > now}
    queried = [image for image in images if image.id not in skipped]
    members = in_parallel(lambda image: member_get(request, image.id, project_id), queried)
    pairs = list(zip(queried, members, strict=True))
    skipped |= {image.id: now + SKIPPED_S for image, member in pairs if member is None}
    cache.set(key, skipped, SKIPPED_S)
    return Received(tuple((image, member) for image, member in pairs if member), more)


def _shared(request: Request, filters: Mapping[str, str], limit: int) -> tuple[list[Image], bool]:
    """Return shared images of other projects than the token's, and whether there are more."""
    parameters = {"visibility": "shared", **filters, "sort": "name:asc,id:asc", "limit": limit + 1}
    rows = shapes.rows(client.get(request, "/v2/images", parameters), "images")
    images = [shapes.parsed(Image.from_glance, row) for row in rows[:limit]]
    others = [image for image in images if image.owner != request.user.project_id]
    return others, len(rows) > limit


def _seen(request: Request, image_id: str, member: Member) -> Member:
    audit.member_seen(request, image_id, member)
    return member


def _member(body: Mapping[str, Any]) -> Member:
    times = [None if body.get(key) is None else str(body[key]) for key in _TIMES]
    return Member(shapes.text(body["member_id"]), shapes.text(body["status"]), *times)
