# SPDX-License-Identifier: Apache-2.0
"""Tokens of a user's further projects, in the memory of this process only.

A session would grow by a whole token for each project: past a megabyte memcached deletes
it, and the user is logged out. Here the number of tokens is bounded, for all users
together, and a token that was dropped is requested again.
"""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections import OrderedDict
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from openstack_auth import utils as auth_utils

#: Maximum number of tokens in a process; a packed one takes 1 to 3 KiB.
MAX_TOKENS = 2000

#: Tokens that expire within this time, in seconds, are not used.
MARGIN_S = 60


class TokenCache:
    """Packed tokens, the least recently used dropped first.

    The key contains the unscoped token from which a token was made: only the session that
    has it, which could request the same token anew, finds the other one.
    """

    def __init__(self, max_tokens: int = MAX_TOKENS):
        self._max_tokens = max_tokens
        self._packed: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._packed)

    def get(self, unscoped_token: str, project_id: str) -> Any:
        """Return the token; None if there is none that is still valid."""
        key = _key(unscoped_token, project_id)
        with self._lock:
            packed = self._packed.get(key)
            if packed is None:
                return None
            self._packed.move_to_end(key)
        token = _serializer().loads(zlib.decompress(packed))
        if auth_utils.is_token_valid(token, margin=MARGIN_S):
            return token
        with self._lock:
            self._packed.pop(key, None)
        return None

    def put(self, unscoped_token: str, project_id: str, token: Any) -> None:
        packed = zlib.compress(_serializer().dumps(token))
        with self._lock:
            self._packed[_key(unscoped_token, project_id)] = packed
            while len(self._packed) > self._max_tokens:
                self._packed.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._packed.clear()


def _serializer() -> Any:
    """Return what this Horizon keeps tokens in sessions by; each release has its own."""
    return import_string(settings.SESSION_SERIALIZER)()


def _key(unscoped_token: str, project_id: str) -> str:
    digest = hashlib.sha256(unscoped_token.encode()).hexdigest()
    return f"{digest}.{project_id}"


TOKENS = TokenCache()
