# SPDX-License-Identifier: Apache-2.0
"""The rest of a body that is refused, read and thrown away for a while.

A browser that is still sending when it is cut off sees a broken connection
instead of the reason. It may also stop in the middle, or send a byte now and
then: no thread is to wait for that.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from helion_images_panel.transfers import slots
from helion_images_panel.transfers.body import Stream

#: Seconds for which a browser is read that is refused.
DRAIN_S = 5.0
DRAIN_BYTES = 64 * 1024


def drain(
    stream: Stream, size_bytes: int, within_s: float = DRAIN_S, connection: Any = None
) -> None:
    """Reads up to `size_bytes`, and nothing where as many bodies are drained already.

    :param connection: the browser's socket, where the web server gives it: no
        read waits longer than `within_s` then, whatever the browser does
    """
    slot = slots.DRAINS.take() if size_bytes > 0 and within_s > 0 else None
    if slot is None:
        return
    with slot, _hung_up_after(within_s, connection):
        _read(stream, size_bytes, time.monotonic() + within_s)


def _read(stream: Stream, size_bytes: int, deadline: float) -> None:
    left = size_bytes
    # A server's reader that ends too early may raise what is no OSError.
    with contextlib.suppress(OSError, ValueError):
        while left > 0 and time.monotonic() < deadline:
            # Small, as a read waits for all of it, and the clock for the read.
            chunk = stream.read(min(DRAIN_BYTES, left))
            if not chunk:
                return
            left -= len(chunk)


@contextlib.contextmanager
def _hung_up_after(within_s: float, connection: Any) -> Iterator[None]:
    """Has the connection give nothing more to read after that time; it is written to as before."""
    if not isinstance(connection, socket.socket):
        yield
        return
    timer = threading.Timer(within_s, _hang_up, (connection,))
    timer.name, timer.daemon = "image-drain", True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not that of a TLS socket, which would end the encryption of the answer too.
        socket.socket.shutdown(connection, socket.SHUT_RD)
