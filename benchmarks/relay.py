# SPDX-License-Identifier: Apache-2.0
"""The least that can stand between a browser and Glance, and still know what it carried.

One process for each connection reads, hashes and sends on, and does nothing
else: no HTTP beyond the head, no Django, no other thread to wait for. What it
costs is what any dashboard on the same machine has to pay at the least.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

CHUNK_BYTES = 1024 * 1024
END_OF_HEAD = b"\r\n\r\n"
HOST = "127.0.0.1"
ALGORITHM = "sha512"


@contextmanager
def running(glance_port: int) -> Iterator[int]:
    """The port of a relay to Glance's, open until the end of the `with`."""
    listening = socket.create_server((HOST, 0))
    process = get_context("fork").Process(target=_serve, args=(listening, glance_port))
    process.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        process.terminate()
        process.join()
        listening.close()


def _serve(listening: socket.socket, glance_port: int) -> None:
    carrying: list[BaseProcess] = []
    while True:
        browser, _address = listening.accept()
        one = get_context("fork").Process(target=_carry, args=(browser, glance_port))
        one.start()
        browser.close()
        carrying = [*(each for each in carrying if each.is_alive()), one]


def _carry(browser: socket.socket, glance_port: int) -> None:
    """One request there and its answer back, with the checksum of its body."""
    digest = hashlib.new(ALGORITHM, usedforsecurity=False)
    chunk = memoryview(bytearray(CHUNK_BYTES))
    with browser, socket.create_connection((HOST, glance_port)) as glance:
        head, body = _head(browser)
        left = _content_length(head) - len(body)
        glance.sendall(head + body)
        digest.update(body)
        while left:
            count = browser.recv_into(chunk, min(left, CHUNK_BYTES))
            if not count:
                os._exit(1)
            digest.update(chunk[:count])
            glance.sendall(chunk[:count])
            left -= count
        digest.hexdigest()
        glance.shutdown(socket.SHUT_WR)
        while answer := glance.recv(CHUNK_BYTES):
            browser.sendall(answer)


def _head(browser: socket.socket) -> tuple[bytes, bytes]:
    """The head of the request, and what came of its body with that."""
    read = b""
    while END_OF_HEAD not in read:
        more = browser.recv(CHUNK_BYTES)
        if not more:
            os._exit(1)
        read += more
    head, end, body = read.partition(END_OF_HEAD)
    return head + end, body


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
