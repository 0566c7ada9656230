# SPDX-License-Identifier: Apache-2.0
"""Update Metadata: an image's custom properties, one field each."""

from __future__ import annotations

import re
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel import exceptions
from helion_images_panel.api import metadefs
from helion_images_panel.core.image import (
    BASE_ATTRIBUTES,
    GLANCE_PROPERTY_PREFIX,
    OWN_PROPERTY_PREFIX,
    Image,
)
from helion_images_panel.ui import fields
from helion_images_panel.ui.forms import ChangeForm

PREFIX = "property."
NAME_PATTERN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}")


def is_editable(name: str) -> bool:
    """Whether a person may write this property here.

    Glance's own attributes have their own forms and rules: this one would
    carry "visibility" or "status" past them.
    """
    return (
        name not in BASE_ATTRIBUTES
        and name not in getattr(settings, "IMAGE_RESERVED_CUSTOM_PROPERTIES", ())
        # To some of the databases in use, names that differ in case are the same.
        and not name.lower().startswith((OWN_PROPERTY_PREFIX, GLANCE_PROPERTY_PREFIX))
    )


def suggestions(request: HttpRequest, image: Image) -> dict[str, str]:
    """Properties that the image could have: names and titles, by title."""
    try:
        titles = metadefs.property_titles(request)
    except exceptions.ImageServiceError:
        return {}
    wanted = {
        name: title
        for name, title in titles.items()
        if is_editable(name) and name not in image.properties
    }
    return dict(sorted(wanted.items(), key=lambda item: item[1].casefold()))


class MetadataForm(ChangeForm):
    """A field for each property that the image has, and one for a new one.

    Only properties that the image has, and the one named as new, can be
    written, whatever else is posted.
    """

    new_name = forms.CharField(
        label=_("New Property"),
        required=False,
        help_text=_("The name of a property to add, such as os_distro or hw_disk_bus."),
    )
    new_value = forms.CharField(label=_("Value"), required=False, max_length=fields.VALUE_LENGTH)

    def __init__(self, request: HttpRequest, *args: Any, image: Image, **kwargs: Any):
        super().__init__(request, *args, image=image, **kwargs)
        new = {name: self.fields.pop(name) for name in ("new_name", "new_value")}
        titles = settings.IMAGE_CUSTOM_PROPERTY_TITLES
        for name in sorted(filter(is_editable, image.properties)):
            self.fields[PREFIX + name] = forms.CharField(
                label=titles.get(name, name),
                required=False,
                show_hidden_initial=True,
                strip=False,
                widget=django_forms.Textarea(attrs={"rows": 1}),
                initial=image.properties[name],
                help_text=_("Empty removes the property."),
            )
        self.fields.update(new)
        self.fields["new_name"].widget = fields.SuggestingInput(suggestions(request, image))

    def clean_new_name(self) -> str:
        name = self.cleaned_data["new_name"].strip()
        if not name:
            return ""
        if not NAME_PATTERN.fullmatch(name):
            raise forms.ValidationError(
                _eager("Use letters, digits, and the signs _ . : - in a property's name.")
            )
        if not is_editable(name):
            raise forms.ValidationError(_eager("This property cannot be set here."))
        if name in self.image.properties:
            raise forms.ValidationError(_eager("The image has this property already."))
        return str(name)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if data.get("new_value") and not data.get("new_name") and "new_name" not in self.errors:
            self.add_error("new_name", _eager("Name the property that has this value."))
        return data

    def changes(self, data: dict[str, Any]) -> dict[str, Any]:
        changes: dict[str, Any] = {
            name.removeprefix(PREFIX): fields.one_newline(data[name]) or None
            for name in self.changed_data
            if name.startswith(PREFIX)
        }
        if data["new_name"]:
            changes[data["new_name"]] = data["new_value"]
        return changes
