# SPDX-License-Identifier: Apache-2.0
"""Changes of an image as one JSON patch, which Glance applies completely or not at all.

Source: Image service API v2, "Update image",
application/openstack-images-v2.1-json-patch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel.core.image import BASE_ATTRIBUTES


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
