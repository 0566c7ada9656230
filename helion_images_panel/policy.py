# SPDX-License-Identifier: Apache-2.0
"""Glance's policy rules as constants, and the policy target of an image.

Sources: Glance's policy documentation; Horizon ships the same rules for the service
"image". Glance checks them against the project that owns the image.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from horizon import exceptions
from openstack_dashboard import policy

from helion_images_panel import new_defaults
from helion_images_panel.core.per_request import per_request
from helion_images_panel.policy_results import kept_results

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
LIST_HOSTS = ("compute", "os_compute_api:os-hypervisors:list-detail")
CREATE_VOLUME = ("volume", "volume:create")
CREATE_SNAPSHOT = ("compute", "os_compute_api:servers:create_image")


class _Target(dict[str, str]):
    """What a rule is checked against; notes whether the check may have read the visibility."""

    has_shown_visibility = False

    def __getitem__(self, key: str) -> str:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)

    def __iter__(self) -> Iterator[str]:
        # Python copies a dictionary without its methods, unless this is one of them.
        return super().__iter__()

    def __contains__(self, key: object) -> bool:
        self._note(str(key))
        return super().__contains__(key)

    def keys(self) -> Any:
        self._note()
        return super().keys()

    def items(self) -> Any:
        self._note()
        return super().items()

    def values(self) -> Any:
        self._note()
        return super().values()

    def copy(self) -> Any:
        self._note()
        return super().copy()

    def _note(self, key: str = "visibility") -> None:
        self.has_shown_visibility = self.has_shown_visibility or key == "visibility"


def allows(request: HttpRequest, rule: str | tuple[str, str], image: Image | None = None) -> bool:
    """Whether policy allows this to the user, for the image if one is given.

    A page of rows checks it hundreds of times, so a result is kept. It is valid for all images
    of one owner, and of one visibility if the rule depends on that.
    """
    service_rule = ("image", rule) if isinstance(rule, str) else rule
    # For an image without an owner, None would mean the user's own project to the
    # policy engine.
    owner = (image.owner or "") if image else request.user.project_id
    visibility = image.visibility if image else ""
    results = per_request(request, "policy", lambda: kept_results(request), scoped_to_project=True)
    for_all = (service_rule, owner, None)
    for_some = (service_rule, owner, visibility)
    if for_all not in results and for_some not in results:
        target = _Target(project_id=owner, tenant_id=owner, owner=owner)
        if visibility:
            target["visibility"] = visibility
        result = _check(request, service_rule, target)
        results[for_some if target.has_shown_visibility else for_all] = result
    return results[for_all if for_all in results else for_some]


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
