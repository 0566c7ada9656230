# SPDX-License-Identifier: Apache-2.0
"""The dialog Update Metadata, and the search in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import generic

from helion_images_panel.core.definitions import Definition, Section
from helion_images_panel.core.image import Image
from helion_images_panel.ui.answers import JsonAnswers
from helion_images_panel.ui.metadata import MetadataForm, addable, definitions_or_none
from helion_images_panel.ui.properties import is_custom_name
from helion_images_panel.ui.views import ChangingView, ImageFormView

#: What one answer of the search names at the most.
FOUND = 30


class MetadataView(ImageFormView):
    """A post with "add" or "add_section" gives the form back with further fields in it.

    Without scripts this is a button; with them it is how the search adds.
    """

    form_class = MetadataForm
    form_id = "image_metadata_form"
    modal_id = "image_metadata_modal"
    page_title = _("Update Metadata")
    submit_label = _("Save")
    template_name = "helion_images_panel/metadata.html"
    url_name = "metadata"

    @property
    def is_adding(self) -> bool:
        return self.request.method == "POST" and bool({"add", "add_section"} & {*self.request.POST})

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "adding": self.is_adding}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_adding:
            return self.form_invalid(self.get_form())
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: MetadataForm) -> HttpResponse:
        # Horizon's would make a second form, and ask for the definitions again.
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["search_url"] = self.scope.url("metadata_search", self.image.id)
        return context


class MetadataSearchView(JsonAnswers, ChangingView, generic.View):
    """GET ?q=…: groups and properties that the image could have; without q all groups."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("q", "").strip()
        sections = definitions_or_none(request) or ()
        found = list(search(sections, self.image, asked))
        defined = {each.name for section in sections for each in section.definitions}
        if is_custom_name(asked) and asked not in defined.union(self.image.properties):
            found.append(
                {
                    "kind": "property",
                    "value": asked,
                    "title": _eager("Add “%(name)s” as a property of your own") % {"name": asked},
                    "help": "",
                }
            )
        return JsonResponse({"found": found})


def search(sections: tuple[Section, ...], image: Image, asked: str) -> Iterator[dict[str, str]]:
    """The best matches first: by name, by title, by group, by description."""
    words = asked.casefold().split()
    ranked = []
    for section in sections:
        possible = addable(section, image)
        rank = _rank(words, section.key, section.title, section.description)
        # Of a group of one, the one is found.
        if rank is not None and len(possible) > (1 if words else 0):
            ranked.append((rank, section.title.casefold(), _section(section, len(possible))))
        for each in possible if words else ():
            rank = _rank(words, each.name, each.title, f"{section.title} {each.description}")
            if rank is not None:
                ranked.append((rank, each.title.casefold(), _property(section, each)))
    ranked.sort(key=lambda each: each[:2])
    yield from (found for _rank, _title, found in ranked[:FOUND])


def _rank(words: list[str], *texts: str) -> int | None:
    """The number of the first text in which the rarest word occurs; None if one is nowhere."""
    folded = [text.casefold() for text in texts]
    ranks = []
    for word in words:
        found = [i for i, text in enumerate(folded) if word in text]
        if not found:
            return None
        ranks.append(found[0])
    return max(ranks, default=0)


def _section(section: Section, count: int) -> dict[str, str]:
    words = ngettext("Group of %(count)s property", "Group of %(count)s properties", count)
    return {
        "kind": "section",
        "value": section.key,
        "title": section.title,
        "help": words % {"count": count},
    }


def _property(section: Section, each: Definition) -> dict[str, str]:
    return {
        "kind": "property",
        "value": each.name,
        "title": each.title,
        "help": f"{each.name} – {section.title}",
    }
