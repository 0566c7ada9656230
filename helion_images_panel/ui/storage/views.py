# SPDX-License-Identifier: Apache-2.0
"""The page Storage."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon.utils.http import is_ajax

from helion_images_panel import exceptions
from helion_images_panel.core.rules import DUPLICATES
from helion_images_panel.ui.base import times
from helion_images_panel.ui.base.page_urls import script_urls
from helion_images_panel.ui.base.panel_tabs import panel_tabs
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.base.walk import Lists, NotContinued
from helion_images_panel.ui.storage import count as counting
from helion_images_panel.ui.storage import heading, words
from helion_images_panel.ui.storage.charts import Charts
from helion_images_panel.ui.storage.count import Count
from helion_images_panel.ui.storage.over_time import OverTime
from helion_images_panel.ui.storage.tables import Tables
from helion_images_panel.ui.storage.unused import UnusedPart

#: Field of a form with the count so far.
STATE = "state"


class StorageView(ScopedView, generic.TemplateView):
    """Shows what is counted: the cached result, or the figures so far.

    Each POST request counts the next images, or begins anew without a count so far. A script
    repeats it, and gets only the figures.
    """

    http_method_names = ["get", "head", "post"]
    page_title = _("Storage")
    template_name = "helion_images_panel/storage/page.html"
    figures_template_name = "helion_images_panel/storage/_figures.html"

    count: Count
    has_begun_again = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.count = counting.cached(self.key) or self._advanced(self._begun())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.POST.get(STATE)
        self.count = self._continued(text) if text else self._advanced(self._begun())
        return super().get(request, *args, **kwargs)

    @cached_property
    def lists(self) -> Lists:
        return self.scope.owned_lists(self.request)

    @cached_property
    def key(self) -> str:
        return counting.key_of(self.request, self.scope, self.lists)

    def _continued(self, text: str) -> Count:
        """Return the count that the text has so far, with the next images; else a new one."""
        try:
            return self._advanced(counting.unsealed(text, self.key))
        except NotContinued:
            pass
        except exceptions.ImageServiceError as error:
            # All images at which it could go on were deleted.
            if error.status not in (400, 404):
                raise
        self.has_begun_again = True
        return self._advanced(self._begun())

    def _begun(self) -> Count:
        return counting.begun(self.request, self.scope)

    def _advanced(self, count: Count) -> Count:
        counting.advance(self.request, self.scope, self.lists, count)
        if count.is_whole:
            counting.store(count, self.key)
        return count

    def get_template_names(self) -> list[str]:
        is_of_script = self.request.method == "POST" and is_ajax(self.request)
        return [self.figures_template_name if is_of_script else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = self.count
        charts = Charts(self.request, self.scope, count.figures)
        tables, unused = Tables(charts), UnusedPart(charts, count)
        return {
            **super().get_context_data(**kwargs),
            **script_urls(self.request, self.scope),
            "page_title": self.page_title,
            "panel_tabs": panel_tabs(self.request, self.scope, "storage"),
            "about": heading.about(self.request, self.scope, self.lists),
            "count": count,
            "counted_at": times.time_element(count.counted_at),
            "said": words.progress(count.percent),
            "so_far": words.looking_at_uses()
            if count.has_all_images
            else words.counted_so_far(count.figures.images),
            "has_begun_again": self.has_begun_again,
            "state": "" if count.is_whole else counting.sealed(count, self.key),
            "storage_url": self.scope.url_in_domain("storage"),
            "cards": [*tables.cards(), unused.card()],
            "by_project": charts.by_project(is_whole=count.has_all_images),
            "charts": charts.others(),
            "largest": tables.largest(),
            "by_size_url": charts.list_url(sort="-size"),
            "same": tables.same_data(),
            "same_rule_url": charts.rule_url(DUPLICATES),
            "same_limit": words.not_compared(count.figures.same.not_above),
            "stuck": tables.stuck(),
            "unused": unused,
            "over_time": OverTime(charts, count.history) if count.is_whole else None,
            "shows_owner": self.scope.lists_all_owners,
            "has_hidden": bool(count.figures.total.hidden),
            "has_stores": bool(charts.has_stores),
        }
