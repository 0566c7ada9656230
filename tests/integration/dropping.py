# SPDX-License-Identifier: Apache-2.0
"""Middleware of an operator whose dashboard drops responses: what a request asks for happens.

It runs in the dashboard's process, innermost, after the view.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

HEADER = "X-Dropped"

#: As an error tracker keeps what an error was about.
KEPT: list[HttpResponseBase] = []

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def end_session(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The person logs out elsewhere in this very moment: Django's own middleware raises."""
    request.session.__class__(request.session.session_key).delete()
    request.session.modified = True
    return response


def raise_error(_request: HttpRequest, _response: HttpResponseBase) -> HttpResponseBase:
    raise PermissionDenied()


def keep_and_raise(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    KEPT.append(response)
    return raise_error(request, response)


def answer_otherwise(_request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    KEPT.append(response)
    return HttpResponse("Something else", status=503)


WAYS = {way.__name__: way for way in (end_session, raise_error, keep_and_raise, answer_otherwise)}


def dropping(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        way = WAYS.get(request.headers.get(HEADER, ""))
        return way(request, response) if way else response

    return middleware
