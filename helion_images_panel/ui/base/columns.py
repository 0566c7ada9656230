# SPDX-License-Identifier: Apache-2.0
"""Columns that several tables use."""

from __future__ import annotations

from typing import Any

from django.utils import html
from django.utils.safestring import SafeString
from horizon import tables

from helion_images_panel.core.block_devices import total_gib
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import labels

#: Bootstrap's class for columns that are hidden in narrow windows; the details show the
#: same values.
NOT_ON_PHONES = ("hidden-xs",)


def size_cell(image: Image) -> SafeString | str:
    """Return the size of the data; for data in volumes their total size, and their number."""
    if not image.volumes:
        return labels.size_label(image.size_bytes)
    number = html.escape(labels.volumes_label(len(image.volumes)))
    total = total_gib(image.volumes)
    if total is None:
        return number
    size = html.escape(labels.gib_label(total))
    # All parts are escaped.
    return SafeString(f'{size} <div class="small hip-quiet">{number}</div>')  # nosec B703


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
