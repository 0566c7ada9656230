# SPDX-License-Identifier: Apache-2.0
"""All requests to Glance, by Horizon's glanceclient with its TLS settings.

Requests use glanceclient's HTTP layer rather than its resource methods, which fetch the
image schema before each use, one more request for every page, and send uploads without
their length.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sized
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import requests
from django.utils.translation import gettext_lazy as _
from glanceclient import exc as glance_exc
from openstack_dashboard.api import base
from openstack_dashboard.api import glance as horizon_glance
from oslo_utils import uuidutils

from helion_images_panel import conf, exceptions
from helion_images_panel.api import bounded, shapes, waiting
from helion_images_panel.api.shapes import Json
from helion_images_panel.core.byte_range import ByteRange
from helion_images_panel.redaction import json_without_secrets

PATCH_TYPE = "application/openstack-images-v2.1-json-patch"

#: Minimum seconds to wait for Glance's response after the last chunk of an upload: stores
#: finish large images slowly.
STORED_WITHIN_S = 3600

#: Bytes that are read together of a small part.
PART_CHUNK_BYTES = 64 * 1024

#: Maximum seconds to connect to Glance for a download.
CONNECTED_WITHIN_S = 60


def _without_secrets(record: logging.LogRecord) -> bool:
    """Remove the secrets of URLs from the bodies that glanceclient logs at level DEBUG."""
    if not record.args:
        record.msg = json_without_secrets(str(record.msg))
    return True


logging.getLogger("glanceclient.common.http").addFilter(_without_secrets)


class Request(Protocol):
    """The part of a Django request that this layer uses: the user with the token."""

    user: Any


def image_path(image_id: str, *rest: str) -> str:
    """Build the path of an image; raise ImageNotFound for an invalid ID, without a request."""
    if not uuidutils.is_uuid_like(image_id):
        raise exceptions.ImageNotFound(_("Image not found."))
    return "/".join(("/v2/images", *(quote(part, safe="") for part in (image_id, *rest))))


def cache_key(request: Request, name: str) -> str:
    """Cache key of a value that is the same for all users of this region's Glance."""
    endpoint = str(base.url_for(request, "image"))
    return f"helion_images.{name}." + hashlib.sha256(endpoint.encode()).hexdigest()


def image_cache_key(request: Request, name: str, image_id: str) -> str:
    """Cache key of something about an image. A client may choose the ID of a new image: two
    regions can have different images with the same ID.
    """
    return cache_key(request, f"{name}.{image_id}")


def _http(request: Request) -> Any:
    http = horizon_glance.glanceclient(request).http_client
    bounded.bound(http.session)
    return http


@contextmanager
def _requested() -> Iterator[None]:
    """Send a request of a page: limits the waiting pages, and converts errors."""
    with waiting.GLANCE.turn(), exceptions.glance_errors():
        yield


def get(request: Request, path: str, parameters: Mapping[str, Any] | None = None) -> Json:
    """Send a GET request; a list as parameter is repeated in the query for each value.

    Raise UnexpectedResponse if the response is not a JSON object.
    """
    url = f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path
    with _requested():
        return shapes.json_object(_http(request).get(url)[1])


def post(request: Request, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """Send a POST request; without a body by default, as Glance refuses an empty one at times."""
    arguments = {} if body is None else {"data": dict(body)}
    with _requested():
        return _http(request).post(path, **arguments)[1]


def put(request: Request, path: str, body: Mapping[str, Any]) -> Any:
    with _requested():
        return _http(request).put(path, data=dict(body))[1]


def patch(request: Request, path: str, body: str) -> Any:
    headers = {"Content-Type": PATCH_TYPE}
    with _requested():
        return _http(request).patch(path, headers=headers, data=body)[1]


def delete(request: Request, path: str) -> None:
    with _requested():
        _http(request).delete(path)


class Chunks(Protocol):
    """A body that is read in chunks."""

    def __iter__(self) -> Iterator[bytes]: ...


def size_of(body: Chunks) -> int | None:
    """Return the length of a body; None if it is not known before its end."""
    return len(body) if isinstance(body, Sized) else None


def put_data(
    request: Request, path: str, body: Chunks, headers: Mapping[str, str] | None = None
) -> None:
    """Send image data with its Content-Length, if it is known, chunk by chunk as it is read.

    Exceptions of reading the body are raised unchanged. glanceclient itself would never send
    the length: something between may then take a truncated image for a whole one.
    """
    http = _http(request)
    all_headers = {
        "X-Auth-Token": http.auth_token,
        "Content-Type": "application/octet-stream",
        **(headers or {}),
    }
    size_bytes = size_of(body)
    if size_bytes is not None:
        all_headers["x-openstack-image-size"] = str(size_bytes)
    pause_s = conf.DATA_TIMEOUT_S.value
    # Sending uses the first of the two, the final response the second.
    timeout_s = (pause_s, max(pause_s, STORED_WITHIN_S))
    with exceptions.glance_errors(), bounded.of_any_length():
        try:
            response = http.session.put(
                _url(http, path), data=body, headers=all_headers, timeout=timeout_s
            )
        except requests.RequestException as error:
            raise _connection_broke() from error
        if not response.ok:
            # Glance may refuse a body without reading it: the rest would break the next
            # request on this connection.
            http.session.close()
        _raise_refusal(response)


class ImageData:
    """Glance's response to a request for data; `chunks` reads it, `close` ends it.

    `status` is 200, or 206 for a range; `headers` are case-insensitive.
    """

    def __init__(self, response: requests.Response):
        self._response = response
        self.status = response.status_code
        self.headers = response.headers

    @property
    def size_bytes(self) -> int | None:
        """Content-Length of the response; None if it is missing."""
        length = self.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None

    def chunks(self, size_bytes: int) -> Iterator[bytes]:
        """Yield all the bytes in chunks of at most `size_bytes`.

        Raise ImageServiceUnavailable if the connection breaks or ends too early.
        """
        try:
            yield from self._response.iter_content(size_bytes)
        except requests.RequestException as error:
            raise _connection_broke() from error
        if self.size_bytes is not None and self._response.raw.tell() < self.size_bytes:
            raise _connection_broke()

    def close(self) -> None:
        """End the response, and the connection too unless all data was read."""
        self._response.close()


@contextmanager
def open_data(request: Request, path: str, byte_range: str | None = None) -> Iterator[ImageData]:
    """Stream an image's data in bounded memory; the response is closed at the end.

    :param byte_range: the value of a Range header, such as "bytes=1024-"
    """
    http = _http(request)
    # The bytes of the image itself are hashed and counted here, so they must not be
    # compressed.
    headers = {"X-Auth-Token": http.auth_token, "Accept-Encoding": "identity"}
    if byte_range:
        headers["Range"] = byte_range
    timeout_s = (CONNECTED_WITHIN_S, conf.DATA_TIMEOUT_S.value)
    with exceptions.glance_errors(), bounded.of_any_length():
        try:
            response = http.session.get(
                _url(http, path), headers=headers, stream=True, timeout=timeout_s
            )
        except requests.RequestException as error:
            raise _connection_broke() from error
    try:
        with exceptions.glance_errors():
            _raise_refusal(response)
        yield ImageData(response)
    finally:
        response.close()


def get_part(request: Request, path: str, part: ByteRange) -> bytes | None:
    """Return a small part of an image's data; None if the image's store returns no parts.

    For a page that waits, unlike `open_data`.
    """
    http = _http(request)
    headers = {
        "X-Auth-Token": http.auth_token,
        "Accept-Encoding": "identity",
        "Range": str(part),
    }
    with _requested():
        try:
            response = http.session.get(
                _url(http, path), headers=headers, stream=True, timeout=conf.READ_TIMEOUT_S.value
            )
            try:
                if response.status_code in (200, 204, 400):
                    return None
                _raise_refusal(response)
                return _part_of(response, part)
            finally:
                # The rest of a longer response is not read.
                response.close()
        except requests.RequestException as error:
            raise _connection_broke() from error


def _part_of(response: requests.Response, part: ByteRange) -> bytes | None:
    """Return the part, and no more than a chunk beyond it; None for another one."""
    begins = response.headers.get("Content-Range", f"bytes {part.first}-")
    if response.status_code != 206 or not begins.startswith(f"bytes {part.first}-"):
        return None
    data = b""
    for piece in response.iter_content(PART_CHUNK_BYTES):
        data += piece
        if len(data) >= part.size_bytes:
            break
    return data


def _url(http: Any, path: str) -> str:
    return str(http.endpoint).rstrip("/") + path


def _connection_broke() -> exceptions.ImageServiceUnavailable:
    return exceptions.ImageServiceUnavailable(_("The connection to the image service was lost."))


def _raise_refusal(response: requests.Response) -> None:
    if not response.ok:
        refused = glance_exc.from_response(response, response.content)
        # glanceclient has no code for statuses such as 415.
        refused.code = response.status_code
        raise refused
