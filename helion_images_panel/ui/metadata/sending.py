# SPDX-License-Identifier: Apache-2.0
"""The changes of properties on their way to Glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import ngettext

from helion_images_panel import exceptions
from helion_images_panel.core.definitions import Definition
from helion_images_panel.core.image_schema import typed_changes
from helion_images_panel.ui.base.change_form import ChangeForm


class PropertiesForm(ChangeForm):
    """Sends all changes together, or required properties first if Glance refuses that."""

    #: Properties that the cloud requires on each image, by name.
    required: Mapping[str, Definition] = {}

    #: Names of those that were saved, of changes that Glance then refused.
    _saved: tuple[str, ...] = ()

    def send(self, request: HttpRequest, changes: Mapping[str, Any]) -> None:
        changes = typed_changes(self.required.values(), changes)
        first = {name: changes[name] for name in self.required if changes.get(name) is not None}
        try:
            super().send(request, changes)
        except exceptions.PropertyRequired:
            # Of several, Glance takes none.
            if len(first) != 1 or len(self.required) > 1 or len(first) == len(changes):
                raise
            super().send(request, first)
            self._saved = tuple(first)
            super().send(request, {name: changes[name] for name in changes if name not in first})

    def refused(self, error: exceptions.ImageServiceError, changes: Mapping[str, Any]) -> str:
        if self._saved:
            return ngettext(
                "The property %(names)s was saved. The other changes were not: %(reason)s",
                "The properties %(names)s were saved. The other changes were not: %(reason)s",
                len(self._saved),
            ) % {"names": ", ".join(self._saved), "reason": error}
        named = [name for name in changes if f"'{name}'" in str(error)]
        if error.status == 403 and named:
            return ngettext(
                "You do not have permission to change the property %(names)s.",
                "You do not have permission to change the properties %(names)s.",
                len(named),
            ) % {"names": ", ".join(named)}
        return super().refused(error, changes)
