# SPDX-License-Identifier: Apache-2.0
"""Files of a real server on loopback; name servers answer as a test says."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from helion_images_panel.api import web
from helion_images_panel.api.web import Web, WebFailure

CONTENT = b"0123456789" * 100


class Handler(BaseHTTPRequestHandler):
    """The path says what happens; `seen` has the requests."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, dict[str, str]]] = []
    sent = 0

    def do_GET(self) -> None:
        type(self).seen.append((self.path, dict(self.headers)))
        getattr(self, self.path.strip("/").partition("?")[0].partition("/")[0])()

    def log_message(self, *_args: object) -> None:
        pass

    def answer(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def whole(self) -> None:
        self.answer(200, CONTENT, Content_Type="application/octet-stream")

    def part(self) -> None:
        self.answer(206, CONTENT[:10], Content_Range="bytes 0-9/123456789")

    def named(self) -> None:
        self.answer(200, CONTENT, Content_Disposition='attachment; filename="../../disk.img"')

    def empty(self) -> None:
        self.answer(416, b"", Content_Range="bytes */0")

    def missing(self) -> None:
        self.answer(404, b"Nothing is here.")

    def odd(self) -> None:
        self.answer(200, CONTENT[:5], Content_Range="bytes many/all")

    def again(self) -> None:
        self.answer(302, b"", Location="/again")

    def moved(self) -> None:
        self.answer(302, b"", Location="/whole?signature=secret")

    def file(self) -> None:
        self.answer(302, b"", Location="file:///etc/passwd")

    def login(self) -> None:
        self.answer(302, b"", Location="http://user:password@files.example/a")

    def inside(self) -> None:
        self.answer(302, b"", Location="http://inside.example/a")

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
                type(self).sent += 65536
        except OSError:
            self.close_connection = True

    def silent(self) -> None:
        time.sleep(5)

    def dripping(self) -> None:
        """Headers that never end."""
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(500):
                self.wfile.write(f"X-{number}: ".encode())
                time.sleep(0.01)
        except OSError:
            pass
        self.close_connection = True

    def nonsense(self) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n")
        self.close_connection = True


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    handler = type("TestHandler", (Handler,), {"seen": [], "sent": 0})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Makes name servers return addresses, one answer after the other; returns what was asked."""
    asked: list[str] = []

    def answer(**answers: list[list[str]]) -> list[str]:
        def getaddrinfo(host: str, port: int, *args: object, **kwargs: object) -> list[object]:
            if host.replace(".", "").isdigit():
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
            asked.append(host)
            found = answers.get(host.partition(".")[0])
            if not found:
                raise socket.gaierror(-2, "Name or service not known")
            addresses = found.pop(0) if len(found) > 1 else found[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return answer


def address(server: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{server.server_port}/{path}"


def reader(server: ThreadingHTTPServer, seconds: float = 10) -> Web:
    return Web(time.monotonic() + seconds, [f"127.0.0.1:{server.server_port}"])


def failure(of: Web, url: str) -> WebFailure:
    with pytest.raises(WebFailure) as caught:
        of.beginning(url, 100)
    return caught.value


@pytest.mark.parametrize(
    ("path", "size_bytes", "count"),
    [("whole", 1000, 100), ("part", 123456789, 10), ("empty", 0, 0), ("odd", 5, 5)],
)
def test_beginning(
    server: ThreadingHTTPServer, path: str, size_bytes: int | None, count: int
) -> None:
    found = reader(server).beginning(address(server, path), 100)
    assert (found.size_bytes, found.data) == (size_bytes, CONTENT[:count])
    ((asked, headers),) = server.RequestHandlerClass.seen  # type: ignore[attr-defined]
    assert asked == f"/{path}"
    assert headers["Range"] == "bytes=0-99"
    assert headers["Accept-Encoding"] == "identity"
    assert headers["Host"] == f"127.0.0.1:{server.server_port}"
    assert {"Authorization", "Cookie"}.isdisjoint(headers)


def test_the_servers_name_of_a_file_has_no_folder(server: ThreadingHTTPServer) -> None:
    assert reader(server).beginning(address(server, "named"), 100).file_name == "disk.img"


def test_a_redirect_is_followed(server: ThreadingHTTPServer) -> None:
    found = reader(server).beginning(address(server, "moved"), 100)
    assert found.urls == (address(server, "moved"), address(server, "whole?signature=secret"))
    assert found.addresses == ("127.0.0.1", "127.0.0.1")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("again", web.REDIRECTS),
        ("file", web.REDIRECTS),
        ("login", web.REDIRECTS),
        ("nonsense", web.PROTOCOL),
        ("missing", web.STATUS),
    ],
)
def test_failures(server: ThreadingHTTPServer, path: str, kind: str) -> None:
    assert failure(reader(server), address(server, path)).kind == kind
    asked = len(server.RequestHandlerClass.seen)  # type: ignore[attr-defined]
    assert asked == (web.MAX_REDIRECTS + 1 if path == "again" else 1)


def test_a_file_without_an_end_is_not_read_to_it(server: ThreadingHTTPServer) -> None:
    found = reader(server).beginning(address(server, "endless"), 1000)
    assert len(found.data) == 1000
    assert found.size_bytes is None
    # The rest is what the system's buffers hold.
    assert server.RequestHandlerClass.sent < 64 * 1024 * 1024  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["silent", "dripping"])
def test_a_slow_server_ends_with_the_deadline(server: ThreadingHTTPServer, path: str) -> None:
    began = time.monotonic()
    assert failure(reader(server, 0.5), address(server, path)).kind == web.TIMEOUT
    assert time.monotonic() - began < 4


def test_no_tls(server: ThreadingHTTPServer) -> None:
    url = address(server, "whole").replace("http:", "https:")
    assert failure(reader(server), url).kind == web.TLS


def test_nobody_listens(server: ThreadingHTTPServer) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        named = f"127.0.0.1:{closed.getsockname()[1]}"
        read = Web(time.monotonic() + 5, [named])
        assert failure(read, f"http://{named}/").kind == web.CONNECTION


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"),
        "0.0.0.0",  # noqa: S104
        *("0x7f000001", "2130706433", "127.1"),
    ],
)
def test_addresses_that_are_not_public(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args: connected.append(args))
    assert failure(Web(time.monotonic() + 5), f"http://{host}/a").kind == web.HOST
    assert connected == []


def test_names_of_an_internal_network_look_as_if_there_were_none(
    resolves: Callable[..., list[str]],
) -> None:
    resolves(inside=[["10.0.0.1"]], both=[["8.8.8.8", "10.0.0.1"]])
    failures = [
        failure(Web(time.monotonic() + 5), f"http://{name}.example/a")
        for name in ("inside", "both", "nowhere")
    ]
    assert {each.kind for each in failures} == {web.HOST}
    assert {str(each) for each in failures} == {web.HOST}


@pytest.mark.parametrize("port", [22, 8080])
def test_ports(port: int, resolves: Callable[..., list[str]]) -> None:
    asked = resolves()
    assert failure(Web(time.monotonic() + 5), f"http://files.example:{port}/").kind == web.PORT
    # Also of a host that is allowed at the usual ports only, and before its name is asked for.
    read = Web(time.monotonic() + 5, ["files.example"])
    assert failure(read, f"http://files.example:{port}/").kind == web.PORT
    assert asked == []


def test_a_redirect_into_an_internal_network(
    server: ThreadingHTTPServer, resolves: Callable[..., list[str]]
) -> None:
    resolves(inside=[["10.0.0.1"]])
    error = failure(reader(server), address(server, "inside"))
    assert (error.kind, error.url) == (web.HOST, "http://inside.example/a")


def test_the_address_that_was_looked_at_is_connected_to(
    server: ThreadingHTTPServer,
    resolves: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that answers differently the next time has no effect."""
    asked = resolves(rebinding=[["8.8.8.8"], ["127.0.0.1"]])
    connected: list[tuple[str, int]] = []
    connect = socket.create_connection

    def to_server(target: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(target)
        return connect(("127.0.0.1", server.server_port), timeout)

    monkeypatch.setattr(socket, "create_connection", to_server)
    read = Web(time.monotonic() + 5)
    for _ in range(2):
        assert read.beginning("http://rebinding.example/whole", 10).addresses == ("8.8.8.8",)
    assert connected == [("8.8.8.8", 80)] * 2
    assert asked == ["rebinding.example"]
    headers = server.RequestHandlerClass.seen[0][1]  # type: ignore[attr-defined]
    assert headers["Host"] == "rebinding.example"


def test_an_error_has_no_text_of_a_library(server: ThreadingHTTPServer) -> None:
    """It could have a signed URL, or an address."""
    error = failure(reader(server), f"{address(server, 'missing')}?signature=secret")
    assert str(error) == web.STATUS


def test_certificates_are_checked() -> None:
    context = web._tls()
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
