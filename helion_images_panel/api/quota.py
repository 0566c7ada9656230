# SPDX-License-Identifier: Apache-2.0
"""The quota of the active project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import cache, client, forgiven, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.core.quota import MIB, Quota, Resource

#: Seconds for which the quota is cached for a form that is posted.
RECENT_S = 30


def recent_project_quota(request: Request) -> Quota | None:
    """Return the quota, which may be RECENT_S old.

    Glance takes longer to return it than the rest of the form takes, and checks the
    quota itself when the data is sent.
    """
    cached: Quota | None = cache.get(_key(request))
    return cached or project_quota(request)


def project_quota(request: Request) -> Quota | None:
    """Return the project's quota; None if Glance has no limits, or fails.

    Not cached: every upload changes the usage. Glance may fail to reach Keystone's
    limits, and the page has to be shown without them.
    """
    try:
        body = client.get(request, "/v2/info/usage")
        usage = shapes.nested(body, "usage")
        if not usage:
            return None
        quota = shapes.parsed(_quota, usage)
    except exceptions.ImageServiceError as error:
        forgiven.log("the quota", error)
        return None
    cache.set(_key(request), quota, RECENT_S)
    return quota


def _key(request: Request) -> str:
    return client.cache_key(request, f"quota.{request.user.project_id}")


def _quota(usage: Mapping[str, Any]) -> Quota:
    return Quota(
        size=_resource(usage, "image_size_total", MIB),
        count=_resource(usage, "image_count_total"),
        staging=_resource(usage, "image_stage_total", MIB),
        uploading=_resource(usage, "image_count_uploading"),
    )


def _resource(usage: Mapping[str, Any], name: str, unit: int = 1) -> Resource:
    values = usage.get(name) or {}
    # Keystone writes -1 for "no limit".
    limit = int(values.get("limit", -1))
    return Resource(int(values.get("usage") or 0) * unit, limit * unit if limit >= 0 else None)
