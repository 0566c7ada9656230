# SPDX-License-Identifier: Apache-2.0
"""The user of a management command: OS_CLOUD with clouds.yaml, or the OS_… variables."""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.http import HttpRequest
from keystoneauth1 import exceptions as keystone_exc
from openstack import config
from openstack import exceptions as sdk_exc
from openstack_auth import user as auth_user

#: The class by which openstack_auth looks up the user of a session.
BACKEND = "openstack_auth.backend.KeystoneBackend"


class NoCredentials(Exception):
    """No credentials are configured, or Keystone refuses them; ``str()`` is the reason."""


def request_from_environment() -> HttpRequest:
    """Create a request with the user that the environment configures, as the panels have it."""
    try:
        region = config.OpenStackConfig().get_one()
        session = region.get_session()
        plugin: Any = session.auth
        access = plugin.get_access(session)
        endpoint = session.get_endpoint(
            service_type="identity", interface=region.get_interface(), region_name=region.region
        )
    except (sdk_exc.SDKException, keystone_exc.ClientException) as error:
        # The message contains URLs and user names, never a password.
        raise NoCredentials(str(error)) from error
    token: Any = auth_user.Token(access)
    request: Any = HttpRequest()
    request.session = {
        "token": token,
        "user_id": token.user["id"],
        "region_endpoint": endpoint,
        "services_region": region.region,
        auth.SESSION_KEY: token.user["id"],
        auth.BACKEND_SESSION_KEY: BACKEND,
    }
    request.user = auth_user.create_user_from_token(
        request, token, endpoint, services_region=region.region or None
    )
    result: HttpRequest = request
    return result
