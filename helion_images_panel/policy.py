# SPDX-License-Identifier: Apache-2.0
"""Glance's policy rules as constants, and the policy target of an image.

Sources: Glance's policy documentation; Horizon ships the same rules for the service
"image". Glance checks them against the project that owns the image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from horizon import exceptions
from openstack_dashboard import policy

from helion_images_panel import new_defaults
from helion_images_panel.core.per_request import per_request

if TYPE_CHECKING:
    from django.http import HttpRequest

    from helion_images_panel.core.image import Image

ADMIN = "context_is_admin"
ADD_IMAGE = "add_image"
UPLOAD_IMAGE = "upload_image"
GET_IMAGES = "get_images"
GET_MEMBERS = "get_members"
ADD_MEMBER = "add_member"
MODIFY_MEMBER = "modify_member"
DELETE_MEMBER = "delete_member"
MODIFY_IMAGE = "modify_image"
DELETE_IMAGE = "delete_image"
DOWNLOAD_IMAGE = "download_image"
PUBLICIZE_IMAGE = "publicize_image"
COMMUNITIZE_IMAGE = "communitize_image"
SET_IMAGE_LOCATION = "set_image_location"
DEACTIVATE = "deactivate"
REACTIVATE = "reactivate"
COPY_IMAGE = "copy_image"
DELETE_IMAGE_LOCATION = "delete_image_location"

LAUNCH_INSTANCE = ("compute", "os_compute_api:servers:create")
CREATE_VOLUME = ("volume", "volume:create")
CREATE_SNAPSHOT = ("compute", "os_compute_api:servers:create_image")


def allows(request: HttpRequest, rule: str | tuple[str, str], image: Image | None = None) -> bool:
    """Whether policy allows this to the user, for the image if one is given.

    A result is valid for all images of one owner and visibility, and is cached for the
    request: a page of rows checks it hundreds of times.
    """
    service_rule = ("image", rule) if isinstance(rule, str) else rule
    # For an image without an owner, None would mean the user's own project to the
    # policy engine.
    owner = (image.owner or "") if image else request.user.project_id
    visibility = image.visibility if image else ""
    results: dict[tuple[tuple[str, str], str, str], bool]
    results = per_request(request, "policy", dict, scoped_to_project=True)
    key = (service_rule, owner, visibility)
    if key not in results:
        target = {"project_id": owner, "tenant_id": owner, "owner": owner}
        if visibility:
            target["visibility"] = visibility
        results[key] = _check(request, service_rule, target)
    return results[key]


def allows_member(request: HttpRequest, rule: str) -> bool:
    """Whether policy allows the user to set the member status of their active project."""
    project_id = request.user.project_id
    target = {"member_id": project_id, "project_id": project_id, "tenant_id": project_id}
    return _check(request, ("image", rule), target)


def _check(request: HttpRequest, rule: tuple[str, str], target: dict[str, Any]) -> bool:
    return bool(policy.check((rule,), request, target)) and new_defaults.allow(
        request, rule, target
    )


def require(request: HttpRequest, rule: str | tuple[str, str], image: Image | None = None) -> None:
    """Respond with Horizon's 403 page unless policy allows it."""
    if not allows(request, rule, image):
        raise exceptions.NotAuthorized()
