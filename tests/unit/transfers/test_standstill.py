# SPDX-License-Identifier: Apache-2.0
import io
import socket

import pytest

from helion_images_panel.transfers.body import UploadBody, UploadInterrupted
from helion_images_panel.transfers.standstill import reading_limited_to, time_limit


@pytest.fixture
def ends():
    """The browser's end of a connection, and the server's."""
    browser, server = socket.socketpair()
    yield browser, server
    browser.close()
    server.close()


def test_a_browser_that_stops_sending_is_not_waited_for(ends):
    browser, server = ends
    browser.sendall(b"abc")
    with (
        server.makefile("rb", buffering=0) as stream,
        time_limit(0.05, server),
        pytest.raises(UploadInterrupted),
    ):
        list(UploadBody(stream, 9))


def test_what_follows_waits_as_before(ends):
    _browser, server = ends
    server.settimeout(7)
    with time_limit(0.05, server):
        assert server.gettimeout() == 0.05
    assert server.gettimeout() == 7


@pytest.mark.parametrize("connection", [None, io.BytesIO()])
def test_a_server_that_gives_no_socket_has_its_own_limit(connection):
    with time_limit(0.05, connection):
        pass


class Tls(socket.socket):
    def shutdown(self, _how):
        raise AssertionError("This would also end the encryption of the response.")


def test_a_read_that_waits_ends():
    """The web server waits in one read for all bytes, and for each of them anew."""
    browser, plain = socket.socketpair()
    server = Tls(fileno=plain.detach())
    with server, browser, reading_limited_to(0.05, server):
        assert server.recv(1) == b""
        server.sendall(b"the response")
        assert browser.recv(12) == b"the response"
