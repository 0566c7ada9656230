# SPDX-License-Identifier: Apache-2.0
"""A look at the stored data of an image: a few small parts of it, for the boot checks."""

from __future__ import annotations

import hashlib

from helion_images_panel.api import bounded, cache, forgiven, images
from helion_images_panel.api.client import Request, image_cache_key
from helion_images_panel.core import disk_content
from helion_images_panel.core.byte_range import ByteRange
from helion_images_panel.core.disk_content import DiskContent
from helion_images_panel.core.file_parts import NotRead
from helion_images_panel.core.image import Image
from helion_images_panel.exceptions import ImageServiceError

#: Seconds for which a result is cached, as data never changes; and for which an image is not
#: looked at again if nobody can read its disk.
CACHE_S = 24 * 3600
NOT_READ_CACHE_S = 600

#: Maximum seconds of a look.
LOOK_S = 5.0

#: A result; None in it if the content is not known.
Look = tuple[DiskContent | None]


class _Failed(Exception):
    """One request was refused or failed, which tells nothing of those of others."""


def cached_look(request: Request, image: Image) -> Look | None:
    """Return the cached result; None if nobody has looked yet.

    For users who may read the data, as the result is of it.
    """
    found: Look | None = cache.get(_key(request, image))
    return found


def look(request: Request, image: Image) -> DiskContent | None:
    """Return what the beginning of the disk tells; None if it cannot be read within the bounds.

    Raise SessionEnded.
    """
    cached = cached_look(request, image)
    if cached is not None:
        return cached[0]
    try:
        content = _read(request, image)
    except _Failed:
        return None
    cache.set(_key(request, image), (content,), CACHE_S if content else NOT_READ_CACHE_S)
    return content


def _read(request: Request, image: Image) -> DiskContent | None:
    def fetch(part: ByteRange) -> bytes:
        data = images.image_part(request, image.id, part)
        if data is None:
            raise NotRead("the store returns no parts")
        return data

    try:
        with bounded.within(LOOK_S):
            return disk_content.content_of(image.disk_format or "", image.size_bytes or 0, fetch)
    except NotRead:
        return None
    except ImageServiceError as error:
        forgiven.log(f"The content of image {image.id}", error)
        raise _Failed from error


def _key(request: Request, image: Image) -> str:
    # Glance computes the hash; an image at an external location has none, and only its size.
    data = image.hash_value or image.checksum or f"{image.size_bytes}"
    # A key of memcached has at most 250 characters, and SHA-512 alone has 128.
    short = hashlib.sha256(data.encode()).hexdigest()[:32]
    return image_cache_key(request, f"disk_content.{short}", image.id)
