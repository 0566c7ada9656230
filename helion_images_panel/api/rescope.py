# SPDX-License-Identifier: Apache-2.0
"""Requests of a user in other projects of theirs, for the duration of one request.

A token is valid for one project at Glance. A user with roles in several projects can
have a token for each, which changes neither Horizon's active project nor the user's
permissions in any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from keystoneauth1 import exceptions as keystone_exc
from openstack_auth import user as auth_user
from openstack_auth import utils as auth_utils

from helion_images_panel import exceptions
from helion_images_panel.api import identity
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.api.token_cache import TOKENS
from helion_images_panel.core.per_request import copy_for_project, per_request

#: Session key under which earlier versions stored the tokens.
OLD_SESSION_KEY = "helion_images_tokens"


def in_projects(request: HttpRequest, project_ids: Iterable[str]) -> dict[str, HttpRequest]:
    """Return a request for each of the projects, with a token of that project.

    Projects for which Keystone issues no token to the user are left out.
    """
    requested = list(dict.fromkeys(project_ids))
    requests: dict[str, HttpRequest] = per_request(request, "acting", dict, scoped_to_project=True)
    request.session.pop(OLD_SESSION_KEY, None)
    unscoped = request.session.get("unscoped_token") or ""
    tokens = _cached_tokens(
        unscoped,
        [id_ for id_ in requested if id_ not in requests and id_ != request.user.project_id],
    )
    missing = [id_ for id_, token in tokens.items() if token is None]
    responses = in_parallel(lambda project_id: _new_token(request, project_id), missing)
    for project_id, token in zip(missing, responses, strict=True):
        tokens[project_id] = token
        if token is not None and unscoped:
            TOKENS.put(unscoped, project_id, token)
    for project_id in requested:
        if project_id == request.user.project_id:
            requests[project_id] = request
        elif project_id not in requests and tokens[project_id] is not None:
            requests[project_id] = _request_with_token(request, tokens[project_id])
    return {project_id: requests[project_id] for project_id in requested if project_id in requests}


def in_project(request: HttpRequest, project_id: str) -> HttpRequest:
    """Return a request in the project; raise IdentityForbidden if Keystone issues no token."""
    requests = in_projects(request, [project_id])
    if project_id not in requests:
        raise exceptions.IdentityForbidden("No role in the project.")
    return requests[project_id]


def _request_with_token(request: HttpRequest, token: Any) -> HttpRequest:
    copied: HttpRequest = copy_for_project(request)
    # Horizon stores its Keystone clients, which contain the token, on the request.
    for name in [name for name in copied.__dict__ if name.startswith("_keystoneclient")]:
        del copied.__dict__[name]
    copied.user = auth_user.create_user_from_token(
        copied, token, request.user.endpoint, request.user.services_region
    )
    copied.session = _SessionWithToken(request.session, token)
    return copied


class _SessionWithToken:
    """A session with another token, as openstack_auth's policy checks read it there."""

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
    """Request a token; None if the user has no role in the project, or it is disabled."""
    auth_url, _fixed = auth_utils.fix_auth_url_version_prefix(request.user.endpoint)
    unscoped = request.session.get("unscoped_token")
    plugin = auth_utils.get_token_auth_plugin(auth_url, token=unscoped, project_id=project_id)
    with identity.requested():
        try:
            access = plugin.get_access(identity.session(request))
        except (keystone_exc.Unauthorized, keystone_exc.Forbidden, keystone_exc.NotFound):
            return None
        return auth_user.Token(access, unscoped_token=unscoped)


def _cached_tokens(unscoped: str, project_ids: Iterable[str]) -> dict[str, Any]:
    """Return the tokens by project, None for those that have to be requested."""
    return {id_: TOKENS.get(unscoped, id_) if unscoped else None for id_ in project_ids}
