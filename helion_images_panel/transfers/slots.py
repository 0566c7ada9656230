# SPDX-License-Identifier: Apache-2.0
"""A limit on the parallel transfers of one process of the web server.

Each transfer occupies one of the server's threads until it ends: without a limit, a few
users with large files would leave none for the pages.
"""

from __future__ import annotations

import threading
from types import TracebackType

from helion_images_panel import conf


class Slot:
    """The slot of one transfer, released once, by `release` or as a context manager."""

    def __init__(self, slots: Slots):
        self._slots: Slots | None = slots

    def release(self) -> None:
        """Release the slot; may be called repeatedly, and from any thread."""
        slots, self._slots = self._slots, None
        if slots is not None:
            slots._release()

    def __enter__(self) -> Slot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


class Slots:
    """A number of slots; the setting is read each time that one is acquired."""

    def __init__(self, limit: conf.Setting):
        self._limit = limit
        self._in_use = 0
        self._lock = threading.Lock()

    def acquire(self) -> Slot | None:
        """Return a slot, or None immediately if all are in use."""
        with self._lock:
            if self._in_use >= self._limit.value:
                return None
            self._in_use += 1
        return Slot(self)

    @property
    def in_use(self) -> int:
        """Number of slots in use."""
        return self._in_use

    def _release(self) -> None:
        with self._lock:
            self._in_use -= 1


UPLOADS = Slots(conf.UPLOADS_PER_PROCESS)

#: Refused bodies that are read for a while; there is a limit on these too.
DRAINS = Slots(conf.UPLOADS_PER_PROCESS)

#: Downloads, and checks that read an image's data.
DOWNLOADS = Slots(conf.DOWNLOADS_PER_PROCESS)
