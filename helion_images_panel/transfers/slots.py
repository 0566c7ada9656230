# SPDX-License-Identifier: Apache-2.0
"""A limit on the parallel transfers of one process of the web server.

Each transfer occupies one of the server's threads until it ends: without a limit, a few
users with large files would leave none for the pages.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from types import TracebackType

from helion_images_panel import conf

LOG = logging.getLogger(__name__)

#: Retry-After in seconds while all slots of the downloads are in use.
RETRY_AFTER_S = 30

#: Seconds for the web server to ask for the first byte of a response. It does so at once.
BEGINS_WITHIN_S = 60.0


class Slot:
    """The slot of one transfer, released once, by `release` or as a context manager."""

    def __init__(self, slots: Slots):
        self._slots = slots
        self._begins_before: float | None = None
        self._abandoned: Callable[[], object] | None = None

    def release(self) -> None:
        """Release the slot; may be called repeatedly, and from any thread."""
        self._slots._release(self)

    def expect_begin(self, within_s: float, abandoned: Callable[[], object]) -> None:
        """Call `abandoned` if `begin` is not called in that time and somebody needs the slot.

        `abandoned` must not keep the slot alive; it ends the transfer.
        """
        self._begins_before, self._abandoned = time.monotonic() + within_s, abandoned

    def begin(self) -> bool:
        """Note that the transfer has begun; False if the slot was released before."""
        return self._slots._begin(self)

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
    """A number of slots; the setting is read each time that one is acquired.

    The slots in use are those that exist and are not released: if a slot is lost with
    the object that held it, its place is free again.
    """

    def __init__(self, limit: conf.Setting):
        self._limit = limit
        self._held: weakref.WeakSet[Slot] = weakref.WeakSet()
        #: Python may collect another slot's holder, which releases it, while this lock is held.
        self._lock = threading.RLock()
        self._acquired = self._released = self._lost = 0

    def acquire(self) -> Slot | None:
        """Return a slot, or None immediately if all are in use."""
        self._release_abandoned()
        with self._lock:
            self._log_lost()
            if len(self._held) >= self._limit.value:
                return None
            slot = Slot(self)
            self._held.add(slot)
            self._acquired += 1
        return slot

    @property
    def in_use(self) -> int:
        """Number of slots in use."""
        return len(self._held)

    def _begin(self, slot: Slot) -> bool:
        with self._lock:
            slot._begins_before = None
            return slot in self._held

    def _release(self, slot: Slot) -> None:
        with self._lock:
            if slot in self._held:
                self._held.discard(slot)
                self._released += 1

    def _release_abandoned(self) -> None:
        now = time.monotonic()
        with self._lock:
            overdue = [
                slot
                for slot in self._held
                if slot._begins_before is not None and slot._begins_before < now
            ]
            for slot in overdue:
                self._release(slot)
        for slot in overdue:
            LOG.warning("A transfer did not begin in time. Its slot is released.")
            if slot._abandoned:
                slot._abandoned()

    def _log_lost(self) -> None:
        lost = self._acquired - self._released - len(self._held)
        if lost > self._lost:
            LOG.warning("%d slots were lost without being released; they are free again.", lost)
        self._lost = lost


UPLOADS = Slots(conf.UPLOADS_PER_PROCESS)

#: Refused bodies that are read for a while; there is a limit on these too.
DRAINS = Slots(conf.UPLOADS_PER_PROCESS)

#: Downloads, and checks that read an image's data.
DOWNLOADS = Slots(conf.DOWNLOADS_PER_PROCESS)
