# SPDX-License-Identifier: Apache-2.0
"""Whether an image that seems stuck receives data at the moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from horizon.utils.filters import parse_isotime

from helion_images_panel.api import cache, imports
from helion_images_panel.api.client import Request, image_cache_key
from helion_images_panel.core.image import Image

#: A task that has not changed for as long is over: Glance was ended meanwhile.
TASK_CHANGES_WITHIN = timedelta(days=1)


def progress_key(request: Request, image_id: str) -> str:
    """Cache key of a running upload through a dashboard."""
    return image_cache_key(request, "upload_progress", image_id)


def staging_key(request: Request, image_id: str) -> str:
    """Cache key of the lock of staging a file."""
    return image_cache_key(request, "staging", image_id)


def receives_data(request: Request, image: Image) -> bool:
    """Whether a dashboard transfers data into the image, or Glance imports some.

    One request to Glance. An upload past all dashboards is not known.
    """
    keys = progress_key(request, image.id), staging_key(request, image.id)
    if any(cache.get(key) is not None for key in keys):
        return True
    return any(_is_alive(task) for task in imports.import_tasks(request, image.id))


def _is_alive(task: imports.ImportTask) -> bool:
    if not task.is_running or not task.updated_at:
        return task.is_running
    changed = parse_isotime(task.updated_at)
    return bool(datetime.now(UTC) - changed < TASK_CHANGES_WITHIN)
