# SPDX-License-Identifier: Apache-2.0
"""The quota of the active project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import cache, client
from helion_images_panel.api.client import Request
from helion_images_panel.core.quota import MIB, Quota, Resource

#: Seconds between a dialog that shows the room and the form that comes back.
RECENT_S = 30


def recent_project_quota(request: Request) -> Quota | None:
    """The room as it was a moment ago: good enough to let something pass.

    Glance takes longer to tell than a whole form otherwise takes, and decides
    itself when the data comes.
    """
    before: Quota | None = cache.get(_key(request))
    return before or project_quota(request)


def project_quota(request: Request) -> Quota | None:
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
    found = Quota(
        size=_resource(usage, "image_size_total", MIB),
        count=_resource(usage, "image_count_total"),
        staging=_resource(usage, "image_stage_total", MIB),
        uploading=_resource(usage, "image_count_uploading"),
    )
    cache.set(_key(request), found, RECENT_S)
    return found


def _key(request: Request) -> str:
    return client.cache_key(request, f"quota.{request.user.project_id}")


def _resource(usage: Mapping[str, Any], name: str, unit: int = 1) -> Resource:
    found = usage.get(name) or {}
    # Keystone writes -1 for "no limit".
    limit = int(found.get("limit", -1))
    return Resource(int(found.get("usage") or 0) * unit, limit * unit if limit >= 0 else None)
