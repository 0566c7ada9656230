# SPDX-License-Identifier: Apache-2.0
"""Imported by a Glance: an upload goes on when Glance has read the image for another one, too.

Glance reads the image, asks for a trust, and then sets the image to "saving". The trust is
where two uploads wait for each other, so that both have read "queued".
"""

from __future__ import annotations

import threading
from typing import Any

from glance.common import trust_auth

AT_MOST_S = 60

_PAIR = threading.Barrier(2, timeout=AT_MOST_S)
_make = trust_auth.TokenRefresher.__init__


def _make_in_pairs(self: Any, *args: Any, **kwargs: Any) -> None:
    _PAIR.wait()
    _make(self, *args, **kwargs)


trust_auth.TokenRefresher.__init__ = _make_in_pairs
