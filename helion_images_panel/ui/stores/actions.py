# SPDX-License-Identifier: Apache-2.0
"""The actions Copy to Store and Remove from Store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from horizon import exceptions as horizon_exceptions
from horizon import tables

from helion_images_panel import exceptions, policy
from helion_images_panel.api import stores as api
from helion_images_panel.core.copies import STORED
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.errors import error_of, reason
from helion_images_panel.ui.base.named_action import NamedBatchAction
from helion_images_panel.ui.base.page_urls import tab_url
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.stores.rows import Row
from helion_images_panel.ui.transfers.availability import no_data_refusal

#: Slug of the tab that contains the table.
TAB = "stores"


class StoreAction(NamedBatchAction):
    """An action on the image's copies in one store or in selected ones.

    The image is that of the page. Users who may not change it are refused; stores for
    which the action is not possible are reported with the reason.
    """

    rule: str
    #: Messages with the placeholders `image` and `stores`, and `image` and `reasons`.
    done_message: Promise
    failed_message: Promise

    def refused(self, request: HttpRequest) -> bool:
        """Whether the user may not do this to the image."""
        table = self.table
        return bool(change_refusal(request, table.scope, table.image, self.rule))

    def refusal(self, request: HttpRequest, row: Row) -> str | None:
        """Return why it is not possible for this store; None if it is."""
        raise NotImplementedError

    def act(self, request: HttpRequest, store_ids: Sequence[str]) -> Mapping[str, str]:
        """Run the action; return the reasons of the stores for which it failed."""
        raise NotImplementedError

    def allowed(self, request: HttpRequest, row: Row | None = None) -> bool:
        if self.refused(request):
            return False
        # The check that may need a request to Glance comes last.
        return row is None or not self.refusal(request, row)

    def handle(
        self, table: tables.DataTable, request: HttpRequest, obj_ids: Sequence[str]
    ) -> HttpResponse:
        if self.refused(request):
            raise horizon_exceptions.NotAuthorized()
        rows = {row.id: row for row in table.data}
        failed: dict[str, str] = {}
        for store_id in dict.fromkeys(obj_ids):
            row = rows.get(store_id)
            refused = self.refusal(request, row) if row else _eager("Store not found.")
            if refused:
                failed[store_id] = refused
        wanted = [store_id for store_id in dict.fromkeys(obj_ids) if store_id not in failed]
        failed |= self.act(request, wanted) if wanted else {}
        self.show_messages(
            request, [store_id for store_id in wanted if store_id not in failed], failed
        )
        return shortcuts.redirect(self.get_success_url(request))

    def show_messages(
        self, request: HttpRequest, done: Sequence[str], failed: Mapping[str, str]
    ) -> None:
        values = {
            "image": labels.inert(self.table.image.display_name),
            "stores": labels.inert(", ".join(done)),
            "reasons": labels.inert(
                "; ".join(
                    _eager("%(store)s – %(reason)s")
                    % {"store": store_id, "reason": why.rstrip(".")}
                    for store_id, why in failed.items()
                )
            ),
        }
        if done:
            messages.success(request, str(self.done_message) % values)
        if failed:
            messages.error(request, str(self.failed_message) % values)

    def get_success_url(self, request: HttpRequest | None = None) -> str:
        """URL of the image's details with this tab selected."""
        return tab_url(self.table.scope, self.table.image.id, TAB)


class CopyToStore(StoreAction):
    name = "copy"
    names = ngettext_lazy("Copy to Store", "Copy to Stores", "count")
    past_names = ngettext_lazy("Started copy to store", "Started copies to stores", "count")
    icon = "copy"
    rule = policy.COPY_IMAGE
    done_message = _("Started to copy image %(image)s to %(stores)s.")
    failed_message = _("Unable to copy image %(image)s: %(reasons)s.")

    def refusal(self, request: HttpRequest, row: Row) -> str | None:
        if row.image.status != "active":
            return _eager("Images can be copied only while they are active.")
        if row.copy.state == STORED:
            return _eager("The store already has the image.")
        if refusal := no_data_refusal(row.image):
            return refusal
        if row.store.is_read_only:
            return _eager("The store is read-only.")
        if self.table.is_copying:
            return _eager("The image is being copied. Wait until the copy is complete.")
        if not self.table.can_copy:
            return _eager("This cloud does not support copying images between stores.")
        return None

    def act(self, request: HttpRequest, store_ids: Sequence[str]) -> Mapping[str, str]:
        """Start one task for all stores: Glance accepts no second one while the first is
        running.
        """
        try:
            api.copy_to_stores(request, self.table.image.id, store_ids)
        except exceptions.ImageServiceError as error:
            return dict.fromkeys(store_ids, str(error))
        return {}


class CopyToStores(CopyToStore):
    """The same for selected rows."""

    name = "copy_many"

    def allowed(self, request: HttpRequest, row: Row | None = None) -> bool:
        return not self.refused(request) and any(
            not self.refusal(request, each) for each in self.table.data
        )


class RemoveFromStore(StoreAction):
    name = "remove"
    names = ngettext_lazy("Remove from Store", "Remove from Stores", "count")
    past_names = ngettext_lazy("Removed from store", "Removed from stores", "count")
    icon = "trash"
    action_type = "danger"  # Horizon then asks for confirmation
    rule = policy.DELETE_IMAGE_LOCATION
    done_message = _("Removed image %(image)s from %(stores)s.")
    failed_message = _("Unable to remove copies of image %(image)s: %(reasons)s.")
    help_text = _("This copy of the image's data is deleted. Copies in other stores are kept.")

    def refusal(self, request: HttpRequest, row: Row) -> str | None:
        if row.copy.state != STORED:
            return _eager("The store does not have the image.")
        if row.image.status != "active":
            return _eager("Copies can be removed only while the image is active.")
        if len(row.image.stores) < 2:
            return _only_copy()
        if self.table.is_copying:
            # Glance may be reading this very copy.
            return _eager("The image is being copied. Wait until the copy is complete.")
        return None

    def act(self, request: HttpRequest, store_ids: Sequence[str]) -> Mapping[str, str]:
        """Remove the copies one after the other, except the last one."""
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
        "This is the only copy of the image's data. Copy it to another store first, or delete "
        "the image."
    )
