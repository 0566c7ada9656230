# SPDX-License-Identifier: Apache-2.0
"""Rows per page: Horizon's own setting of the user, which all of its lists have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import generic
from horizon.utils.functions import save_config_value
from openstack_dashboard.utils import settings as horizon_settings

from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.refusals import REFUSED, Refusal
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.listing import search
from helion_images_panel.ui.scopes.scope import PanelScope

#: Sizes to choose from, besides the present one.
SIZES = (5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class PageSizes:
    """The choice of the page: URL of the change, the present size, and all that are offered."""

    url: str
    size: int
    sizes: list[int]


def page_size(request: HttpRequest) -> int:
    """Return the rows per page, within Horizon's limit; a cookie may have any number."""
    size: int = horizon_settings.get_page_size(request)
    return max(1, min(size, _limit()))


def page_sizes(request: HttpRequest, scope: PanelScope) -> PageSizes:
    size = page_size(request)
    offered = {size, *(each for each in SIZES if each <= _limit())}
    return PageSizes(scope.url("page_size"), size, sorted(offered))


def _limit() -> int:
    return max(1, int(settings.API_RESULT_LIMIT))


class PageSizeView(JsonViewMixin, ScopedView, generic.View):
    """POST size=…: store it as the user settings of Horizon do."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        size = search.count_in(request.POST, "size")
        if not 0 < size <= _limit():
            reason = _("Choose between 1 and %(limit)s rows per page.") % {"limit": _limit()}
            return self.refused(Refusal(400, REFUSED, reason))
        response: HttpResponse = save_config_value(
            request, JsonResponse({}), "API_RESULT_PAGE_SIZE", size
        )
        return response
