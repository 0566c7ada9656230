# SPDX-License-Identifier: Apache-2.0
"""The page Shared with Me."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from helion_images_panel import exceptions, policy
from helion_images_panel.api import forgiven
from helion_images_panel.api import members as api
from helion_images_panel.api.members import Received
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.page_urls import script_urls
from helion_images_panel.ui.base.panel_tabs import panel_tabs
from helion_images_panel.ui.base.views import ScopedView, TableView
from helion_images_panel.ui.inbox.table import InboxTable, Row
from helion_images_panel.ui.scopes.project_names import names_of

#: Maximum number of images per member status.
LIMIT = 100

#: Maximum number of shared images that an admin's page queries, one request each.
ADMIN_LIMIT = 200


STATUSES = ("pending", "accepted", "rejected")


class InboxView(TableView):
    table_class = InboxTable
    page_title = _("Shared with Me")
    template_name = "helion_images_panel/inbox/page.html"

    has_more = False
    has_unnamed = False

    def get_data(self) -> list[Row]:
        return self.loaded(self._rows)

    def _rows(self) -> list[Row]:
        lists = self._received()
        self.has_more = any(received.more for received in lists)
        pairs = [pair for received in lists for pair in received.images]
        names = names_of(self.request, self.scope, [image.owner or "" for image, _m in pairs])
        self.has_unnamed = any(image.owner not in names for image, _member in pairs)
        rows = [
            Row(image, member, names.get(image.owner or "") or image.owner or "-")
            for image, member in pairs
        ]
        order = {status: number for number, status in enumerate(STATUSES)}
        return sorted(rows, key=lambda row: order.get(row.member.status, len(order)))

    def _received(self) -> Sequence[Received]:
        if has_admin_token(self.request):
            return [api.received_by_admin(self.request, ADMIN_LIMIT)]
        return in_parallel(partial(_received_of, self.request), STATUSES)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= script_urls(self.request, self.scope)
        context["panel_tabs"] = panel_tabs(self.request, self.scope, "shared")
        context["is_admin"] = has_admin_token(self.request)
        context["more"] = self.has_more
        context["has_unnamed"] = self.has_unnamed
        context["project_name"] = isolated(self.request.user.project_name)
        context["project_id"] = self.request.user.project_id
        context["limit"] = ADMIN_LIMIT if has_admin_token(self.request) else LIMIT
        return context


def _received_of(request: HttpRequest, status: str) -> Received:
    return api.received(request, status, LIMIT)


def has_admin_token(request: HttpRequest) -> bool:
    """Whether the token has the role admin: Glance then ignores the member project in its lists."""
    return policy.allows(request, policy.ADMIN)


class CountView(JsonViewMixin, ScopedView, generic.View):
    """The number of images that wait to be accepted; null if counting would take too many requests.

    Requested by the page's script, so that the list does not wait for it: one request
    to Glance, and none for an admin, for whom it would be one for each image.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if has_admin_token(request):
            return JsonResponse({"pending": None, "more": False})
        received = api.received(request, "pending", LIMIT)
        return JsonResponse({"pending": len(received.images), "more": received.more})

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        """Return no number: it is not important, and the page itself shows the error."""
        forgiven.log("the number of images that wait to be accepted", error)
        return JsonResponse({"pending": None, "more": False})
