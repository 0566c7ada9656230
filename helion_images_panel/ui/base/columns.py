# SPDX-License-Identifier: Apache-2.0
"""Columns that several tables use."""

from __future__ import annotations

from typing import Any

from horizon import tables

from helion_images_panel.core.image import Image

#: Bootstrap's class for columns that are hidden in narrow windows; the details show the
#: same values.
NOT_ON_PHONES = ("hidden-xs",)


class TextColumn(tables.Column):
    """Text from users and services, in which AngularJS must not evaluate expressions.

    Glance determines the order of the rows; sorting the page that the browser has would
    not sort the list.

    :param sort_key: key of the order by this column, for a table whose headings sort the list
    """

    def __init__(self, *args: Any, sort_key: str = "", **kwargs: Any):
        kwargs.setdefault("sortable", False)
        kwargs["cell_attributes_getter"] = lambda _data: {"ng-non-bindable": ""}
        super().__init__(*args, **kwargs)
        self.sort_key = sort_key
        #: The heading in the table's present order; empty for the name of the column.
        self.heading = ""

    def __str__(self) -> str:
        return self.heading or str(super().__str__())


class TitledColumn(TextColumn):
    """Text that the style sheet cuts if it is long; hovering shows it completely."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.cell_attributes_getter = lambda text: {"ng-non-bindable": "", "title": text}


class NameColumn(TitledColumn):
    """Names that lead to the details of the image."""

    def get_link_url(self, datum: Image) -> str:
        return str(self.table.scope.url("detail", datum.id))
