# SPDX-License-Identifier: Apache-2.0
"""A limit on the pages of one process that wait for a service.

Each page that waits occupies a thread of the web server. Without a limit, a service that
stands still would occupy all of them, and not even the login page would respond.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from helion_images_panel import conf, exceptions
from helion_images_panel.api import parallel

#: Maximum seconds that a page waits for its turn; short, since the page holds a thread too.
TURN_S = 2.0


class Queue:
    """The pages that wait for one service; the parallel requests of a page count once."""

    def __init__(self, error: Callable[[], exceptions.ImageServiceError]):
        self._error = error
        self._changed = threading.Condition()
        self._requests: dict[int, int] = {}
        #: When the queue became full, or a page has left it since.
        self._moved_at = time.monotonic()

    @property
    def pages(self) -> int:
        """Number of pages that wait now."""
        return len(self._requests)

    @contextmanager
    def turn(
        self, error: Callable[[], exceptions.ImageServiceError] | None = None
    ) -> Iterator[None]:
        """Wait in this queue during the block; raise the service's error if there is no place.

        :param error: that of another service whose pages wait here
        """
        page = parallel.page_thread()
        self._enter(page, error or self._error)
        try:
            yield
        finally:
            self._leave(page)

    def _enter(self, page: int, error: Callable[[], exceptions.ImageServiceError]) -> None:
        limit = conf.WAITING_PER_PROCESS.value
        with self._changed:
            deadline = time.monotonic() + TURN_S
            while page not in self._requests and self.pages >= limit:
                # The page fails at once if no other had a response for as long.
                left_s = min(deadline, self._moved_at + TURN_S) - time.monotonic()
                if left_s <= 0:
                    raise error()
                self._changed.wait(left_s)
            self._requests[page] = self._requests.get(page, 0) + 1
            if self.pages == limit:
                self._moved_at = time.monotonic()

    def _leave(self, page: int) -> None:
        with self._changed:
            self._requests[page] -= 1
            if not self._requests[page]:
                del self._requests[page]
                self._moved_at = time.monotonic()
                self._changed.notify_all()


GLANCE = Queue(exceptions.image_service_does_not_answer)
KEYSTONE = Queue(exceptions.identity_does_not_answer)
#: Also for Cinder: the pages that wait for either are the same.
NOVA = Queue(exceptions.compute_does_not_answer)

QUEUES = (GLANCE, KEYSTONE, NOVA)
