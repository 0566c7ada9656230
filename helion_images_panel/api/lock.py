# SPDX-License-Identifier: Apache-2.0
"""One at a time, among all processes that have the cache in common.

Whoever holds a lock has written a random token under its name, and goes on to
write it while the work lasts: the lock of a process that was killed ends by
itself, that of a slow one does not. Only who finds the own token there removes
it.

Django's caches cannot compare and write in one go. Between the look at the
token and the write that follows the lock may end and become another's. That
takes a process that stood still for all of HELD_S and went on between those
two; then two hold the lock for a while, and so do any two where the cache
fails, forgets, or is not shared. What is written meanwhile should bear that.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from helion_images_panel.api import cache

#: Seconds for which a process that was killed keeps others off.
HELD_S = 60.0

#: Seconds between two renewals: three may fail.
RENEWED_EVERY_S = 15.0

#: Seconds between two looks of who waits.
LOOKS_EVERY_S = 0.1


class Taken(Exception):
    """Somebody else holds the lock."""


class Lock:
    """One holder's lock, which a thread of its own renews until it is released."""

    def __init__(self, name: str):
        self._name = name
        self._token = secrets.token_hex(16)
        self._released = threading.Event()
        self._renewing = threading.Thread(target=self._keep, name=name, daemon=True)

    def acquire(self) -> bool:
        return cache.acquire(self._name, HELD_S, self._token)

    def renew(self) -> bool:
        """Whether it is held still. One that the cache has forgotten is taken once more."""
        found = cache.get(self._name)
        if found is None:
            return self.acquire()
        if found != self._token:
            return False
        cache.set(self._name, self._token, HELD_S)
        return True

    def keep(self) -> None:
        """Has it renewed from now on: one answer of a service may take longer than HELD_S."""
        self._renewing.start()

    def _keep(self) -> None:
        while not self._released.wait(RENEWED_EVERY_S) and self.renew():
            pass

    def release(self) -> None:
        self._released.set()
        if self._renewing.ident is not None:
            self._renewing.join()
        if cache.get(self._name) == self._token:
            cache.delete(self._name)


@contextmanager
def held(name: str, wait_s: float = 0) -> Iterator[Lock]:
    """Holds the lock of this name; raises Taken where that does not come to be.

    :param wait_s: seconds for which another's end is waited for
    """
    lock, until = Lock(name), time.monotonic() + wait_s
    while not lock.acquire():
        if time.monotonic() >= until:
            raise Taken(name)
        time.sleep(LOOKS_EVERY_S)
    try:
        lock.keep()
        yield lock
    finally:
        lock.release()
