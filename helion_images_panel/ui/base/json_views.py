# SPDX-License-Identifier: Apache-2.0
"""JSON responses for the page's scripts, including all errors."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions
from helion_images_panel.api import cache
from helion_images_panel.ui.base import refusals, service_errors
from helion_images_panel.ui.base.page_session import SessionChange
from helion_images_panel.ui.base.private import private
from helion_images_panel.ui.base.refusals import Refusal

#: Minimum seconds between two extensions of the session by a script's requests.
REFRESHED_EVERY_S = 300


def _is_due(request: HttpRequest) -> bool:
    """Whether no script's request has extended the session for REFRESHED_EVERY_S."""
    key = request.session.session_key or ""
    name = hashlib.sha256(key.encode()).hexdigest()
    return cache.acquire(f"helion_images.refreshed.{name}", REFRESHED_EVERY_S)


class JsonViewMixin:
    """Sends every refusal as JSON to the page's script, which shows it.

    GET requests of scripts, and long requests, do not write the session: a page that is
    left open would extend it for ever.
    """

    request: HttpRequest

    #: Whether scripts send it as long as the page is in use, so that it extends the
    #: session.
    keeps_session = False

    #: Whether it transfers an image's data, and may end hours after it began.
    takes_long = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self._json_response(request, *args, **kwargs)
        leaves_session = request.method == "GET" or self.takes_long
        if leaves_session and not (self.keeps_session and _is_due(request)):
            request.session.modified = False
        return private(response)

    def _json_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except horizon_exceptions.NotAuthorized:
            reason = _("You are not allowed to do this.")
            return self.refused(Refusal(403, refusals.REFUSED, reason))
        except horizon_exceptions.NotAuthenticated:
            reason = _("Your session has ended. Log in again.")
            return self.refused(Refusal(403, refusals.SESSION, reason))
        return response

    def not_found(self, reason: str) -> HttpResponse:
        return self.refused(Refusal(404, refusals.REFUSED, reason))

    def prepare_page(self) -> None:
        """Nothing: no page is rendered."""

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        service_errors.log(self.request, error)
        return self.refused(refusals.of_glance(error))

    def page_refused(
        self, refusal: Refusal, change: SessionChange | None = None, is_own: bool = True
    ) -> HttpResponse:
        return self.refused(refusal)

    def too_many(self, limit: int, ids: Collection[str]) -> HttpResponse | None:
        """Return the refusal of a request about more than that; None for fewer.

        To leave some out in silence would mean that they are gone.
        """
        if len(ids) <= limit:
            return None
        reason = _("Enter at most %(limit)s.") % {"limit": limit}
        return self.refused(refusals.invalid(400, reason))

    def refused(self, refusal: Refusal) -> HttpResponse:
        response = JsonResponse(refusal.body, status=refusal.status)
        if refusal.retry_after_s is not None:
            response["Retry-After"] = refusal.retry_after_s
        return response
