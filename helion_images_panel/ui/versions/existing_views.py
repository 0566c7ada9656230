# SPDX-License-Identifier: Apache-2.0
"""The dialog in which an existing image becomes a version of a family."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from helion_images_panel.api import families
from helion_images_panel.core.family import (
    LATEST,
    default_version,
    family_label,
    family_of,
    family_record,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import current_latest, role_of
from helion_images_panel.core.version_values import fits
from helion_images_panel.ui.base.views import ImageFormView
from helion_images_panel.ui.versions import rules
from helion_images_panel.ui.versions.existing_form import (
    ExistingVersionForm,
    label_of_image,
)

#: Maximum number of images to choose from, the newest.
OFFERED = 100


class ExistingVersionView(ImageFormView):
    """Of an image without a family, to choose the family; of a version, to choose the image that
    becomes the next one.
    """

    form_class = ExistingVersionForm
    ajax_template_name = "helion_images_panel/versions/_existing.html"
    form_id = "existing_version_form"
    modal_id = "existing_version_modal"
    page_title = _("Make It a Version")
    submit_label = _("Compare")
    url_name = "existing_version"

    def check(self) -> None:
        super().check()
        if family_of(self.image):
            self.page_title = _("Use an Existing Image")

    @cached_property
    def found(self) -> list[Image]:
        return families.newest_of_project(self.request, self.image.owner or "")

    @cached_property
    def latest(self) -> Image | None:
        """The version whose values are taken; None if the user is to choose the family."""
        name = family_of(self.image)
        if not name:
            return None
        if role_of(self.image) == LATEST:
            return self.image
        versions = families.all_versions(self.request, self.image.owner or "", name)
        return current_latest(versions, self.image) or self.image

    @cached_property
    def others(self) -> list[tuple[Image, str]]:
        if self.latest is None:
            latest = families.latest_among(self.found)
            return [(each, family_label(each)) for each in latest]
        offered = [
            each
            for each in self.found
            if family_record(each) is None and rules.may_change(self.request, self.scope, each)
        ]
        return [(each, label_of_image(each)) for each in offered[:OFFERED]]

    @cached_property
    def fitting(self) -> str:
        """ID of the only family that the image fits; empty otherwise."""
        if self.latest is not None:
            return ""
        found = [each.id for each, _label in self.others if fits(each, self.image.properties)]
        return found[0] if len(found) == 1 else ""

    def get_initial(self) -> dict[str, Any]:
        return {"version": default_version(self.image) if self.latest is None else ""}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "others": self.others,
            "latest": self.latest,
            "fitting": self.fitting,
        }

    def form_invalid(self, form: ExistingVersionForm) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        joining = context["form"].joining
        return {
            **context,
            "submit_label": _("Make It a Version") if joining else self.submit_label,
            "joining": joining,
            "family": family_of(joining.latest) if joining else family_of(self.image),
            "chooses_family": self.latest is None,
            "others": self.others,
        }
