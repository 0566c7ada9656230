# SPDX-License-Identifier: Apache-2.0
"""Form fields that Create Image and Edit Image share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel.core.visible_text import is_visible

#: Values of the property "architecture" in OpenStack's documentation.
ARCHITECTURES = ("x86_64", "i686", "aarch64", "armv7l", "ppc64le", "riscv64", "s390x")

#: Maximum length of a name in Glance, in characters.
NAME_LENGTH = 255

#: Maximum length of a property's value in Glance's database, in characters.
VALUE_LENGTH = 65535


class NumberInput(django_forms.TextInput):
    """The browser's own field for a number.

    Horizon adds two buttons without names to each of Django's `NumberInput`.
    """

    input_type = "number"


class FileChooser(django_forms.FileInput):
    """A file field whose file is not part of the submitted form.

    Without a `name` the browser leaves it out; the upload script reads it and sends its
    bytes separately, after the image record exists.
    """

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> Any:
        context = super().get_context(name, value, dict(attrs or {}))
        context["widget"]["name"] = ""
        context["widget"]["attrs"]["data-hip-file"] = name
        return context


class SuggestingInput(django_forms.TextInput):
    """A text field with suggestions; any other text is accepted."""

    template_name = "helion_images_panel/base/_suggesting_input.html"

    def __init__(self, suggestions: Mapping[str, str], attrs: Mapping[str, Any] | None = None):
        """:param suggestions: values, each with its label"""
        super().__init__(dict(attrs or {}))
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> Any:
        context = super().get_context(name, value, dict(attrs or {}))
        list_id = f"{context['widget']['attrs'].get('id', name)}_suggestions"
        context["widget"]["attrs"]["list"] = list_id
        context["list_id"] = list_id
        context["suggestions"] = self.suggestions.items()
        return context


# Text is not stripped: a trailing blank that the user did not touch would count as
# changed.


class LineField(forms.CharField):
    """A text field of one line.

    Browsers remove line breaks from it, which does not count as a change.
    """

    def has_changed(self, initial: Any, data: Any) -> bool:
        shown = re.sub(r"[\r\n]", "", str(initial or ""))
        return bool(super().has_changed(shown, data))


def one_newline(value: str) -> str:
    """Replace CR LF, which browsers send, by LF."""
    return value.replace("\r\n", "\n")


def check_visible(name: str) -> None:
    """Raise ValidationError for a name that consists of invisible characters only."""
    if name and not is_visible(name):
        raise django_forms.ValidationError(
            _("The name has no visible characters. Enter another name."), code="invisible"
        )


def name_field(**kwargs: Any) -> django_forms.CharField:
    return LineField(max_length=NAME_LENGTH, label=_("Name"), strip=False, **kwargs)


def description_field(**kwargs: Any) -> django_forms.CharField:
    return forms.CharField(
        max_length=VALUE_LENGTH,
        strip=False,
        label=_("Description"),
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 2}),
        **kwargs,
    )


def architecture_field(**kwargs: Any) -> django_forms.CharField:
    return LineField(
        max_length=VALUE_LENGTH,
        strip=False,
        label=_("Architecture"),
        required=False,
        help_text=_("The processor architecture that the image is built for."),
        widget=SuggestingInput(dict.fromkeys(ARCHITECTURES, ""), attrs={"placeholder": "x86_64"}),
        **kwargs,
    )


def min_disk_field(**kwargs: Any) -> django_forms.IntegerField:
    return forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        label=_("Minimum Disk (GB)"),
        widget=NumberInput(attrs={"min": 0, "max": 2**31 - 1}),
        help_text=_("The smallest disk that the image can boot from. Leave empty for no minimum."),
        **kwargs,
    )


def min_ram_field(**kwargs: Any) -> django_forms.IntegerField:
    return forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        label=_("Minimum RAM (MB)"),
        widget=NumberInput(attrs={"min": 0, "max": 2**31 - 1}),
        help_text=_("The least memory that the image can boot with. Leave empty for no minimum."),
        **kwargs,
    )


class _HiddenInitialFirst(django_forms.BoundField):
    """The hidden initial value comes first: Horizon's themes draw a check box by the label
    that directly follows it.
    """

    def __str__(self) -> str:
        if not self.field.show_hidden_initial:
            return str(self.as_widget())
        return str(self.as_hidden(only_initial=True) + self.as_widget())

    __html__ = __str__


class CheckBoxField(forms.BooleanField):
    """A check box that is drawn correctly with a hidden initial value."""

    def get_bound_field(
        self, form: django_forms.BaseForm, field_name: str
    ) -> django_forms.BoundField:
        return _HiddenInitialFirst(form, self, field_name)


def protected_field(**kwargs: Any) -> django_forms.BooleanField:
    return CheckBoxField(
        label=_("Protected"),
        required=False,
        help_text=_("A protected image cannot be deleted."),
        **kwargs,
    )
