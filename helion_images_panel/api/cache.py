# SPDX-License-Identifier: Apache-2.0
"""Best-effort cache: errors are logged and treated as an empty cache.

`required` is for work that is unsafe without a cache.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.cache import cache

from helion_images_panel.core.audit import log_safe

LOG = logging.getLogger(__name__)

Value = TypeVar("Value")

#: Minimum seconds between two warnings: each upload writes its progress once a second.
WARNED_EVERY_S = 60.0

_warned_at = -WARNED_EVERY_S


class CacheUnavailable(Exception):
    """The cache fails, or does not store what it is given."""


def get(key: str) -> Any:
    """Return the cached value; None without one, or if the cache fails."""
    return _quietly(lambda: cache.get(key), None)


def set(key: str, value: Any, for_s: float | None) -> None:
    """Store a value.

    :param for_s: lifetime in seconds; None for no limit
    """
    _quietly(lambda: cache.set(key, value, for_s), None)


def recent(key: str, for_s: float, fetch: Callable[[], Value]) -> Value:
    """Return the cached value, or the one that is fetched now and cached; None is not cached."""
    value: Value | None = get(key)
    if value is None:
        value = fetch()
        set(key, value, for_s)
    return value


def delete(key: str) -> None:
    _quietly(lambda: cache.delete(key), None)


def acquire(key: str, for_s: float, value: Any = True) -> bool:
    """Return whether the key was free, and store a value under it; True if the cache fails.

    :param for_s: lifetime in seconds
    :param value: the value to store
    """
    return bool(_quietly(lambda: cache.add(key, value, for_s), True))


@contextmanager
def required() -> Iterator[Any]:
    """Yield Django's cache; raise CacheUnavailable for each of its errors."""
    try:
        yield cache
    except Exception as error:
        _log(error)
        raise CacheUnavailable() from error


def _quietly(call: Callable[[], Any], default: Any) -> Any:
    """Call the cache and log its errors; backends have no common exception class."""
    try:
        return call()
    except Exception as error:
        _log(error)
        return default


def _log(error: Exception) -> None:
    global _warned_at
    now = time.monotonic()
    if now - _warned_at >= WARNED_EVERY_S:
        _warned_at = now
        # Some errors have the key, which may have a part of a URL.
        LOG.warning("The cache fails: %s: %s", type(error).__name__, log_safe(str(error)))
