# SPDX-License-Identifier: Apache-2.0
"""Changes of images as entries of a log: only the differing values, without secrets."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from helion_images_panel.core.image import OWN_PROPERTY_PREFIX, Image
from helion_images_panel.redaction import MASK

SUCCESS = "success"
FAILURE = "failure"

#: Characters of a value in an entry, which is one line: a property may have 64 KiB.
VALUE_LENGTH = 255

#: Glance's names of attributes that `Image` names differently.
_FIELDS = {"min_disk": "min_disk_gib", "min_ram": "min_ram_mib", "size": "size_bytes"}


@dataclass(frozen=True)
class Change:
    """One change of one image.

    `action` is the name of the function of `api` that made it; `before` and `after`
    hold the differing values by Glance's names. `before` is None if the image was not
    read before the change.
    """

    action: str
    image_id: str
    image_name: str | None = None
    owner: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] = field(default_factory=dict)
    result: str = SUCCESS
    reason: str = ""

    def with_image(self, image: Image | None) -> Change:
        """Return the change with the name and owner of the image; unchanged for None."""
        return replace(self, image_name=image.name, owner=image.owner) if image else self


def image_change(
    action: str, image_id: str, image: Image | None, changes: Mapping[str, Any]
) -> Change:
    """Describe a change of attributes and properties by the values that differ from the image
    as read before.
    """
    before, after = difference(image, changes)
    return Change(action, image_id, before=before, after=after).with_image(image)


def difference(
    image: Image | None, changes: Mapping[str, Any]
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]]:
    """Return the differing values before and after the changes; None and all changes without
    an image.
    """
    if image is None:
        return None, changes
    before = {name: _value(image, name) for name in changes}
    differing = [name for name in changes if _plain(changes[name]) != before[name]]
    return (
        {name: before[name] for name in differing},
        {name: changes[name] for name in differing},
    )


def _value(image: Image, name: str) -> Any:
    attribute = getattr(image, _FIELDS.get(name, name), None)
    return _plain(image.properties.get(name, attribute))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, tuple | list | set | frozenset) else value


def entry(change: Change, masked: Container[str] = ()) -> str:
    """Format the change as JSON in one line of ASCII.

    Square brackets, which delimit the fields of Horizon's log, are escaped: no image
    name can forge the end of an entry.

    :param masked: names of properties whose values are replaced by `MASK`
    """
    fields = {
        "action": change.action,
        "image_id": change.image_id,
        "image_name": change.image_name,
        "owner": change.owner,
        "before": _masked(change.before, masked),
        "after": _masked(change.after, masked),
        "result": change.result,
    }
    if change.reason:
        fields["reason"] = _short(change.reason)
    return log_safe(json.dumps(fields, ensure_ascii=True, default=str))


def _masked(values: Mapping[str, Any] | None, masked: Container[str]) -> Mapping[str, Any] | None:
    if values is None:
        return None
    return {
        _short(name): MASK
        if name in masked or name.startswith(OWN_PROPERTY_PREFIX)
        else _short(value)
        for name, value in values.items()
    }


def _short(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(_short(each)) for each in value)
    if isinstance(value, str) and len(value) > VALUE_LENGTH:
        return value[:VALUE_LENGTH] + "..."
    return value


def log_safe(text: str) -> str:
    """Escape text as ASCII JSON, so that it ends neither a line nor a bracketed field."""
    escaped = text if text.isascii() and text.isprintable() else json.dumps(text)[1:-1]
    return escaped.replace("[", "\\u005b").replace("]", "\\u005d")
