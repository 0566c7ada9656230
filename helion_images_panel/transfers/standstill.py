# SPDX-License-Identifier: Apache-2.0
"""A time limit for a browser that stops sending or reading without disconnecting."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Seconds without a byte after which the upload is stopped. A laptop that changes
#: networks, or a phone in a tunnel, reconnects sooner.
STANDSTILL_S = 180.0


@contextmanager
def time_limit(standstill_s: float, connection: Any) -> Iterator[None]:
    """Limit each read from and write to the connection: it then raises TimeoutError, an OSError.

    :param connection: the browser's socket, if the web server provides it. Other
        servers have a limit of their own.
    """
    if not isinstance(connection, socket.socket):
        yield
        return
    previous = connection.gettimeout()
    connection.settimeout(standstill_s)
    try:
        yield
    finally:
        connection.settimeout(previous)
