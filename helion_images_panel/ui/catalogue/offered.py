# SPDX-License-Identifier: Apache-2.0
"""A view of one entry of the catalogue, which is named in the URL."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from horizon.utils.http import is_ajax

from helion_images_panel.catalogue import cached_builds
from helion_images_panel.catalogue.entries import Entry
from helion_images_panel.ui.catalogue.access import CatalogueMixin
from helion_images_panel.ui.catalogue.offers import Offer, offer_of


def url_parameters(entry: Entry) -> Mapping[str, str]:
    return {"name": entry.name, "architecture": entry.architecture}


class OfferedMixin(CatalogueMixin):
    """All but the name of the entry comes from the catalogue."""

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
