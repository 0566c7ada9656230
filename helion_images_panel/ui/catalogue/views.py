# SPDX-License-Identifier: Apache-2.0
"""The page Official Images, and its look-up of newer builds."""

from __future__ import annotations

from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import generic
from horizon.utils.http import is_ajax

from helion_images_panel import exceptions, policy
from helion_images_panel.api import publishers
from helion_images_panel.catalogue import cached_builds
from helion_images_panel.catalogue.check import newest_visible_images
from helion_images_panel.catalogue.comparison import compare, image_in_progress, in_order
from helion_images_panel.ui.base import messages
from helion_images_panel.ui.base.page_urls import script_urls
from helion_images_panel.ui.catalogue.access import CatalogueMixin
from helion_images_panel.ui.catalogue.cards import Card, card
from helion_images_panel.ui.catalogue.filters import (
    TEXT_LENGTH,
    Filters,
    architectures,
    versions,
)
from helion_images_panel.ui.catalogue.offers import offer_of
from helion_images_panel.ui.catalogue.times import checked_text

#: Maximum number of images of the cloud that are compared: as many as Glance lists at a time.
IMAGES = 1000


class CatalogueView(CatalogueMixin, generic.TemplateView):
    """Sends one request to Glance for the images, two for an admin, and none to publishers."""

    page_title = _("Official Images")
    template_name = "helion_images_panel/catalogue/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = self.catalogue.entries
        filters = Filters.of(self.request.GET)
        listed = [entry for entry in entries if entry.listing]
        found = cached_builds.found_builds(listed)
        may_look_up = bool(listed) and not publishers.is_off()
        is_stale = any(
            cached_builds.is_due(found.get(entry.key), cached_builds.STALE_S) for entry in listed
        )
        return {
            **super().get_context_data(**kwargs),
            **script_urls(self.request, self.scope),
            "page_title": self.page_title,
            "filters": filters,
            "text_length": TEXT_LENGTH,
            "architectures": architectures(entries),
            "versions": versions(),
            "index_url": self.scope.url_in_domain("index"),
            "catalogue_url": self.scope.url_in_domain("catalogue"),
            "scope_parameters": self.scope.url_parameters(),
            "builds_url": self.scope.url_in_domain("catalogue_builds") if may_look_up else "",
            "is_stale": is_stale,
            "checked": checked_text(listed, found),
            "has_entries": bool(entries),
            "problems": self._problems(),
            "cards": self._cards(filters, found),
        }

    def _cards(self, filters: Filters, found: Any) -> list[Card]:
        shown = [entry for entry in self.catalogue.entries if filters.passes(entry)]
        if not shown:
            return []
        is_admin = policy.allows(self.request, policy.ADMIN)
        images = newest_visible_images(self.request, is_admin, IMAGES)
        offers = {entry.key: offer_of(entry, found) for entry in shown}
        compared = in_order(
            [compare(each.entry, each.newest, images, each.reason) for each in offers.values()]
        )
        return [
            card(
                self.request,
                self.scope,
                number,
                each,
                offers[each.entry.key],
                image_in_progress(each.entry, each.newest, images),
            )
            for number, each in enumerate(compared)
        ]

    def _problems(self) -> str:
        """What is wrong with the files, for users who can have it corrected."""
        count = len(self.catalogue.problems)
        if not count or not policy.allows(self.request, policy.ADMIN):
            return ""
        return ngettext(
            "The catalogue's files have %(count)s error, and what it is in was left out. The "
            "cloud's operator finds it with “helion-images-panel check”.",
            "The catalogue's files have %(count)s errors, and what they are in was left out. The "
            "cloud's operator finds them with “helion-images-panel check”.",
            count,
        ) % {"count": count}


class BuildsView(CatalogueMixin, generic.View):
    """Reads one portion of the publishers' lists: a script repeats it, and shows the progress.

    It is the same for all users, and a list that was read recently is not read again.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if publishers.is_off():
            raise exceptions.ImageForbidden(
                _eager(
                    "This dashboard sends no requests to publishers. Ask the cloud's operator "
                    "(HELION_IMAGES_CATALOGUE_ACCESS)."
                )
            )
        entries = [entry for entry in self.catalogue.entries if entry.listing]
        is_stale_only = request.POST.get("stale") == "true"
        older_than_s = cached_builds.STALE_S if is_stale_only else cached_builds.FRESH_S
        left = cached_builds.look_up(entries, older_than_s)
        if is_ajax(request):
            return JsonResponse({"left": left, "total": len(entries)})
        messages.info(request, _looked_up(left, len(entries)))
        filters = Filters.of(request.POST).parameters
        return shortcuts.redirect(self.scope.url_in_domain("catalogue", **filters))


def _looked_up(left: int | None, total: int) -> str:
    if left is None:
        return _eager("The publishers' lists are being read already. Reload the page shortly.")
    if not left:
        return _eager("The publishers' lists were read.")
    return _eager(
        "%(done)s of %(total)s lists were read. Select Check for newer builds again for the others."
    ) % {"done": total - left, "total": total}
