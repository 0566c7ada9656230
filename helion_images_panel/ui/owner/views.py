# SPDX-License-Identifier: Apache-2.0
"""The dialog Change Owner, which shows the consequences before the confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon import exceptions as horizon_exceptions
from horizon import forms

from helion_images_panel import exceptions
from helion_images_panel.api import images, members
from helion_images_panel.api.projects import Project
from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.publishing.held_image import hold
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.change_form import not_confirmed
from helion_images_panel.ui.base.image_form import ImageForm
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.taken_away import TakenAway, taken_away
from helion_images_panel.ui.base.views import ImageFormView, ImageView
from helion_images_panel.ui.owner import actions, candidates
from helion_images_panel.ui.scopes.project_names import panel_names

#: Maximum number of projects in one response of the search.
FOUND = 30


class ChangeOwnerForm(ImageForm):
    """`confirmed` is the change that the user has agreed to: previous and new owner."""

    project = forms.CharField(
        label=_("New Owner"),
        max_length=255,
        help_text=_("The project name or project ID."),
        widget=django_forms.TextInput(attrs={"data-hip-lookup": ""}),
    )
    project_id = forms.CharField(
        required=False,
        max_length=64,
        widget=django_forms.HiddenInput(attrs={"data-hip-chosen": ""}),
    )
    confirmed = forms.CharField(required=False, max_length=129, widget=django_forms.HiddenInput())

    def __init__(self, request: HttpRequest, *args: Any, image: Image, **kwargs: Any):
        super().__init__(request, *args, image=image, **kwargs)
        self.owner: Project | None = None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        id_or_name = data.get("project_id") or (data.get("project") or "").strip()
        if id_or_name and "project" not in self.errors:
            try:
                self.owner = candidates.look_up_owner(self.request, self.image, id_or_name)
            except candidates.NoSuchOwner as error:
                self.add_error("project", str(error))
            refusal = candidates.state_refusal(self.image, self.owner)
            if refusal:
                self.add_error("project", refusal)
                self.owner = None
        return data

    @property
    def change(self) -> str:
        return f"{self.image.owner or ''}:{self.owner.id if self.owner else ''}"

    @property
    def is_confirmed(self) -> bool:
        return bool(self.owner and self.cleaned_data["confirmed"] == self.change)

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        if self.owner is None:
            return False
        try:
            self._change_owner(request, self.owner)
        except exceptions.UnexpectedResponse as error:
            self.api_error(not_confirmed(error))
            return False
        except exceptions.ImageServiceError as error:
            message = _eager("The owner was not changed. %(reason)s") % {"reason": error}
            self.change_refused(error, message)
            return False
        messages.success(
            request,
            _eager("Image %(image)s now belongs to project %(project)s.")
            % {
                "image": labels.inert(self.image.display_name),
                "project": labels.inert(self.owner.name),
            },
        )
        return True

    def _change_owner(self, request: HttpRequest, owner: Project) -> None:
        """Change the owner while nobody publishes the image to the domain of the previous one."""
        with hold(request, self.image) as held:
            refusal = candidates.state_refusal(held.current.image, owner)
            if refusal:
                raise exceptions.ImageServiceError(refusal, 409)
            held.renew()
            images.image_update(request, self.image.id, {"owner": owner.id})


class OwnerView(ImageView):
    """A view for users who may change the owner."""

    def check(self) -> None:
        super().check()
        if not actions.may_change_owner(self.request, self.scope, self.image):
            raise horizon_exceptions.NotAuthorized()


class ChangeOwnerView(OwnerView, ImageFormView):
    form_class = ChangeOwnerForm
    form_id = "change_owner_form"
    modal_id = "change_owner_modal"
    page_title = _("Change Owner")
    submit_label = _("Continue")
    ajax_template_name = "helion_images_panel/owner/_form.html"
    url_name = "change_owner"

    def form_valid(self, form: ChangeOwnerForm) -> HttpResponse:
        if form.is_confirmed:
            response: HttpResponse = super().form_valid(form)
            return response
        return self.form_invalid(form)

    def form_invalid(self, form: ChangeOwnerForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form: ChangeOwnerForm = context["form"]
        context["search_url"] = self.scope.url("owner_search", self.image.id)
        context["owner_label"] = self._owner_label()
        if form.owner is not None and not form.errors:
            new = isolated(candidates.label(form.owner, candidates.domain_names(self.request)))
            context["submit_label"] = _("Change Owner")
            context["new_owner_label"] = new
            context["consequences"] = self._consequences(form.owner, context["owner_label"], new)
        return context

    def taken_away(self) -> Sequence[TakenAway]:
        return (taken_away([self.image]),)

    def _owner_label(self) -> str:
        owner = self.image.owner or ""
        return str(panel_names(self.request, self.scope, [owner]).get(owner, owner))

    def _consequences(self, project: Project, old: str, new: str) -> list[str]:
        shared_with = set()
        if self.image.visibility == "shared":
            shared_members = members.member_list(self.request, self.image.id)
            shared_with = {member.project_id for member in shared_members}
        return candidates.consequences(
            self.image,
            old,
            new,
            new_is_member=project.id in shared_with,
            old_is_member=self.image.owner in shared_with,
        )


class OwnerSearchView(JsonViewMixin, OwnerView, generic.View):
    """GET ?q=…: projects that could own the image, by a part of their name or by ID."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = request.GET.get("q", "").strip().casefold()
        domains = candidates.domain_names(request)
        matches = [
            {
                "value": project.id,
                "name": project.name,
                "title": candidates.label(project, domains),
                "help": project.id,
            }
            for project in candidates.candidates(request)
            if project.enabled
            and project.id != self.image.owner
            and (query in project.name.casefold() or query == project.id)
        ]
        return JsonResponse({"found": matches[:FOUND]})
