# SPDX-License-Identifier: Apache-2.0
"""The number of bytes of a running upload that Glance has accepted.

Stored in Django's cache: a page may query another process of the web server than the
one that processes the upload.
"""

from __future__ import annotations

import time
import uuid
from types import TracebackType

from helion_images_panel.api import cache
from helion_images_panel.api.client import Request
from helion_images_panel.api.receiving import progress_key

#: Minimum seconds between two writes for the same upload.
EVERY_S = 1.0

#: Seconds until the entry of a killed process expires.
CACHE_S = 600


class Progress:
    """The cache entry of one upload; used as a context manager that deletes it.

    Glance refuses one of two uploads into the same image; its end must not delete the
    entry of the other.
    """

    def __init__(self, request: Request, image_id: str):
        self._key = progress_key(request, image_id)
        self._upload_id = uuid.uuid4().hex
        self._written_at = 0.0

    def __enter__(self) -> Progress:
        self._write(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        entry = cache.get(self._key)
        if entry and entry[0] == self._upload_id:
            cache.delete(self._key)

    def report(self, taken_bytes: int, at_last: bool = False) -> None:
        """Write the number at most once a second, and always at the last chunk."""
        if at_last or time.monotonic() - self._written_at >= EVERY_S:
            self._write(taken_bytes)

    def _write(self, taken_bytes: int) -> None:
        self._written_at = time.monotonic()
        cache.set(self._key, (self._upload_id, taken_bytes), CACHE_S)


def taken_bytes(request: Request, image_id: str) -> int | None:
    """Return the bytes that Glance has accepted; None if no upload into this image is running."""
    entry = cache.get(progress_key(request, image_id))
    return entry[1] if entry else None
