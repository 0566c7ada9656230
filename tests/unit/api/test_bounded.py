# SPDX-License-Identifier: Apache-2.0
"""Sessions whose requests are limited in time."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
import requests
from urllib3.exceptions import ProtocolError

from helion_images_panel.api import bounded


def test_passwords_of_netrc_are_not_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine glance.example login operator password secret\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    asked = requests.Request("GET", "http://glance.example/v2/images")
    session = requests.Session()
    assert "Authorization" in session.prepare_request(asked).headers
    bounded.bound(session)
    assert "Authorization" not in session.prepare_request(asked).headers
    # Nor where the first response leads to.
    response = requests.Response()
    response.request = requests.Request("GET", "http://elsewhere.example/").prepare()
    request = asked.prepare()
    session.rebuild_auth(request, response)
    assert "Authorization" not in request.headers
    request.headers["Authorization"] = "for elsewhere"
    session.rebuild_auth(request, response)
    assert "Authorization" not in request.headers


def test_a_response_that_ends_too_early_is_an_error() -> None:
    """Also with urllib3 1.26, which leaves that to its caller."""

    def answer() -> None:
        connection, _address = server.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[]")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        with bounded._Pool(*server.getsockname(), timeout=30) as pool:
            response = pool.urlopen("GET", "/", preload_content=False)
            with pytest.raises(ProtocolError):
                list(response.stream(1024))
        thread.join(30)


def test_a_shorter_limit_is_that_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []
    monkeypatch.setattr(
        bounded.HTTPAdapter, "send", lambda *_args, **kwargs: limits.append(kwargs["timeout"])
    )
    adapter = bounded.BoundedAdapter()
    request = requests.Request("GET", "http://nova.example/").prepare()
    with bounded.within(2.0):
        adapter.send(request)
    with bounded.within(1000.0):
        adapter.send(request)
    adapter.send(request)
    # An earlier request of the block has taken all of its time.
    with bounded.within(-1.0):
        adapter.send(request)
    assert limits == pytest.approx([2, 20, 20, 0.01], abs=1)
    assert limits[3] > 0
