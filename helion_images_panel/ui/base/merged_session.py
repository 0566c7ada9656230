# SPDX-License-Identifier: Apache-2.0
"""A session of which a request writes only what it has changed.

Horizon extends the session with every request, and Django then writes all of it, as it
was when the request began. A page that waited for Glance would undo what other tabs have
written in the meantime: the active project, messages, the result of an action.

Two requests that end together would still both read the session before either has
written it. One of them therefore waits for the other.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

from django.contrib.messages.storage.session import SessionStorage
from openstack_auth import utils as auth_utils

from helion_images_panel.api import lock
from helion_images_panel.ui.base.reports import SESSION_KEY as REPORTS

#: Key of the time after which Django ends the session.
EXPIRY = "_session_expiry"

#: Keys whose value is a list to which several tabs add, and that each message leaves once
#: it is shown.
LISTS = (SessionStorage.session_key, REPORTS)

#: Seconds after which a session in a cookie is not extended any more: it cannot be
#: compared with the one that the browser has now.
COOKIE_EXTENDED_WITHIN_S = 2

_MISSING = object()


class MergedSession:
    """Django's session, saved key by key into the session as it is then."""

    def __init__(self, session: Any):
        self._session = session
        self._began = time.monotonic()
        self._before = {key: _packed(session, value) for key, value in session.items()}

    @property
    def modified(self) -> bool:
        """Whether there is something to write, and a session to write it to.

        A session that has ended is not written, and its cookie not sent: in the meantime
        the browser may have that of a new login.
        """
        if not self._session.modified:
            return False
        if auth_utils.using_cookie_backed_sessions():
            in_time = time.monotonic() - self._began < COOKIE_EXTENDED_WITHIN_S
            return in_time or bool(set(self._changes()) - {EXPIRY})
        if self._session.session_key:
            return bool(self._load())
        return True

    @modified.setter
    def modified(self, value: bool) -> None:
        self._session.modified = value

    @property
    def accessed(self) -> bool:
        return bool(self._session.accessed)

    @accessed.setter
    def accessed(self, value: bool) -> None:
        self._session.accessed = value

    def save(self, must_create: bool = False) -> None:
        key = self._session.session_key
        if not key or auth_utils.using_cookie_backed_sessions():
            self._session.save(must_create)
            return
        name = hashlib.sha256(key.encode()).hexdigest()
        with lock.brief(f"helion_images.session.{name}"):
            # Empty if it has ended just now, or if its cache fails.
            if current := self._load():
                self._merge(current)
                self._session.save(must_create)

    def _load(self) -> dict[str, Any]:
        # Another store: this one would forget its key if the session has ended.
        return dict(type(self._session)(self._session.session_key).load())

    def _changes(self) -> dict[str, Any]:
        """Return the changed values by key; _MISSING for what was removed."""
        changes = {
            key: value
            for key, value in self._session.items()
            if self._before.get(key) != _packed(self._session, value)
        }
        removed = [key for key in self._before if key not in self._session]
        return {**changes, **dict.fromkeys(removed, _MISSING)}

    def _merge(self, current: dict[str, Any]) -> None:
        merged = dict(current)
        for key, value in self._changes().items():
            if key in LISTS:
                value = self._merged_list(key, value, current.get(key, _MISSING))
            if value is _MISSING:
                merged.pop(key, None)
            else:
                merged[key] = value
        if EXPIRY in self._session:
            merged[EXPIRY] = self._session[EXPIRY]
        for key in set(self._session.keys()).difference(merged):
            del self._session[key]
        self._session.update(merged)

    def _merged_list(self, key: str, ours: Any, current: Any) -> Any:
        serializer = self._session.serializer()

        def items_of(packed: bytes | None) -> list[Any]:
            return [] if packed is None else _items(serializer.loads(packed))

        # All of them as they are once they were stored: tuples are lists then.
        was = items_of(self._before.get(key))
        now = items_of(None if ours is _MISSING else _packed(self._session, ours))
        there = items_of(None if current is _MISSING else _packed(self._session, current))
        left = now[: len(was)] == was
        added = now[len(was) :] if left else [item for item in now if item not in was]
        removed = [] if left else [item for item in was if item not in now]
        items = [*(item for item in there if item not in removed), *added]
        if not items:
            return _MISSING
        return json.dumps(items) if key == SessionStorage.session_key else items

    def __getitem__(self, key: str) -> Any:
        return self._session[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._session[key] = value

    def __delitem__(self, key: str) -> None:
        del self._session[key]

    def __contains__(self, key: str) -> bool:
        return key in self._session

    def __iter__(self) -> Iterator[str]:
        return iter(self._session.keys())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def _packed(session: Any, value: Any) -> bytes:
    packed: bytes = session.serializer().dumps(value)
    return packed


def _items(stored: Any) -> list[Any]:
    """Return the entries of a list, which Django's messages store as JSON."""
    return list(json.loads(stored) if isinstance(stored, str) else stored or ())
