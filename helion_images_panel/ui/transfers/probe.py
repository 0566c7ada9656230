# SPDX-License-Identifier: Apache-2.0
"""The address to which `helion-images-panel check` sends a body, to measure the web server."""

from __future__ import annotations

import hashlib
import threading
import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.urls.resolvers import RoutePattern
from django.views import generic

from helion_images_panel.api import cache
from helion_images_panel.core import probe
from helion_images_panel.transfers.standstill import reading_limited_to, time_limit
from helion_images_panel.ui.base.private import private
from helion_images_panel.ui.transfers.upload import content_length

#: Seconds for which the body may stop, and in which it has to be read.
STANDSTILL_S = 15.0
WITHIN_S = 60.0
_CHUNK_BYTES = 64 * 1024

#: That of this process: the files may be newer.
_VERSION = probe.version()

#: One body at a time in this process.
_one = threading.Lock()


class ProbeView(generic.View):
    """PUT: a body of zeros, which is counted and dropped.

    There is no login, and no session: the signature is the permission, for one request. Without
    it nothing is read. The response has the seconds between the first and the last byte: 0 if
    the web server has collected the body before.
    """

    http_method_names = ["put"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        signature = request.headers.get(probe.HEADER, "")
        if not probe.is_valid(signature) or not _is_first_with(signature):
            return private(_response(403))
        return private(super().dispatch(request, *args, **kwargs))

    def put(self, request: HttpRequest) -> HttpResponse:
        size_bytes = content_length(request)
        if size_bytes is None or size_bytes < 1:
            return _response(411)
        if size_bytes > probe.BODY_BYTES:
            return _response(200, declared_bytes=size_bytes)
        if not _one.acquire(blocking=False):
            return _response(429)
        connection = request.META.get("gunicorn.socket")
        try:
            with time_limit(STANDSTILL_S, connection), reading_limited_to(WITHIN_S, connection):
                read_bytes, seconds = _measured(request, size_bytes)
        except OSError:
            return _response(400)
        finally:
            _one.release()
        return _response(200, read_bytes=read_bytes, seconds=round(seconds, 3))


def _is_first_with(signature: str) -> bool:
    """Whether no request had this signature: what a listener on the way sends again is refused."""
    name = hashlib.sha256(signature.encode()).hexdigest()
    return cache.acquire(f"helion_images.probe.{name}", probe.VALID_S)


def _measured(request: HttpRequest, size_bytes: int) -> tuple[int, float]:
    """Return the number of bytes, and the seconds from the first to the last of them."""
    read_bytes = len(request.read(1))
    first = last = time.monotonic()
    while read_bytes < size_bytes and last - first < WITHIN_S:
        chunk = request.read(min(_CHUNK_BYTES, size_bytes - read_bytes))
        last = time.monotonic()
        if not chunk:
            break
        read_bytes += len(chunk)
    return read_bytes, last - first


def _response(status: int, **values: Any) -> JsonResponse:
    if status == 200:
        values["version"] = _VERSION
    return JsonResponse({"probe": probe.NAME, **values}, status=status)


class WithoutLogin(URLPattern):
    """A URL whose view stays as it is: Horizon wraps those of a panel in checks of the login."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "callback" or "callback" not in self.__dict__:
            super().__setattr__(name, value)


def urls() -> list[URLPattern]:
    view = ProbeView.as_view()
    # It has neither a session nor a cookie that another site could abuse.
    view.csrf_exempt = True
    return [
        WithoutLogin(RoutePattern(probe.PATH, name="probe", is_endpoint=True), view, name="probe")
    ]
