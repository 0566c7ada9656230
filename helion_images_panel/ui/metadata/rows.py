# SPDX-License-Identifier: Apache-2.0
"""The properties of the form as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import QueryDict
from django.utils.translation import gettext as _eager

from helion_images_panel.ui.metadata.fields import hint
from helion_images_panel.ui.metadata.names import (
    OTHER_PREFIX,
    PREFIX,
    decoded,
    encoded,
    field_name,
    property_name,
)

#: Posted lists of properties, by name.
_LISTS = ("added", "shown", "remove")


@dataclass(frozen=True)
class Row:
    """A property as the page shows it.

    `encoded` is its name as the form sends it. `note` is why its value is invalid; `known`
    are values to type, if a property can have several. `other_name` is the name of a field
    for any other value, empty if the field itself takes any. `confirmed` is the posted
    value of the box that confirms an invalid value, empty if there is nothing to confirm.
    `shown` is whether the user knows that the image has, or had, the property. `locked` is
    why the property cannot be changed.
    """

    name: str
    encoded: str
    field: django_forms.BoundField
    description: str
    hint: str
    known: tuple[str, ...]
    note: str
    required: bool
    shown: bool
    added: bool
    removed: bool
    locked: str
    other_name: str
    confirmed: str
    is_confirmed: bool


@dataclass(frozen=True)
class Group:
    title: str
    description: str
    rows: tuple[Row, ...]


def groups_of(form: Any) -> Iterator[Group]:
    """Yield the properties by section, and finally those without a definition."""
    left = [property_name(name) for name in form.fields if name.startswith(PREFIX)]
    for section in form.sections:
        own = [each.name for each in section.definitions if each.name in left]
        if own:
            left = [name for name in left if name not in own]
            rows = _rows(form, own, section.required)
            yield Group(section.title, section.description, rows)
    if left:
        title = _eager("Other Properties") if form.sections else _eager("Properties")
        yield Group(title, "", _rows(form, left))


def _rows(form: Any, names: Iterable[str], required: Iterable[str] = ()) -> tuple[Row, ...]:
    return tuple(_row(form, name, name in required) for name in names)


def _row(form: Any, name: str, required: bool) -> Row:
    field: Any = form.fields[field_name(name)]
    definition = form.definitions.get(name)
    return Row(
        name,
        encoded(name),
        form[field_name(name)],
        definition.description if definition else "",
        hint(definition) if definition else "",
        definition.choices if definition and definition.has_parts else (),
        field.note,
        required,
        name in form.image.properties or (form.is_adding and name in form.data.getlist("gone")),
        name not in form.image.properties,
        form.is_bound and name in form.data.getlist("remove"),
        field.locked,
        "" if field.locked or field.takes_any_text else OTHER_PREFIX + encoded(name),
        form.to_confirm.get(name, ""),
        name in form.outside,
    )


def as_posted(data: QueryDict) -> QueryDict:
    """Return the posted data with the properties' own names, and with the values from the
    fields for other values in place of those of the properties' own fields.
    """
    data = data.copy()
    for key in list(data):
        if key.startswith(OTHER_PREFIX) and data[key]:
            data[PREFIX + key.removeprefix(OTHER_PREFIX)] = data[key]
    for key in _LISTS:
        if key in data:
            data.setlist(key, [decoded(each) for each in data.getlist(key)])
    return data
