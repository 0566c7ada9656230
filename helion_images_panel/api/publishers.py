# SPDX-License-Identifier: Apache-2.0
"""Lists of the publishers of images, read within bounds of size, time and hosts.

No token and no password is sent. The URLs are an operator's, and those of redirects the
publisher's: a response from a host that the catalogue does not name is not requested.
"""

from __future__ import annotations

import email.utils
import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from django.utils.translation import gettext as _

from helion_images_panel import conf
from helion_images_panel.api.bounded import bound

MAX_REDIRECTS = 5

#: Largest size of an image that a server is believed to state: 8 TiB.
MAX_FILE_BYTES = 2**43

LOG = logging.getLogger(__name__)

#: Values of the setting CATALOGUE_ACCESS that are no URL of a proxy.
DIRECT, OFF = "direct", "off"

_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK_BYTES = 64 * 1024


class NotRead(Exception):
    """The list could not be read; ``str()`` is the reason, without any text of the response.

    :ivar is_missing: whether the server says that there is no such list
    """

    def __init__(self, reason: str, is_missing: bool = False) -> None:
        super().__init__(reason)
        self.is_missing = is_missing


class Lists:
    """Lists that are read once each, however many entries have them."""

    def __init__(self, host_of: Callable[[str], str]) -> None:
        """:param host_of: the host of a URL as the catalogue names it"""
        self._host_of = host_of
        self._locks: dict[object, threading.Lock] = {}
        self._read: dict[object, tuple[str, str] | NotRead] = {}

    def read(self, url: str, hosts: frozenset[str], max_bytes: int) -> tuple[str, str]:
        """Return the text, and the ISO date of its last change. Raise NotRead."""
        key = url, hosts, max_bytes
        with self._locks.setdefault(key, threading.Lock()):
            if key not in self._read:
                try:
                    self._read[key] = self._request(url, hosts, max_bytes)
                except NotRead as error:
                    self._read[key] = error
        found = self._read[key]
        if isinstance(found, NotRead):
            raise NotRead(str(found), found.is_missing)
        return found

    def _request(self, url: str, hosts: frozenset[str], max_bytes: int) -> tuple[str, str]:
        deadline = time.monotonic() + conf.READ_TIMEOUT_S.value
        with (
            failures(_timed_out),
            response_of(url, hosts, self._host_of, deadline) as response,
        ):
            check_status(response)
            return _text(response, max_bytes, deadline), _day(response)


@contextmanager
def response_of(
    url: str,
    hosts: frozenset[str],
    host_of: Callable[[str], str],
    deadline: float,
    method: str = "GET",
) -> Iterator[requests.Response]:
    """Open the response to a URL, or to the one that it redirects to. Raise NotRead, and what
    `failures` converts.

    :param hosts: those that may be requested, as `host_of` names them
    """
    with _session() as session:
        for _number in range(MAX_REDIRECTS + 1):
            _check(url, hosts, host_of)
            headers = {"Accept-Encoding": "identity", "User-Agent": "helion-images-panel"}
            with session.request(
                method,
                url,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=conf.READ_TIMEOUT_S.value,
            ) as response:
                if response.status_code not in _REDIRECTS:
                    yield response
                    return
                target = urljoin(url, response.headers.get("Location", ""))
            if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
                raise NotRead(_("The publisher redirects to a URL without TLS."))
            if time.monotonic() > deadline:
                raise TimeoutError()
            url = target
    raise NotRead(_("The publisher redirects too often."))


def size_of(url: str, hosts: frozenset[str], host_of: Callable[[str], str]) -> int | None:
    """Return the size of a file as its server states it, by one request without the data; None
    if it does not.

    :param hosts: those that may be requested, as `host_of` names them
    """
    deadline = time.monotonic() + conf.READ_TIMEOUT_S.value
    try:
        with (
            failures(_timed_out),
            response_of(url, hosts, host_of, deadline, "HEAD") as response,
        ):
            check_status(response)
            size = response.headers.get("Content-Length", "")
    except NotRead as error:
        LOG.info("The size of a publisher's file is not known: %s", error)
        return None
    if not size.isascii() or not size.isdecimal() or len(size) > len(str(MAX_FILE_BYTES)):
        return None
    return int(size) if 0 < int(size) <= MAX_FILE_BYTES else None


@contextmanager
def failures(timed_out: Callable[[], str]) -> Iterator[None]:
    """Raise NotRead for what goes wrong on the way.

    :param timed_out: returns the reason if it takes too long
    """
    try:
        yield
    except (requests.Timeout, TimeoutError, urllib3.exceptions.TimeoutError) as error:
        raise NotRead(timed_out()) from error
    except requests.exceptions.ProxyError as error:
        raise NotRead(_("The proxy is not responding, or refuses the request.")) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise NotRead(_("The publisher's server could not be reached.")) from error
    except ValueError as error:
        raise NotRead(_("The publisher redirects to a URL that is not valid.")) from error


def check_status(response: requests.Response) -> None:
    """Raise NotRead unless the response has what was requested."""
    if response.status_code != 200:
        raise NotRead(
            _("The publisher's server responded with HTTP status %(status)s.")
            % {"status": response.status_code},
            is_missing=response.status_code in (404, 410),
        )


def _check(url: str, hosts: frozenset[str], host_of: Callable[[str], str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise NotRead(_("The publisher redirects to a URL that is not valid."))
    if host_of(url) not in hosts:
        raise NotRead(_("The publisher redirects to a host that the catalogue does not name."))


def _timed_out() -> str:
    message = _("The publisher's list did not arrive within %(seconds)s seconds.")
    return str(message % {"seconds": conf.READ_TIMEOUT_S.value})


def is_off() -> bool:
    """Whether the dashboard must not send publishers any request."""
    return bool(conf.CATALOGUE_ACCESS.value == OFF)


def _session() -> requests.Session:
    session = requests.Session()
    # Neither proxies nor passwords from the environment of the web server.
    session.trust_env = False
    access = conf.CATALOGUE_ACCESS.value
    if access != DIRECT:
        session.proxies = {"http": access, "https": access}
    bound(session)
    return session


def _text(response: requests.Response, max_bytes: int, deadline: float) -> str:
    content = bytearray()
    for chunk in _decoded(response, max_bytes):
        content += chunk
        if len(content) > max_bytes:
            raise NotRead(
                _("The publisher's list is larger than %(size)s MiB.")
                % {"size": max_bytes // 1024**2}
            )
        if time.monotonic() > deadline:
            raise NotRead(_timed_out())
    return content.decode(errors="replace")


def _decoded(response: requests.Response, max_bytes: int) -> Iterator[bytes]:
    """Yield the body. Some servers compress it unasked: it is unpacked up to the bound."""
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip", ""):
        raise NotRead(_("The publisher's server compresses its response in an unknown way."))
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding == "gzip" else None
    while chunk := response.raw.read(_CHUNK_BYTES, decode_content=False):
        try:
            yield unpacker.decompress(chunk, max_bytes + 1) if unpacker else chunk
        except zlib.error as error:
            raise NotRead(_("The publisher's response is damaged.")) from error


def _day(response: requests.Response) -> str:
    try:
        changed = email.utils.parsedate_to_datetime(response.headers.get("Last-Modified", ""))
        return changed.date().isoformat()
    except (TypeError, ValueError, IndexError):
        return ""
