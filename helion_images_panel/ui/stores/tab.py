# SPDX-License-Identifier: Apache-2.0
"""The tab Stores of an image's details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import tables, tabs

from helion_images_panel import exceptions
from helion_images_panel.api import forgiven, imports
from helion_images_panel.api import stores as api
from helion_images_panel.api.imports import ImportTask
from helion_images_panel.api.stores import Store
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.core.per_request import per_request
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.columns import TextColumn
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.base.per_request_table import PerRequestTable
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.stores.actions import TAB, CopyToStore, CopyToStores, RemoveFromStore
from helion_images_panel.ui.stores.rows import Row, description_of, name_of, rows_of, state_cell


class StoresTable(PerRequestTable, tables.DataTable):
    """One row for each store; the image is read again for each request."""

    name = TextColumn(name_of, verbose_name=_("Store"))
    description = TextColumn(description_of, verbose_name=_("Description"))
    state = TextColumn(state_cell, verbose_name=_("State"), classes=("hip-store-state",))

    class Meta:
        name = "stores"
        verbose_name = _("Stores")
        table_actions = (CopyToStores,)
        row_actions = (CopyToStore, RemoveFromStore)
        footer = False

    def __init__(
        self,
        request: HttpRequest,
        *args: Any,
        scope: PanelScope,
        image: Image,
        stores: Sequence[Store],
        task: ImportTask | None,
        **kwargs: Any,
    ):
        """:param task: the task that is copying the image"""
        self.scope = scope
        self.image = image
        self.is_copying = task is not None
        kwargs["data"] = rows_of(image, stores, task)
        super().__init__(request, *args, **kwargs)

    @cached_property
    def can_copy(self) -> bool:
        methods = or_default(imports.import_methods, [], "the import methods")(self.request)
        return api.COPY_IMAGE in methods

    def get_object_display(self, datum: Row) -> str:
        """Text of Horizon's confirmation."""
        values = {"image": datum.image.display_name, "store": datum.id}
        return labels.inert(_eager("%(image)s in store %(store)s") % values)

    def get_absolute_url(self) -> str:
        """URL of the table's actions: the image's page, with the selected domain."""
        return str(self.request.get_full_path())


def _running_task(request: HttpRequest, image: Image) -> ImportTask | None:
    """Return the task that Glance is processing; queried only if the image has the property of
    a task.
    """
    if IMPORT_TASK not in image.properties:
        return None
    tasks = imports.import_tasks(request, image.id)
    return tasks[0] if tasks and tasks[0].is_alive else None


def load_stores_table(request: HttpRequest, scope: PanelScope, image: Image) -> StoresTable:
    return StoresTable(
        request,
        scope=scope,
        image=image,
        stores=api.store_list(request),
        task=_running_task(request, image),
    )


def _known_stores(
    request: HttpRequest,
) -> tuple[Store, ...] | exceptions.ImageServiceError:
    """Return the stores, or why they cannot be read; cached for the request.

    Horizon would drop the whole page for an error of one tab.
    """

    def fetch() -> tuple[Store, ...] | exceptions.ImageServiceError:
        try:
            return api.store_list(request)
        except exceptions.ImageServiceError as error:
            forgiven.log("the stores", error)
            return error

    return per_request(request, "known_stores", fetch, scoped_to_project=True)


class StoresTab(tabs.Tab):
    """For images with data, if Glance has several stores, or does not return them."""

    name = _("Stores")
    slug = TAB
    template_name = "helion_images_panel/stores/_tab.html"

    def allowed(self, request: HttpRequest) -> bool:
        image: Image = self.tab_group.kwargs["image"]
        if not image.stores:
            return False
        stores = _known_stores(request)
        return isinstance(stores, Exception) or len(stores) > 1

    def get_context_data(self, request: HttpRequest) -> dict[str, Any]:
        stores = _known_stores(request)
        if isinstance(stores, Exception):
            return {"failure": stores}
        kwargs = self.tab_group.kwargs
        try:
            return {"table": load_stores_table(request, kwargs["scope"], kwargs["image"])}
        except exceptions.ImageServiceError as error:
            forgiven.log("the copies in the stores", error)
            return {"failure": error}
