# SPDX-License-Identifier: Apache-2.0
"""Instances that were launched from an image, if there is a compute service.

Horizon's clients send the requests, without a time limit of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import requests
from django.utils.translation import gettext_lazy as _
from horizon.exceptions import ServiceCatalogException
from keystoneauth1 import exceptions as keystone_exc
from novaclient import exceptions as nova_exc
from openstack_dashboard.api import _nova, base, nova

from helion_images_panel import exceptions
from helion_images_panel.api import bounded, forgiven, waiting
from helion_images_panel.api.client import Request
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.uses import Use, UsedImages, Uses

#: Maximum number of instances of an image that are read, and of all projects: the first of
#: these may be those of other domains.
LIMIT, LIMIT_EVERYWHERE = 100, 500

#: Maximum number of instances, whatever their image, that a request reads.
PORTION = 500

#: Seconds that a page waits for the instances of an image, or for a portion.
WAIT_S = 10.0

#: Statuses of instances whose disk is in a snapshot of the image service.
_SHELVED = ("SHELVED", "SHELVED_OFFLOADED")

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


def using(request: Request, image_id: str, *, everywhere: bool) -> Uses:
    """Return the instances that were launched from the image; raise ImageServiceError if the
    compute service fails.

    Instances on volumes are not among them: for Nova they have no image.

    :param everywhere: search in all projects, which Nova allows to admins only;
        otherwise in the token's own
    """
    query: dict[str, Any] = {"image": image_id, "limit": LIMIT}
    if everywhere:
        query |= {"all_tenants": True, "limit": LIMIT_EVERYWHERE}
    # Nova includes the project in the detailed form only.
    path = "/servers/detail" if everywhere else "/servers"
    own = request.user.project_id
    try:
        with requested(), bounded.within(WAIT_S):
            _response, body = nova_client(request).client.get(f"{path}?{urlencode(query)}")
            found = tuple(
                Use(
                    str(row["id"]),
                    str(row.get("name") or ""),
                    str(row["tenant_id"]) if everywhere else own,
                )
                for row in body["servers"]
            )
            # Nova returns a link to the next page also if that is empty.
            return Uses(found, is_complete=not body.get("servers_links"))
    except FAILURES as error:
        forgiven.log("the instances of an image", error)
        raise _failure(error) from error


def used_images(request: Request, marker: str = "", *, everywhere: bool) -> UsedImages:
    """Return the images of the instances after the marker of the portion before; of the first
    ones without. Raise ImageServiceError if the compute service fails.

    :param everywhere: of all projects, which Nova allows to admins only
    """
    query: dict[str, Any] = {"limit": PORTION, **({"marker": marker} if marker else {})}
    if everywhere:
        query["all_tenants"] = True
    own = request.user.project_id
    try:
        with requested(), bounded.within(WAIT_S):
            _response, body = nova_client(request).client.get(f"/servers/detail?{urlencode(query)}")
            rows = body["servers"]
            more = rows and body.get("servers_links")
            return UsedImages(
                tuple(
                    (
                        str(row["id"]),
                        # An instance on a volume has an empty text here.
                        str(row["image"]["id"]) if row.get("image") else "",
                        str(row["tenant_id"]) if everywhere else own,
                    )
                    for row in rows
                ),
                frozenset(str(row["id"]) for row in rows if row.get("status") in _SHELVED),
                str(rows[-1]["id"]) if more else "",
            )
    except FAILURES as error:
        forgiven.log("the images of instances", error)
        raise _failure(error) from error


def _failure(error: Exception) -> exceptions.ImageServiceError:
    if isinstance(error, exceptions.ImageServiceError):
        return error
    if isinstance(error, nova_exc.Forbidden):
        return exceptions.ImageForbidden(_("You are not allowed to list instances."))
    return exceptions.compute_does_not_answer()
