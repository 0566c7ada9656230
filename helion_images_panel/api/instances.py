# SPDX-License-Identifier: Apache-2.0
"""Instances that were launched from an image, where there is a compute service."""

from __future__ import annotations

from typing import Any

import requests
from horizon.exceptions import ServiceCatalogException
from keystoneauth1 import exceptions as keystone_exc
from novaclient import exceptions as nova_exc
from openstack_dashboard.api import base, nova

from helion_images_panel.api.client import Request

_FAILURES = (
    nova_exc.ClientException,
    keystone_exc.ClientException,
    requests.RequestException,
    ServiceCatalogException,
)


def has_compute(request: Request) -> bool:
    return bool(base.is_service_enabled(request, "compute"))


def projects_using(
    request: Request, image_id: str, *, everywhere: bool, limit: int
) -> list[str] | None:
    """The project of each instance of the image; None where the service does not tell.

    :param everywhere: look into all projects, as Nova lets admins only;
        otherwise into the token's own
    :param limit: of so many instances at the most
    """
    asked: dict[str, Any] = {"image": image_id, "limit": limit}
    if everywhere:
        asked["all_tenants"] = True
    try:
        # Nova names the project in the long form alone.
        servers, _more = nova.server_list(request, search_opts=asked, detailed=everywhere)
    except _FAILURES:
        return None
    own = request.user.project_id
    return [server.tenant_id if everywhere else own for server in servers]
