# SPDX-License-Identifier: Apache-2.0
"""Changes of an image as one JSON patch, so that all of them happen or none.

Source: Image service API v2, "Update image",
application/openstack-images-v2.1-json-patch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel.core.image import BASE_ATTRIBUTES


def json_patch(changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One operation per changed attribute or property; None removes a property."""
    patch: list[dict[str, Any]] = []
    for name, value in changes.items():
        path = "/" + name.replace("~", "~0").replace("/", "~1")
        if name in BASE_ATTRIBUTES:
            patch.append({"op": "replace", "path": path, "value": value})
        elif value is None:
            patch.append({"op": "remove", "path": path})
        else:
            # "add" sets a property whether it is there or not; "replace"
            # would fail on one that somebody has removed meanwhile.
            patch.append({"op": "add", "path": path, "value": value})
    return patch
