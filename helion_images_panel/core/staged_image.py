# SPDX-License-Identifier: Apache-2.0
"""An image whose data is in Glance's staging area."""

from __future__ import annotations

from helion_images_panel.core.image import IMPORT_TASK, Image


def is_staged(image: Image) -> bool:
    """Whether all of its data is in the staging area, and no import of it has begun.

    Glance sets the size when the last byte is staged, and the task when it accepts the
    import. Until then the image takes no other data.
    """
    is_whole = image.status == "uploading" and image.size_bytes is not None
    return is_whole and not image.properties.get(IMPORT_TASK)
