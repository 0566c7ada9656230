# SPDX-License-Identifier: Apache-2.0
"""Who may use Official Images, and the entry of the catalogue that a URL names."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from horizon.utils.http import is_ajax

from helion_images_panel import exceptions, policy
from helion_images_panel.api import imports
from helion_images_panel.catalogue import cached_builds
from helion_images_panel.catalogue.files import Catalogue, unchanged_catalogue
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.catalogue.offers import Offer, offer_of


class CatalogueMixin(ScopedView):
    """Refuses users who cannot have the image service download an image."""

    def check(self) -> None:
        policy.require(self.request, policy.ADD_IMAGE)
        policy.require(self.request, policy.UPLOAD_IMAGE)
        if imports.WEB_DOWNLOAD not in imports.recent_import_methods(self.request):
            raise exceptions.ImageForbidden(
                _eager(
                    "The image service of this cloud downloads no images (the import method "
                    "web-download is off). Use Create Image with a file, or ask the cloud's "
                    "operator."
                )
            )

    @cached_property
    def catalogue(self) -> Catalogue:
        return unchanged_catalogue()


class OfferedMixin(CatalogueMixin):
    """A view of one entry: all but its name and architecture comes from the catalogue."""

    request: HttpRequest

    @cached_property
    def offer(self) -> Offer | None:
        key = self.request.GET.get("name", ""), self.request.GET.get("architecture", "")
        entry = next((each for each in self.catalogue.entries if each.key == key), None)
        return offer_of(entry, cached_builds.found_builds([entry])) if entry else None

    def missing(self, error: Exception) -> HttpResponse:
        reason = _eager("The catalogue has no such image any more. Open Official Images again.")
        if self.request.method == "POST" and is_ajax(self.request):
            return JsonResponse({"reason": reason}, status=404)
        return self.not_found(reason)
