# SPDX-License-Identifier: Apache-2.0
"""The table of images, the same in both panels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import tables

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.ui import actions, columns, notes, owners, text
from helion_images_panel.ui.access import AccessColumn
from helion_images_panel.ui.own_actions import OwnActions
from helion_images_panel.ui.scope import PanelScope
from helion_images_panel.ui.sharing import ShareImage


class ImageRow(tables.Row):
    """Tells the page's script what a confirmation should say of the image."""

    def load_cells(self, datum: Image | None = None) -> None:
        super().load_cells(datum)
        self.attrs.update(notes.attributes(self.datum))


class ImagesTable(OwnActions, tables.DataTable):
    """Knows its scope, the page it shows, and the query that led there."""

    owner = columns.OwnerColumn(
        "owner", verbose_name=_("Owner"), classes=("hip-owner", *columns.NOT_ON_PHONES)
    )
    name = columns.name_column()
    image_type = columns.TextColumn(
        columns.type_label, verbose_name=_("Type"), classes=columns.ON_WIDE_WINDOWS
    )
    status = columns.status_column()
    access = AccessColumn("visibility", verbose_name=_("Access"), classes=("hip-access",))
    protected = columns.TextColumn(
        lambda image: text.yes_no(image.protected),
        verbose_name=_("Protected"),
        classes=columns.ON_WIDE_WINDOWS,
    )
    disk_format = columns.TextColumn(
        lambda image: text.format_label(image.format),
        verbose_name=_("Format"),
        classes=columns.NOT_ON_PHONES,
    )
    size = columns.TextColumn(
        lambda image: text.size_label(image.size_bytes),
        verbose_name=_("Size"),
        classes=("hip-size", *columns.NOT_ON_PHONES),
    )
    updated = columns.updated_column()

    class Meta:
        name = "images"
        verbose_name = _("Images")
        row_class = ImageRow
        table_actions = (
            actions.CreateImage,
            actions.ProtectImage,
            actions.UnprotectImage,
            actions.PublishImage,
            actions.UnpublishImage,
            actions.CommunitizeImage,
            actions.UncommunitizeImage,
            actions.HideImage,
            actions.UnhideImage,
            actions.DeactivateImage,
            actions.ReactivateImage,
            actions.DeleteImage,
        )
        table_actions_menu = (
            actions.ProtectImage,
            actions.UnprotectImage,
            actions.PublishImage,
            actions.UnpublishImage,
            actions.CommunitizeImage,
            actions.UncommunitizeImage,
            actions.HideImage,
            actions.UnhideImage,
            actions.DeactivateImage,
            actions.ReactivateImage,
        )
        row_actions = (
            actions.UploadData,
            actions.LaunchInstance,
            actions.CreateVolume,
            actions.EditImage,
            actions.DownloadImage,
            ShareImage,
            actions.UpdateMetadata,
            owners.ChangeOwner,
            actions.ProtectImage,
            actions.UnprotectImage,
            actions.PublishImage,
            actions.UnpublishImage,
            actions.CommunitizeImage,
            actions.UncommunitizeImage,
            actions.HideImage,
            actions.UnhideImage,
            actions.DeactivateImage,
            actions.ReactivateImage,
            actions.DeleteImage,
        )

    def __init__(self, request: HttpRequest, *args: Any, scope: PanelScope, **kwargs: Any):
        self.scope = scope
        self.query = ImageQuery.from_url(request.GET, request.GET.getlist("tag"))
        self.page = Page()
        self.owner_names: Mapping[str, str] = {}
        super().__init__(request, *args, **kwargs)
        if not scope.shows_owner:
            del self.columns["owner"]

    def _filter_action(self, action: Any, request: HttpRequest, datum: Any = None) -> bool:
        """What Horizon asks of each action, of a row's by who acts on its image."""
        if datum is not None:
            request = self.scope.acting(request, datum)
        return bool(super()._filter_action(action, request, datum))

    def get_object_display(self, datum: Image) -> str:
        return text.inert(datum.display_name)

    def get_empty_message(self) -> str:
        if not self.query.is_empty:
            return _eager("No image matches the filter.")
        if policy.allows(self.request, policy.ADD_IMAGE):
            return _eager("There are no images yet. Create Image makes the first one.")
        return _eager("There are no images yet.")

    def has_prev_data(self) -> bool:
        return self.page.has_previous

    def has_more_data(self) -> bool:
        return self.page.has_next

    def get_prev_pagination_string(self) -> str:
        return self._page_url(self._meta.prev_pagination_param, self.page.first_id)

    def get_pagination_string(self) -> str:
        return self._page_url(self._meta.pagination_param, self.page.last_id)

    def _page_url(self, parameter: str, marker: str | None) -> str:
        return urlencode(
            {
                **self.scope.url_parameters(),
                **self.query.url_parameters(),
                parameter: marker or "",
            },
            doseq=True,
        )
