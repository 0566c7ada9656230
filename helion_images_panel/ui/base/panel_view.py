# SPDX-License-Identifier: Apache-2.0
"""The base class of all views: what several tabs of one session have in common."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.template.response import SimpleTemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from horizon import exceptions as horizon_exceptions
from horizon.middleware import HorizonMiddleware
from horizon.utils.http import is_ajax

from helion_images_panel.core.audit import log_safe
from helion_images_panel.ui.base import page_session, refusals, service_errors, times
from helion_images_panel.ui.base.merged_session import MergedSession
from helion_images_panel.ui.base.page_session import PageSession, SessionChange
from helion_images_panel.ui.base.private import private
from helion_images_panel.ui.base.refusals import Refusal

LOG = logging.getLogger(__name__)

_TOKEN_FIELD = re.compile(rb'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>')

#: Makes the responses to Horizon's exceptions.
_HORIZON = HorizonMiddleware(lambda _request: HttpResponse())

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check of the token, which returns the reason of a refusal.

    Django's own response would lead to the login page, and lose the input.
    """

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason

    def is_of_this_site(self, request: HttpRequest) -> bool:
        """Whether the browser says that a page of the dashboard has sent the request."""
        return "HTTP_ORIGIN" in request.META and bool(self._origin_verified(request))


class PanelView:
    """A view that other tabs of the same session do not disturb.

    It writes only its own changes of the session, and refuses changes that come from a
    page of another project or another user than the session's. Each form that it
    renders names the page's session: see `page_session`.
    """

    request: HttpRequest
    kwargs: dict[str, Any]

    #: The session that the forms of the response name.
    page_session: PageSession

    #: Whether it makes something that belongs to the active project, so that a user may
    #: choose to make it in the one that is active now.
    creates = False

    #: For the page's script: see `times`.
    age_words = staticmethod(times.age_words)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponse]:
        view = super().as_view(**initkwargs)  # type: ignore[misc]

        @functools.wraps(view)
        def handled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response: HttpResponse = view(request, *args, **kwargs)
            except (horizon_exceptions.NotAuthorized, horizon_exceptions.NotAuthenticated) as error:
                # Horizon's own response, which names the user and the project as well.
                response = private(_HORIZON.process_exception(request, error))
            return response

        # `dispatch` checks the token: with Django's check a refusal would lose the input.
        handled.csrf_exempt = True  # type: ignore[attr-defined]
        return handled

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.session = MergedSession(request.session)
        self.page_session = page_session.of_request(request)
        response = self._outdated_refusal(request) or self.handle(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        _leave_messages(request)
        return private(_with_page_session(response, self.page_session))

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the response to a request whose page is not outdated."""
        return self.respond(request, *args, **kwargs)

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def _outdated_refusal(self, request: HttpRequest) -> HttpResponse | None:
        check = _CsrfCheck(lambda _request: HttpResponse())
        if reason := check.process_view(request, None, (), {}):
            LOG.warning("Refused %s %s: %s", request.method, log_safe(request.path), reason)
            return self.page_refused(_outdated(), is_own=check.is_of_this_site(request))
        if request.method in _SAFE_METHODS:
            return None
        change = page_session.change(request)
        return self.page_refused(_of_change(change), change) if change else None

    def page_refused(
        self, refusal: Refusal, change: SessionChange | None = None, is_own: bool = True
    ) -> HttpResponse:
        """Return the refusal of a request from an outdated page, with the input.

        :param is_own: whether a page of the dashboard has certainly sent the request;
            else its input is not offered to be sent again
        """
        if is_ajax(self.request):
            return JsonResponse(refusal.body, status=refusal.status)
        context = {
            "page_title": _("Nothing Was Changed"),
            "refusal": refusal,
            "change": change,
            "fields": page_session.without_fields(self.request.POST) if is_own else (),
            "named": page_session.named_by(self.request)[-1:],
            "offers_now": self.creates and bool(change and change.switch_url),
        }
        html = service_errors.framed(self.request, "base/outdated_page.html", context)
        return HttpResponse(html, status=refusal.status)


def _of_change(change: SessionChange) -> Refusal:
    details = {"now": change.now.encoded}
    if change.switch_url:
        details |= {
            "switch_url": change.switch_url,
            "switch_label": change.switch_label,
            "now_name": change.now.project_name,
        }
    return Refusal(409, refusals.ELSEWHERE, change.reason, details)


def _outdated() -> Refusal:
    reason = _(
        "This page is older than the last login in this browser, or cookies are turned off. "
        "Nothing was changed. Try again."
    )
    return Refusal(403, refusals.OUTDATED, reason)


def _leave_messages(request: HttpRequest) -> None:
    """Delete no messages if this page has shown none.

    Django deletes the cookie after each page that could show messages, also one that
    another tab's request has received in the meantime.
    """
    storage = get_messages(request)
    if hasattr(storage, "used") and not len(storage):
        storage.used = False


def _with_page_session(response: HttpResponse, session: PageSession) -> HttpResponse:
    """Add the page's session to all forms that are posted: to those with a token."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return response
    field = format_html(
        '<input type="hidden" name="{}" value="{}">', page_session.FIELD, session.encoded
    ).encode()
    response.content = _TOKEN_FIELD.sub(lambda match: match[0] + field, response.content)
    return response
