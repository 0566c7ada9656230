# SPDX-License-Identifier: Apache-2.0
"""Rows of the table of images, from Horizon's own templates, which are rendered once.

Horizon renders some forty templates for each row. Here they are rendered for a stand-in
image, with marks where rows differ, and the process keeps the text. A row is that text
with its own values in place of the marks. Themes that replace Horizon's templates
therefore change these rows too.
"""

from __future__ import annotations

import copy
import re
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import template
from django.conf import settings
from django.utils import html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from horizon import tables, themes
from horizon.forms.fields import ThemableCheckboxInput
from horizon.tables.base import STRING_SEPARATOR

from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import image_badges
from helion_images_panel.ui.listing.versions import row_attributes

#: ID of the stand-in: it matches the patterns of URLs, and no image has it.
STAND_IN_ID = str(uuid.uuid4())

#: What the other marks begin with; no text of a template has it.
_MARK = f"hip{uuid.uuid4().hex}"

_MARKS = re.compile(f"{_MARK}_(\\w+)_end|{STAND_IN_ID}")


def _mark(name: str) -> str:
    return f"{_MARK}_{name}_end"


def _parts(text: str) -> list[tuple[str, str | None]]:
    """Split a text at its marks: pairs of the text before a mark, and the mark's name."""
    parts: list[tuple[str, str | None]] = []
    end = 0
    for match in _MARKS.finditer(text):
        parts.append((text[end : match.start()], match[1] or "id"))
        end = match.end()
    return [*parts, (text[end:], None)]


class ImageRow(tables.Row):
    """A row whose cells are made only for those who ask for them.

    It contains the image's properties that the confirmation dialog shows.
    """

    datum: Image

    def load_cells(self, datum: Image | None = None) -> None:
        self.datum = datum or self.datum
        self.id = STRING_SEPARATOR.join((self.table.name, "row", self.datum.id))
        # A string, and so escaped twice: Horizon's scripts put it into dialogs as HTML.
        name = str(html.escape(self.table.get_object_display(self.datum)))
        self.attrs |= {
            "data-object-id": self.datum.id,
            "id": self.id,
            "data-display": name,
            "data-display-key": name,
            **image_badges.attributes(self.datum, self.table.restorable.by(self.datum)),
            **row_attributes(self.table.scope, self.table.folded, self.datum),
        }

    @cached_property
    def cells(self) -> OrderedDict[str, tables.base.Cell]:
        columns = self.table.columns.values()
        return OrderedDict(
            (column.name or column.auto, self.table._meta.cell_class(self.datum, column, self))
            for column in columns
        )

    def render(self) -> SafeString:
        # Horizon marks the current row of a browser of tables by a class.
        return super().render() if any(self.classes) else self.table.row_template.render(self)


class _MarkedCell(tables.base.Cell):
    """A cell with marks for its value, and for what its attributes are made of."""

    def get_data(self, datum: Image, column: tables.Column, row: tables.Row) -> Any:
        if column.auto == "multi_select":
            # Horizon's own has a random ID, by which its label finds it.
            attributes = {
                "class": "table-row-multi-select",
                "id": f"{row.table.name}__box_{STAND_IN_ID}",
            }
            return ThemableCheckboxInput(check_test=_unticked).render(
                "object_ids", STAND_IN_ID, attributes
            )
        if column.cell_attributes_getter:
            self.attrs.update(column.cell_attributes_getter(_mark(f"data_{column.name}")) or {})
        return None

    @property
    def value(self) -> Any:
        if self.column.auto == "multi_select":
            return self.data
        # A mark is made of letters and digits.
        return SafeString(_mark(f"cell_{self.column.auto or self.column.name}"))  # nosec B703

    @property
    def url(self) -> str | None:
        """Whether there is a link decides on the cell's classes."""
        return "#" if self.column.link else None


def _unticked(_value: object) -> bool:
    return False


class RowTemplate:
    """The text of the rows of a table, for all tables that differ in their images only."""

    def __init__(self, table: tables.DataTable):
        stand_in = Image(id=STAND_IN_ID)
        row = ImageRow(table, stand_in)
        row.attrs |= {
            name: _mark(name.replace("-", "_"))
            for name in row.attrs
            if name not in ("id", "data-object-id", "data-hip-image")
        }
        row.cells = OrderedDict(
            (column.auto or column.name, _MarkedCell(stand_in, column, row))
            for column in table.columns.values()
        )
        self._parts = _parts(tables.Row.render(row))
        self._menus: dict[tuple[str, ...], str] = {}

    def render(self, row: ImageRow) -> SafeString:
        """Return the row, as Horizon's own method does."""
        datum = row.datum
        values = {name.replace("-", "_"): html.escape(row.attrs[name]) for name in row.attrs}
        values["id"] = html.escape(datum.id)
        for column in row.table.columns.values():
            if column.auto == "actions":
                values["cell_actions"] = row.table.render_row_actions(datum)
            elif not column.auto:
                data = column.get_data(datum)
                text = html.conditional_escape(column.empty_value if data is None else data)
                values[f"data_{column.name}"] = text
                values[f"cell_{column.name}"] = _linked(column, datum, text)
        return _filled(self._parts, values)

    def render_actions(
        self, table: tables.DataTable, datum: Image, actions: Sequence[tables.BaseAction]
    ) -> SafeString:
        """Return the menu of these actions, which Horizon's template makes once for each set."""
        names = tuple(action.name for action in actions)
        if names not in self._menus:
            self._menus[names] = _menu(table, actions)
        # A part of a template, in which nothing but the ID differs.
        return SafeString(self._menus[names].replace(STAND_IN_ID, html.escape(datum.id)))  # nosec B703


#: By what the text of a row depends on, besides its image.
_templates: dict[tuple[Any, ...], RowTemplate] = {}

#: Each takes some 50 KB.
_MAX_TEMPLATES = 200


def row_template(table: tables.DataTable) -> RowTemplate:
    """Return the template for this table, made by this process once."""
    if settings.DEBUG:
        return RowTemplate(table)
    request = table.request
    key = (
        type(table),
        tuple((column.name, tuple(column.classes)) for column in table.columns.values()),
        table.scope.url("index"),
        request.user.project_id,
        get_language(),
        request.COOKIES.get(themes.get_theme_cookie_name()),
    )
    found = _templates.get(key)
    if found is None:
        if len(_templates) >= _MAX_TEMPLATES:
            _templates.clear()
        found = _templates[key] = RowTemplate(table)
    return found


def _menu(table: tables.DataTable, actions: Sequence[tables.BaseAction]) -> str:
    context = {"row_actions": [_bound(table, action) for action in actions], "row_id": STAND_IN_ID}
    path = table._meta.row_actions_dropdown_template
    return str(template.loader.get_template(path).render(context, table.request))


def _bound(table: tables.DataTable, action: tables.BaseAction) -> tables.BaseAction:
    """Return the action of the stand-in, as Horizon makes those of a row."""
    stand_in = Image(id=STAND_IN_ID)
    bound = copy.copy(action)
    bound.attrs = copy.copy(action.attrs)
    bound.datum = stand_in
    bound.update(table.request, stand_in)
    if isinstance(bound, tables.LinkAction):
        bound.bound_url = bound.get_link_url(stand_in)
    return bound


def _linked(column: tables.Column, datum: Image, text: str) -> str:
    url = column.get_link_url(datum) if column.link else None
    return f'<a href="{html.escape(url)}" >{text}</a>' if url else text


def _filled(parts: Sequence[tuple[str, str | None]], values: dict[str, str]) -> SafeString:
    # All values are escaped, or parts of templates.
    filled = "".join(text + values[name] if name else text for text, name in parts)
    return SafeString(filled)  # nosec B703
