# SPDX-License-Identifier: Apache-2.0
"""What is left of a refused body: read for a while, and waited for by nobody."""

import io
import itertools
import socket
import threading
import time

import pytest

from helion_images_panel import conf
from helion_images_panel.transfers import drain as drain_module
from helion_images_panel.transfers import slots
from helion_images_panel.transfers.drain import drain


@pytest.fixture(autouse=True)
def _nothing_stays(threads):
    yield
    assert slots.DRAINS.in_use == 0
    for thread in set(threading.enumerate()) - threads:
        thread.join(5)


@pytest.fixture
def connection():
    """The server's end and the browser's."""
    server, browser = socket.socketpair()
    with server, browser:
        yield server, browser


@pytest.mark.parametrize("size", [0, 4, 3_000_000])
def test_draining_reads_as_much_as_was_promised_and_no_more(size):
    stream = io.BytesIO(b"x" * size + b"next request")
    drain(stream, size)
    assert stream.read() == b"next request"


def test_draining_ends_with_the_stream():
    stream = io.BytesIO(b"body")
    drain(stream, 400)
    assert stream.tell() == 4


def test_draining_bears_a_broken_connection():
    asked = []

    class Broken:
        def read(self, size):
            asked.append(size)
            raise OSError("reset by peer")

    drain(Broken(), 4)
    assert asked == [4]


def test_draining_reads_little_at_a_time():
    """A read waits until it has all of what it asked for, and the clock with it."""
    asked = []

    class Stream(io.BytesIO):
        def read(self, size):
            asked.append(size)
            return super().read(size)

    drain(Stream(bytes(150_000)), 150_000)
    assert asked == [65_536, 65_536, 150_000 - 2 * 65_536]


@pytest.mark.parametrize(("within_s", "most"), [(5, 3), (1, 1), (0, 0)])
def test_draining_gives_up_on_a_browser_that_takes_too_long(monkeypatch, within_s, most):
    seconds = itertools.count(0, 2)
    monkeypatch.setattr(drain_module.time, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(drain_module, "DRAIN_BYTES", 1)
    stream = io.BytesIO(b"x" * 100)
    drain(stream, 100, within_s)
    assert stream.tell() <= most


def test_a_browser_that_stops_is_not_waited_for(connection):
    server, browser = connection
    browser.sendall(b"x" * 10)
    with server.makefile("rb") as stream:
        began = time.monotonic()
        drain(stream, 100, 0.2, server)
        assert 0.1 < time.monotonic() - began < 5
    # It still gets its answer.
    server.sendall(b"why")
    assert browser.recv(3) == b"why"


def test_a_browser_that_trickles_is_not_waited_for(connection):
    server, browser = connection
    over = threading.Event()

    def trickle():
        while not over.wait(0.05):
            browser.sendall(b"x")

    trickling = threading.Thread(target=trickle)
    trickling.start()
    try:
        with server.makefile("rb") as stream:
            began = time.monotonic()
            drain(stream, 1_000_000, 0.3, server)
            assert time.monotonic() - began < 5
    finally:
        over.set()
        trickling.join()


def test_a_connection_whose_body_was_read_is_used_again(connection):
    server, browser = connection
    browser.sendall(b"x" * 10)
    with server.makefile("rb", buffering=0) as stream:
        drain(stream, 10, 0.2, server)
        time.sleep(0.3)
        browser.sendall(b"next request")
        assert stream.read(100) == b"next request"


def test_as_many_at_once_as_the_setting_says_and_no_more(settings):
    setattr(settings, conf.UPLOADS_PER_PROCESS.name, 1)
    first, second = io.BytesIO(b"x" * 4), io.BytesIO(b"x" * 4)

    class Meanwhile:
        def read(self, size):
            drain(second, 4)
            return first.read(size)

    drain(Meanwhile(), 4)
    assert (first.tell(), second.tell()) == (4, 0)
    drain(second, 4)
    assert second.tell() == 4
