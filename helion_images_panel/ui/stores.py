# SPDX-License-Identifier: Apache-2.0
"""The stores of one image: where its data lie, copy them, remove a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from horizon import exceptions as horizon_exceptions
from horizon import messages, tables, tabs

from helion_images_panel import exceptions, policy
from helion_images_panel.api import imports
from helion_images_panel.api import stores as api
from helion_images_panel.api.imports import ImportTask
from helion_images_panel.api.stores import Store
from helion_images_panel.core.copies import FAILED, MISSING, STORED, Copy, copies_of
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.ui import importing, text
from helion_images_panel.ui.actions import not_changeable
from helion_images_panel.ui.columns import TextColumn
from helion_images_panel.ui.failures import error_of, reason
from helion_images_panel.ui.own_actions import OwnActions
from helion_images_panel.ui.scope import PanelScope
from helion_images_panel.ui.text import size_label


@dataclass(frozen=True)
class Row:
    """One store, and what it has of the image."""

    image: Image
    store: Store
    copy: Copy

    @property
    def id(self) -> str:
        return self.store.id


def rows_of(image: Image, stores: Sequence[Store], task: ImportTask | None) -> list[Row]:
    """:param task: the one that copies the image now"""
    known = {store.id: store for store in stores}
    copies = copies_of(
        image,
        known,
        awaited=task.stores if task else (),
        copied_bytes=importing.stored_bytes([task]) if task else None,
    )
    return [Row(image, known.get(copy.store_id, Store(copy.store_id)), copy) for copy in copies]


def name_of(row: Row) -> str:
    if row.store.is_default:
        return _eager("%(store)s (default)") % {"store": row.id}
    return row.id


def description_of(row: Row) -> str:
    if not row.store.is_read_only:
        return row.store.description
    return _eager("%(description)s (read-only)") % {"description": row.store.description}


def state_cell(row: Row) -> SafeString | str:
    """The state; a copy on its way is marked for the page to watch."""
    copy = row.copy
    if copy.state == STORED:
        return _eager("Stored")
    if copy.state == MISSING:
        return _eager("Not stored")
    if copy.state == FAILED:
        return format_html(
            '<span class="label label-danger">{}</span> {}',
            _eager("Copy failed"),
            _eager(
                "The image service does not say why. The store may be full or out of reach: try "
                "again, or ask the cloud's operator."
            ),
        )
    label = _eager("Copying")
    if copy.copied_bytes and copy.size_bytes:
        label = _eager("Copying, %(copied)s of %(size)s so far") % {
            "copied": size_label(copy.copied_bytes),
            "size": size_label(copy.size_bytes),
        }
    return format_html(
        '<span data-hip-watch="{}" data-hip-store="{}">{}</span>', row.image.id, row.id, label
    )


class StoreAction(tables.BatchAction):
    """An action on the image's copies in one store or in ticked ones.

    The image is that of the page; who may not change it so is refused as a
    whole, and each store that cannot be meant with its reason.
    """

    rule: str
    #: With the names `image` and `stores`, and `image` and `reasons`.
    done_message: Any
    failed_message: Any

    def refused(self, request: HttpRequest) -> bool:
        """Whether the person may not do this to the image."""
        table = self.table
        return bool(not_changeable(request, table.scope, table.image, self.rule))

    def refusal(self, request: HttpRequest, row: Row) -> str | None:
        """Why it cannot be done with this store; None if it can."""
        raise NotImplementedError

    def act(self, request: HttpRequest, store_ids: Sequence[str]) -> Mapping[str, str]:
        """The reasons of the stores where it failed."""
        raise NotImplementedError

    def allowed(self, request: HttpRequest, row: Row | None = None) -> bool:
        if self.refused(request):
            return False
        # The cheapest question last: Glance is asked only by whom the answer serves.
        return row is None or not self.refusal(request, row)

    def handle(self, table: Any, request: HttpRequest, obj_ids: Sequence[str]) -> HttpResponse:
        if self.refused(request):
            raise horizon_exceptions.NotAuthorized()
        rows = {row.id: row for row in table.data}
        failed: dict[str, str] = {}
        for store_id in dict.fromkeys(obj_ids):
            row = rows.get(store_id)
            refused = self.refusal(request, row) if row else _eager("There is no such store.")
            if refused:
                failed[store_id] = refused
        wanted = [store_id for store_id in dict.fromkeys(obj_ids) if store_id not in failed]
        failed |= self.act(request, wanted) if wanted else {}
        self.tell(request, [store_id for store_id in wanted if store_id not in failed], failed)
        return shortcuts.redirect(self.get_success_url(request))

    def tell(self, request: HttpRequest, done: Sequence[str], failed: Mapping[str, str]) -> None:
        words = {
            "image": text.inert(self.table.image.display_name),
            "stores": text.inert(", ".join(done)),
            "reasons": text.inert(
                "; ".join(f"{store_id} – {why}" for store_id, why in failed.items())
            ),
        }
        if done:
            messages.success(request, str(self.done_message) % words)
        if failed:
            messages.error(request, str(self.failed_message) % words)

    def get_success_url(self, request: HttpRequest | None = None) -> str:
        """The page of the image, with this tab in front."""
        table = self.table
        query = {**table.scope.url_parameters(), "tab": f"image_details__{StoresTab.slug}"}
        return f"{table.scope.url('detail', table.image.id)}?{urlencode(query)}"


class CopyToStore(StoreAction):
    name = "copy"
    icon = "files-o"
    rule = policy.COPY_IMAGE
    done_message = _("The copy of %(image)s to %(stores)s has begun.")
    failed_message = _("Unable to copy %(image)s: %(reasons)s")

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Copy to Store", "Copy to Stores", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Copying has begun to store", "Copying has begun to stores", count)

    def refusal(self, request: HttpRequest, row: Row) -> str | None:
        if row.image.status != "active":
            return _eager("Only an active image can be copied.")
        if row.copy.state == STORED:
            return _eager("The store has the image already.")
        if row.store.is_read_only:
            return _eager("Nothing can be copied into a read-only store.")
        if self.table.is_copying:
            return _eager("The image is being copied. Wait until that has ended.")
        if not self.table.can_copy:
            return _eager("This cloud does not offer to copy images between stores.")
        return None

    def act(self, request: HttpRequest, store_ids: Sequence[str]) -> Mapping[str, str]:
        """One task for all: Glance takes no second one while the first runs."""
        try:
            api.copy_to_stores(request, self.table.image.id, store_ids)
        except exceptions.ImageServiceError as error:
            return dict.fromkeys(store_ids, str(error))
        return {}


class CopyToStores(CopyToStore):
    """The same for ticked rows."""

    name = "copy_many"

    def allowed(self, request: HttpRequest, row: Row | None = None) -> bool:
        return not self.refused(request) and any(
            not self.refusal(request, each) for each in self.table.data
        )


class RemoveFromStore(StoreAction):
    name = "remove"
    icon = "trash"
    action_type = "danger"  # Horizon then asks for confirmation
    rule = policy.DELETE_IMAGE_LOCATION
    done_message = _("Removed %(image)s from %(stores)s.")
    failed_message = _("Unable to remove a copy of %(image)s: %(reasons)s")
    help_text = _("This copy of the image's data is deleted. Those in other stores stay.")

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Remove from Store", "Remove from Stores", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Removed from store", "Removed from stores", count)

    def refusal(self, request: HttpRequest, row: Row) -> str | None:
        if row.copy.state != STORED:
            return _eager("The store does not have the image.")
        if row.image.status != "active":
            return _eager("Only of an active image can a copy be removed.")
        if len(row.image.stores) < 2:
            return _only_copy()
        if self.table.is_copying:
            # Glance may be reading this very copy.
            return _eager("The image is being copied. Wait until that has ended.")
        return None

    def act(self, request: HttpRequest, store_ids: Sequence[str]) -> Mapping[str, str]:
        """One after the other: whichever is the last at the end stays."""
        failed: dict[str, str] = {}
        left = len(self.table.image.stores)
        remove = error_of(partial(api.remove_from_store, request, self.table.image.id))
        for store_id in store_ids:
            failure = _only_copy() if left < 2 else reason(remove(store_id))
            if failure:
                failed[store_id] = failure
            else:
                left -= 1
        return failed


def _only_copy() -> str:
    return _eager(
        "It holds the only copy of the image's data. Copy it to another store first, or delete "
        "the image."
    )


class StoresTable(OwnActions, tables.DataTable):
    """One row for each store; the image is read anew for each request."""

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
        **kwargs: Any,
    ):
        self.scope = scope
        self.image = image
        task = _running_task(request, image)
        self.is_copying = task is not None
        kwargs["data"] = rows_of(image, stores, task)
        super().__init__(request, *args, **kwargs)

    @cached_property
    def can_copy(self) -> bool:
        return api.COPY_IMAGE in imports.import_methods(self.request)

    def get_object_display(self, datum: Row) -> str:
        """What Horizon asks to confirm."""
        words = {"image": datum.image.display_name, "store": datum.id}
        return text.inert(_eager("%(image)s in store %(store)s") % words)

    def get_absolute_url(self) -> str:
        """Where its actions are sent: the page of the image, domain and all."""
        return str(self.request.get_full_path())


def _running_task(request: HttpRequest, image: Image) -> ImportTask | None:
    """The task that Glance is at; asked only where the image says that there is one."""
    if IMPORT_TASK not in image.properties:
        return None
    tasks = imports.import_tasks(request, image.id)
    return tasks[0] if tasks and importing.is_alive(tasks[0]) else None


def is_meant(request: HttpRequest) -> bool:
    """Whether an action that is posted is one of this table's."""
    return str(request.POST.get("action", "")).startswith(f"{StoresTable._meta.name}__")


def stores_table(request: HttpRequest, scope: PanelScope, image: Image) -> StoresTable:
    return StoresTable(request, scope=scope, image=image, stores=api.store_list(request))


class StoresTab(tabs.Tab):
    """For images with data, where Glance has more than one store for them."""

    name = _("Stores")
    slug = "stores"
    template_name = "helion_images_panel/_stores.html"

    def allowed(self, request: HttpRequest) -> bool:
        image: Image = self.tab_group.kwargs["image"]
        return bool(image.stores) and len(api.store_list(request)) > 1

    def get_context_data(self, request: HttpRequest) -> dict[str, Any]:
        kwargs = self.tab_group.kwargs
        return {"table": stores_table(request, kwargs["scope"], kwargs["image"])}
