# SPDX-License-Identifier: Apache-2.0
"""Why an upload failed, kept for a page whose connection broke over it.

A browser that is still sending when it is refused may see no answer, but a
connection that ends. It asks how the image is, and is told here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel.api import cache

#: Seconds. The page asks at once; whoever comes back to it, on the next day.
KEPT_S = 24 * 3600


def remember(image_id: str, failure: Mapping[str, Any]) -> None:
    """Keeps what the page was answered: "reason", "kind", and what belongs to the kind."""
    cache.set(_key(image_id), dict(failure), KEPT_S)


def recall(image_id: str) -> Mapping[str, Any]:
    """That answer; empty where no upload of this image has failed."""
    failure = cache.get(_key(image_id))
    return failure if isinstance(failure, dict) else {}


def forget(image_id: str) -> None:
    cache.delete(_key(image_id))


def _key(image_id: str) -> str:
    return f"helion_images.upload_failure.{image_id}"
