# SPDX-License-Identifier: Apache-2.0
"""The one door to Glance: Horizon's glanceclient, with its TLS settings.

Requests go through glanceclient's HTTP layer rather than its resource
methods: those fetch the image schema before each use, which is a call more
for every page, and send uploads without their length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import requests
from django.utils.translation import gettext as _
from glanceclient import exc as glance_exc
from openstack_dashboard.api import base
from openstack_dashboard.api import glance as horizon_glance
from oslo_utils import uuidutils

from helion_images_panel import exceptions

PATCH_TYPE = "application/openstack-images-v2.1-json-patch"

#: Seconds in which one chunk has to go out, and in which Glance has to answer
#: once it has all the bytes: stores pause, and finish large images slowly.
UPLOAD_TIMEOUT_S = (600, 3600)

#: Seconds in which Glance has to accept a connection, and in which each
#: further piece of an image's data has to come.
DOWNLOAD_TIMEOUT_S = (60, 600)


class Request(Protocol):
    """What this layer needs of a Django request: the user with the token."""

    user: Any


def image_path(image_id: str, *rest: str) -> str:
    """The path of an image; what is no image ID never gets as far as Glance."""
    if not uuidutils.is_uuid_like(image_id):
        raise exceptions.ImageNotFound(_("Image not found."))
    return "/".join(("/v2/images", *(quote(part, safe="") for part in (image_id, *rest))))


def cache_key(request: Request, what: str) -> str:
    """For something that holds for all users of this region's Glance."""
    endpoint = str(base.url_for(request, "image"))
    return f"helion_images.{what}." + hashlib.sha256(endpoint.encode()).hexdigest()


def _http(request: Request) -> Any:
    return horizon_glance.glanceclient(request).http_client


def get(request: Request, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """A parameter may be a list: it then stands in the query once for each value."""
    url = f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path
    with exceptions.glance_errors():
        return _http(request).get(url)[1]


def post(request: Request, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """Without a body where there is none to send: Glance refuses an empty one at times."""
    sent = {} if body is None else {"data": dict(body)}
    with exceptions.glance_errors():
        return _http(request).post(path, **sent)[1]


def put(request: Request, path: str, body: Mapping[str, Any]) -> Any:
    with exceptions.glance_errors():
        return _http(request).put(path, data=dict(body))[1]


def patch(request: Request, path: str, body: str) -> Any:
    headers = {"Content-Type": PATCH_TYPE}
    with exceptions.glance_errors():
        return _http(request).patch(path, headers=headers, data=body)[1]


def delete(request: Request, path: str) -> None:
    with exceptions.glance_errors():
        _http(request).delete(path)


class SizedChunks(Protocol):
    """A body whose length is known before it is read: chunks, and their sum."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterable[bytes]: ...


def put_data(
    request: Request, path: str, body: SizedChunks, headers: Mapping[str, str] | None = None
) -> None:
    """Sends image data with its Content-Length, chunk by chunk as they come.

    Errors in reading the body come out as they are; glanceclient itself would
    send no length, and then a truncated image could become active.
    """
    http = _http(request)
    sent = {
        "X-Auth-Token": http.auth_token,
        "Content-Type": "application/octet-stream",
        "x-openstack-image-size": str(len(body)),
        **(headers or {}),
    }
    with exceptions.glance_errors():
        try:
            response = http.session.put(
                _url(http, path), data=body, headers=sent, timeout=UPLOAD_TIMEOUT_S
            )
        except requests.RequestException as error:
            raise _broken() from error
        _raise_refusal(response)


class ImageData:
    """Glance's answer to a request for data: `chunks` reads it, `close` ends it.

    `status` is 200, or 206 for a range; `headers` are Glance's, in any case.
    """

    def __init__(self, response: requests.Response):
        self._response = response
        self.status = response.status_code
        self.headers = response.headers

    @property
    def size_bytes(self) -> int | None:
        """How many bytes are to come, where Glance says so."""
        length = self.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None

    def chunks(self, size_bytes: int) -> Iterator[bytes]:
        """All the bytes, in pieces of that size at the most.

        Raises ImageServiceUnavailable where the connection breaks, also where
        it merely ends too early.
        """
        try:
            yield from self._response.iter_content(size_bytes)
        except requests.RequestException as error:
            raise _broken() from error
        if self.size_bytes is not None and self._response.raw.tell() < self.size_bytes:
            raise _broken()

    def close(self) -> None:
        """Ends the connection as well, unless all of the data was read."""
        self._response.close()


@contextmanager
def open_data(request: Request, path: str, byte_range: str | None = None) -> Iterator[ImageData]:
    """An image's data as a stream of bounded memory, closed on the way out.

    :param byte_range: the value of a Range header, such as "bytes=1024-"
    """
    http = _http(request)
    # What is hashed and counted here are the bytes of the image itself.
    sent = {"X-Auth-Token": http.auth_token, "Accept-Encoding": "identity"}
    if byte_range:
        sent["Range"] = byte_range
    with exceptions.glance_errors():
        try:
            response = http.session.get(
                _url(http, path), headers=sent, stream=True, timeout=DOWNLOAD_TIMEOUT_S
            )
        except requests.RequestException as error:
            raise _broken() from error
    try:
        with exceptions.glance_errors():
            _raise_refusal(response)
        yield ImageData(response)
    finally:
        response.close()


def _url(http: Any, path: str) -> str:
    return str(http.endpoint).rstrip("/") + path


def _broken() -> exceptions.ImageServiceUnavailable:
    return exceptions.ImageServiceUnavailable(_("The connection to the image service was lost."))


def _raise_refusal(response: requests.Response) -> None:
    if not response.ok:
        refused = glance_exc.from_response(response, response.content)
        # glanceclient knows no number for statuses such as 415.
        refused.code = response.status_code
        raise refused
