# SPDX-License-Identifier: Apache-2.0
"""The dialog Edit Image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from helion_images_panel.ui.base.taken_away import TakenAway, taken_away
from helion_images_panel.ui.base.views import ImageFormView
from helion_images_panel.ui.edit.form import EditImageForm
from helion_images_panel.ui.edit.visibility import (
    narrower_visibilities,
    removable_members,
    visibility_choices,
)


class UpdateView(ImageFormView):
    form_class = EditImageForm
    ajax_template_name = "helion_images_panel/edit/_form.html"
    form_id = "update_image_form"
    modal_id = "update_image_modal"
    page_title = _("Edit Image")
    submit_label = _("Update Image")
    url_name = "update"

    def get_initial(self) -> dict[str, Any]:
        return EditImageForm.initial_of(self.image)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A script opens the dialog Publish, where the response leads to its page.
        return {**super().get_context_data(**kwargs), "publish_url": self.scope.url("publish")}

    def taken_away(self) -> Sequence[TakenAway]:
        values = narrower_visibilities(self.image)
        return (taken_away([self.image], ("visibility",), values),) if values else ()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "scope": self.scope,
            "visibilities": visibility_choices(self.request, self.scope, self.image),
            "member_count": removable_members(self.request, self.image),
        }
