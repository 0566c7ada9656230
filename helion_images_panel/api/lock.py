# SPDX-License-Identifier: Apache-2.0
"""Locks shared by all processes that use the same cache.

A lock is a random token that its holder stores under the lock's name, and renews while
the work lasts: the lock of a killed process expires, the lock of a slow one does not.
Only the holder of the stored token deletes it.

Django's caches have no atomic compare-and-set. Between reading the token and the write
that follows, the lock may expire and be taken by another process. That requires a
process to stop for all of HELD_S and to continue between these two operations; both
then hold the lock for a while, and so do two holders if the cache evicts the token, restarts
empty, or is not shared. Work under a lock has to tolerate that: it renews the lock before
each write, and only one of the two succeeds.

A cache that fails cannot be told from one that another process still uses. A lock is
therefore refused then, unless its holder only saves work by it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from helion_images_panel.api import cache

#: Lifetime of a lock in seconds: a killed process blocks others for as long.
HELD_S = 60.0

#: Seconds between two renewals: three may fail.
RENEWED_EVERY_S = 15.0

#: Seconds between two attempts to acquire the lock.
POLL_S = 0.1

#: Lifetime in seconds of the lock of work that takes milliseconds, and the longest wait for it.
BRIEF_S = 2.0

#: Seconds between two attempts to acquire such a lock.
BRIEF_POLL_S = 0.01

#: Number of times that the cache may store no token before it counts as unavailable: the
#: lock of another holder may end between two calls.
ATTEMPTS = 3

#: Seconds between two attempts: a replica has the token a little later.
STORED_AFTER_S = 0.02


class LockHeld(Exception):
    """Another holder has the lock; `note` is what it says of itself."""

    def __init__(self, name: str, note: str = ""):
        super().__init__(name)
        self.note = note


class Lock:
    """One holder's lock, which a thread renews until it is released.

    :param required: whether the work is unsafe without the lock. Without the cache,
        `acquire` and `renew` then raise CacheUnavailable; otherwise they return True.
    :param held_s: lifetime in seconds; HELD_S by default
    :param note: for those who find the lock taken
    """

    def __init__(
        self, name: str, required: bool = True, held_s: float | None = None, note: str = ""
    ):
        self._name = name
        self._required = required
        self._held_s = HELD_S if held_s is None else held_s
        self._token = f"{secrets.token_hex(16)} {note}"
        self._stored_at = time.monotonic()
        self._released = threading.Event()
        self._renewal_thread = threading.Thread(
            target=self._renew_until_released, name=name, daemon=True
        )

    def acquire(self) -> bool:
        """Return whether the lock was free and is now held."""
        return self._or_without_cache(self._add)

    def renew(self) -> bool:
        """Extend the lock and return whether it is still held. A lock that the cache has
        evicted is acquired again, but none that has expired: another holder may have had it
        since.
        """
        return self._or_without_cache(self._extend)

    def _or_without_cache(self, call: Callable[[], bool]) -> bool:
        try:
            return call()
        except cache.CacheUnavailable:
            if self._required:
                raise
            return True

    def _add(self) -> bool:
        """Add the token, and read which one is stored.

        The result of adding proves nothing: for a second after an error, pymemcache
        returns the same as for a key that is taken, and a cache may store nothing at all.
        """
        with cache.required() as backend:
            for _attempt in range(ATTEMPTS):
                backend.add(self._name, self._token, self._held_s)
                holder = backend.get(self._name)
                if holder is not None:
                    return self._is_own(holder)
                time.sleep(STORED_AFTER_S)
            raise cache.CacheUnavailable("it does not store a lock")

    def _extend(self) -> bool:
        has_expired = time.monotonic() - self._stored_at >= self._held_s
        with cache.required() as backend:
            token = backend.get(self._name)
            if token == self._token:
                backend.set(self._name, self._token, self._held_s)
                token = backend.get(self._name)
        if token is None:
            return not has_expired and self._add()
        return self._is_own(token)

    def _is_own(self, token: str) -> bool:
        if token != self._token:
            return False
        self._stored_at = time.monotonic()
        return True

    def start_renewal(self) -> None:
        """Renew the lock from now on: one response of a service may take longer than HELD_S."""
        self._renewal_thread.start()

    def _renew_until_released(self) -> None:
        while not self._released.wait(RENEWED_EVERY_S):
            try:
                if not self.renew():
                    return
            except cache.CacheUnavailable:
                continue

    def release(self) -> None:
        """Stop the renewal and delete the lock if it is still held."""
        self._released.set()
        if self._renewal_thread.ident is not None:
            self._renewal_thread.join()
        if cache.get(self._name) == self._token:
            cache.delete(self._name)


def note_of(name: str) -> str | None:
    """Return what the holder of a lock says of itself; None if no one holds it. Raise
    CacheUnavailable if that is not known.
    """
    with cache.required() as backend:
        token = backend.get(name)
    return None if token is None else _note(token)


def _note(token: str | None) -> str:
    return str(token or "").partition(" ")[2]


@contextmanager
def held(name: str, wait_s: float = 0, required: bool = True, note: str = "") -> Iterator[Lock]:
    """Hold the lock of this name; raise LockHeld if another holder keeps it, and
    CacheUnavailable if it is required and the cache fails.

    :param wait_s: maximum seconds to wait for the lock
    :param required: whether the work is unsafe without the lock
    :param note: for those who find the lock taken
    """
    lock, deadline = Lock(name, required, note=note), time.monotonic() + wait_s
    try:
        while not lock.acquire():
            if time.monotonic() >= deadline:
                raise LockHeld(name, _note(cache.get(name)))
            time.sleep(POLL_S)
    except cache.CacheUnavailable:
        # It may have stored the token before it failed.
        lock.release()
        raise
    try:
        lock.start_renewal()
        yield lock
    finally:
        lock.release()


@contextmanager
def brief(name: str) -> Iterator[None]:
    """Hold the lock of this name for work of milliseconds; do without it after BRIEF_S, and if
    the cache fails.
    """
    lock, deadline = Lock(name, required=False, held_s=BRIEF_S), time.monotonic() + BRIEF_S
    while not lock.acquire() and time.monotonic() < deadline:
        time.sleep(BRIEF_POLL_S)
    try:
        yield
    finally:
        lock.release()
