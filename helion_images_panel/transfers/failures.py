# SPDX-License-Identifier: Apache-2.0
"""The reason of a failed upload, cached for a page whose connection broke.

A browser that is refused while it is sending may receive no response, but a broken
connection. It then queries the state of the image, which includes this reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel.api import cache
from helion_images_panel.api.client import Request, image_cache_key

#: Seconds. The page queries immediately; a user may come back on the next day.
CACHE_S = 24 * 3600


def save(request: Request, image_id: str, failure: Mapping[str, Any]) -> None:
    """Cache the response of a failed upload: "reason", "kind", and the details of that kind."""
    cache.set(_key(request, image_id), dict(failure), CACHE_S)


def load(request: Request, image_id: str) -> Mapping[str, Any]:
    """Return that response; empty if no upload of this image has failed."""
    failure = cache.get(_key(request, image_id))
    return failure if isinstance(failure, dict) else {}


def clear(request: Request, image_id: str) -> None:
    cache.delete(_key(request, image_id))


def _key(request: Request, image_id: str) -> str:
    return image_cache_key(request, "upload_failure", image_id)
