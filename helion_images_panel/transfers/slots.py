# SPDX-License-Identifier: Apache-2.0
"""How many transfers one process of the web server carries at the same time.

Each holds one of the server's threads until it ends: without a cap, a few
people with large files would leave none for the pages.
"""

from __future__ import annotations

import threading
from types import TracebackType

from helion_images_panel import conf


class Slot:
    """One transfer's place; given back once, by `release` or at the end of a `with`."""

    def __init__(self, slots: Slots):
        self._slots: Slots | None = slots

    def release(self) -> None:
        """May be called again, and from another thread than the one that took it."""
        slots, self._slots = self._slots, None
        if slots is not None:
            slots._give_back()

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
    """As many places as the setting says at the moment that one is asked for."""

    def __init__(self, most: conf.Setting):
        self._most = most
        self._taken = 0
        self._lock = threading.Lock()

    def take(self) -> Slot | None:
        """A place, or None at once where all are taken."""
        with self._lock:
            if self._taken >= self._most.value:
                return None
            self._taken += 1
        return Slot(self)

    @property
    def taken(self) -> int:
        return self._taken

    def _give_back(self) -> None:
        with self._lock:
            self._taken -= 1


UPLOADS = Slots(conf.UPLOADS_PER_PROCESS)

#: Refused bodies that are read for a while. More are not, whoever keeps sending.
DRAINS = Slots(conf.UPLOADS_PER_PROCESS)

#: Downloads, and checks that read an image's data.
DOWNLOADS = Slots(conf.DOWNLOADS_PER_PROCESS)
