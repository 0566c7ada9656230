# SPDX-License-Identifier: Apache-2.0
"""The form field of a property, with widget, hint and messages of its definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext

from helion_images_panel.core import definitions
from helion_images_panel.core.changes import is_patchable
from helion_images_panel.core.definitions import BOOLEANS, Definition
from helion_images_panel.ui.base import fields

#: Maximum number of choices that a message lists.
FEW_CHOICES = 10


_PROBLEMS: Mapping[str, Callable[[Definition], str]] = {
    definitions.NOT_INTEGER: lambda _d: _eager("Enter a whole number."),
    definitions.NOT_NUMBER: lambda _d: _eager("Enter a number."),
    definitions.NOT_BOOLEAN: lambda _d: _eager("Choose true or false."),
    definitions.NOT_CHOICE: lambda d: (
        _eager("Use only: %(choices)s.") % {"choices": ", ".join(d.choices)}
        if len(d.choices) <= FEW_CHOICES
        else _eager("Use known values only.")
    ),
    definitions.TOO_SMALL: lambda d: (
        _eager("Enter at least %(limit)s.") % {"limit": _plain(d.minimum)}
    ),
    definitions.TOO_LARGE: lambda d: (
        _eager("Enter at most %(limit)s.") % {"limit": _plain(d.maximum)}
    ),
    definitions.TOO_SHORT: lambda d: (
        ngettext(
            "Enter at least %(count)s character.",
            "Enter at least %(count)s characters.",
            d.min_length,
        )
        % {"count": d.min_length}
    ),
    definitions.TOO_LONG: lambda d: (
        ngettext(
            "Enter at most %(count)s character.",
            "Enter at most %(count)s characters.",
            d.max_length or 0,
        )
        % {"count": d.max_length}
    ),
    definitions.NOT_PATTERN: lambda d: (
        _eager("The value must match the pattern %(pattern)s") % {"pattern": d.pattern}
    ),
    definitions.TOO_FEW: lambda d: (
        ngettext("Enter at least %(count)s value.", "Enter at least %(count)s values.", d.min_items)
        % {"count": d.min_items}
    ),
    definitions.TOO_MANY: lambda d: (
        ngettext(
            "Enter at most %(count)s value.", "Enter at most %(count)s values.", d.max_items or 0
        )
        % {"count": d.max_items}
    ),
    definitions.TWICE: lambda _d: _eager("Enter each value once."),
    definitions.NOT_DEFINED: lambda _d: _eager("None of the property's definitions allows this."),
}


def problem(definition: Definition | None, value: str) -> str:
    """Return the problem of a value as a message; empty if it is valid."""
    kind = definition.problem(value) if definition and value else None
    return _PROBLEMS[kind](definition) if kind and definition else ""


def _plain(number: float | None) -> str:
    """Format without a fraction if possible: 3 rather than 3.0."""
    return str(int(number)) if number is not None and number == int(number) else str(number)


def hint(definition: Definition) -> str:
    """Return the allowed values, if the field itself does not show them."""
    is_number = definition.type in (definitions.INTEGER, definitions.NUMBER)
    messages = [_range(definition) if is_number else ""]
    if definition.has_parts:
        messages.append(_eager("Separate several values with commas."))
    if definition.operators:
        operators = ", ".join(definition.operators)
        messages.append(
            _eager("The value can begin with %(operators)s.") % {"operators": operators}
        )
    return " ".join(filter(None, messages))


def _range(definition: Definition) -> str:
    low, high = definition.minimum, definition.maximum
    if low is not None and high is not None:
        return _eager("From %(low)s to %(high)s.") % {"low": _plain(low), "high": _plain(high)}
    if low is not None:
        return _eager("%(low)s or more.") % {"low": _plain(low)}
    return "" if high is None else _eager("%(high)s or less.") % {"high": _plain(high)}


class PropertyField(django_forms.CharField):
    """The text is not normalized; an empty value removes the property.

    The form validates it, and only if it was changed.
    """

    def __init__(
        self,
        name: str,
        definition: Definition | None,
        value: str,
        posted: str | None = None,
        **kwargs: Any,
    ):
        """:param posted: the value that the user has entered, shown again if it is invalid"""
        self.definition = definition
        self.shown = value
        self.locked = _lock(name, definition)
        widget = _widget(definition, value, value if posted is None else posted)
        self.takes_any_text = not isinstance(widget, django_forms.Select | fields.NumberInput)
        super().__init__(
            required=False,
            strip=False,
            max_length=max(fields.VALUE_LENGTH, len(value)),
            show_hidden_initial=True,
            initial=value,
            disabled=bool(self.locked),
            widget=widget,
            **kwargs,
        )

    @property
    def note(self) -> str:
        """Return why the current value does not match the definition; empty if it does."""
        return problem(self.definition, self.shown)

    def clean(self, value: Any) -> str:
        return fields.one_newline(str(super().clean(value)))


def _lock(name: str, definition: Definition | None) -> str:
    """Return why the property cannot be changed; empty if it can."""
    if not is_patchable(name):
        return _eager(
            "The name of this property begins or ends with a blank. The image service cannot "
            "change or remove such a property. To get rid of it, create the image again."
        )
    return _eager("Read only") if definition and definition.readonly else ""


def _widget(definition: Definition | None, value: str, entered: str) -> django_forms.Widget:
    """Return the widget for the current value and the one that the user has entered."""
    lines = {"rows": min(6, value.count("\n") + 1)}
    if definition is None:
        return django_forms.Textarea(attrs=lines)
    if definition.type == definitions.BOOLEAN:
        return _choice(definition, BOOLEANS, value, entered)
    if definition.choices and not definition.has_parts:
        return _choice(definition, definition.choices, value, entered)
    attrs = {"placeholder": definition.default} if definition.default else {}
    numeric = definition.type in (definitions.INTEGER, definitions.NUMBER)
    numeric = numeric and not definition.has_parts
    # Browsers remove values that they do not parse as a number from a number field.
    if numeric and all(_is_plain(definition, each) for each in (value, entered)):
        is_integer = definition.type == definitions.INTEGER
        limits = {"min": definition.minimum, "max": definition.maximum}
        limit_attrs = {name: _plain(limit) for name, limit in limits.items() if limit is not None}
        return fields.NumberInput(
            attrs={**attrs, **limit_attrs, "step": "1" if is_integer else "any"}
        )
    return django_forms.Textarea(attrs={**attrs, **lines})


def _is_plain(definition: Definition, value: str) -> bool:
    return not value or (not definition.problem(value) and value == value.strip())


def _choice(
    definition: Definition, values: tuple[str, ...], current: str, entered: str
) -> django_forms.Select:
    """Return a drop-down that also offers the current and the entered value, valid or not."""
    unset = (
        _eager("Not set (default: %(value)s)") % {"value": definition.default}
        if definition.default
        else _eager("Not set")
    )
    known = [(value, value) for value in values]
    further = [each for each in dict.fromkeys((current, entered)) if each and each not in values]
    known[:0] = [(value, value) for value in further]
    return django_forms.Select(choices=[("", unset), *known])
