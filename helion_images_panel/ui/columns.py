# SPDX-License-Identifier: Apache-2.0
"""Columns of the table: each a pure function of its image."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import tables

from helion_images_panel.core.image import Image
from helion_images_panel.ui import text

#: Bootstrap's classes for columns that a narrow window does without: what they
#: show stands in the details too.
NOT_ON_PHONES = ("hidden-xs",)
ON_WIDE_WINDOWS = ("hidden-xs", "hidden-sm")


class TextColumn(tables.Column):
    """Data from outside: AngularJS must not look for expressions in it.

    Glance gives the order of the rows; sorting the one page that the browser
    holds would pretend to sort the list.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("sortable", False)
        kwargs["cell_attributes_getter"] = lambda _data: {"ng-non-bindable": ""}
        super().__init__(*args, **kwargs)


class NameColumn(TextColumn):
    """Long names are cut by the style sheet, and shown whole on hovering."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.cell_attributes_getter = lambda name: {"ng-non-bindable": "", "title": name}

    def get_link_url(self, datum: Image) -> str:
        return str(self.table.scope.url("detail", datum.id))


class OwnerColumn(TextColumn):
    def get_raw_data(self, datum: Image) -> str:
        owner = datum.owner or ""
        return str(self.table.owner_names.get(owner, owner))


def status_cell(image: Image) -> SafeString | str:
    """The status; an image on its way is marked for the page to watch."""
    label = text.status_label(image.status)
    if image.os_hidden:
        label = _eager("%(status)s (hidden)") % {"status": label}
    if not image.in_progress:
        return label
    return format_html('<span data-hip-watch="{}">{}</span>', image.id, label)


def type_label(image: Image) -> str:
    return _eager("Snapshot") if image.is_snapshot else _eager("Image")


def updated_column() -> tables.Column:
    return TextColumn(
        lambda image: text.time_label(image.updated_at),
        verbose_name=_("Updated"),
        classes=("hip-updated", *ON_WIDE_WINDOWS),
    )


def name_column() -> tables.Column:
    return NameColumn(
        lambda image: image.display_name,
        verbose_name=_("Name"),
        link=True,
        classes=("hip-name",),
    )


def status_column() -> tables.Column:
    return TextColumn(status_cell, verbose_name=_("Status"), classes=("hip-status",))
