# SPDX-License-Identifier: Apache-2.0
"""The dialog Set End Rule, of the latest version of a family."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helion_images_panel.api import families
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.family import LATEST, family_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import is_former, role_of, unfinished
from helion_images_panel.publishing.version_refusals import Unfinished
from helion_images_panel.ui.base.page_urls import origin
from helion_images_panel.ui.base.views import ImageFormView
from helion_images_panel.ui.versions.end_rule_form import EndRuleForm


class EndRuleView(ImageFormView):
    form_class = EndRuleForm
    ajax_template_name = "helion_images_panel/versions/_end_rule.html"
    form_id = "end_rule_form"
    modal_id = "end_rule_modal"
    page_title = _("Set End Rule")
    submit_label = _("Set End Rule")
    url_name = "end_rule"

    def check(self) -> None:
        super().check()
        if not family_of(self.image):
            raise Http404()

    @cached_property
    def versions(self) -> list[Image]:
        return families.all_versions(self.request, self.image.owner or "", family_of(self.image))

    @cached_property
    def refusal(self) -> str | None:
        # It is going to write the rule of before into the record of another version.
        if other := unfinished(self.versions):
            return str(Unfinished(other))
        if role_of(self.image) != LATEST:
            return _eager(
                "Another version is the latest one, which has the rule of the family. Set it in "
                "the tab Versions."
            )
        return None

    def get_initial(self) -> dict[str, Any]:
        return EndRuleForm.initial_of(self.image)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "refusal": self.refusal}

    def get_success_url(self) -> str:
        """Lead back to the version in whose tab the dialog was opened: it may be another one."""
        places = (origin(self.request, self.scope, each) for each in self.versions)
        index = self.scope.url("index")
        return next((url for url in places if url != index), super().get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "family": family_of(self.image),
            "refusal": self.refusal,
            "touched": self._touched(),
        }

    def _touched(self) -> str:
        """Say which versions the rule is for, and which not."""
        earlier = sum(is_former(each) and not is_deleted(each) for each in self.versions)
        values = {"image": self.image.display_name, "count": earlier}
        if earlier:
            message = ngettext(
                "The rule is for %(image)s, once another version becomes the latest, and then for "
                "each that follows it; %(count)s earlier version keeps its end dates.",
                "The rule is for %(image)s, once another version becomes the latest, and then for "
                "each that follows it; %(count)s earlier versions keep their end dates.",
                earlier,
            )
        else:
            message = _eager(
                "The rule is for %(image)s, once another version becomes the latest, and then for "
                "each that follows it."
            )
        return message % values
