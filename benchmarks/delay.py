# SPDX-License-Identifier: Apache-2.0
"""A service that is farther away: each answer takes longer, and what is in flight is counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

DELAY_S = 0.05

#: Tells the most requests that were in flight at once since it was last asked.
PEAK_PATH = "/bench/peak"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Delayed:
    """WSGI middleware: whatever is asked of the API waits, and takes no processor for it."""

    def __init__(self, application: Application):
        self._application = application
        self._lock = threading.Lock()
        self._in_flight = 0
        self._peak = 0

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == PEAK_PATH:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(self._take_peak()).encode()]
        if not path.startswith("/v2/"):
            return self._application(environ, start_response)
        with self._lock:
            self._in_flight += 1
            self._peak = max(self._peak, self._in_flight)
        try:
            time.sleep(DELAY_S)
            return self._application(environ, start_response)
        finally:
            with self._lock:
                self._in_flight -= 1

    def _take_peak(self) -> int:
        with self._lock:
            peak, self._peak = self._peak, 0
        return peak
