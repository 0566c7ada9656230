# SPDX-License-Identifier: Apache-2.0
"""The field for the version of an image in its family."""

from __future__ import annotations

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from helion_images_panel.core.family import VERSION_LENGTH, is_version
from helion_images_panel.ui.base import fields


def check_version(version: str) -> None:
    """Raise ValidationError for a text that cannot be a version."""
    if not is_version(version):
        raise django_forms.ValidationError(
            _("Use visible characters without slashes, and no blank at an end."), code="version"
        )


def version_field() -> django_forms.CharField:
    return fields.LineField(
        label=_("Version"),
        required=False,
        max_length=VERSION_LENGTH,
        validators=[check_version],
        help_text=_(
            "Tells the versions apart, such as a date. An earlier version has it behind its name."
        ),
        widget=django_forms.TextInput(attrs={"translate": "no", "spellcheck": "false"}),
    )
