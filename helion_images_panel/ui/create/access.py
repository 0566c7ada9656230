# SPDX-License-Identifier: Apache-2.0
"""The step Access of Create Image: the projects that the image is shared with, its protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from horizon import workflows

from helion_images_panel.core.image_schema import ImageSchema
from helion_images_panel.core.publication import OWN
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.publishing.plan import quota
from helion_images_panel.ui.base import fields
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing import rules
from helion_images_panel.ui.sharing.field import look_up_projects, offer_search, projects_field
from helion_images_panel.ui.sharing.project_lookup import ProjectLookup
from helion_images_panel.ui.sharing.results import reasons_of, refused


class AccessAction(workflows.Action):
    """After cleaning, `projects` has a successful look-up for each project."""

    projects = projects_field(required=False)
    protected = fields.protected_field()

    class Meta:
        name = _("Access")
        slug = "access"
        help_text_template = "helion_images_panel/create/_access_help.html"

    def __init__(self, request: HttpRequest, context: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(request, context, *args, **kwargs)
        self.scope: PanelScope = context["scope"]
        self.audiences: Mapping[str, str] = dict(context["audiences"])
        schema: ImageSchema = context["capabilities"].schema
        self.is_unprotected = schema.may_refuse_changes
        if self.is_unprotected:
            # Also an image whose upload fails could not be deleted.
            del self.fields["protected"]
        self.may_share = rules.may_share_new(request)
        if self.may_share:
            offer_search(self.fields["projects"], request, f"{self.scope.url('projects')}?new=1")
        else:
            del self.fields["projects"]

    @cached_property
    def published_refusal(self) -> str:
        return _eager(
            "A new image can be shared with individual projects only if its Visibility is "
            "“%(visibility)s”. Select that in the step Image, or name no projects here."
        ) % {"visibility": self.audiences[OWN]}

    def get_help_text(self, extra_context: dict[str, Any] | None = None) -> str:
        context = {
            "project": isolated(self.request.user.project_name),
            "may_share": self.may_share,
            "published_refusal": self.published_refusal if len(self.audiences) > 1 else "",
            "is_unprotected": self.is_unprotected,
            **(extra_context or {}),
        }
        return str(super().get_help_text(context))

    def _is_published(self) -> bool:
        """Whether the first step, which is sent in the same form, publishes the image."""
        audience = self.data.get("audience") or OWN
        return audience != OWN and audience in self.audiences

    def clean_projects(self) -> list[ProjectLookup]:
        text: str = self.cleaned_data["projects"]
        if text.strip() and self._is_published():
            raise django_forms.ValidationError(self.published_refusal)
        lookups = look_up_projects(self.request, self.scope, text, self.request.user.project_id)
        if any(lookup.refusal for lookup in lookups):
            raise django_forms.ValidationError(reasons_of(refused(lookups)))
        unique = list({lookup.project_id: lookup for lookup in lookups}.values())
        limit = quota()
        if limit is not None and len(unique) > limit:
            raise django_forms.ValidationError(
                ngettext(
                    "This exceeds the limit of %(limit)s member per image.",
                    "This exceeds the limit of %(limit)s members per image.",
                    limit,
                ),
                params={"limit": limit},
            )
        return unique

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if not self.may_share and self.data.get("projects", "").strip():
            raise django_forms.ValidationError(
                _eager("You are not allowed to share images with other projects.")
            )
        return data


class AccessStep(workflows.Step):
    action_class = AccessAction
    depends_on = ("capabilities", "audiences", "scope")
    contributes = ("projects", "protected")
