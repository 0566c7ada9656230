# SPDX-License-Identifier: Apache-2.0
"""Instances that were launched from an image, if there is a compute service.

Horizon's clients send the requests, without a time limit of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from horizon.exceptions import ServiceCatalogException
from keystoneauth1 import exceptions as keystone_exc
from novaclient import exceptions as nova_exc
from openstack_dashboard.api import _nova, base, nova

from helion_images_panel import exceptions
from helion_images_panel.api import bounded, forgiven, waiting
from helion_images_panel.api.client import Request
from helion_images_panel.core.per_request import per_request

#: What a request to the compute service may raise within `requested`.
FAILURES = (
    nova_exc.ClientException,
    keystone_exc.ClientException,
    requests.RequestException,
    ServiceCatalogException,
    exceptions.ImageServiceError,
)

_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)

#: Horizon's functions that make a client of their own; its modules have changed places.
_CLIENTS = ("get_novaclient_with_locked_status", "get_novaclient_with_instance_desc")


def has_compute(request: Request) -> bool:
    return bool(base.is_service_enabled(request, "compute"))


def nova_client(request: Request, microversion: str | None = None) -> Any:
    """Return Horizon's client of the compute service, whose requests are limited in time.

    The versions of the service are not read, as Horizon's own functions do for each token.
    """
    client = _nova.novaclient(request, *([microversion] if microversion else []))
    bounded.bound(client.client.session.session)
    return client


@contextmanager
def limited(request: Request) -> Iterator[None]:
    """Limit the time of Horizon's requests to the compute service in this block, and the pages
    that wait for it.

    Raise ImageServiceUnavailable if too many wait, and UnexpectedResponse if a response is
    not what the API promises: Nova's client reads responses without looking at them.
    """
    with requested():
        per_request(
            request, "compute_limited", lambda: _limit_time(request), scoped_to_project=True
        )
        yield


@contextmanager
def requested() -> Iterator[None]:
    """Limit the pages that wait for the compute service in this block; see `limited` for the
    errors.
    """
    with waiting.NOVA.turn():
        try:
            yield
        except (*_UNREADABLE, nova_exc.UnsupportedVersion) as error:
            raise exceptions.unexpected_compute_response() from error


def _limit_time(request: Request) -> bool:
    """Limit the clients that Horizon keeps for the request: the first asks for the versions of
    the compute service, by which the others are chosen.
    """
    nova_client(request)
    for name in _CLIENTS:
        make = getattr(nova, name, None) or getattr(_nova, name)
        bounded.bound(make(request).client.session.session)
    return True


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
        with requested():
            # Nova includes the project in the detailed form only.
            servers = nova_client(request).servers.list(detailed=everywhere, search_opts=query)
            own = request.user.project_id
            return [server.tenant_id if everywhere else own for server in servers]
    except FAILURES as error:
        forgiven.log("the instances of an image", error)
        return None
