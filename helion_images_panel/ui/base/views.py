# SPDX-License-Identifier: Apache-2.0
"""Base classes of the views of all panels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import shortcuts
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from horizon import exceptions as horizon_exceptions
from horizon import forms, tables
from horizon.utils.http import is_ajax

from helion_images_panel import exceptions, policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import labels, messages, reports, service_errors
from helion_images_panel.ui.base.page_urls import origin
from helion_images_panel.ui.base.panel_view import PanelView
from helion_images_panel.ui.base.taken_away import TakenAway
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PROJECT, PanelScope


class ServiceView(PanelView):
    """A view that sends requests to services, whose failures are shown in its place."""

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self._rendered(request, *args, **kwargs)
        except exceptions.ImageServiceError as error:
            return self.failed(error)
        except exceptions.SessionEnded as error:
            # Horizon's middleware responds to this exception with the login page.
            raise horizon_exceptions.NotAuthenticated() from error

    def _rendered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = self.respond(request, *args, **kwargs)
            # The page may send requests to Glance while it is rendered; their errors are
            # handled here.
            if isinstance(response, SimpleTemplateResponse):
                self.prepare_page()
                response.render()
        except (exceptions.ImageNotFound, Http404) as error:
            self.prepare_page()
            return self.missing(error)
        except horizon_exceptions.NotAuthorized:
            self.prepare_page()
            raise
        return response

    def missing(self, error: Exception) -> HttpResponse:
        """Respond to an image, or a part of one, that does not exist: Horizon's 404 page."""
        raise Http404(str(error)) from error

    @property
    def is_dialog(self) -> bool:
        """Whether the response to this request is shown over another page."""
        return isinstance(self, DialogView) and bool(is_ajax(self.request))

    def prepare_page(self) -> None:
        """Load what Horizon needs to render a page; raise ImageServiceError if that fails."""
        service_errors.prepare(self.request, self.is_dialog)

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        """Return the reason in the place of the page: another page could fail as well."""
        title = str(getattr(self, "page_title", None) or _eager("Images"))
        return service_errors.response(self.request, error, title, self.is_dialog)


class ScopedView(ServiceView):
    """A view of one panel, which `as_view(scope=…)` sets."""

    scope: PanelScope = PROJECT

    def __init__(self, scope: PanelScope) -> None:
        # Horizon's views take no arguments, though Django's do.
        super().__init__()
        self.scope = scope

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.scope.check_access(request)
        self.scope = self.scope.bound(request)
        self.check()
        response = super().respond(self.request, *args, **kwargs)
        reports.leave_session_unwritten(request)
        return response

    def check(self) -> None:
        """Raise Horizon's NotAuthorized if the user may not use this view."""

    def missing(self, error: Exception) -> HttpResponse:
        # If the image was found, its data or a member is missing.
        known = "image" in self.__dict__ and isinstance(error, exceptions.ImageNotFound)
        return self.not_found(str(error) if known else labels.not_found())

    def not_found(self, reason: str) -> HttpResponse:
        """Respond with 404.

        :param reason: the same for an image that does not exist and one that the user may
            not see: Glance's own message differs between them
        """
        if is_ajax(self.request):
            # Horizon's script shows it above the page, and opens no dialog.
            messages.error(self.request, labels.inert(reason))
            return HttpResponse(reason, status=404, content_type="text/plain; charset=utf-8")
        context = {
            "page_title": _eager("Image Not Found"),
            "reason": reason,
            "index_url": self.scope.url("index"),
        }
        return shortcuts.render(
            self.request, "helion_images_panel/base/not_found.html", context, status=404
        )


class TableView(ScopedView, tables.DataTableView):
    """A page with one table, whose actions are posted to it.

    :ivar failure: why the rows could not be read; empty if they could
    :ivar error: the error of that reason
    """

    failure = ""
    error: exceptions.ImageServiceError

    def get_table(self) -> tables.DataTable:
        if not hasattr(self, "table"):
            self.table = self.table_class(self.request, scope=self.scope)
        return self.table

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run the action on images by ID, without loading the list."""
        handled = self.get_table().maybe_handle()
        return handled or shortcuts.redirect(request.get_full_path())

    def not_found(self, reason: str) -> HttpResponse:
        """An action on rows that are gone leads back to the list as it is now."""
        if self.request.method != "POST":
            return super().not_found(reason)
        messages.error(self.request, labels.inert(reason))
        return shortcuts.redirect(self.request.get_full_path())

    def loaded(self, fetch: Callable[[], list[Any]]) -> list[Any]:
        """Return the rows; none if a service fails, and `failure` then has the reason."""
        try:
            return fetch()
        except exceptions.ImageServiceError as error:
            service_errors.log(self.request, error)
            self.error = error
            if service_errors.is_forbidden(error):
                self.failure = _eager(
                    "You are not allowed to list images. Ask the cloud's operator for a role that "
                    "allows it. %(reason)s"
                ) % {"reason": error}
            else:
                self.failure = _eager("Unable to retrieve the images. %(reason)s") % {
                    "reason": error
                }
            return []

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if not self.failure:
            return super().render_to_response(context, **kwargs)
        self.get_table().failure = self.failure
        values = service_errors.context(self.request, self.error, self.failure)
        response: HttpResponse = super().render_to_response({**context, **values}, **kwargs)
        reports.forget_shown(self.request)
        return service_errors.with_status(response, self.error)


class ImageView(ScopedView):
    """A view of one image; 404 for an image that is not in the panel."""

    @cached_property
    def image(self) -> Image:
        return self.scope.image(self.request, self.kwargs["image_id"])

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

    def taken_away(self) -> Sequence[TakenAway]:
        """Return the places for what uses the images that the form takes away from others."""
        return ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["uses_url"] = self.scope.url("uses")
        context["taken_away"] = self.taken_away()
        context["submit_url"] = self.scope.url(self.url_name, self.image.id)
        context["image"] = self.image
        context["metadata_url"] = self.scope.url("metadata", self.image.id)
        return context
