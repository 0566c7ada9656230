# SPDX-License-Identifier: Apache-2.0
"""Locks shared by all processes that use the same cache.

A lock is a random token that its holder stores under the lock's name, and renews while
the work lasts: the lock of a killed process expires, the lock of a slow one does not.
Only the holder of the stored token deletes it.

Django's caches have no atomic compare-and-set. Between reading the token and the write
that follows, the lock may expire and be taken by another process. That requires a
process to stop for all of HELD_S and to continue between these two operations; both
then hold the lock for a while, and so do two holders if the cache fails, evicts the
token, or is not shared. Work under a lock has to tolerate that.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from helion_images_panel.api import cache

#: Lifetime of a lock in seconds: a killed process blocks others for as long.
HELD_S = 60.0

#: Seconds between two renewals: three may fail.
RENEWED_EVERY_S = 15.0

#: Seconds between two attempts to acquire the lock.
POLL_S = 0.1


class LockHeld(Exception):
    """Another holder has the lock."""


class Lock:
    """One holder's lock, which a thread renews until it is released."""

    def __init__(self, name: str):
        self._name = name
        self._token = secrets.token_hex(16)
        self._released = threading.Event()
        self._renewal_thread = threading.Thread(
            target=self._renew_until_released, name=name, daemon=True
        )

    def acquire(self) -> bool:
        """Return whether the lock was free and is now held."""
        return cache.acquire(self._name, HELD_S, self._token)

    def renew(self) -> bool:
        """Extend the lock and return whether it is still held. A lock that the cache has
        evicted is acquired again.
        """
        token = cache.get(self._name)
        if token is None:
            return self.acquire()
        if token != self._token:
            return False
        cache.set(self._name, self._token, HELD_S)
        return True

    def start_renewal(self) -> None:
        """Renew the lock from now on: one response of a service may take longer than HELD_S."""
        self._renewal_thread.start()

    def _renew_until_released(self) -> None:
        while not self._released.wait(RENEWED_EVERY_S) and self.renew():
            pass

    def release(self) -> None:
        """Stop the renewal and delete the lock if it is still held."""
        self._released.set()
        if self._renewal_thread.ident is not None:
            self._renewal_thread.join()
        if cache.get(self._name) == self._token:
            cache.delete(self._name)


@contextmanager
def held(name: str, wait_s: float = 0) -> Iterator[Lock]:
    """Hold the lock of this name; raise LockHeld if another holder keeps it.

    :param wait_s: maximum seconds to wait for the lock
    """
    lock, deadline = Lock(name), time.monotonic() + wait_s
    while not lock.acquire():
        if time.monotonic() >= deadline:
            raise LockHeld(name)
        time.sleep(POLL_S)
    try:
        lock.start_renewal()
        yield lock
    finally:
        lock.release()
