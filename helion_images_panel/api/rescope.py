# SPDX-License-Identifier: Apache-2.0
"""A person at work in another of their projects, for the time of one request.

To Glance a token is at home in one project. Who has a role in several can
have a token of each, which changes neither what Horizon shows as the active
project nor what the person may do in any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from keystoneauth1 import exceptions as keystone_exc
from openstack_auth import user as auth_user
from openstack_auth import utils as auth_utils

from helion_images_panel import exceptions
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.per_request import copy_for_project, per_request

#: Where the session keeps the tokens, by project: on the server, as Horizon's
#: own, and never where the session itself is a cookie.
SESSION_KEY = "helion_images_tokens"

#: Tokens that end within this time are not begun with. Seconds.
MARGIN_S = 60


def in_projects(request: HttpRequest, project_ids: Iterable[str]) -> dict[str, HttpRequest]:
    """A request for each of the projects, with a token of it.

    Projects in which Keystone gives the person no token are left out.
    """
    asked = list(dict.fromkeys(project_ids))
    acting: dict[str, HttpRequest] = per_request(request, "acting", dict, scoped_to_project=True)
    tokens = _kept_tokens(request)
    missing = [
        project_id
        for project_id in asked
        if project_id not in acting
        and project_id != request.user.project_id
        and project_id not in tokens
    ]
    found = in_parallel(lambda project_id: _new_token(request, project_id), missing)
    new = {id_: token for id_, token in zip(missing, found, strict=True) if token is not None}
    if new:
        tokens |= new
        _keep(request, tokens)
    for project_id in asked:
        if project_id == request.user.project_id:
            acting[project_id] = request
        elif project_id not in acting and project_id in tokens:
            acting[project_id] = _at_home_in(request, tokens[project_id])
    return {project_id: acting[project_id] for project_id in asked if project_id in acting}


def in_project(request: HttpRequest, project_id: str) -> HttpRequest:
    """Raises ImageForbidden where Keystone gives the person no token of that project."""
    found = in_projects(request, [project_id])
    if project_id not in found:
        raise exceptions.ImageForbidden("No role in this project.")
    return found[project_id]


def _at_home_in(request: HttpRequest, token: Any) -> HttpRequest:
    acting: HttpRequest = copy_for_project(request)
    # Horizon keeps its clients of Keystone on the request, each with the token.
    for name in [name for name in acting.__dict__ if name.startswith("_keystoneclient")]:
        del acting.__dict__[name]
    acting.user = auth_user.create_user_from_token(
        acting, token, request.user.endpoint, request.user.services_region
    )
    acting.session = _SessionWithToken(request.session, token)
    return acting


class _SessionWithToken:
    """A session in which the token is another, as openstack_auth's policy checks look there."""

    def __init__(self, session: Any, token: Any):
        self._session = session
        self._token = token

    def __getitem__(self, key: str) -> Any:
        return self._token if key == "token" else self._session[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._session[key] = value

    def __delitem__(self, key: str) -> None:
        del self._session[key]

    def __contains__(self, key: str) -> bool:
        return key in self._session

    def get(self, key: str, default: Any = None) -> Any:
        if key not in self._session:
            return default
        return self[key]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def _new_token(request: HttpRequest, project_id: str) -> Any:
    """None where the person has no role in the project, or it is disabled or gone."""
    auth_url, _fixed = auth_utils.fix_auth_url_version_prefix(request.user.endpoint)
    unscoped = request.session.get("unscoped_token")
    plugin = auth_utils.get_token_auth_plugin(auth_url, token=unscoped, project_id=project_id)
    session = auth_utils.get_session(original_ip=auth_utils.get_client_ip(request))
    try:
        return auth_user.Token(plugin.get_access(session), unscoped_token=unscoped)
    except (keystone_exc.Unauthorized, keystone_exc.Forbidden, keystone_exc.NotFound):
        return None
    except keystone_exc.ClientException as error:
        raise exceptions.identity_does_not_answer() from error


def _kept_tokens(request: HttpRequest) -> dict[str, Any]:
    kept = request.session.get(SESSION_KEY) or {}
    return {
        project_id: token
        for project_id, token in kept.items()
        if auth_utils.is_token_valid(token, margin=MARGIN_S)
    }


def _keep(request: HttpRequest, tokens: dict[str, Any]) -> None:
    if not auth_utils.using_cookie_backed_sessions():
        request.session[SESSION_KEY] = tokens
