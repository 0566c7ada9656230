# SPDX-License-Identifier: Apache-2.0
"""Number of projects that images are shared with, for the script that completes the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import generic

from helion_images_panel import exceptions
from helion_images_panel.api import forgiven, image_rows, members
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image, Member
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.publish.drift import sync_url
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.sharing.access import access_details, has_member_details, label


class AccessView(JsonViewMixin, ScopedView, generic.View):
    """GET ?id=…&id=…: the number of projects that these images are shared with.

    One request to Glance for the images, and one for the members of each. Images that
    the panel does not have are left out, as if they were deleted. 400 for more than
    `IDS_PER_CALL`: the script asks in portions.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        image_ids = request.GET.getlist("id")
        if refused := self.too_many(image_rows.IDS_PER_CALL, image_ids):
            return refused
        shown = [
            (self.scope.request_for(request, image), image)
            for image in self.scope.images_by_id(request, image_ids)
            if self.scope.may_read(request, image)
        ]
        # Permissions are checked in the request's own thread; others only send requests
        # to Glance.
        with_details = [pair for pair in shown if has_member_details(pair[0], self.scope, pair[1])]
        lists = in_parallel(or_default(_members, None, "the members of an image"), with_details)
        names = self._owner_names([image for _acting, image in with_details])
        entries = [
            self._entry(scoped_request, image, shared_with, names.get(image.owner or "", ""))
            for (scoped_request, image), shared_with in zip(with_details, lists, strict=True)
        ]
        return JsonResponse({"images": entries})

    def _owner_names(self, images: Sequence[Image]) -> Mapping[str, str]:
        """Return names of the owners; empty if the panel lists one owner only, or Keystone
        fails.
        """
        if not self.scope.lists_all_owners:
            return {}
        owners = [image.owner or "" for image in images]
        return panel_names(self.request, self.scope, owners)

    def _entry(
        self,
        request: HttpRequest,
        image: Image,
        shared_with: list[Member] | None,
        owner_name: str,
    ) -> Mapping[str, str]:
        details = access_details(request, image, shared_with)
        entry = {"id": image.id, "label": label(request, self.scope, image, details, owner_name)}
        if details.plan and audiences.may_resync(request, self.scope, image, details.plan):
            entry["sync_url"] = sync_url(self.scope, image)
        return entry

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        """Return no details: the labels in the list are correct without them, and the page
        shows the error.
        """
        forgiven.log("the access of images", error)
        return JsonResponse({"images": []})


def _members(pair: tuple[HttpRequest, Image]) -> list[Member]:
    request, image = pair
    return members.member_list(request, image.id)
