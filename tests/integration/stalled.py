# SPDX-License-Identifier: Apache-2.0
"""Glance standing still for a moment, with requests that wait for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.glance import Glance
from tests.integration.waiting import wait_until


class Stalled:
    """Glance while it reads nothing of what it is sent."""

    def __init__(self, glance: Glance):
        self._port = glance.port

    def unread_bytes(self) -> int:
        """How much of what was sent to Glance waits to be read."""
        unread = 0
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            local, queues = line.split()[1], line.split()[4]
            if int(local.rpartition(":")[2], 16) == self._port and line.split()[3] == "01":
                unread += int(queues.rpartition(":")[2], 16)
        return unread

    def wait_for_a_request(self) -> None:
        wait_until(self.unread_bytes, bool, "a request to wait for Glance")


@contextmanager
def stalled(glance: Glance) -> Iterator[Stalled]:
    workers = glance.worker_pids
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield Stalled(glance)
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
