# SPDX-License-Identifier: Apache-2.0
"""A browser that has stopped sending without going: its upload ends, and its place is free."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Seconds without a byte after which nobody is waited for. A laptop that changes
#: its network, or a phone in a tunnel, comes back sooner.
STANDSTILL_S = 180.0


@contextmanager
def given_up_after(standstill_s: float, connection: Any) -> Iterator[None]:
    """Has each read from the connection wait no longer: it raises TimeoutError, an OSError.

    :param connection: the browser's socket, where the web server gives it. Other
        servers have a limit of their own for this.
    """
    if not isinstance(connection, socket.socket):
        yield
        return
    before = connection.gettimeout()
    connection.settimeout(standstill_s)
    try:
        yield
    finally:
        connection.settimeout(before)
