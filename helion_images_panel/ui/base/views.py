# SPDX-License-Identifier: Apache-2.0
"""Base classes of the views of all panels."""

from __future__ import annotations

from typing import Any

from django import shortcuts
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from horizon import exceptions as horizon_exceptions
from horizon import forms, messages, tables

from helion_images_panel import exceptions, policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import labels, reports
from helion_images_panel.ui.base.page_urls import origin
from helion_images_panel.ui.base.panel_view import PanelView
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PROJECT, PanelScope


class ScopedView(PanelView):
    """A view of one panel, which `as_view(scope=…)` sets."""

    scope: PanelScope = PROJECT

    def __init__(self, scope: PanelScope) -> None:
        # Horizon's views take no arguments, though Django's do.
        super().__init__()
        self.scope = scope

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.scope.check_access(request)
        try:
            self.scope = self.scope.bound(request)
            self.check()
            response = super().respond(self.request, *args, **kwargs)
            # The page may send requests to Glance while it is rendered; their errors
            # are handled here.
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            reports.leave_session_unwritten(request)
        except exceptions.ImageNotFound as error:
            raise Http404(str(error)) from error
        except exceptions.ImageServiceError as error:
            return self.failed(error)
        except exceptions.SessionEnded as error:
            # Horizon's middleware responds to this exception with the login page.
            raise horizon_exceptions.NotAuthenticated() from error
        return response

    def check(self) -> None:
        """Raise Horizon's NotAuthorized if the user may not use this view."""

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        messages.error(self.request, str(error))
        return shortcuts.redirect(self.scope.url("index"))


class TableView(ScopedView, tables.DataTableView):
    """A page with one table, whose actions are posted to it."""

    def get_table(self) -> tables.DataTable:
        if not hasattr(self, "table"):
            self.table = self.table_class(self.request, scope=self.scope)
        return self.table

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run the action on images by ID, without loading the list."""
        handled = self.get_table().maybe_handle()
        return handled or shortcuts.redirect(request.get_full_path())


class ImageView(ScopedView):
    """A view of one image; 404 for an image that is not in the panel."""

    @cached_property
    def image(self) -> Image:
        try:
            return self.scope.image(self.request, self.kwargs["image_id"])
        except exceptions.ImageNotFound as error:
            # Always the same message: Glance's own differs between existing and other
            # IDs.
            raise exceptions.ImageNotFound(_eager("Image not found.")) from error

    def check(self) -> None:
        """Read the image, so that every view responds with 404 for an image that is not in the
        panel.
        """
        self.request = self.scope.request_for(self.request, self.image)


class ChangingView(ImageView):
    """A view that changes its image; refused unless the user may."""

    rule = policy.MODIFY_IMAGE

    def check(self) -> None:
        super().check()
        if change_refusal(self.request, self.scope, self.image, self.rule):
            raise horizon_exceptions.NotAuthorized()

    def back_with_error(self, refusal: str) -> HttpResponse:
        """Redirect to the originating page and show the error."""
        messages.error(self.request, f"{labels.inert(self.image.display_name)}: {refusal}")
        return shortcuts.redirect(origin(self.request, self.scope, self.image))


class DialogView:
    """Mixin before a view of Horizon that is a dialog, or a page if there is no script.

    Subclasses set the dialog's template in `ajax_template_name`.
    """

    template_name = "helion_images_panel/base/modal_page.html"
    ajax_template_name: str

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**context, "partial": self.ajax_template_name}


class ImageFormView(DialogView, ChangingView, forms.ModalFormView):
    """A form about one image, which leads back to the page where it was opened."""

    url_name: str

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "image": self.image}

    def get_success_url(self) -> str:
        return origin(self.request, self.scope, self.image)

    def get_cancel_url(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["submit_url"] = self.scope.url(self.url_name, self.image.id)
        context["image"] = self.image
        return context
