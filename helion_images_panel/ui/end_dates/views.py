# SPDX-License-Identifier: Apache-2.0
"""The dialog Set End Dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from helion_images_panel import conf, exceptions
from helion_images_panel.api import forgiven
from helion_images_panel.core.end_dates import end_dates_of
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.taken_away import TakenAway, taken_away
from helion_images_panel.ui.base.views import ChangingView, ImageFormView
from helion_images_panel.ui.end_dates import replacements
from helion_images_panel.ui.end_dates.form import DAYS_OF_STEPS, EndDatesForm


class EndDatesView(ImageFormView):
    form_class = EndDatesForm
    form_id = "end_dates_form"
    modal_id = "end_dates_modal"
    page_title = _("Set End Dates")
    submit_label = _("Set End Dates")
    ajax_template_name = "helion_images_panel/end_dates/_form.html"
    url_name = "end_dates"

    def get_initial(self) -> dict[str, Any]:
        return EndDatesForm.initial_of(self.image, self._replacement_name())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "scope": self.scope}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["search_url"] = self.scope.url("replacement_search", self.image.id)
        context["restore_days"] = int(conf.RESTORE_DAYS.value)
        context["provided_until"] = self.image.properties.get("provided_until")
        return context

    def taken_away(self) -> Sequence[TakenAway]:
        return (taken_away([self.image], DAYS_OF_STEPS),)

    def _replacement_name(self) -> str:
        """Return the name of the replacement, or its ID if it has none or cannot be read."""
        dates = end_dates_of(self.image)
        if dates is None or not dates.replacement:
            return ""
        try:
            return self.scope.image(self.request, dates.replacement).bare_name
        except exceptions.ImageServiceError as error:
            forgiven.log("the name of a replacement", error)
            return dates.replacement


class ReplacementSearchView(JsonViewMixin, ChangingView, generic.View):
    """GET ?q=…: images that could replace this one, by a part of their name or by ID."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "").strip()
        images = replacements.found(request, self.scope, self.image, text) if text else []
        found = [
            {"value": each.id, "name": each.bare_name, "title": each.bare_name, "help": each.id}
            for each in images
        ]
        return JsonResponse({"found": found})
