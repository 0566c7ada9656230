# SPDX-License-Identifier: Apache-2.0
"""The user of a token that a script sends, in the place of the session's user.

Keystone says in one request whose token it is, for which project and with which roles. No other
token is made of it: that of an application credential could not be changed into another one.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from keystoneauth1 import access, token_endpoint
from keystoneauth1 import exceptions as keystone_exc
from keystoneclient.v3 import client as keystone
from openstack_auth import user as auth_user
from openstack_auth import utils as auth_utils

from helion_images_panel.api import identity
from helion_images_panel.api.credentials import BACKEND

#: What a header may have as a token. Keystone's have 180 to 1,500 characters.
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


class TokenRefused(Exception):
    """Keystone does not accept the token, or it has expired."""


class NoProject(Exception):
    """The token is for no project, or has no services."""


class NoRegion(Exception):
    """The services of the token are not in this region; `regions` are those that they are in."""

    def __init__(self, regions: list[str]):
        super().__init__()
        self.regions = regions


class _Unsaved(SessionBase):  # type: ignore[misc]
    """A session for one request, which no store and no cookie has."""


def act_as(request: HttpRequest, token: str, region: str = "") -> None:
    """Let the request have the token's user, and a session of its own. One request to Keystone.

    Raise TokenRefused, NoProject, NoRegion, or ImageServiceError if Keystone fails.

    :param region: of the services; that of Horizon's settings, or the first one, if it is empty
    """
    if not _TOKEN.fullmatch(token):
        raise TokenRefused()
    auth_url = _auth_url(region)
    with identity.requested():
        info = _access(request, auth_url, token)
        found, regions = _token(info)
        endpoint = _endpoint(info, auth_url)
    # A token for a domain or for the system has a catalog too.
    if not found.project["id"] or not regions:
        raise NoProject()
    if region and region not in [*regions, *_keystones()]:
        raise NoRegion(regions)
    session: Any = _Unsaved()
    session[auth.SESSION_KEY] = found.user["id"]
    session[auth.BACKEND_SESSION_KEY] = BACKEND
    request.session = session
    # The cookies are of another user, and name that one's region.
    request.COOKIES = {}
    services_region = region if region in regions else None
    user = auth_user.create_user_from_token(request, found, endpoint, services_region)
    auth_user.set_session_from_user(request, user)


def _access(request: HttpRequest, auth_url: str, token: str) -> Any:
    connection = identity.session(request)
    connection.auth = token_endpoint.Token(auth_url, token)
    try:
        body = keystone.Client(session=connection).tokens.get_token_data(token)
    except (keystone_exc.Unauthorized, keystone_exc.Forbidden, keystone_exc.NotFound) as error:
        raise TokenRefused() from error
    return access.create(body=body, auth_token=token)


def _token(info: Any) -> tuple[Any, list[str]]:
    """Return Horizon's token and its regions. What Keystone has not sent raises a KeyError, a
    TypeError or a ValueError, which `identity.requested` converts.
    """
    found = auth_user.Token(info)
    if not auth_utils.is_token_valid(found):
        raise TokenRefused()
    regions = _regions(found.serviceCatalog)
    names = [found.user["id"], found.user["name"], *(role["name"] for role in found.roles)]
    if not all(isinstance(name, str) for name in (*names, *regions)):
        raise TypeError("name")
    return found, regions


def _endpoint(info: Any, auth_url: str) -> str:
    """Return the endpoint of Keystone that a login takes, by Horizon's settings."""
    own_type = getattr(settings, "OPENSTACK_KEYSTONE_ENDPOINT_TYPE", None)
    interface = own_type or settings.OPENSTACK_ENDPOINT_TYPE
    try:
        return str(info.service_catalog.url_for(service_type="identity", interface=interface))
    except keystone_exc.CatalogException:
        return auth_url


def _auth_url(region: str) -> str:
    """Return Keystone's URL. A dashboard of several Keystones has their names as regions."""
    keystones = _keystones()
    first = next(iter(keystones.values()), settings.OPENSTACK_KEYSTONE_URL)
    url, _is_fixed = auth_utils.fix_auth_url_version_prefix(keystones.get(region, first))
    return str(url)


def _keystones() -> dict[str, str]:
    return {name: url for url, name in getattr(settings, "AVAILABLE_REGIONS", ())}


def _regions(catalog: Any) -> list[str]:
    """Return the regions of the services but Keystone, in the catalog's order."""
    endpoints = [
        endpoint
        for service in catalog or ()
        if service.get("type") != "identity"
        for endpoint in service.get("endpoints", ())
    ]
    return list(dict.fromkeys(map(auth_utils.get_endpoint_region, endpoints)))
