# SPDX-License-Identifier: Apache-2.0
"""The content of an image's disk, for users who may download the image.

The image itself has been read by the panel's scope.
"""

from __future__ import annotations

from django.http import HttpRequest

from helion_images_panel import policy
from helion_images_panel.core import content_checks
from helion_images_panel.core.disk_content import DiskContent
from helion_images_panel.core.image import Image
from helion_images_panel.transfers import content_look


def may_be_read(request: HttpRequest, image: Image) -> bool:
    return content_checks.may_be_read(image) and policy.allows(
        request, policy.DOWNLOAD_IMAGE, image
    )


def is_to_be_read(request: HttpRequest, image: Image) -> bool:
    """Whether the content is not known yet."""
    return may_be_read(request, image) and content_look.cached_look(request, image) is None


def cached(request: HttpRequest, image: Image) -> DiskContent | None:
    """Return the content if somebody has looked at it; None if it is not known."""
    found = content_look.cached_look(request, image) if may_be_read(request, image) else None
    return found[0] if found else None


def read(request: HttpRequest, image: Image) -> DiskContent | None:
    """Return the content, which may take seconds; None if it cannot be read."""
    return content_look.look(request, image) if may_be_read(request, image) else None
