# SPDX-License-Identifier: Apache-2.0
"""The upload that was stored of several into one image, for pages that received no response.

Glance accepts one of two uploads into the same image. If the connection of the other
page breaks before it has read its refusal, it only sees an image that becomes active.
Each page therefore generates an ID for its upload.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helion_images_panel.api import cache
from helion_images_panel.api.client import Request, image_cache_key

#: Seconds; a page queries immediately, unless its computer sleeps in the meantime.
CACHE_S = 24 * 3600

#: Maximum number of refused uploads that are cached for one image.
MAX_REFUSED = 20

_ATTEMPT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Attempts:
    """IDs of the stored and the refused uploads of an image; empty if none is recorded."""

    stored: str = ""
    refused: tuple[str, ...] = ()


def of_image(request: Request, image_id: str) -> Attempts:
    """Return the recorded uploads of an image."""
    stored = cache.get(_stored(request, image_id))
    refused = cache.get(_refused(request, image_id))
    return Attempts(stored or "", tuple(refused or ()))


def record_stored(request: Request, image_id: str, attempt: str) -> None:
    """Record the upload that was stored; an invalid ID is ignored."""
    if _ATTEMPT.fullmatch(attempt):
        cache.set(_stored(request, image_id), attempt, CACHE_S)


def record_refused(request: Request, image_id: str, attempt: str) -> None:
    """Record an upload that was refused because of another one; an invalid ID is ignored."""
    if _ATTEMPT.fullmatch(attempt):
        before = cache.get(_refused(request, image_id)) or ()
        cache.set(_refused(request, image_id), (*before, attempt)[-MAX_REFUSED:], CACHE_S)


def _stored(request: Request, image_id: str) -> str:
    return image_cache_key(request, "upload_stored", image_id)


def _refused(request: Request, image_id: str) -> str:
    return image_cache_key(request, "upload_refused", image_id)
