# SPDX-License-Identifier: Apache-2.0
"""The list of images."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _

from helion_images_panel import conf, exceptions, policy
from helion_images_panel.core.image import Image
from helion_images_panel.core.order_parts import PARTS
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import DELETED
from helion_images_panel.ui.base import labels, markers, messages, reports
from helion_images_panel.ui.base.confirmed_name import name_to_confirm
from helion_images_panel.ui.base.deleted_images import quota_note
from helion_images_panel.ui.base.page_urls import script_urls
from helion_images_panel.ui.base.panel_tabs import panel_tabs
from helion_images_panel.ui.base.views import TableView
from helion_images_panel.ui.listing import (
    filters,
    ordering,
    search,
    shown_domain,
    totals,
)
from helion_images_panel.ui.listing.export import KINDS
from helion_images_panel.ui.listing.folded_page import without_former
from helion_images_panel.ui.listing.page_size import page_size, page_sizes
from helion_images_panel.ui.listing.saved_views import saved_views
from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.listing.versions import Elsewhere, fold
from helion_images_panel.ui.listing.view_choice import view_choice
from helion_images_panel.ui.scopes.project_names import panel_names


class IndexView(TableView):
    table_class = ImagesTable
    page_title = _("Images")
    template_name = "helion_images_panel/listing/index.html"

    #: Whether the page begins at an image that only this panel knows of: see `markers`.
    has_sealed_marker = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        written, owner = request.GET.get("owner", ""), self.get_table().query.owner
        if owner not in ("", written.strip()):
            # Links and bookmarks have the ID, which stays when the project is renamed.
            parameters = request.GET.copy()
            parameters["owner"] = owner
            return shortcuts.redirect(f"{request.path}?{parameters.urlencode()}")
        try:
            return super().get(request, *args, **kwargs)
        except _MarkerGone as gone:
            if not gone.is_expected:
                messages.info(
                    request,
                    _eager("The list has changed. Showing the first page."),
                )
            parameters = request.GET.copy()
            for name in (*_marker_names(), *_PAGE_PARAMETERS):
                parameters.pop(name, None)
            return shortcuts.redirect(f"{request.path}?{parameters.urlencode()}")

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        ordering.remember(self.request, response)
        return response

    def needs_filter_first(self, table: ImagesTable) -> bool:
        return table.query.is_empty and self.scope.needs_filter_first

    def get_data(self) -> list[Image]:
        return self.loaded(self._rows)

    def _rows(self) -> list[Image]:
        table = self.get_table()
        if table.query.errors or self.needs_filter_first(table):
            return []
        cursor = self._cursor()
        try:
            page = self._page(table, cursor)
        except exceptions.ImageServiceError as error:
            if cursor.marker and error.status in (400, 403, 404):
                raise _MarkerGone() from error
            raise
        is_end = cursor.marker and not page.images and not page.is_partial
        if is_end and (cursor.backwards or not search.is_continued(self.request)):
            # An empty table has no links to the previous and next page. Only a search
            # that goes on may come to its end without a further image.
            raise _MarkerGone(is_expected=cursor.backwards)
        if self.scope.lists_all_owners:
            owners = [image.owner or "" for image in page.images]
            table.owner_names = panel_names(self.request, self.scope, owners)
        table.page = page
        if not table.query.is_empty:
            # What was searched for is shown at its place.
            return list(page.images)
        table.folded = fold(page.images, not (page.has_previous or page.has_next))
        return list(table.folded.images)

    def _cursor(self) -> Cursor:
        forwards, backwards = (self.request.GET.get(name) for name in _marker_names())
        marker = backwards or forwards or None
        part = self.request.GET.get(ordering.PART_PARAMETER, "")
        part = part if part in PARTS else ""
        if marker and markers.is_sealed(marker):
            marker = markers.unsealed(marker, self.get_table().list_name(part))
            if not marker:
                raise _MarkerGone()
            self.has_sealed_marker = True
        return Cursor(marker, bool(backwards), part)

    def _page(self, table: ImagesTable, cursor: Cursor) -> Page:
        if (
            cursor.marker
            and not self.has_sealed_marker
            and policy.allows(self.request, policy.ADMIN)
        ):
            # Glance accepts any image as marker of an admin's token, and would reveal
            # the position of another domain's image among the names.
            self.scope.image(self.request, cursor.marker)
        size = page_size(self.request)
        if not cursor.marker and (image := search.by_id(self.request, self.scope, table.query)):
            return Page((image,))
        rows_left = max(1, size - search.count_of(self.request, search.FOUND))

        def read(cursor: Cursor, count: int) -> Page:
            return self.scope.page(self.request, table.query, table.order, cursor, count)

        page = read(cursor, rows_left)
        only = self.scope.only_list(self.request) if table.query.is_empty else None
        if only is None:
            return page
        return without_former(
            page, rows_left, cursor.backwards, read, Elsewhere(self.request, only)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        table = self.get_table()
        # To ask Glance for its stores would be one request more for the list.
        has_stores = any(image.stores for image in table.page.images)
        bar = filters.FilterBar(self.request, self.scope, table.query, table.order, has_stores)
        context["filters"] = bar
        context["quick_views"] = bar.quick_views
        context["saved_views"] = saved_views(
            self.request, self.scope, table.order, table.list_parameters
        )
        # The note and the choice of domains would ask the same services once more.
        context["note"] = "" if self.failure else labels.inert(self.scope.note(self.request))
        context["confirm_name"] = name_to_confirm(self.request, self.scope)
        context["deleted_note"] = _deleted_note(table)
        context["selection_url"] = _with_list(table, "selection")
        context["selection_limit"] = conf.SELECTION_LIMIT.value
        context["exports"] = _exports(table) if table.page.images or table.page.is_partial else ()
        context["search"] = None if self.failure else table.search_state
        context["position"] = None if self.failure else table.position
        context["outcomes"] = reports.pop_reports(self.request)
        context["view_choice"] = view_choice(self.request, self.scope.lists_all_owners)
        context["page_sizes"] = page_sizes(self.request, self.scope)
        context["panel_tabs"] = panel_tabs(self.request, self.scope)
        if self.scope.is_of_active_project and not self.failure:
            context["ending_url"] = self.scope.url("ending")
        context.update(script_urls(self.request, self.scope))
        return context


def _deleted_note(table: ImagesTable) -> str:
    """Return what the deleted images of the page still cost; empty in other views."""
    if table.query.view != DELETED or not table.page.images:
        return ""
    sizes = [image.size_bytes or 0 for image in table.page.images]
    return quota_note(len(sizes), sum(sizes))


def _exports(table: ImagesTable) -> list[tuple[str, str]]:
    """Return the files that the list can be exported as: label and URL."""
    return [(kind.upper(), _with_list(table, f"export_{kind}")) for kind in KINDS]


def _with_list(table: ImagesTable, name: str) -> str:
    """Return the URL of a page about all images of the list."""
    of_domain = shown_domain.parameters(table.scope)
    parameters = {**table.list_parameters, **of_domain, ordering.PARAMETER: str(table.order)}
    return f"{table.scope.url(name)}?{urlencode(parameters, doseq=True)}"


class _MarkerGone(Exception):
    """The image at which the page was to begin does not exist any more.

    :ivar is_expected: whether there was just nothing before it
    """

    def __init__(self, is_expected: bool = False):
        super().__init__()
        self.is_expected = is_expected


#: What belongs to one page of the list, besides its marker.
_PAGE_PARAMETERS = (ordering.PART_PARAMETER, search.LOOKED_AT, search.FOUND, *totals.PARAMETERS)


def _marker_names() -> tuple[str, str]:
    meta = ImagesTable._meta
    return meta.pagination_param, meta.prev_pagination_param
