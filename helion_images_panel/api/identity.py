# SPDX-License-Identifier: Apache-2.0
"""Connections to Keystone: limited in time, with every failure as an exception of this package."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from django.http import HttpRequest
from django.utils.translation import gettext as _
from keystoneauth1 import exceptions as keystone_exc
from keystoneauth1 import token_endpoint
from keystoneclient.v3 import client as keystone
from openstack_auth import utils as auth_utils
from openstack_dashboard.api import keystone as horizon_keystone

from helion_images_panel import conf, exceptions
from helion_images_panel.api import bounded, forgiven, waiting
from helion_images_panel.api.client import Request


def client(request: Request, *, as_admin: bool = True) -> Any:
    """Return Horizon's Keystone client for the user's token, which the request keeps."""
    if as_admin:
        connection = horizon_keystone.keystoneclient(request, admin=True, force_scoped=True)
    else:
        connection = horizon_keystone.keystoneclient(request)
    bounded.bound(connection.session.session)
    return connection


def session(request: HttpRequest) -> Any:
    """Return a session of keystoneauth without a token."""
    connection = auth_utils.get_session(original_ip=auth_utils.get_client_ip(request))
    bounded.bound(connection.session)
    return connection


def client_of_token(request: HttpRequest, token: str) -> Any:
    connection = session(request)
    connection.auth = token_endpoint.Token(request.user.endpoint, token)
    return keystone.Client(session=connection)


def endpoint_key(request: Request) -> str:
    """Return a text for cache keys that differs between the Keystones of several regions."""
    return hashlib.sha256(str(request.user.endpoint).encode()).hexdigest()


@contextmanager
def requested() -> Iterator[None]:
    """Send requests to Keystone and read their responses in this block, and nothing else.

    Limits the waiting pages. Errors become those of this package, also if a response is not
    what Keystone's API promises: its client reads responses without looking at them.
    """
    with waiting.KEYSTONE.turn():
        try:
            yield
        except keystone_exc.Unauthorized as error:
            raise exceptions.SessionEnded() from error
        except keystone_exc.Forbidden as error:
            reason = _("You are not allowed to list the projects of the identity service.")
            raise exceptions.IdentityForbidden(reason) from error
        except keystone_exc.HttpServerError as error:
            raise exceptions.identity_does_not_answer() from error
        except keystone_exc.HttpError as error:
            raise exceptions.ImageServiceError(
                _("The identity service refused the request (HTTP %(status)s). Try again later.")
                % {"status": error.http_status},
                503,
            ) from error
        except (keystone_exc.ClientException, requests.RequestException, OSError) as error:
            raise exceptions.identity_does_not_answer() from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise exceptions.unexpected_identity_response() from error


def load_own_projects(request: Request) -> None:
    """Load the user's projects, which Horizon shows on every page and reads without a limit."""
    user = request.user
    if getattr(user, "_authorized_tenants", ()) is not None or not user.is_authenticated:
        return
    with requested():
        user.authorized_tenants = auth_utils.get_project_list(
            user_id=user.id,
            auth_url=user.endpoint,
            token=user.unscoped_token,
            is_federated=user.is_federated,
            session=session(request),
        )


def prepare_page(request: Request, *, has_frame: bool) -> None:
    """Send the requests to Keystone that Horizon itself sends while it renders a page.

    Horizon sends them without a time limit, and some of its code fails with a server error
    when Keystone does. Raise ImageServiceError if Horizon's frame could not be rendered.

    :param has_frame: whether it is a whole page, and no dialog
    """
    try:
        load_own_projects(request)
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        if has_frame and isinstance(error, exceptions.IdentityUnavailable):
            raise
        # As Horizon does: without the menu of projects.
        forgiven.log("the menu of projects", error)
        request.user.authorized_tenants = []
    if has_frame and getattr(request.user, "is_authenticated", False):
        with requested():
            connection = client(request, as_admin=False)
            _keep_for_horizon(request, connection)
            _discover_versions(connection.session)


def _keep_for_horizon(request: Request, connection: Any) -> None:
    """Let Horizon's frame use this connection, which is limited in time.

    Horizon keeps its client on the request, and takes it again if that names the user's
    token. The clients that Horizon makes name none, so each use would make a new one.
    """
    token_id = request.user.token.id
    # Another token, such as that of a domain, is not for all uses.
    if connection.session.auth.get_token(connection.session) == token_id:
        connection.auth_token = token_id


#: Seconds for which a process keeps what each Keystone says of its versions.
_VERSIONS_KEPT_S = 300

#: By period of that many seconds, of which there is one, and URL.
_versions: dict[int, dict[str, Any]] = {}


def _discover_versions(session: Any) -> None:
    """Let the session know Keystone's versions, for which Horizon asks on every page.

    An operator who has Keystone queried for projects each time has it queried for these too.
    """
    period = int(time.monotonic() // _VERSIONS_KEPT_S)
    if period not in _versions or not conf.PROJECT_CACHE_S.value:
        _versions.clear()
    kept = _versions.setdefault(period, {})
    # The parameter `discovery_cache` of a session, which Horizon does not pass when it makes it.
    found = session._discovery_cache
    found.update(kept)
    endpoint = session.get_endpoint_data(service_type="identity")
    # What is not a version is asked again on the next page.
    if getattr(endpoint, "api_version", None):
        kept.update(found)
