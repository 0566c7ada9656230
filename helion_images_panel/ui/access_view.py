# SPDX-License-Identifier: Apache-2.0
"""How many projects images are shared with, for the script that completes the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import generic

from helion_images_panel import exceptions
from helion_images_panel.api import images, members
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core import access
from helion_images_panel.core.image import Image, Member
from helion_images_panel.ui.access import access_of, known_of, label, may_ask
from helion_images_panel.ui.answers import JsonAnswers
from helion_images_panel.ui.views import ScopedView


class AccessView(JsonAnswers, ScopedView, generic.View):
    """GET ?id=…&id=…: how many projects these images are shared with.

    One call to Glance for the images, and one for the members of each. Images
    that the panel does not have are left out, as if they were gone.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        image_ids = request.GET.getlist("id")[: images.IDS_PER_CALL]
        found = [
            image
            for image in images.images_by_id(request, image_ids)
            if self.scope.may_read(request, image) and may_ask(request, self.scope, image)
        ]
        # Who may know what is asked in the request's own thread; others ask Glance.
        by_hand = [
            image for image in found if access_of(request, self.scope, image).kind == access.MEMBERS
        ]
        lists = in_parallel(lambda image: _members_or_none(request, image), by_hand)
        members_of = {image.id: found for image, found in zip(by_hand, lists, strict=True)}
        told = [
            {
                "id": image.id,
                "label": label(
                    request, self.scope, image, known_of(request, image, members_of.get(image.id))
                ),
            }
            for image in found
        ]
        return JsonResponse({"images": told})

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        """What the list says without an answer is true, and the page says what is wrong."""
        return JsonResponse({"images": []})


def _members_or_none(request: HttpRequest, image: Image) -> list[Member] | None:
    try:
        return members.member_list(request, image.id)
    except exceptions.ImageServiceError:
        return None
