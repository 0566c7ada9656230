# SPDX-License-Identifier: Apache-2.0
"""Changes of other users since the form was opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.fields import one_newline
from helion_images_panel.ui.metadata.names import (
    PREFIX,
    field_name,
    is_editable,
    property_name,
)


def with_removed(data: QueryDict, image: Image) -> QueryDict:
    """Return the posted data with the properties that the user has changed, and another user
    has removed, as properties to add.

    The form was opened with the properties that have an initial value, and with those that
    "shown" names, whose value may have been empty. "gone" are the names of the removed ones.
    """
    data = data.copy()
    data.setlist("gone", [])
    shown, removed = set(data.getlist("shown")), set(data.getlist("remove"))
    beginning = f"initial-{PREFIX}"
    for key in [key for key in data if key.startswith(beginning)]:
        field = key.removeprefix("initial-")
        name = property_name(field)
        posted, initial = (one_newline(data.get(each, "")) for each in (field, key))
        is_known = initial or name in shown
        is_wanted = is_known and posted not in ("", initial) and name not in removed
        if name not in image.properties and is_wanted and is_editable(name):
            data.appendlist("added", name)
            data.appendlist("gone", name)
    return data


def conflicts(form: Any, changes: Mapping[str, Any]) -> dict[str, str]:
    """Return messages, by property, about changes that would undo those of other users.

    The next submission of the form confirms them: its fields have the current values then.
    """
    found: dict[str, str] = {}
    for name in form.data.getlist("gone"):
        if name in changes:
            found[name] = _(
                "Another user has removed this property. Save again to add it with this value, or "
                "empty the field."
            )
            form.data[f"initial-{field_name(name)}"] = ""
    for name, wanted in changes.items():
        now = form.image.properties.get(name)
        if now is None or str(now) == str(wanted):
            continue
        if name in form.data.getlist("added"):
            found[name] = _("Another user has set this property to %(value)s.") % {"value": now}
        elif _shown(form, name) not in (None, one_newline(str(now))):
            found[name] = _(
                "Another user has changed this property to %(value)s. Save again to replace it "
                "with your change."
            ) % {"value": now}
        if name in found:
            form.data[f"initial-{field_name(name)}"] = str(now)
    return found


def _shown(form: Any, name: str) -> str | None:
    """Return the value that the form was opened with; None if it was not posted."""
    posted = form.data.get(f"initial-{field_name(name)}")
    return None if posted is None else one_newline(posted)
