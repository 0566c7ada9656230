# SPDX-License-Identifier: Apache-2.0
"""A service that is farther away: each answer takes longer, and what is in flight is counted."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable
from typing import Any

DELAY_S = 0.05

#: Tells the most requests that were in flight at once since it was last asked.
PEAK_PATH = "/bench/peak"

#: What is in flight, and the most of it. Workers that are forked from the process
#: which imports this share it.
_count = multiprocessing.Array("i", 2)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Delayed:
    """WSGI middleware: whatever is asked of the API waits, and takes no processor for it."""

    def __init__(self, application: Application):
        self._application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == PEAK_PATH:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(_take_peak()).encode()]
        if not path.startswith("/v2/"):
            return self._application(environ, start_response)
        with _count.get_lock():
            _count[0] += 1
            _count[1] = max(_count[1], _count[0])
        try:
            time.sleep(DELAY_S)
            return self._application(environ, start_response)
        finally:
            with _count.get_lock():
                _count[0] -= 1


def _take_peak() -> int:
    with _count.get_lock():
        peak = _count[1]
        _count[1] = 0
    return peak
