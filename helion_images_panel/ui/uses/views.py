# SPDX-License-Identifier: Apache-2.0
"""Uses of images, queried for the confirmation of an action."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views import generic

from helion_images_panel.api import image_rows
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import ImageUses, shelved_instance
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.uses import labels
from helion_images_panel.ui.uses.cached import CONFIRMATION_S, uses_of

#: Maximum number of images in one request, and of projects in a URL.
IMAGES_PER_REQUEST = image_rows.IDS_PER_CALL

#: Maximum number of projects in a form: Django refuses one of more than 1,000 fields.
PROJECTS_PER_FORM = 900


class UsesView(JsonViewMixin, ScopedView, generic.View):
    """GET ?id=…&id=…: labels of the uses of these images, by ID, and a note if some are missing.

    Only for images that the panel manages, and uses in the panel's own projects; with
    `&project=…` uses in these projects alone, which lose the image. 400 for more than
    IMAGES_PER_REQUEST of one of them. A form has room for PROJECTS_PER_FORM: the labels are of
    all projects together.
    """

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._response(request, request.GET, IMAGES_PER_REQUEST)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._response(request, request.POST, PROJECTS_PER_FORM)

    def _response(self, request: HttpRequest, asked: QueryDict, most_projects: int) -> HttpResponse:
        image_ids, losing = asked.getlist("id"), set(asked.getlist("project"))
        refused = self.too_many(IMAGES_PER_REQUEST, image_ids)
        if refused := refused or self.too_many(most_projects, losing):
            return refused
        results = self.scope.images_or_errors(request, image_ids)
        own = [
            image
            for image in results.values()
            if isinstance(image, Image) and self.scope.may_write(request, image)
        ]
        seen = uses_of(request, self.scope, own, CONFIRMATION_S)
        by_image = {id_: _in(each, losing) for id_, each in seen.found.by_image.items()}
        names = self._project_names(seen.found.project_ids)
        uses = {id_: labels.of_image(each, names) for id_, each in by_image.items()}
        if not losing:
            for image in own:
                if shelved_instance(image):
                    uses[image.id] = [labels.may_be_shelved(), *uses[image.id]]
        note = labels.note(by_image.values(), seen.found.note())
        sentences = [note, self._hidden(losing) if own else "", labels.age(seen.age_s)]
        return JsonResponse({"uses": uses, "note": " ".join(filter(None, sentences))})

    def _project_names(self, project_ids: list[str]) -> dict[str, str]:
        """Return names for the labels of a domain's manager, who may not know the number of all
        instances: others get the number alone.
        """
        if not self.scope.is_for_domain_managers:
            return {}
        return dict(self.scope.project_names(self.request, project_ids))

    def _hidden(self, losing: Collection[str]) -> str:
        """Return that the user cannot see what some of the projects have; empty for none."""
        hidden = sum(not self.scope.has_project(self.request, id_) for id_ in losing)
        return labels.of_hidden_projects(hidden, len(losing)) if hidden else ""


def _in(uses: ImageUses, projects: Collection[str]) -> ImageUses:
    return uses.in_projects(lambda id_: id_ in projects) if projects else uses
