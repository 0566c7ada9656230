# SPDX-License-Identifier: Apache-2.0
"""Why an upload failed, kept for a page whose connection broke over it.

A browser that is still sending when it is refused may see no answer, but a
connection that ends. It asks how the image is, and is told here.
"""

from __future__ import annotations

from django.core.cache import cache

#: Seconds; the page asks at once.
KEPT_S = 600


def remember(image_id: str, reason: str) -> None:
    cache.set(_key(image_id), reason, KEPT_S)


def recall(image_id: str) -> str:
    """The reason, or an empty string where no upload of this image has failed."""
    return str(cache.get(_key(image_id), ""))


def forget(image_id: str) -> None:
    cache.delete(_key(image_id))


def _key(image_id: str) -> str:
    return f"helion_images.upload_failure.{image_id}"
