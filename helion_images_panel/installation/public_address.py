# SPDX-License-Identifier: Apache-2.0
"""The dashboard's public address, and the requests that the check sends there."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from helion_images_panel.core import probe

_FIRST_BYTES = 64 * 1024
_RESPONSE_BYTES = 64 * 1024
_TIMEOUT_S = 30.0


class Unreachable(Exception):
    """No response; ``str()`` is the reason."""


@dataclass(frozen=True)
class Response:
    """A response of the web server. `values` are the probe's, if the panel has sent it."""

    status: int
    location: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_of_probe(self) -> bool:
        return self.values.get("probe") == probe.NAME

    @property
    def read_bytes(self) -> int:
        return int(self.values.get("read_bytes", 0))

    @property
    def declared_bytes(self) -> int | None:
        """The size of a body that the panel did not read; None if the response is another's."""
        return self.values.get("declared_bytes") if self.is_of_probe else None

    @property
    def seconds(self) -> float:
        """Seconds between the first and the last byte, in Horizon."""
        return float(self.values.get("seconds", 0.0))


class PublicAddress:
    """The address of the dashboard as users have it. Neither redirects nor proxies are followed.

    :raises ValueError: it is no address of a web page
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("it must begin with http:// or https:// and a host name")
        self._is_secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port
        # As browsers send it: without the port that the scheme has anyway.
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        default_port = 443 if self._is_secure else 80
        port = "" if parts.port in (None, default_port) else f":{parts.port}"
        self.origin = f"{parts.scheme}://{host}{port}"
        self._path = f"{parts.path.rstrip('/')}/project/images/{probe.PATH}"

    def __str__(self) -> str:
        return self.origin + self._path.removesuffix(f"project/images/{probe.PATH}")

    def send_body(self, pause_s: float) -> Response:
        """Send a whole body, with a pause after its first part."""
        connection = self._connected()
        try:
            self._send_head(connection, probe.BODY_BYTES)
            try:
                connection.send(bytes(_FIRST_BYTES))
                time.sleep(pause_s)
                connection.send(bytes(probe.BODY_BYTES - _FIRST_BYTES))
            except ConnectionError:
                # A server that refuses the body may close it after its response.
                pass
            return _read(connection)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(_reason(error)) from error
        finally:
            connection.close()

    def declare_size(self, size_bytes: int, within_s: float) -> Response | None:
        """Send the head of a request with a body of this size, and no body.

        Return None if there is no response in time: the server waits for the body.
        """
        connection = self._connected()
        try:
            self._send_head(connection, size_bytes)
            connection.sock.settimeout(within_s)
            return _read(connection)
        except TimeoutError:
            return None
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(_reason(error)) from error
        finally:
            connection.close()

    def _connected(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection
        if self._is_secure:
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=_TIMEOUT_S, context=context
            )
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_S)
        try:
            connection.connect()
        except OSError as error:
            raise Unreachable(_reason(error)) from error
        return connection

    def _send_head(self, connection: http.client.HTTPConnection, size_bytes: int) -> None:
        connection.putrequest("PUT", self._path, skip_accept_encoding=True)
        connection.putheader("Content-Type", "application/octet-stream")
        connection.putheader("Content-Length", str(size_bytes))
        connection.putheader(probe.HEADER, probe.signature())
        connection.putheader("Connection", "close")
        connection.endheaders()


def _read(connection: http.client.HTTPConnection) -> Response:
    response = connection.getresponse()
    text = response.read(_RESPONSE_BYTES)
    try:
        values = json.loads(text)
    except ValueError:
        values = {}
    return Response(
        response.status,
        response.headers.get("Location", ""),
        values if isinstance(values, dict) else {},
    )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
