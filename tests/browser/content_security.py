# SPDX-License-Identifier: Apache-2.0
"""Middleware of an operator who sends a Content-Security-Policy, as a report of what it would
refuse.

Horizon's frame has scripts and styles of its own within the page, without which no page works:
a policy that is enforced would have to allow all that stands in a page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'self'",
        # AngularJS and the templates of Horizon's scripts are compiled in the browser.
        "script-src 'self' 'unsafe-eval' 'report-sample'",
        "style-src 'self' 'report-sample'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def reporting(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Content-Security-Policy-Report-Only"] = POLICY
        return response

    return middleware
