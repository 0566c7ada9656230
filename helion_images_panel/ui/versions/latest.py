# SPDX-License-Identifier: Apache-2.0
"""The stable address of the latest version of a family, for scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import generic

from helion_images_panel import exceptions
from helion_images_panel.api import families
from helion_images_panel.api.projects import KEYSTONE_ID
from helion_images_panel.core.family import family_of, is_family_name
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import usable_latest, version_of
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ScopedView

#: Maximum number of versions whose visibility is checked, which may take a request each.
CHECKED = 5


class LatestView(JsonViewMixin, ScopedView, generic.View):
    """GET: the newest active, verified and listed version of a family that the panel shows.

    Of the active project's family, or of that of `?project=ID`. One request to Glance lists the
    versions.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name: str = kwargs["family"]
        project_id = request.GET.get("project") or request.user.project_id or ""
        image = self._latest(request, project_id, name)
        if image is None:
            return self.not_found(
                _("No version of this family is active, verified and visible here.")
            )
        return JsonResponse(described(image))

    def _latest(self, request: HttpRequest, project_id: str, name: str) -> Image | None:
        if not is_family_name(name) or not KEYSTONE_ID.fullmatch(project_id):
            return None
        of_panel = self.scope.is_of_active_project or self.scope.has_project(request, project_id)
        if not of_panel:
            return None
        try:
            acting = self.scope.request_for(request, Image(id="", owner=project_id))
        except exceptions.IdentityForbidden:
            return None
        found = usable_latest(families.listed_versions(acting, project_id, name))
        return next((each for each in found[:CHECKED] if self.scope.may_read(acting, each)), None)


def described(image: Image) -> dict[str, Any]:
    """Return what a script needs to download the image, and to compare it."""
    has_hash = bool(image.hash_value)
    return {
        "id": image.id,
        "name": image.name or "",
        "family": family_of(image),
        "version": version_of(image),
        "project": image.owner or "",
        "checksum": {
            "algorithm": (image.hash_algorithm if has_hash else "md5") or "",
            "value": (image.hash_value if has_hash else image.checksum) or "",
        },
        "size": image.size_bytes,
        "created_at": image.created_at,
    }
