# SPDX-License-Identifier: Apache-2.0
"""The page Shared with Me."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon import messages, tables

from helion_images_panel import exceptions, policy
from helion_images_panel.api import members as api
from helion_images_panel.api.members import Received
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.page_urls import script_urls
from helion_images_panel.ui.base.panel_tabs import panel_tabs
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.inbox.table import InboxTable, Row
from helion_images_panel.ui.scopes.project_names import names_of

#: Images that are read of each kind of answer.
LIMIT = 100


#: Shared images that an admin's page looks through, at a call for each.
ADMIN_LIMIT = 200


STATUSES = ("pending", "accepted", "rejected")


class InboxView(ScopedView, tables.DataTableView):
    table_class = InboxTable
    page_title = _("Shared with Me")
    template_name = "helion_images_panel/inbox/page.html"

    def get_table(self) -> InboxTable:
        if not hasattr(self, "table"):
            self.table = self.table_class(self.request, scope=self.scope)
        return self.table

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Acts on images by their IDs: the list is not needed, nor loaded, for that."""
        handled = self.get_table().maybe_handle()
        return handled or shortcuts.redirect(request.get_full_path())

    def get_data(self) -> list[Row]:
        self.has_more = False
        try:
            lists = self._received()
        except exceptions.ImageServiceError as error:
            words = {"reason": error}
            messages.error(self.request, _eager("The images cannot be listed. %(reason)s") % words)
            return []
        self.has_more = any(found.more for found in lists)
        found = [both for each in lists for both in each.images]
        names = names_of(self.request, self.scope, [image.owner or "" for image, _m in found])
        rows = [
            Row(image, member, names.get(image.owner or "") or image.owner or "-")
            for image, member in found
        ]
        order = {status: number for number, status in enumerate(STATUSES)}
        return sorted(rows, key=lambda row: order.get(row.member.status, len(order)))

    def _received(self) -> Sequence[Received]:
        if is_blind(self.request):
            return [api.received_by_admin(self.request, ADMIN_LIMIT)]
        return in_parallel(partial(_received_of, self.request), STATUSES)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= script_urls(self.request, self.scope)
        context["panel_tabs"] = panel_tabs(self.request, self.scope, "shared")
        context["is_admin"] = is_blind(self.request)
        context["more"] = self.has_more
        context["limit"] = ADMIN_LIMIT if is_blind(self.request) else LIMIT
        return context


def _received_of(request: HttpRequest, status: str) -> Received:
    return api.received(request, status, LIMIT)


def is_blind(request: HttpRequest) -> bool:
    """Whether Glance would not answer this token by what is shared with its project."""
    return policy.allows(request, policy.ADMIN)


class CountView(JsonViewMixin, ScopedView, generic.View):
    """How many images wait for an answer; null where telling would cost too much.

    Asked by the page's script, so that the list does not wait for it: one call
    to Glance, and none for an admin, of whom it would be one for each image.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_blind(request):
            return JsonResponse({"pending": None, "more": False})
        found = api.received(request, "pending", LIMIT)
        return JsonResponse({"pending": len(found.images), "more": found.more})

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        """A number beside a link is missed by nobody, and the page itself says what is wrong."""
        return JsonResponse({"pending": None, "more": False})
