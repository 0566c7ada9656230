# SPDX-License-Identifier: Apache-2.0
"""Instances that were launched from an image, if there is a compute service."""

from __future__ import annotations

from typing import Any

import requests
from horizon.exceptions import ServiceCatalogException
from keystoneauth1 import exceptions as keystone_exc
from novaclient import exceptions as nova_exc
from openstack_dashboard.api import base, nova

from helion_images_panel.api import forgiven
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
    """Return the project of each instance of the image; None if the compute service fails.

    :param everywhere: search in all projects, which Nova allows to admins only;
        otherwise in the token's own
    :param limit: maximum number of instances
    """
    query: dict[str, Any] = {"image": image_id, "limit": limit}
    if everywhere:
        query["all_tenants"] = True
    try:
        # Nova includes the project in the detailed form only.
        servers, _more = nova.server_list(request, search_opts=query, detailed=everywhere)
    except _FAILURES as error:
        forgiven.log("the instances of an image", error)
        return None
    own = request.user.project_id
    return [server.tenant_id if everywhere else own for server in servers]
