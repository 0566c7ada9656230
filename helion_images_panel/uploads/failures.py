# SPDX-License-Identifier: Apache-2.0
"""Why an upload failed, kept for a page whose connection broke over it.

A browser that is still sending when it is refused may see no answer, but a
connection that ends. It asks how the image is, and is told here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache

#: Seconds; the page asks at once.
KEPT_S = 600


def remember(image_id: str, failure: Mapping[str, Any]) -> None:
    """Keeps what the page was answered: "reason", "kind", and what belongs to the kind."""
    cache.set(_key(image_id), dict(failure), KEPT_S)


def recall(image_id: str) -> Mapping[str, Any]:
    """That answer; empty where no upload of this image has failed."""
    kept = cache.get(_key(image_id))
    return kept if isinstance(kept, dict) else {}


def forget(image_id: str) -> None:
    cache.delete(_key(image_id))


def _key(image_id: str) -> str:
    return f"helion_images.upload_failure.{image_id}"
