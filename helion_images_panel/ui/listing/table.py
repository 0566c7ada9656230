# SPDX-License-Identifier: Apache-2.0
"""The table of images, the same in all panels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.http import RFC3986_SUBDELIMS
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from horizon import tables

from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Page
from helion_images_panel.ui.actions.community import CommunitizeImage, UncommunitizeImage
from helion_images_panel.ui.actions.deactivate import DeactivateImage, ReactivateImage
from helion_images_panel.ui.actions.delete import DeleteImage, Restorable
from helion_images_panel.ui.actions.delete_permanently import DeleteImagePermanently
from helion_images_panel.ui.actions.hide import HideImage, UnhideImage
from helion_images_panel.ui.actions.launch import LaunchInstance
from helion_images_panel.ui.actions.links import (
    CreateImage,
    CreateVolume,
    DownloadImage,
    EditImage,
    OfficialImages,
    UpdateMetadata,
    UploadData,
)
from helion_images_panel.ui.actions.protect import ProtectImage, UnprotectImage
from helion_images_panel.ui.actions.restore import RestoreImage
from helion_images_panel.ui.base import labels, markers
from helion_images_panel.ui.base.batch_action import ImageBatchAction
from helion_images_panel.ui.base.columns import TextColumn, size_cell
from helion_images_panel.ui.base.per_request_table import PerRequestTable
from helion_images_panel.ui.end_dates.actions import SetEndDates
from helion_images_panel.ui.listing import columns, empty_list, ordering, search, totals
from helion_images_panel.ui.listing.access_column import AccessColumn
from helion_images_panel.ui.listing.filters import FilterBar
from helion_images_panel.ui.listing.name_column import ListNameColumn
from helion_images_panel.ui.listing.query import query_of
from helion_images_panel.ui.listing.row_actions import RowActions
from helion_images_panel.ui.listing.rows import STAND_IN_ID, ImageRow, RowTemplate, row_template
from helion_images_panel.ui.listing.versions import Folded
from helion_images_panel.ui.owner.actions import ChangeOwner
from helion_images_panel.ui.publish.actions import PublishImage, UnpublishImage
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing.actions import ShareImage, StopSharing
from helion_images_panel.ui.versions.actions import VERSION_ACTIONS

#: Actions of a row, and of the details of an image.
IMAGE_ACTIONS: tuple[type[tables.BaseAction], ...] = (
    RestoreImage,
    UploadData,
    LaunchInstance,
    CreateVolume,
    EditImage,
    DownloadImage,
    ShareImage,
    UpdateMetadata,
    *VERSION_ACTIONS,
    ChangeOwner,
    ProtectImage,
    UnprotectImage,
    PublishImage,
    UnpublishImage,
    CommunitizeImage,
    UncommunitizeImage,
    StopSharing,
    HideImage,
    UnhideImage,
    SetEndDates,
    DeactivateImage,
    ReactivateImage,
    DeleteImage,
    DeleteImagePermanently,
)

#: Actions on selected rows.
BATCH_ACTIONS: tuple[type[ImageBatchAction], ...] = tuple(
    action for action in IMAGE_ACTIONS if issubclass(action, ImageBatchAction)
)

#: Characters that Django leaves as they are in a part of a path.
_SAFE_IN_PATHS = f"{RFC3986_SUBDELIMS}~:@"


class ImagesTable(PerRequestTable, tables.DataTable):
    """The table with its scope, page and filters."""

    owner = columns.OwnerColumn("owner", verbose_name=_("Owner"), classes=("hip-owner",))
    name = ListNameColumn("name", verbose_name=_("Name"), classes=("hip-name",), sort_key="name")
    image_type = TextColumn(columns.type_label, verbose_name=_("Type"), classes=("hip-type",))
    status = columns.status_column()
    access = AccessColumn("visibility", verbose_name=_("Access"), classes=("hip-access",))
    disk_format = TextColumn(
        lambda image: labels.format_label(image.format),
        verbose_name=_("Format"),
        classes=("hip-format",),
        sort_key="format",
    )
    size = TextColumn(size_cell, verbose_name=_("Size"), classes=("hip-size",), sort_key="size")
    updated = columns.updated_column()

    class Meta:
        name = "images"
        verbose_name = _("Images")
        row_class = ImageRow
        table_actions = (CreateImage, OfficialImages, *BATCH_ACTIONS)
        table_actions_menu = tuple(action for action in BATCH_ACTIONS if not action.is_button)
        row_actions = IMAGE_ACTIONS

    def __init__(self, request: HttpRequest, *args: Any, scope: PanelScope, **kwargs: Any):
        self.scope = scope
        self.query = query_of(request, scope)
        self.order = ordering.order_of(request)
        self.page = Page()
        self.folded = Folded()
        self.is_backwards = bool(request.GET.get(self._meta.prev_pagination_param))
        #: Why the rows could not be read; empty if they could.
        self.failure = ""
        self.owner_names: Mapping[str, str] = {}
        self.restorable = Restorable(request, scope)
        super().__init__(request, *args, **kwargs)
        if not scope.lists_all_owners:
            del self.columns["owner"]
        self._sort_by_headings()

    @property
    def list_parameters(self) -> dict[str, Any]:
        """URL parameters of the list, without its order."""
        return {**self.scope.url_parameters(), **self.query.url_parameters()}

    def _sort_by_headings(self) -> None:
        direction = "descending" if self.order.descending else "ascending"
        for column in self.columns.values():
            if key := getattr(column, "sort_key", ""):
                column.heading = ordering.heading(
                    str(column.verbose_name), key, self.order, self.list_parameters
                )
                if key == self.order.key:
                    column.attrs["aria-sort"] = direction

    def _filter_action(
        self, action: tables.BaseAction, request: HttpRequest, datum: Image | None = None
    ) -> bool:
        """Check an action as Horizon does, with the request that acts on the row's image."""
        if datum is not None:
            request = self.scope.request_for(request, datum)
        return bool(super()._filter_action(action, request, datum))

    @cached_property
    def row_template(self) -> RowTemplate:
        return row_template(self)

    def render_row_actions(self, datum: Image, row: bool = False) -> SafeString:
        """Return the menu of a row, as Horizon's template makes it."""
        if row:
            return super().render_row_actions(datum, row)
        return self.row_template.render_actions(self, datum, self._row_actions.of(datum))

    @cached_property
    def _row_actions(self) -> RowActions:
        return RowActions(self._allowed_actions)

    def _allowed_actions(self, datum: Image) -> list[tables.BaseAction]:
        request = self.scope.request_for(self.request, datum)
        actions = [self.base_actions[action.name] for action in self._meta.row_actions]
        return [a for a in actions if super(ImagesTable, self)._filter_action(a, request, datum)]

    def detail_url(self, image_id: str) -> str:
        """Return the URL of the image's details; Django makes it once for all rows."""
        return self._detail_url.replace(STAND_IN_ID, quote(image_id, safe=_SAFE_IN_PATHS))

    @cached_property
    def _detail_url(self) -> str:
        return self.scope.url("detail", STAND_IN_ID)

    def get_object_display(self, datum: Image) -> str:
        return labels.inert(datum.display_name)

    def get_empty_message(self) -> str:
        """Return the reason why there are no rows, and what to do then, as HTML."""
        bar = FilterBar(self.request, self.scope, self.query, self.order)
        why = empty_list.context(
            self.request,
            self.scope,
            self.query,
            bar.url_with,
            is_partial=self.page.is_partial,
            has_failed=bool(self.failure),
        )
        context = {"errors": bar.errors, "clear_url": bar.clear_url, **why}
        return render_to_string("helion_images_panel/listing/_empty.html", context)

    def has_prev_data(self) -> bool:
        return self.page.has_previous

    def has_more_data(self) -> bool:
        # A page that is not full goes on with the search, in its direction: see `search`.
        return self.page.has_next and (self.is_backwards or not self.page.is_partial)

    def get_prev_pagination_string(self) -> str:
        parameter = self._meta.prev_pagination_param
        counts = self.position.of_previous if self.position else {}
        return self._page_url(parameter, self.page.first_id, self.page.first_part, counts)

    def get_pagination_string(self) -> str:
        parameter = self._meta.pagination_param
        # What leads to a page that may be empty says that it continues a search.
        before = search.count_of(self.request, search.LOOKED_AT)
        is_certain = self.page.is_next_certain or self.is_backwards
        counts = self.position.of_next if self.position else {}
        if not is_certain:
            counts = {search.LOOKED_AT: before + self.page.looked_at}
        return self._page_url(parameter, self.page.last_id, self.page.last_part, counts)

    @property
    def position(self) -> totals.Position | None:
        names = (self._meta.pagination_param, self._meta.prev_pagination_param)
        has_marker = any(self.request.GET.get(name) for name in names)
        return totals.position_of(self.request, self.page, has_marker, self.is_backwards)

    @property
    def search_state(self) -> search.SearchState | None:
        """What to say about the search; None if it was over with the first response."""
        page, before = self.page, search.count_of(self.request, search.LOOKED_AT)
        looked_at = before + page.looked_at
        if not page.is_partial:
            is_continued = search.is_continued(self.request)
            if not is_continued:
                return None
            return search.SearchState(looked_at, first_query=self._first_query)
        found = search.count_of(self.request, search.FOUND) + len(page.images)
        forward = not self.is_backwards
        marker, part = (
            (page.last_id, page.last_part) if forward else (page.first_id, page.first_part)
        )
        parameter = self._meta.pagination_param if forward else self._meta.prev_pagination_param
        go_on = self._page_url(parameter, marker, part, {search.LOOKED_AT: looked_at})
        counts = {search.LOOKED_AT: looked_at, search.FOUND: found}
        return search.SearchState(
            looked_at,
            go_on,
            self._page_url(parameter, marker, part, counts) if forward else "",
            self.get_prev_pagination_string() if page.has_previous else "",
            self._first_query if search.is_continued(self.request) else "",
        )

    @property
    def _first_query(self) -> str:
        """URL parameters of the first page, if no link of the table leads back."""
        return "" if self.page.images else self._page_url("", "", "")

    def _marker(self, image_id: str, part: str) -> str:
        """The image at which a search has stopped may be one that is not for the user."""
        is_open = not (image_id and self.page.is_partial)
        return image_id if is_open else markers.sealed(image_id, self.list_name(part))

    def list_name(self, part: str) -> str:
        """Name of the list in which a sealed marker is valid: in another order, or with
        other filters, its place would tell more about the image.
        """
        return urlencode(
            {
                "list": self.scope.list_name,
                **self.query.url_parameters(),
                ordering.PARAMETER: str(self.order),
                ordering.PART_PARAMETER: part,
            },
            doseq=True,
        )

    def _page_url(
        self,
        parameter: str,
        marker: str | None,
        part: str,
        counts: Mapping[str, int] = MappingProxyType({}),
    ) -> str:
        """The order is always named: another tab may choose another one."""
        parameters: dict[str, Any] = {
            **self.list_parameters,
            ordering.PARAMETER: str(self.order),
            **counts,
        }
        if parameter:
            parameters[parameter] = self._marker(marker or "", part)
        if part:
            parameters[ordering.PART_PARAMETER] = part
        return urlencode(parameters, doseq=True)
