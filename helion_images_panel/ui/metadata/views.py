# SPDX-License-Identifier: Apache-2.0
"""The dialog Update Metadata, and its search."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.views import generic

from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ChangingView, ImageFormView
from helion_images_panel.ui.metadata.definitions import load_required, load_sections
from helion_images_panel.ui.metadata.form import MetadataForm
from helion_images_panel.ui.metadata.names import is_custom_name
from helion_images_panel.ui.metadata.search import search


class MetadataView(ImageFormView):
    """A POST with "add" or "add_section" returns the form with further fields in it.

    Without scripts this is a button; with scripts the search uses it.
    """

    form_class = MetadataForm
    form_id = "image_metadata_form"
    modal_id = "image_metadata_modal"
    page_title = _("Update Metadata")
    submit_label = _("Save")
    ajax_template_name = "helion_images_panel/metadata/_form.html"
    url_name = "metadata"

    @property
    def is_adding(self) -> bool:
        return self.request.method == "POST" and bool({"add", "add_section"} & {*self.request.POST})

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "sections": load_sections(self.request),
            "required": load_required(self.request),
            "adding": self.is_adding,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_adding:
            return self.form_invalid(self.get_form())
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: MetadataForm) -> HttpResponse:
        # Horizon's method would create a second form, and read the definitions again.
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["search_url"] = self.scope.url("metadata_search", self.image.id)
        return context


class MetadataSearchView(JsonViewMixin, ChangingView, generic.View):
    """GET ?q=…: groups and properties that the image could have; without q, all groups."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = request.GET.get("q", "").strip()
        sections = load_sections(request) or ()
        results = list(search(sections, self.image, query))
        defined = {each.name for section in sections for each in section.definitions}
        if is_custom_name(query) and query not in defined.union(self.image.properties):
            results.append(
                {
                    "kind": "property",
                    "value": query,
                    "title": _eager("Add “%(name)s” as a custom property") % {"name": query},
                    "help": "",
                }
            )
        return JsonResponse({"found": results})
