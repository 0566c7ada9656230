# SPDX-License-Identifier: Apache-2.0
"""What the active project uses of its limits on images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import client
from helion_images_panel.api.client import Request
from helion_images_panel.core.room import MIB, Resource, Room


def room(request: Request) -> Room | None:
    """The project's room; None where Glance keeps no limits, or cannot tell.

    Asked anew each time: every upload changes it. Glance may fail to reach
    Keystone's limits, which is no reason to fail the page that shows them.
    """
    try:
        usage = client.get(request, "/v2/info/usage").get("usage")
    except exceptions.ImageServiceError:
        return None
    if not usage:
        return None
    return Room(
        size=_resource(usage, "image_size_total", MIB),
        count=_resource(usage, "image_count_total"),
        staging=_resource(usage, "image_stage_total", MIB),
        uploading=_resource(usage, "image_count_uploading"),
    )


def _resource(usage: Mapping[str, Any], name: str, unit: int = 1) -> Resource:
    found = usage.get(name) or {}
    # Keystone writes -1 for "no limit".
    limit = int(found.get("limit", -1))
    return Resource(int(found.get("usage") or 0) * unit, limit * unit if limit >= 0 else None)
