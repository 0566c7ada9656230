# SPDX-License-Identifier: Apache-2.0
"""How many bytes of a running upload Glance has taken, for whoever asks meanwhile.

Kept in Django's cache: the question may reach another process of the web
server than the one that carries the upload.
"""

from __future__ import annotations

import time
import uuid
from types import TracebackType

from helion_images_panel.api import cache

#: Seconds between two notes of the same upload.
EVERY_S = 1.0

#: Seconds for which a note outlives a process that was killed over its upload.
KEPT_S = 600


class Progress:
    """The notes of one upload; they are gone when its `with` ends.

    Of two uploads into one image Glance refuses one, whose end must not take
    away what the other has noted.
    """

    def __init__(self, image_id: str):
        self._key = _key(image_id)
        self._own = uuid.uuid4().hex
        self._noted_at = 0.0

    def __enter__(self) -> Progress:
        self._note(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        noted = cache.get(self._key)
        if noted and noted[0] == self._own:
            cache.delete(self._key)

    def tell(self, taken_bytes: int, at_last: bool = False) -> None:
        """May be called for each chunk: writes about once a second, and the last word."""
        if at_last or time.monotonic() - self._noted_at >= EVERY_S:
            self._note(taken_bytes)

    def _note(self, taken_bytes: int) -> None:
        self._noted_at = time.monotonic()
        cache.set(self._key, (self._own, taken_bytes), KEPT_S)


def taken_bytes(image_id: str) -> int | None:
    """None where no upload into this image is known to run."""
    noted = cache.get(_key(image_id))
    return noted[1] if noted else None


def _key(image_id: str) -> str:
    return f"helion_images.upload_progress.{image_id}"
