# SPDX-License-Identifier: Apache-2.0
"""Read and discard the rest of a refused body for a limited time.

A browser that is cut off while it is sending sees a broken connection instead of the
reason. It may also stop in the middle, or send single bytes: no thread must wait for
that.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any

from helion_images_panel.transfers import slots
from helion_images_panel.transfers.body import Stream
from helion_images_panel.transfers.standstill import reading_limited_to

#: Seconds for which the body of a refused upload is read.
DRAIN_S = 5.0
DRAIN_BYTES = 64 * 1024


def drain(
    stream: Stream, size_bytes: int, within_s: float = DRAIN_S, connection: Any = None
) -> None:
    """Read up to `size_bytes`; nothing if too many bodies are being drained already.

    :param within_s: maximum seconds
    :param connection: the browser's socket, if the web server provides it: no read then
        waits longer than `within_s`
    """
    slot = slots.DRAINS.acquire() if size_bytes > 0 and within_s > 0 else None
    if slot is None:
        return
    with slot, reading_limited_to(within_s, connection):
        _read(stream, size_bytes, time.monotonic() + within_s)


def _read(stream: Stream, size_bytes: int, deadline: float) -> None:
    left = size_bytes
    # A server's reader that ends early may raise other exceptions than OSError.
    with contextlib.suppress(OSError, ValueError):
        while left > 0 and time.monotonic() < deadline:
            # Small, as a read waits for all its bytes, and the deadline is checked
            # between reads.
            chunk = stream.read(min(DRAIN_BYTES, left))
            if not chunk:
                return
            left -= len(chunk)
