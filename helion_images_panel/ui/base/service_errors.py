# SPDX-License-Identifier: Apache-2.0
"""The response of a page whose service fails: the reason, Retry, and what a user has entered."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from helion_images_panel import exceptions
from helion_images_panel.api import identity
from helion_images_panel.core.audit import log_safe

LOG = logging.getLogger(__name__)

STATUS = 503
FORBIDDEN = 403

#: Seconds after which a browser or a script may retry.
RETRY_AFTER_S = 10

_NOT_SENT_AGAIN = "csrfmiddlewaretoken"


def log(request: HttpRequest, error: Exception) -> None:
    cause = type(error.__cause__ or error).__name__
    LOG.warning(
        "%s %s failed: %s (%s)", request.method, log_safe(request.path), log_safe(str(error)), cause
    )


def prepare(request: HttpRequest, is_dialog: bool) -> None:
    """Load what Horizon's frame needs from Keystone; raise ImageServiceError if that fails."""
    identity.prepare_page(request, has_frame=not is_dialog)


def response(
    request: HttpRequest, error: exceptions.ImageServiceError, title: str, is_dialog: bool
) -> HttpResponse:
    """Return the page with the reason, status 503 or 403, or the dialog with it.

    A form is sent again by Retry as it was: nothing that was entered is lost.
    """
    log(request, error)
    # "hide" is of Horizon's template: whether it is shown over the page.
    values = {"page_title": title, "hide": is_dialog, **context(request, error, str(error))}
    if is_dialog:
        # Horizon's scripts close a dialog for every other status.
        return HttpResponse(_rendered(request, "base/_service_error.html", values))
    return with_status(HttpResponse(_page(request, error, values)), error)


def is_forbidden(error: Exception) -> bool:
    """Whether the image service does not allow it to the user: a retry would not help."""
    return isinstance(error, exceptions.ImageForbidden) and not isinstance(
        error, exceptions.IdentityForbidden
    )


def with_status(page: HttpResponse, error: Exception) -> HttpResponse:
    """Set the status of a page with the reason; a browser may retry unless it is forbidden."""
    if is_forbidden(error):
        page.status_code = FORBIDDEN
    else:
        page.status_code = STATUS
        page["Retry-After"] = str(RETRY_AFTER_S)
    return page


def context(request: HttpRequest, error: Exception, reason: str) -> dict[str, Any]:
    """Return the values of the templates that show the reason and Retry.

    Retry is offered with a form also if it is forbidden, since it keeps the input.
    """
    is_form = request.method == "POST"
    return {
        "reason": reason,
        "may_retry": is_form or not is_forbidden(error),
        "retry_url": request.get_full_path(),
        "is_form": is_form,
        "fields": [
            (name, value)
            for name, values in (request.POST.lists() if is_form else ())
            for value in values
            if name != _NOT_SENT_AGAIN
        ],
    }


def _page(request: HttpRequest, error: Exception, values: dict[str, Any]) -> str:
    # If Keystone has not responded, it would not respond to another request either.
    has_frame = not isinstance(error, exceptions.IdentityUnavailable)
    return framed(request, "base/service_error.html", values, has_frame=has_frame)


def framed(
    request: HttpRequest, name: str, values: dict[str, Any], *, has_frame: bool = True
) -> str:
    """Render a page that extends `frame`: Horizon's, or none if Keystone fails for it."""
    try:
        if has_frame:
            prepare(request, is_dialog=False)
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        log(request, error)
        has_frame = False
    frame = "page.html" if has_frame else "page_without_frame.html"
    return _rendered(request, name, {**values, "frame": f"helion_images_panel/base/{frame}"})


def _rendered(request: HttpRequest, name: str, values: dict[str, Any]) -> str:
    if getattr(request.user, "_authorized_tenants", ()) is None:
        # Horizon would request them for every template.
        request.user.authorized_tenants = []
    return render_to_string(f"helion_images_panel/{name}", values, request)
