# SPDX-License-Identifier: Apache-2.0
"""Time limits for a browser that stops sending or reading without disconnecting, or trickles."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


@contextmanager
def reading_limited_to(within_s: float, connection: Any) -> Iterator[None]:
    """Shut down the reading side of the connection after that time; it can still be written to.

    The web server waits in one read for as many bytes as were asked for, and each of them
    begins the limit of `time_limit` anew.
    """
    if not isinstance(connection, socket.socket):
        yield
        return
    timer = threading.Timer(within_s, _end_reading, (connection,))
    timer.name, timer.daemon = "end-of-reading", True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end_reading(connection: socket.socket) -> None:
    with suppress(OSError):
        # Not the TLS socket's own method, which would also end the encryption of the
        # response.
        socket.socket.shutdown(connection, socket.SHUT_RD)
