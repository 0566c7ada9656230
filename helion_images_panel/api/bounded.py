# SPDX-License-Identifier: Apache-2.0
"""A limit on the time of a complete response.

The timeout of requests is for each pause: a response that arrives byte by byte would
occupy a thread of the web server for hours.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from helion_images_panel import conf

_thread = threading.local()

_READING = ("GET", "HEAD")

_SHORTEST_S = 0.01


@contextmanager
def of_any_length() -> Iterator[None]:
    """Leave the timeouts of these requests to the caller: they transfer an image's data."""
    _thread.is_transfer = True
    try:
        yield
    finally:
        _thread.is_transfer = False


@contextmanager
def until(deadline: float, pause_s: float | None = None) -> Iterator[None]:
    """Have the responses that begin in this block complete by then, a time of `time.monotonic`.

    For connections that are not of a session, and use `TimedResponse`; and for those of a
    session within `of_any_length`.

    :param pause_s: maximum seconds without a byte
    """
    _thread.deadline, _thread.pause_s = deadline, pause_s
    try:
        yield
    finally:
        _thread.deadline = _thread.pause_s = None


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Have all requests of bound sessions in this block complete within these seconds, if that is
    less than their setting allows.
    """
    _thread.block_ends = time.monotonic() + seconds
    try:
        yield
    finally:
        _thread.block_ends = None


def bound(session: requests.Session) -> None:
    """Limit all requests of the session, by READ_TIMEOUT_S and WRITE_TIMEOUT_S.

    They have a token, and no password from the web server's .netrc: requests before 2.32.4,
    which the constraints of 2025.1 have, could send that to another host.
    """
    session.auth = _as_it_is
    session.rebuild_auth = partial(_rebuild_auth, session)  # type: ignore[method-assign]
    if not isinstance(session.get_adapter("https://"), BoundedAdapter):
        for prefix in ("http://", "https://"):
            session.mount(prefix, BoundedAdapter())


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _rebuild_auth(
    session: requests.Session, request: requests.PreparedRequest, response: requests.Response
) -> None:
    """Prepare a request to where another one was redirected, without looking into .netrc."""
    if session.should_strip_auth(response.request.url, request.url):  # type: ignore[no-untyped-call]
        request.headers.pop("Authorization", None)


class BoundedAdapter(HTTPAdapter):
    """Ends a request when its response is not complete in time."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if getattr(_thread, "is_transfer", False):
            return super().send(request, *args, **kwargs)
        setting = conf.READ_TIMEOUT_S if request.method in _READING else conf.WRITE_TIMEOUT_S
        now = time.monotonic()
        _thread.deadline = now + setting.value
        if block_ends := getattr(_thread, "block_ends", None):
            # A timeout of 0 is refused.
            _thread.deadline = min(_thread.deadline, max(block_ends, now + _SHORTEST_S))
        kwargs["timeout"] = _thread.deadline - now
        try:
            return super().send(request, *args, **kwargs)
        finally:
            _thread.deadline = None


class TimedResponse(HTTPResponse):
    """Reads from its socket until the deadline of the request that it answers."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any):
        super().__init__(sock, *args, **kwargs)
        deadline = getattr(_thread, "deadline", None)
        if deadline is not None:
            # Nothing has been read yet.
            unbuffered: io.RawIOBase = self.fp.detach()
            pause_s = getattr(_thread, "pause_s", None)
            self.fp = io.BufferedReader(_TimedReader(unbuffered, sock, deadline, pause_s))


class _TimedReader(io.RawIOBase):
    def __init__(
        self,
        unbuffered: io.RawIOBase,
        sock: socket.socket,
        deadline: float,
        pause_s: float | None = None,
    ):
        self._unbuffered = unbuffered
        self._socket = sock
        self._deadline = deadline
        self._pause_s = pause_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("The response took too long.")
        self._socket.settimeout(min(left_s, self._pause_s or left_s))
        return self._unbuffered.readinto(buffer)

    def close(self) -> None:
        self._unbuffered.close()
        super().close()


class _Connection(HTTPConnection):
    response_class = TimedResponse


class _SecureConnection(HTTPSConnection):
    response_class = TimedResponse


class _WholeResponses:
    """Raises an error if a response ends before its Content-Length, as urllib3 2 does by itself."""

    def urlopen(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["enforce_content_length"] = True
        return super().urlopen(*args, **kwargs)  # type: ignore[misc]


class _Pool(_WholeResponses, HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(_WholeResponses, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}
