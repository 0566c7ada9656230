# SPDX-License-Identifier: Apache-2.0
"""The first bytes of a file of the web, for the check of a URL.

These are the only requests of the dashboard whose host a user chooses. They go to public
addresses and to hosts that the operator has named, without a cookie, a token or a password.
Each host is resolved once, and connected to by the address that was looked at: a name server
that answers differently the next time has no effect. Redirects are followed here, so that
each of them is looked at likewise. The environment's proxies are not used: the proxy would
resolve the name.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urljoin, urlsplit

from requests.utils import requote_uri

from helion_images_panel.api import bounded
from helion_images_panel.core.public_address import is_public
from helion_images_panel.core.url import has_user, is_http_url, last_part

#: Ports of hosts that the operator has not named with another one.
PORTS = (80, 443)

MAX_REDIRECTS = 5

#: Seconds after which a file that still arrives is judged by what there is of it.
_DATA_S = 2.0

#: Addresses of a host that are tried.
_MAX_ADDRESSES = 3

#: Maximum seconds for a connection; another address may be tried after that.
_CONNECT_S = 3.0

#: Maximum number of names that are being resolved in a process: the system takes its time.
_RESOLVING = 4

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_RANGE = re.compile(r"bytes (?:\d+-\d+|\*)/(\d{1,18})")
_LENGTH = re.compile(r"\d{1,18}")

#: Kinds of failures. HOST is both a name without an address and one that has no public
#: address: the difference would reveal the names of an internal network.
HOST, PORT, CONNECTION, TLS, TIMEOUT, REDIRECTS, PROTOCOL, STATUS = (
    *("host", "port", "connection", "tls"),
    *("timeout", "redirects", "protocol", "status"),
)


class WebFailure(Exception):
    """The file was not read.

    :ivar kind: one of the constants above
    :ivar url: the URL that failed: the last of those that were redirected to
    :ivar status: status of the response, for STATUS
    """

    def __init__(self, kind: str, url: str, status: int = 0):
        # No text of a library: it may have the URL with its signature, or an address.
        super().__init__(kind)
        self.kind = kind
        self.url = url
        self.status = status


@dataclass(frozen=True)
class Beginning:
    """The first bytes of a file, as many as came in time.

    :ivar urls: the requested URL, and each that it was redirected to
    :ivar addresses: the IP address that each of them was read from
    :ivar size_bytes: size of the whole file; None if the server does not send it
    :ivar file_name: the server's own name of the file; empty without one
    """

    urls: tuple[str, ...]
    addresses: tuple[str, ...]
    size_bytes: int | None
    content_type: str
    file_name: str
    data: bytes


class Web:
    """Reads files for one check, within one deadline.

    :param deadline: time of `time.monotonic`
    :param allowed: hosts, or HOST:PORT, that may be read though they are not public, or at
        another port
    """

    def __init__(self, deadline: float, allowed: Collection[str] = ()):
        self._deadline = deadline
        self._allowed = {each.lower() for each in allowed}
        self._resolved: dict[tuple[str, int], Future[list[str]]] = {}

    def beginning(self, url: str, count: int) -> Beginning:
        """Return the first bytes of the file, at most `count`. Raise WebFailure."""
        urls, addresses = [url], []
        while True:
            connection, address = self._connected(urls[-1])
            addresses.append(address)
            try:
                with bounded.until(self._deadline):
                    response = _response(connection, urls[-1], count)
                    target = _target(response, urls[-1])
                    if not target:
                        data = self._data(response, count)
                        return _beginning(response, tuple(urls), tuple(addresses), data)
            except TimeoutError as error:
                raise WebFailure(TIMEOUT, urls[-1]) from error
            except ssl.SSLError as error:
                raise WebFailure(TLS, urls[-1]) from error
            except OSError as error:
                raise WebFailure(CONNECTION, urls[-1]) from error
            except (HTTPException, ValueError) as error:
                raise WebFailure(PROTOCOL, urls[-1]) from error
            finally:
                connection.close()
            if len(urls) > MAX_REDIRECTS or not is_http_url(target) or has_user(target):
                raise WebFailure(REDIRECTS, urls[-1])
            urls.append(target)

    def _connected(self, url: str) -> tuple[HTTPConnection, str]:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        is_secure = parts.scheme == "https"
        port = parts.port or (443 if is_secure else 80)
        addresses = self._addresses(url, host, port)
        failure = WebFailure(CONNECTION, url)
        for address in addresses[:_MAX_ADDRESSES]:
            connection = _PinnedConnection(host, port, address, is_secure)
            try:
                connection.connect_within(min(_CONNECT_S, self._left_s(url)))
            except TimeoutError:
                failure = WebFailure(TIMEOUT, url)
            except ssl.SSLError as error:
                connection.close()
                raise WebFailure(TLS, url) from error
            except OSError:
                failure = WebFailure(CONNECTION, url)
            else:
                return connection, address
            connection.close()
        raise failure

    def _addresses(self, url: str, host: str, port: int) -> list[str]:
        """Return the addresses to connect to; raise WebFailure if the host is not to be read."""
        named = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        is_allowed = named in self._allowed or (host in self._allowed and port in PORTS)
        if not is_allowed and port not in PORTS:
            raise WebFailure(PORT, url)
        key = (host, port)
        if key not in self._resolved:
            self._resolved[key] = _resolvers.submit(_resolve, host, port)
        try:
            found = self._resolved[key].result(self._left_s(url))
        except (OSError, ValueError, FutureTimeoutError) as error:
            # UnicodeError, of a name that no host can have, is a ValueError.
            raise WebFailure(HOST, url) from error
        if not found or not (is_allowed or all(map(is_public, found))):
            raise WebFailure(HOST, url)
        return found

    def _left_s(self, url: str) -> float:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise WebFailure(TIMEOUT, url)
        return left_s

    @staticmethod
    def _data(response: HTTPResponse, count: int) -> bytes:
        """Read what comes in time: a slow server has said what the file is with its first bytes."""
        data, until = b"", time.monotonic() + _DATA_S
        try:
            while len(data) < count and time.monotonic() < until:
                chunk = response.read1(count - len(data))
                if not chunk:
                    break
                data += chunk
        except (OSError, HTTPException):
            if not data:
                raise
        return data


#: Their threads start with the first name, and serve all checks of the process.
_resolvers = ThreadPoolExecutor(_RESOLVING, "helion-images-resolve")


def _resolve(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


class _PinnedConnection(HTTPConnection):
    """A connection to one address of the host, whose name is in the request and in TLS."""

    response_class = bounded.TimedResponse

    def __init__(self, host: str, port: int, address: str, is_secure: bool):
        super().__init__(host if host.isascii() else host.encode("idna").decode(), port)
        self._address = address
        self._is_secure = is_secure
        if is_secure:
            self.default_port = http.client.HTTPS_PORT

    def connect_within(self, seconds: float) -> None:
        self.sock = socket.create_connection((self._address, self.port), seconds)
        if self._is_secure:
            self.sock = _tls().wrap_socket(self.sock, server_hostname=self.host)


@cache
def _tls() -> ssl.SSLContext:
    """Return a context with the authorities of the system, which Glance trusts too."""
    return ssl.create_default_context()


def _response(connection: HTTPConnection, url: str, count: int) -> HTTPResponse:
    parts = urlsplit(requote_uri(url))
    path = parts.path or "/"
    connection.request(
        "GET",
        f"{path}?{parts.query}" if parts.query else path,
        headers={
            "User-Agent": "helion-images-panel",
            # Otherwise the size is not that of the file.
            "Accept-Encoding": "identity",
            "Range": f"bytes=0-{count - 1}",
            "Connection": "close",
        },
    )
    response = connection.getresponse()
    if response.status not in (200, 206, 416, *_REDIRECTS):
        raise WebFailure(STATUS, url, response.status)
    return response


def _target(response: HTTPResponse, url: str) -> str:
    """Return where a response redirects to; empty if it does not."""
    if response.status not in _REDIRECTS:
        return ""
    location = response.getheader("Location") or ""
    # Headers are bytes; servers send UTF-8.
    text = location.encode("latin-1", "replace").decode("utf-8", "replace")
    return urljoin(url, text.strip().replace(" ", "%20")) if text.strip() else "about:blank"


def _beginning(
    response: HTTPResponse, urls: tuple[str, ...], addresses: tuple[str, ...], data: bytes
) -> Beginning:
    whole = _RANGE.fullmatch(response.getheader("Content-Range") or "")
    length = response.getheader("Content-Length") or ""
    size_bytes: int | None = None
    if response.status in (206, 416):
        # 416 is the answer for an empty file.
        size_bytes = int(whole[1]) if whole else None
    elif _LENGTH.fullmatch(length):
        size_bytes = int(length)
    if response.status == 416:
        data = b""
    return Beginning(
        urls,
        addresses,
        size_bytes,
        response.headers.get_content_type(),
        _file_name(response),
        data,
    )


def _file_name(response: HTTPResponse) -> str:
    """Return the name in Content-Disposition, without a folder."""
    try:
        name = response.headers.get_filename("") or ""
    except (LookupError, ValueError, TypeError):
        return ""
    return last_part(name.replace("\\", "/").replace("?", "_").replace("#", "_"))
