# SPDX-License-Identifier: Apache-2.0
"""The dialog Share Image, and its search for projects."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon import exceptions as horizon_exceptions

from helion_images_panel import policy
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ImageFormView, ScopedView
from helion_images_panel.ui.sharing import project_lookup, rules
from helion_images_panel.ui.sharing.form import ShareForm

#: Maximum number of projects in one response of the search.
FOUND_AT_ONCE = 20


class ShareView(ImageFormView):
    form_class = ShareForm
    form_id = "image_share_form"
    modal_id = "image_share_modal"
    page_title = _("Share Image")
    submit_label = _("Share")
    ajax_template_name = "helion_images_panel/sharing/_form.html"
    url_name = "share"
    rule = policy.ADD_MEMBER

    def check(self) -> None:
        super().check()
        if rules.not_allowed(self.request, self.scope, self.image):
            raise horizon_exceptions.NotAuthorized()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = rules.state_refusal(self.image)
        return self.back_with_error(refusal) if refusal else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = rules.state_refusal(self.image)
        return self.back_with_error(refusal) if refusal else super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "scope": self.scope}


class ProjectsView(JsonViewMixin, ScopedView, generic.View):
    """GET ?q=…&image=…: projects that the user may list, whose names contain or IDs begin with
    the text.

    With `image`, projects in its owner's domain come first, and the owner is left out. `new` in
    place of it means a new image of the active project. The response does not mark members of
    the image: the dialog reports them after sharing.
    """

    http_method_names = ["get"]

    def check(self) -> None:
        policy.require(self.request, policy.ADD_MEMBER)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        image = None
        if request.GET.get("image"):
            image = self.scope.image(request, request.GET["image"])
        owner = (image.owner or "") if image else ""
        if request.GET.get("new"):
            owner = request.user.project_id
        query = request.GET.get("q", "").strip().casefold()
        known = project_lookup.listable_projects(request, self.scope, owner)
        others = [choice for choice in known if choice.id != owner]
        found = [
            choice
            for choice in others
            if query in choice.name.casefold() or choice.id.startswith(query)
        ]
        return JsonResponse(
            {
                "can_search": bool(others),
                "more": len(found) > FOUND_AT_ONCE,
                "projects": [
                    {"id": choice.id, "name": choice.name, "domain": choice.domain}
                    for choice in found[:FOUND_AT_ONCE]
                ],
            }
        )
