# SPDX-License-Identifier: Apache-2.0
"""Columns that several tables have."""

from __future__ import annotations

from typing import Any

from horizon import tables

from helion_images_panel.core.image import Image

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
