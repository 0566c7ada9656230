# SPDX-License-Identifier: Apache-2.0
"""The form field for tags."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _

from helion_images_panel.core import tags
from helion_images_panel.ui.base import fields


class TagsWidget(django_forms.Textarea):
    """Text that a script turns into a list of tags with a field for a new one.

    A field of several lines: a tag may contain line breaks, which a field of one line
    would remove.
    """

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 1})

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> Any:
        context = super().get_context(name, value, dict(attrs or {}))
        shown = tags.split(fields.one_newline(str(value or "")))
        context["widget"]["attrs"]["data-hip-tags"] = json.dumps(shown)
        context["widget"]["attrs"]["data-hip-longest"] = tags.TAG_LENGTH
        return context


class TagsField(django_forms.CharField):
    """Tags as text; the form determines which of them were changed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Tags"),
            required=False,
            strip=False,
            widget=TagsWidget(),
            help_text=_("Separated by commas."),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text = fields.one_newline(str(super().clean(value)))
        for tag in tags.split(text):
            if len(tag) > tags.TAG_LENGTH:
                raise ValidationError(
                    _eager(
                        "A tag can have at most %(limit)s characters. This one is longer: %(tag)s"
                    )
                    % {"limit": tags.TAG_LENGTH, "tag": f"{tag[:40]}…"}
                )
        return text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _tags_of(initial) != _tags_of(data)


def as_written(tag: str) -> str:
    """Return the tag as the browser sends it back: Horizon escapes AngularJS's brackets,
    browsers change line breaks.
    """
    lines = fields.one_newline(tag).replace("\r", "\n")
    return lines.replace("{$", "{%").replace("$}", "%}")


def _tags_of(text: str | None) -> set[str]:
    return set(tags.split(fields.one_newline(str(text or ""))))
