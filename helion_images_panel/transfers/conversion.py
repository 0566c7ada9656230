# SPDX-License-Identifier: Apache-2.0
"""Whether the cloud converts what it imports, as seen from the images that it has converted.

No request to Glance returns its import plugins.
"""

from __future__ import annotations

from datetime import UTC, datetime

from helion_images_panel.api import cache
from helion_images_panel.api.client import Request, cache_key
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import has_checksum, is_converted

#: Seconds from the creation of a converted image: operators may remove the plugins.
SEEN_FOR_S = 30 * 24 * 3600

#: Seconds by which a later image must extend the entry, so that pages do not write it each time.
_EXTENDED_BY_S = 3600


def notice(request: Request, image: Image) -> None:
    """Remember that this region's Glance converts, if it has converted this image."""
    # Before that, any member may change the formats of their image.
    has_data = image.status in ("active", "deactivated") and has_checksum(image)
    if not has_data or not is_converted(image):
        return
    try:
        created = datetime.fromisoformat(image.created_at or "")
        left_s = SEEN_FOR_S - (datetime.now(UTC) - created).total_seconds()
    except (ValueError, TypeError):
        return
    until = datetime.now(UTC).timestamp() + left_s
    if left_s > 0 and until > (cache.get(_key(request)) or 0) + _EXTENDED_BY_S:
        cache.set(_key(request), until, left_s)


def is_seen(request: Request) -> bool:
    """Whether this region's Glance has converted an image that is not too old."""
    return (cache.get(_key(request)) or 0) > datetime.now(UTC).timestamp()


def _key(request: Request) -> str:
    return cache_key(request, "converts")
