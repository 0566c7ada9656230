# SPDX-License-Identifier: Apache-2.0
"""URLs that scripts request with a token of Keystone, in place of a session of the dashboard."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import ResolverMatch, URLPattern
from django.utils.translation import gettext as _
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions
from helion_images_panel.api import token_user
from helion_images_panel.ui.base import refusals, service_errors
from helion_images_panel.ui.base.private import private
from helion_images_panel.ui.base.refusals import Refusal

#: Has the token. A URL would be in logs.
HEADER = "X-Auth-Token"

#: Parameter of the URL that names the region of the services.
REGION = "region"

View = Callable[..., HttpResponse]


class TokenURL(URLPattern):
    """A URL of a JSON view. Horizon's checks of the panel are made for the token's user.

    Horizon wraps the views of a panel in these checks, which lead to the login page. What
    `resolve` returns is around them.
    """

    def resolve(self, path: str) -> ResolverMatch | None:
        match: ResolverMatch | None = super().resolve(path)
        if match:
            match.func = _by_token(match.func)
        return match


def _by_token(view: View) -> View:
    @functools.wraps(view)
    def handled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.headers.get(HEADER)
        if token is not None:
            return private(_without_cookies(_with_token(request, token, view, args, kwargs)))
        if not request.user.is_authenticated:
            return private(_refused(_no_login()))
        return _checked(view, request, args, kwargs, _no_login)

    return handled


def _checked(
    view: View, request: HttpRequest, args: Any, kwargs: Any, ended: Callable[[], Refusal]
) -> HttpResponse:
    """Respond as the view does, also to those who may not use the panel.

    :param ended: the refusal if a service rejects the token, which the view calls the end of a
        session
    """
    try:
        response = view(request, *args, **kwargs)
    except horizon_exceptions.NotAuthorized:
        refusal = Refusal(403, refusals.REFUSED, _("You are not allowed to do this."))
        return private(_refused(refusal))
    except (horizon_exceptions.NotAuthenticated, exceptions.SessionEnded):
        return private(_refused(ended()))
    return private(_refused(ended())) if _is_end(response) else response


def _is_end(response: HttpResponse) -> bool:
    if response.status_code != 403 or not isinstance(response, JsonResponse):
        return False
    return bool(json.loads(response.content).get("kind") == refusals.SESSION)


def _with_token(
    request: HttpRequest, token: str, view: View, args: Any, kwargs: Any
) -> HttpResponse:
    """Respond as the token's user. The session that a cookie may name is neither used nor
    extended.
    """
    own, cookies = request.session, request.COOKIES
    try:
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        token_user.act_as(request, token, request.GET.get(REGION, ""))
        return _checked(view, request, args, kwargs, _token_refused)
    except token_user.TokenRefused:
        return _refused(_token_refused())
    except token_user.NoProject:
        return _refused(_no_project())
    except token_user.NoRegion as error:
        return _refused(_no_region(error.regions))
    except exceptions.ImageServiceError as error:
        service_errors.log(request, error)
        return _refused(refusals.of_glance(error))
    finally:
        request.session, request.COOKIES = own, cookies
        own.modified = False


def _without_cookies(response: HttpResponse) -> HttpResponse:
    """Let no middleware add a cookie: a script has none, and that of a browser stays as it is."""

    def ignore(*_args: Any, **_kwargs: Any) -> None:
        return None

    response.cookies.clear()
    response.set_cookie = ignore
    return response


def _refused(refusal: Refusal) -> HttpResponse:
    response = JsonResponse(refusal.body, status=refusal.status)
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Keystone"
    return response


def _no_login() -> Refusal:
    reason = _(
        "Log in to the dashboard, or send a token of the identity service in the header %(header)s."
    )
    return Refusal(401, refusals.SESSION, reason % {"header": HEADER})


def _token_refused() -> Refusal:
    reason = _(
        "The identity service does not accept the token: it has expired, or was revoked. Request "
        "a new one."
    )
    return Refusal(401, refusals.SESSION, reason)


def _no_project() -> Refusal:
    return Refusal(
        403, refusals.REFUSED, _("The token is for no project. Request a token for a project.")
    )


def _no_region(regions: list[str]) -> Refusal:
    reason = _("There is no such region. The token's services are in: %(regions)s.")
    return Refusal(404, refusals.REFUSED, reason % {"regions": ", ".join(regions)})
