# SPDX-License-Identifier: Apache-2.0
"""The size of the file that Glance downloads, as far as the dashboard knows it.

Glance does not return it before the import has ended. The check of a URL and the catalogue know
it earlier.
"""

from __future__ import annotations

import hashlib

from helion_images_panel.api import cache
from helion_images_panel.api.client import Request, image_cache_key

#: Seconds between the check of a URL and the import from it; an import takes hours at times.
CHECKED_S, CACHE_S = 3600, 24 * 3600


def record_url(user_id: str, url: str, size_bytes: int | None) -> None:
    """Record the size that the server of a URL has sent in a check."""
    if size_bytes:
        cache.set(_url_key(user_id, url), size_bytes, CHECKED_S)


def record_virtual(url: str, virtual_bytes: int | None) -> None:
    """Record the size of the disk in the file, as the first bytes have it."""
    if virtual_bytes:
        cache.set(_virtual_key(url), virtual_bytes, CHECKED_S)
    else:
        cache.delete(_virtual_key(url))


def virtual_of_url(url: str) -> int | None:
    """Return the size of the disk at a URL that was checked a short time ago; None if that is not
    known.
    """
    virtual_bytes = cache.get(_virtual_key(url))
    return virtual_bytes if isinstance(virtual_bytes, int) else None


def record_image(request: Request, image_id: str, url: str, size_bytes: int | None = None) -> None:
    """Record the size for an import that was started; by default that of the last check of its
    URL.
    """
    size_bytes = size_bytes or cache.get(_url_key(request.user.id, url))
    if size_bytes:
        cache.set(_image_key(request, image_id), size_bytes, CACHE_S)
    else:
        # Another URL may have been tried before.
        cache.delete(_image_key(request, image_id))


def of_image(request: Request, image_id: str) -> int | None:
    """Return the size of the file that is being imported; None if it is not known."""
    size_bytes = cache.get(_image_key(request, image_id))
    return size_bytes if isinstance(size_bytes, int) else None


def _url_key(user_id: str, url: str) -> str:
    # A URL may be signed, and is longer than a key may be.
    name = hashlib.sha256(f"{user_id} {url}".encode()).hexdigest()
    return f"helion_images.url_size.{name}"


def _virtual_key(url: str) -> str:
    name = hashlib.sha256(url.encode()).hexdigest()
    return f"helion_images.url_virtual.{name}"


def _image_key(request: Request, image_id: str) -> str:
    return image_cache_key(request, "import_size", image_id)
