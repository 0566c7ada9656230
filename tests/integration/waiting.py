# SPDX-License-Identifier: Apache-2.0
"""Waiting for a condition, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

POLL_S = 0.05


def wait_until(
    look: Callable[[], Seen], holds: Callable[[Seen], object], what: str, within_s: float = 30
) -> Seen:
    """Looks again and again; returns what it saw when the condition holds.

    Raises AssertionError after `within_s` seconds, with what it saw last.
    """
    deadline = time.monotonic() + within_s
    while True:
        seen = look()
        if holds(seen):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within_s:.0f} s for {what}, and saw {seen!r}")
        time.sleep(POLL_S)
