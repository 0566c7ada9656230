# SPDX-License-Identifier: Apache-2.0
"""The pages of both panels."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django import shortcuts
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import exceptions as horizon_exceptions
from horizon import forms, messages, tables, tabs
from openstack_dashboard.utils import settings as horizon_settings

from helion_images_panel import exceptions, policy
from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.ui import filters, members, notes, outcomes, stores, text
from helion_images_panel.ui.actions import not_changeable
from helion_images_panel.ui.data_source import may_upload_files
from helion_images_panel.ui.forms import EditImageForm
from helion_images_panel.ui.next_steps import NextStepsView
from helion_images_panel.ui.pills import pills
from helion_images_panel.ui.scope import PROJECT, PanelScope
from helion_images_panel.ui.tables import ImagesTable
from helion_images_panel.ui.tabs import ImageTabs
from helion_images_panel.ui.workflows import CreateImage


class ScopedView:
    """A view of one panel: `as_view(scope=…)` says of which."""

    scope: PanelScope = PROJECT
    request: HttpRequest
    kwargs: dict[str, Any]

    def __init__(self, scope: PanelScope) -> None:
        # Horizon's views take no arguments, though Django's do.
        super().__init__()
        self.scope = scope

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.scope.check_access(request)
        try:
            self.scope = self.scope.bound(request)
            self.check()
            response: HttpResponse = super().dispatch(self.request, *args, **kwargs)  # type: ignore[misc]
            # A page may still ask Glance while it is drawn; what fails then belongs here.
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            outcomes.leave_session(request)
        except exceptions.ImageNotFound as error:
            raise Http404(str(error)) from error
        except exceptions.ImageServiceError as error:
            return self.failed(error)
        except exceptions.SessionEnded as error:
            # Horizon's middleware answers this one with the login page.
            raise horizon_exceptions.NotAuthenticated() from error
        return response

    def check(self) -> None:
        """Raises Horizon's NotAuthorized for whoever may not use this view."""

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        messages.error(self.request, str(error))
        return shortcuts.redirect(self.scope.url("index"))


class ImageView(ScopedView):
    """A view of one image, which answers 404 for what its panel does not have."""

    @cached_property
    def image(self) -> Image:
        try:
            return self.scope.image(self.request, self.kwargs["image_id"])
        except exceptions.ImageNotFound as error:
            # In one wording: Glance's own tells an ID that it has from one that it has not.
            raise exceptions.ImageNotFound(_eager("There is no such image.")) from error

    def check(self) -> None:
        """Whatever is asked of it, an image that the panel does not have is not there."""
        self.request = self.scope.acting(self.request, self.image)


class ChangingView(ImageView):
    """A view that changes its image, and refuses who may not."""

    rule = policy.MODIFY_IMAGE

    def check(self) -> None:
        super().check()
        if not_changeable(self.request, self.scope, self.image, self.rule):
            raise horizon_exceptions.NotAuthorized()

    def led_back(self, refusal: str) -> HttpResponse:
        """To where the person came from, with what the image's state forbids."""
        messages.error(self.request, f"{text.inert(self.image.display_name)}: {refusal}")
        return shortcuts.redirect(origin(self.request, self.scope, self.image))


class IndexView(ScopedView, tables.DataTableView):
    table_class = ImagesTable
    page_title = _("Images")
    template_name = "helion_images_panel/index.html"

    def get_table(self) -> ImagesTable:
        if not hasattr(self, "table"):
            self.table = self.table_class(self.request, scope=self.scope)
        return self.table

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Acts on images by their IDs: the list is not needed, nor loaded, for that."""
        handled = self.get_table().maybe_handle()
        return handled or shortcuts.redirect(request.get_full_path())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except _MarkerGone:
            messages.info(
                request,
                _eager("The list has changed meanwhile. This is its beginning."),
            )
            parameters = request.GET.copy()
            for name in _marker_names():
                parameters.pop(name, None)
            return shortcuts.redirect(f"{request.path}?{parameters.urlencode()}")

    def needs_filter_first(self, table: ImagesTable) -> bool:
        return bool(
            self.scope.dashboard == "admin"
            and table.query.is_empty
            and horizon_settings.get_dict_config("FILTER_DATA_FIRST", "admin.images")
        )

    def get_data(self) -> list[Image]:
        table = self.get_table()
        if self.needs_filter_first(table):
            return []
        cursor = _cursor(self.request)
        try:
            table.page = self._page(table, cursor)
            table.owner_names = (
                self.scope.project_names(
                    self.request, [image.owner or "" for image in table.page.images]
                )
                if self.scope.shows_owner
                else {}
            )
        except exceptions.ImageServiceError as error:
            if cursor.marker and error.status in (400, 403, 404):
                raise _MarkerGone() from error
            messages.error(
                self.request,
                _eager("The images could not be listed. %(reason)s") % {"reason": error},
            )
            return []
        if cursor.marker and not table.page.images:
            # An empty table has no links to the pages beside it.
            raise _MarkerGone()
        return list(table.page.images)

    def _page(self, table: ImagesTable, cursor: Cursor) -> Page:
        if cursor.marker and policy.allows(self.request, policy.ADMIN):
            # To an admin's token Glance takes any image as marker, and would
            # tell where one of another domain stands among the names.
            self.scope.image(self.request, cursor.marker)
        # One more than a page is asked for, to know whether another follows.
        size = min(
            horizon_settings.get_page_size(self.request), max(1, settings.API_RESULT_LIMIT - 1)
        )
        return self.scope.page(self.request, table.query, cursor, size)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        table = self.get_table()
        context["filters"] = filters.FilterBar(self.request, self.scope, table.query)
        context["note"] = text.inert(self.scope.note(self.request))
        context["outcomes"] = outcomes.told(self.request)
        context["pills"] = pills(self.request, self.scope)
        context.update(script_urls(self.request, self.scope))
        return context


class _MarkerGone(Exception):
    """The image at which the page was to begin does not exist any more."""


def _marker_names() -> tuple[str, str]:
    meta = ImagesTable._meta
    return meta.pagination_param, meta.prev_pagination_param


def _cursor(request: HttpRequest) -> Cursor:
    forwards, backwards = (request.GET.get(name) for name in _marker_names())
    return Cursor(backwards, True) if backwards else Cursor(forwards or None)


class CreateView(ScopedView, NextStepsView):
    workflow_class = CreateImage
    creates = True

    def check(self) -> None:
        policy.require(self.request, policy.ADD_IMAGE)


def origin(request: HttpRequest, scope: PanelScope, image: Image) -> str:
    """The page from which a dialog was opened: the image's, or the list as it was."""
    index = scope.url("index")
    try:
        came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:
        return index
    if came_from.netloc != request.get_host():
        return index
    if came_from.path not in (index, scope.url("detail", image.id)):
        return index
    # Encoded anew: browsers leave braces as they are, and AngularJS reads them.
    query = urlencode(parse_qsl(came_from.query))
    return f"{came_from.path}?{query}" if query else came_from.path


def script_urls(request: HttpRequest, scope: PanelScope) -> dict[str, str]:
    """Where the page's scripts ask; nothing is dropped on the pages of who may not create."""
    if not scope.in_active_project:
        return {"access_url": scope.url("access"), "uses_url": scope.url("uses")}
    may_create = policy.allows(request, policy.ADD_IMAGE) and may_upload_files(request)
    return {
        "progress_url": scope.url("progress"),
        "uses_url": scope.url("uses"),
        "access_url": scope.url("access"),
        "create_url": scope.url("create") if may_create else "",
    }


class ImageFormView(ChangingView, forms.ModalFormView):
    """A form about one image, which leads back to where it was opened."""

    template_name = "helion_images_panel/update.html"
    url_name: str

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "image": self.image}

    def get_success_url(self) -> str:
        return origin(self.request, self.scope, self.image)

    def get_cancel_url(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["submit_url"] = self.scope.url(self.url_name, self.image.id)
        context["image"] = self.image
        return context


class UpdateView(ImageFormView):
    form_class = EditImageForm
    form_id = "update_image_form"
    modal_id = "update_image_modal"
    page_title = _("Edit Image")
    submit_label = _("Update Image")
    url_name = "update"

    def get_initial(self) -> dict[str, Any]:
        return EditImageForm.initial_of(self.image)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "scope": self.scope}


class DetailView(ImageView, tabs.TabView):
    tab_group_class = ImageTabs
    template_name = "helion_images_panel/detail.html"

    def get_tabs(self, request: HttpRequest, **kwargs: Any) -> ImageTabs:
        return self.tab_group

    @cached_property
    def tab_group(self) -> ImageTabs:
        return self.tab_group_class(
            self.request, **{**self.kwargs, "image": self.image, "scope": self.scope}
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An action from the page's menu or its tables, which leads back to this page."""
        if stores.is_meant(request):
            table = stores.stores_table(request, self.scope, self.image)
        elif members.is_meant(request):
            table = members.members_table(request, self.scope, self.image)
        else:
            table = ImagesTable(request, scope=self.scope)
        handled = table.maybe_handle()
        return handled or shortcuts.redirect(request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Before Horizon's tabs, which go on without an image that they miss.
        image = self.image
        context: dict[str, Any] = super().get_context_data(**kwargs)
        table = ImagesTable(self.request, scope=self.scope)
        context["page_title"] = text.inert(image.display_name)
        context["notes"] = notes.attributes(image)
        context["url"] = self.request.get_full_path()
        context["actions"] = table.render_row_actions(image)
        context["outcomes"] = outcomes.told(self.request)
        context.update(script_urls(self.request, self.scope))
        return context
