# SPDX-License-Identifier: Apache-2.0
"""A proxy that spoils the answers of a service, as broken services and proxies do."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from demo.ports import HOST

#: A request to the proxy itself: what it does to the requests that follow.
CONTROL = "/spoiler/"

#: Refuses changes and lets all else pass.
READ_ONLY = "read-only"

STATUSES = ("400", "401", "403", "404", "409", "413", "429", "500", "502", "503")
_HTML = """<html>
<head><title>%(title)s</title></head>
<body>
<h1>%(title)s</h1>
Made up by a proxy.
</body>
</html>
"""
_WRONG: tuple[Any, ...] = (1, "two", None, {}, [], {"id": 3, "name": ["four"]})

#: Seconds between two bytes of an answer that trickles.
TRICKLE_S = 0.05

#: Ends what stands still, if nobody else does.
AT_MOST_S = 60

_SKIPPED_HEADERS = {"connection", "content-length", "transfer-encoding", "keep-alive", "host"}


class Spoiler(ThreadingHTTPServer):
    """Stands before one service.

    :param rewritten: texts in answers, such as addresses of services, and what replaces them
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, target: str) -> None:
        super().__init__((HOST, 0), _Handler)
        self.target = urlsplit(target)
        self.rewritten: dict[str, str] = {}
        self.spoil = ""
        #: Which requests are spoiled, as "METHOD path": a regular expression, empty for all.
        self.only = ""
        #: How many requests came since the last change of `spoil`.
        self.asked = 0
        #: Set to end what trickles or stands still.
        self.released = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    def set(self, spoil: str) -> int:
        """Spoil from now on in this way; return how many requests came since the last call."""
        with self._lock:
            before, self.asked, self.spoil = self.asked, 0, spoil
            self.released.set()
            self.released = threading.Event()
        return before

    def count(self) -> None:
        with self._lock:
            self.asked += 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has left is what the tests are about."""


@contextmanager
def spoiler(target: str) -> Iterator[Spoiler]:
    server = Spoiler(target)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.set("")
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Spoiler
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self._chunked() if self.headers.get("Transfer-Encoding") else self.rfile.read(length)
        if self.path.startswith(CONTROL):
            count = self.server.set(self.path.removeprefix(CONTROL))
            self._send(200, "application/json", json.dumps(count).encode())
            return
        self.server.count()
        asked = f"{self.command} {self.path}"
        spoil = self.server.spoil if re.search(self.server.only, asked) else ""
        if spoil == READ_ONLY:
            spoil = "" if self.command in ("GET", "HEAD") else "403"
        if not spoil:
            status, headers, answer = self._passed_on(body)
            self._send(status, "", answer, headers)
            return
        if spoil in STATUSES:
            self._send(int(spoil), "text/html", _page(f"{spoil} {HTTPStatus(int(spoil)).phrase}"))
        else:
            SPOILS[spoil](self, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

    def _chunked(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _passed_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """The service's own answer."""
        connection = http.client.HTTPConnection(self.server.target.netloc, timeout=AT_MOST_S)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _SKIPPED_HEADERS}
        path = self.server.target.path + self.path
        try:
            connection.request(self.command, path, body or None, headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if "json" in (response.headers.get("Content-Type") or ""):
            for text, other in self.server.rewritten.items():
                answer = answer.replace(text.encode(), other.encode())
        kept = {k: v for k, v in response.headers.items() if k.lower() not in _SKIPPED_HEADERS}
        return response.status, kept, answer

    def _good(self) -> bytes:
        """What a request that only reads would be answered."""
        if self.command != "GET":
            return b'{"id": "6b1c0e62-0000-4000-8000-000000000000", "name": "made up"}'
        return self._passed_on(b"")[2]

    def _send(
        self, status: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _json(self, body: Any) -> None:
        self._send(200, "application/json", json.dumps(body).encode())

    def reset(self, _body: bytes) -> None:
        """As a process that dies: RST in place of FIN."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        # The two files of the handler hold it open, so it is the descriptor that is closed.
        os.close(self.connection.detach())

    def cut(self, _body: bytes) -> None:
        good = self._good()
        self._send(200, "application/json", good[: len(good) // 2] or b'{"cut')

    def short(self, _body: bytes) -> None:
        """Fewer bytes than promised."""
        good = self._good() or b"{}"
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(good) + 10))
        self.end_headers()
        self.wfile.write(good)
        self.close_connection = True

    def html(self, _body: bytes) -> None:
        self._send(200, "text/html", _page("Welcome"))

    def empty_object(self, _body: bytes) -> None:
        self._json({})

    def empty_list(self, _body: bytes) -> None:
        self._json([])

    def wrong_list(self, _body: bytes) -> None:
        self._json(list(_WRONG))

    def wrong_inside(self, _body: bytes) -> None:
        """The right names, with values of other kinds."""
        try:
            good = json.loads(self._good())
        except ValueError:
            good = {}
        self._json(_wrong(good) if isinstance(good, dict) else {})

    def trickle(self, _body: bytes) -> None:
        """An answer that never ends: no pause is long."""
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self._until_left(lambda: self.wfile.write(b" "))

    def trickle_head(self, _body: bytes) -> None:
        """The same before the first header has ended."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._until_left(lambda: self.wfile.write(b"x"))

    def standstill(self, _body: bytes) -> None:
        self._until_left(lambda: None)

    def _until_left(self, step: Callable[[], Any]) -> None:
        released = self.server.released
        self.close_connection = True
        for _ in range(int(AT_MOST_S / TRICKLE_S)):
            if released.wait(TRICKLE_S):
                return
            try:
                step()
            except OSError:
                return


def _page(title: str) -> bytes:
    return (_HTML % {"title": title}).encode()


def _wrong(good: dict[str, Any]) -> dict[str, Any]:
    return {name: _of_another_kind(value) for name, value in good.items()}


def _of_another_kind(value: Any) -> Any:
    if isinstance(value, list):
        return list(_WRONG)
    if isinstance(value, dict):
        return ["a list"]
    return {"a": "dict"}


#: By name; those of STATUSES are there too.
SPOILS: dict[str, Callable[[_Handler, bytes], None]] = {
    "reset": _Handler.reset,
    "cut": _Handler.cut,
    "short": _Handler.short,
    "html": _Handler.html,
    "empty-object": _Handler.empty_object,
    "empty-list": _Handler.empty_list,
    "wrong-list": _Handler.wrong_list,
    "wrong-inside": _Handler.wrong_inside,
    "trickle": _Handler.trickle,
    "trickle-head": _Handler.trickle_head,
    "standstill": _Handler.standstill,
}
SLOW = ("trickle", "trickle-head", "standstill")
NAMES = (*STATUSES, *SPOILS)
