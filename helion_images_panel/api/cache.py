# SPDX-License-Identifier: Apache-2.0
"""Best-effort cache: errors are logged, and answered as an empty cache would."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache

LOG = logging.getLogger(__name__)

#: Seconds between two warnings: each upload writes its progress once a second.
WARNED_EVERY_S = 60.0

_warned_at = -WARNED_EVERY_S


def get(key: str) -> Any:
    """What is kept under the key; None where nothing is, or nobody can tell."""
    return _quietly(lambda: cache.get(key), None)


def set(key: str, value: Any, for_s: float | None) -> None:
    """:param for_s: seconds"""
    _quietly(lambda: cache.set(key, value, for_s), None)


def delete(key: str) -> None:
    _quietly(lambda: cache.delete(key), None)


def acquire(key: str, for_s: float, value: Any = True) -> bool:
    """Whether nobody else has claimed the key for as many seconds, as far as one can know.

    :param value: what is kept under it then
    """
    return bool(_quietly(lambda: cache.add(key, value, for_s), True))


def _quietly(ask: Callable[[], Any], otherwise: Any) -> Any:
    """Each kind of cache has errors of its own, of which Django makes nothing common."""
    global _warned_at
    try:
        return ask()
    except Exception as error:
        now = time.monotonic()
        if now - _warned_at >= WARNED_EVERY_S:
            _warned_at = now
            LOG.warning("The cache fails: %s: %s", type(error).__name__, error)
        return otherwise
