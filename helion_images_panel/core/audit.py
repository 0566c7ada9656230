# SPDX-License-Identifier: Apache-2.0
"""What a change was, as one entry of a log: only what differs, and nothing secret."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from helion_images_panel.core.image import OWN_PROPERTY_PREFIX, Image

SUCCESS = "success"
FAILURE = "failure"

#: What stands for a value that is nobody's business; Horizon's own log has the same.
MASK = "********"

#: A property may be as long as 64 KiB, and an entry is a line.
VALUE_LENGTH = 255

#: Glance's names of attributes that `Image` calls by another.
_FIELDS = {"min_disk": "min_disk_gib", "min_ram": "min_ram_mib", "size": "size_bytes"}


@dataclass(frozen=True)
class Change:
    """One change of one image, as far as the plugin knows.

    `action` is the name of the function of `api` that made it; `before` and
    `after` hold what differs, by Glance's names. `before` is None where
    nobody has looked at the image before.
    """

    action: str
    image_id: str
    image_name: str | None = None
    owner: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] = field(default_factory=dict)
    result: str = SUCCESS
    reason: str = ""

    def of(self, image: Image | None) -> Change:
        """With the image's name and owner, as far as it has been seen."""
        return replace(self, image_name=image.name, owner=image.owner) if image else self


def image_change(
    action: str, image_id: str, image: Image | None, changes: Mapping[str, Any]
) -> Change:
    """A change of attributes and properties: what differs from what was seen of them."""
    before, after = difference(image, changes)
    return Change(action, image_id, before=before, after=after).of(image)


def difference(
    image: Image | None, changes: Mapping[str, Any]
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]]:
    """What the changes differ in from the image: its values, and the new ones."""
    if image is None:
        return None, changes
    before = {name: _value(image, name) for name in changes}
    differing = [name for name in changes if _plain(changes[name]) != before[name]]
    return (
        {name: before[name] for name in differing},
        {name: changes[name] for name in differing},
    )


def _value(image: Image, name: str) -> Any:
    known = getattr(image, _FIELDS.get(name, name), None)
    return _plain(image.properties.get(name, known))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, tuple | list | set | frozenset) else value


def entry(change: Change, masked: Container[str] = ()) -> str:
    """The change as JSON in one line of ASCII.

    Brackets, with which Horizon's log sets its fields apart, stand in it as
    escapes: whatever an image is called, an entry ends where it ends.

    :param masked: names whose values are not to be told
    """
    told = {
        "action": change.action,
        "image_id": change.image_id,
        "image_name": change.image_name,
        "owner": change.owner,
        "before": _told(change.before, masked),
        "after": _told(change.after, masked),
        "result": change.result,
    }
    if change.reason:
        told["reason"] = _short(change.reason)
    return inert(json.dumps(told, ensure_ascii=True, default=str))


def _told(values: Mapping[str, Any] | None, masked: Container[str]) -> Mapping[str, Any] | None:
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


def inert(text: str) -> str:
    """Text as ASCII with JSON's escapes, which ends neither a line nor a field in brackets."""
    escaped = text if text.isascii() and text.isprintable() else json.dumps(text)[1:-1]
    return escaped.replace("[", "\\u005b").replace("]", "\\u005d")


def without_secrets(url: str) -> str:
    """An address without what may open it: no user, no password, no query."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return MASK
    return f"{parts.scheme}://{host}{port}{parts.path}"
