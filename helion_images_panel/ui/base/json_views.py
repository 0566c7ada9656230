# SPDX-License-Identifier: Apache-2.0
"""Answers for the page's scripts: JSON, whatever happens."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions
from helion_images_panel.api import cache
from helion_images_panel.ui.base import refusals
from helion_images_panel.ui.base.refusals import Refusal

#: Seconds after which the session is kept alive once more by what a script asks.
REFRESHED_EVERY_S = 300


def _is_due(request: HttpRequest) -> bool:
    """Whether the session has not been written for a script for some time."""
    key = request.session.session_key or ""
    name = hashlib.sha256(key.encode()).hexdigest()
    return cache.acquire(f"helion_images.refreshed.{name}", REFRESHED_EVERY_S)


def _keep_alive(request: HttpRequest) -> None:
    """Has the session written with what stands in it by now, and not as this request found it."""
    session = request.session
    ends_in = session.get_expiry_age()
    now = session.load()
    for key in set(session.keys()).difference(now):
        del session[key]
    session.update(now)
    if now:
        session.set_expiry(ends_in)
    else:
        # Somebody has logged out meanwhile.
        session.modified = False


class JsonAnswers:
    """Every refusal goes to the page's script, which tells the person.

    What a script asks by itself, and what takes long, leaves the session as it
    is: Horizon's middleware has every request write all of it, as it was when
    the request began, and a late one would undo what the person's own requests
    have written meanwhile, such as the project that they work in.
    """

    #: Whether it is asked as long as the page is in use, and so is to keep the session alive.
    keeps_session = False

    #: Whether it carries an image's data, and may end hours after it began.
    takes_long = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self._answer_to(request, *args, **kwargs)
        leaves_session = request.method == "GET" or self.takes_long
        if leaves_session and self.keeps_session and _is_due(request):
            _keep_alive(request)
        elif leaves_session:
            request.session.modified = False
        return response

    def _answer_to(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except Http404 as error:
            return self.refused(Refusal(404, refusals.REFUSED, str(error)))
        except horizon_exceptions.NotAuthorized:
            reason = _("You are not allowed to do this.")
            return self.refused(Refusal(403, refusals.REFUSED, reason))
        except horizon_exceptions.NotAuthenticated:
            reason = _("Your session has ended. Log in again.")
            return self.refused(Refusal(403, refusals.SESSION, reason))
        return response

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        return self.refused(refusals.of_glance(error))

    def refused(self, refusal: Refusal) -> HttpResponse:
        response = JsonResponse(refusal.body, status=refusal.status)
        if refusal.retry_after_s is not None:
            response["Retry-After"] = refusal.retry_after_s
        return response
