# SPDX-License-Identifier: Apache-2.0
"""The dialog Make It the Latest, which is Roll Back for a version that was the latest before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from helion_images_panel.api import families, forgiven, members
from helion_images_panel.core.access import MemberCounts
from helion_images_panel.core.end_rule import EndRule, remembered_rule
from helion_images_panel.core.family import family_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import (
    current_latest,
    is_former,
    journal_of,
    role_of,
    unfinished,
)
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.publishing.version_refusals import Unfinished, state_refusal
from helion_images_panel.ui.base.taken_away import TakenAway, taken_away
from helion_images_panel.ui.base.views import ImageFormView
from helion_images_panel.ui.versions import rules
from helion_images_panel.ui.versions.consequences import consequences
from helion_images_panel.ui.versions.swap_form import TAKING_AWAY, SwapForm


class MakeLatestView(ImageFormView):
    form_class = SwapForm
    ajax_template_name = "helion_images_panel/versions/_swap.html"
    form_id = "make_latest_form"
    modal_id = "make_latest_modal"
    page_title = _("Make It the Latest")
    submit_label = _("Make It the Latest")
    url_name = "make_latest"

    def check(self) -> None:
        super().check()
        if not family_of(self.image):
            raise Http404()
        if journal_of(self.image):
            self.page_title = _("Unfinished Change")
            self.submit_label = _("Continue")
        elif is_former(self.image):
            self.page_title = self.submit_label = _("Roll Back")

    @cached_property
    def versions(self) -> list[Image]:
        return families.all_versions(self.request, self.image.owner or "", family_of(self.image))

    @cached_property
    def old(self) -> Image | None:
        journal = journal_of(self.image)
        if journal is None:
            return current_latest(self.versions, self.image)
        return next((each for each in self.versions if each.id == journal.old), None)

    @cached_property
    def refusal(self) -> str | None:
        other = unfinished(each for each in self.versions if each.id != self.image.id)
        if other is not None and journal_of(self.image) is None:
            return str(Unfinished(other))
        return self.state_refusal or self.audience_refusal

    @cached_property
    def state_refusal(self) -> str | None:
        journal = journal_of(self.image)
        return state_refusal(self.image, journal.role if journal else role_of(self.image))

    @cached_property
    def audience_refusal(self) -> str | None:
        return rules.audience_refusal(self.request, self.scope, self.image, self.old)

    def get_initial(self) -> dict[str, Any]:
        # A roll back is no rule.
        rule = EndRule() if is_former(self.image) else self.remembered
        return {
            "confirmed": self.old.id if self.old else "",
            "seen": self.remembered.written,
            **asdict(rule),
        }

    @cached_property
    def remembered(self) -> EndRule:
        return remembered_rule(self.old)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "found": self.versions,
            "old": self.old,
            "refusal": self.refusal,
            "remembered": self.remembered,
            # What has begun is undone if the image has changed so that it cannot be finished.
            "obstacle": self.state_refusal if journal_of(self.image) else None,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "family": family_of(self.image),
            "refusal": self.refusal,
            "is_begun": journal_of(self.image) is not None,
            "consequences": consequences(self.image, self.old, self._counts()),
        }

    def taken_away(self) -> Sequence[TakenAway]:
        if self.old is None:
            return ()
        # What has begun was chosen before.
        fields = () if journal_of(self.image) else TAKING_AWAY
        return (taken_away([self.old], fields, is_named=True),)

    def _counts(self) -> MemberCounts | None:
        if self.old is None or self.old.visibility != "shared":
            return None
        try:
            return MemberCounts.of(members.member_list(self.request, self.old.id))
        except ImageServiceError as error:
            forgiven.log("the members of the previous version", error)
            return None
