# SPDX-License-Identifier: Apache-2.0
"""Fields of the properties that this cloud requires on each image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _

from helion_images_panel.core.definitions import Definition
from helion_images_panel.core.image_schema import typed
from helion_images_panel.ui.metadata.fields import PropertyField, hint, problem
from helion_images_panel.ui.metadata.names import encoded

PREFIX = "required."


def add_required_fields(form: django_forms.Form, required: Iterable[Definition]) -> None:
    """Add a field for each of the properties, in place of a field of the same name."""
    for definition in required:
        form.fields.pop(definition.name, None)
        form.fields[PREFIX + encoded(definition.name)] = _field(definition)


def _field(definition: Definition) -> PropertyField:
    field = PropertyField(definition.name, definition, definition.default, label=definition.title)
    field.required, field.disabled, field.show_hidden_initial = True, False, False
    field.help_text = " ".join(
        filter(
            None,
            (
                _("This cloud requires a value for each image."),
                definition.description,
                hint(definition),
            ),
        )
    )
    field.error_messages["required"] = _("This cloud requires a value for each image.")
    if isinstance(field.widget, django_forms.Select):
        field.widget.choices = [("", _("Choose a value")), *list(field.widget.choices)[1:]]
    # Create N Images asks for these once, for all of its images.
    field.widget.attrs["data-hip-required"] = definition.name
    return field


def required_values(
    form: django_forms.Form, required: Iterable[Definition], data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of the properties for Glance; add an error for each that is invalid."""
    values: dict[str, Any] = {}
    for definition in required:
        field = PREFIX + encoded(definition.name)
        value = data.get(field) or ""
        message = problem(definition, value)
        if value and not value.strip():
            message = _("This cloud requires a value for each image.")
        if message:
            form.add_error(field, message)
        elif value:
            values[definition.name] = typed(definition, value)
    return values
