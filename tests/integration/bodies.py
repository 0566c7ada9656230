# SPDX-License-Identifier: Apache-2.0
"""Bodies of uploads, and connections on which one can be sent in part."""

from __future__ import annotations

import contextlib
import hashlib
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from tests.integration.client import Dashboard

MIB = 1024 * 1024


class Body:
    """A body of known length that is made while it is sent.

    `halfway` is called once, when half of it has been handed out.
    """

    def __init__(self, mib: int, halfway: Callable[[], object] = lambda: None):
        self.mib = mib
        self.halfway = halfway

    def __len__(self) -> int:
        return self.mib * MIB

    def __iter__(self) -> Iterator[bytes]:
        for i in range(self.mib):
            if i == self.mib // 2:
                self.halfway()
            yield self.part(i)

    @staticmethod
    def part(i: int) -> bytes:
        """The MiB number `i`, which is like no other."""
        return i.to_bytes(4, "big") * (MIB // 4)

    @property
    def sha512(self) -> str:
        digest = hashlib.sha512()
        for i in range(self.mib):
            digest.update(self.part(i))
        return digest.hexdigest()


def send_head(
    dashboard: Dashboard, path: str, length: str | None, method: str = "PUT"
) -> socket.socket:
    """A connection on which a request has begun, its headers sent."""
    address = urlsplit(dashboard.base)
    cookies = "; ".join(f"{k}={v}" for k, v in dashboard.session.cookies.items())
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {address.netloc}",
        f"Cookie: {cookies}",
        f"X-CSRFToken: {dashboard.csrf_token}",
        "X-Requested-With: XMLHttpRequest",
        "Content-Type: application/octet-stream",
        "Connection: close",
    ]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    connection = socket.create_connection((address.hostname or "", address.port or 80), 60)
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


def answer_of(connection: socket.socket) -> tuple[int, str]:
    """The status and the text of what comes until the other side closes.

    It resets the connection if bytes of ours have arrived that it does not want any more.
    """
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            received += chunk
    assert received, "the connection was reset before an answer"
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()
