# SPDX-License-Identifier: Apache-2.0
"""Changes of an image as one JSON patch, which Glance applies completely or not at all.

Source: Image service API v2, "Update image",
application/openstack-images-v2.1-json-patch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel.core.image import BASE_ATTRIBUTES, Image


def is_patchable(name: str) -> bool:
    """Whether Glance changes the property of this name, and not another one.

    Glance removes the blanks around the name in the path of a JSON patch.
    """
    return bool(name) and name == name.strip()


def not_applied(changes: Mapping[str, Any], image: Image) -> list[str]:
    """Return the names of those changes that Glance's response does not have."""
    return [name for name, value in changes.items() if not _is_applied(name, value, image)]


def _is_applied(name: str, value: Any, image: Image) -> bool:
    if name not in BASE_ATTRIBUTES:
        actual = image.properties.get(name)
        return actual is None if value is None else str(actual) == str(value)
    if name == "tags":
        return set(image.tags) == set(value)
    attribute = _ATTRIBUTES.get(name, name)
    return not hasattr(image, attribute) or getattr(image, attribute) == value


#: Attributes of `Image` by their names in Glance, if these differ.
_ATTRIBUTES = {"min_disk": "min_disk_gib", "min_ram": "min_ram_mib"}


def json_patch(changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Build one operation per changed attribute or property; None removes a property."""
    patch: list[dict[str, Any]] = []
    for name, value in changes.items():
        path = "/" + name.replace("~", "~0").replace("/", "~1")
        if name in BASE_ATTRIBUTES:
            patch.append({"op": "replace", "path": path, "value": value})
        elif value is None:
            patch.append({"op": "remove", "path": path})
        else:
            # "add" sets a property that may exist or not; "replace" would fail if
            # another user has removed it in the meantime.
            patch.append({"op": "add", "path": path, "value": value})
    return patch
