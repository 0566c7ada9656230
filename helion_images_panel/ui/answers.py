# SPDX-License-Identifier: Apache-2.0
"""Answers for the page's scripts: JSON, whatever happens."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions
from helion_images_panel.ui import refusals
from helion_images_panel.ui.refusals import Refusal


class JsonAnswers:
    """Every refusal goes to the page's script, which tells the person."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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
