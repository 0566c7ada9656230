# SPDX-License-Identifier: Apache-2.0
"""Publishing, and taking back exactly what it gave.

Glance forgets what an image's visibility was before it became public. To
call the image private afterwards could lock its members out, to call it
shared could bring back members of long ago. So the image remembers.
"""

from __future__ import annotations

from typing import Any

from helion_images_panel.core.image import VISIBILITIES, Image

#: The image's property that holds its visibility from before it was published.
BEFORE = "helion_images_visibility_before"


def visibility_changes(image: Image, visibility: str) -> dict[str, Any]:
    """The changes that give the image this visibility, now and remembered."""
    changes: dict[str, Any] = {"visibility": visibility}
    if visibility == image.visibility:
        return changes
    if visibility == "public" and image.visibility in VISIBILITIES:
        changes[BEFORE] = image.visibility
    elif BEFORE in image.properties:
        changes[BEFORE] = None
    return changes


def unpublished_visibility(image: Image) -> str:
    """What Unpublish returns the image to: its own project where nothing is known."""
    before = image.properties.get(BEFORE)
    return str(before) if before in VISIBILITIES and before != "public" else "private"
