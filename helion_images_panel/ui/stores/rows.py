# SPDX-License-Identifier: Apache-2.0
"""The rows of the table of stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager

from helion_images_panel.api.imports import ImportTask
from helion_images_panel.api.stores import Store
from helion_images_panel.core.copies import FAILED, MISSING, STORED, Copy, copies_of
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.labels import size_label
from helion_images_panel.ui.transfers import import_failures


@dataclass(frozen=True)
class Row:
    """One store, and the copy of the image in it."""

    image: Image
    store: Store
    copy: Copy

    @property
    def id(self) -> str:
        return self.store.id


def rows_of(image: Image, stores: Sequence[Store], task: ImportTask | None) -> list[Row]:
    """Return a row for each store.

    :param task: the task that is copying the image
    """
    known = {store.id: store for store in stores}
    copies = copies_of(
        image,
        known,
        awaited=task.stores if task else (),
        copied_bytes=import_failures.stored_bytes([task]) if task else None,
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
    """Return the state; a copy in progress is marked for the page's script to update."""
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
                "The image service returned no reason. The store may be full or unreachable. Try "
                "again, or ask the cloud's operator."
            ),
        )
    label = _eager("Copying")
    if copy.copied_bytes and copy.size_bytes:
        label = _eager("Copying, %(copied)s of %(size)s") % {
            "copied": size_label(copy.copied_bytes),
            "size": size_label(copy.size_bytes),
        }
    return format_html(
        '<span data-hip-watch="{}" data-hip-store="{}">{}</span>', row.image.id, row.id, label
    )
