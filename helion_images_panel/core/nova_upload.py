# SPDX-License-Identifier: Apache-2.0
"""Images that Nova makes before it uploads the disk of an instance into them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from helion_images_panel.core.glance_time import time_of

#: Nova has uploaded the disk in this time, or was ended meanwhile and never will.
UPLOADED_WITHIN = timedelta(days=1)

#: Values of `image_type` for a snapshot and a backup of an instance.
_OF_INSTANCES = ("snapshot", "backup")


def is_awaited(properties: Mapping[str, Any], created_at: str | None) -> bool:
    """Whether Nova is going to upload the data of this image without any."""
    created = time_of(created_at)
    if created is None or not properties.get("instance_uuid"):
        return False
    is_recent = datetime.now(UTC) - created < UPLOADED_WITHIN
    return is_recent and properties.get("image_type") in _OF_INSTANCES
