# SPDX-License-Identifier: Apache-2.0
"""Volumes that were created from an image, if there is a volume service.

Cinder keeps the image's ID with the volume. Its filter `glance_metadata` finds that, and is
open to admins; to others only where the operator has added it to the cloud's
`resource_filters.json`. Without it, the volumes of the project are read and compared here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from django.utils.translation import gettext_lazy as _
from horizon.exceptions import ServiceCatalogException
from keystoneauth1 import exceptions as keystone_exc
from openstack_dashboard.api import base

from helion_images_panel import exceptions
from helion_images_panel.api import bounded, forgiven, identity, waiting
from helion_images_panel.api.client import Request
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.uses import Use, UsedImages, Uses

#: The first version of Cinder's API that refuses a filter which it does not apply (2017).
#: Earlier ones return all volumes then.
VERSION = {"OpenStack-API-Version": "volume 3.31"}

#: Maximum number of volumes of an image that are read, of all projects, and of a project where
#: the filter is refused. Cinder returns no more than 1,000, unless its operator has set less.
LIMIT, LIMIT_EVERYWHERE, LIMIT_UNFILTERED = 100, 500, 1000

#: Maximum number of volumes, whatever their image, that a request reads.
PORTION = 500

#: Seconds that a page waits for the volumes of an image, or for a portion.
WAIT_S = 10.0

#: Types in the service catalog, as Horizon looks for them.
_TYPES = ("block-storage", "block-store", "volumev3", "volume")

#: Statuses for a filter that is refused, and for a Cinder that does not have VERSION.
_NOT_FILTERED = (400, 406)

_FAILURES = (
    keystone_exc.ClientException,
    requests.RequestException,
    ServiceCatalogException,
    exceptions.ImageServiceError,
)

_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


def has_volumes(request: Request) -> bool:
    return any(base.is_service_enabled(request, name) for name in _TYPES)


def used_images(request: Request, marker: str = "", *, everywhere: bool) -> UsedImages:
    """Return the images of the volumes after the marker of the portion before; of the first ones
    without. Raise ImageServiceError if the volume service fails.

    :param everywhere: of all projects, which Cinder allows to admins only
    """
    query: dict[str, Any] = {"limit": PORTION, **({"marker": marker} if marker else {})}
    if everywhere:
        query["all_tenants"] = 1
    with _requested("the images of volumes"):
        body = _body(_get(request, query, {}))
        rows = body["volumes"]
        # A cloud may hide the metadata: a volume to boot from has some otherwise.
        has_metadata = any("volume_image_metadata" in row for row in rows)
        bootable = any(str(row.get("bootable")).lower() == "true" for row in rows)
        projects = [row.get("os-vol-tenant-attr:tenant_id") for row in rows]
        items = tuple(
            (
                str(row["id"]),
                str((row.get("volume_image_metadata") or {}).get("image_id") or ""),
                str(project or "") if everywhere else request.user.project_id,
            )
            for row, project in zip(rows, projects, strict=True)
        )
        marker = items[-1][0] if items and body.get("volumes_links") else ""
        is_complete = (has_metadata or not bootable) and (all(projects) or not everywhere)
        return UsedImages(items, marker=marker, is_complete=is_complete)


def using(request: Request, image_id: str, *, everywhere: bool) -> Uses:
    """Return the volumes that were created from the image, with copies of these volumes; raise
    ImageServiceError if the volume service fails.

    :param everywhere: search in all projects, which Cinder allows to admins only;
        otherwise in the token's own
    """
    query: dict[str, Any] = {
        "glance_metadata": json.dumps({"image_id": image_id}),
        "limit": LIMIT_EVERYWHERE if everywhere else LIMIT,
    }
    if everywhere:
        query["all_tenants"] = 1
    with _requested("the volumes of an image"):
        response = _get(request, query, VERSION)
        if response.status_code in _NOT_FILTERED:
            return _found(request, _unfiltered(request, everywhere), image_id, everywhere)
        return _found(request, _body(response), image_id, everywhere, is_filtered=True)


@contextmanager
def _requested(what: str) -> Iterator[None]:
    """Limit the time of the requests in this block; raise ImageServiceError for each failure."""
    try:
        with waiting.NOVA.turn(exceptions.volumes_do_not_answer), bounded.within(WAIT_S):
            yield
    except _UNREADABLE as error:
        forgiven.log(what, error)
        raise _unexpected_response() from error
    except _FAILURES as error:
        forgiven.log(what, error)
        if isinstance(error, exceptions.ImageServiceError):
            raise
        raise exceptions.volumes_do_not_answer() from error


def _get(request: Request, query: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
    return identity.session(request).get(
        f"{_endpoint(request)}/volumes/detail",
        params=query,
        headers={**headers, "X-Auth-Token": request.user.token.id, "Accept": "application/json"},
        authenticated=False,
        raise_exc=False,
    )


def _endpoint(request: Request) -> str:
    name = next(name for name in _TYPES if base.is_service_enabled(request, name))
    return str(base.url_for(request, name)).rstrip("/")


def _body(response: Any) -> Mapping[str, Any]:
    if response.status_code == 403:
        raise exceptions.ImageForbidden(_("You are not allowed to list volumes."))
    if response.status_code != 200:
        raise exceptions.volumes_do_not_answer()
    body = response.json()
    if not isinstance(body, dict):
        raise _unexpected_response()
    return body


def _unfiltered(request: Request, everywhere: bool) -> Mapping[str, Any]:
    """Return the first volumes of the project, or of all; once for a request, whatever the
    image.
    """
    query: dict[str, Any] = {"limit": LIMIT_UNFILTERED}
    if everywhere:
        query["all_tenants"] = 1
    return per_request(
        request,
        f"volumes_{everywhere}",
        lambda: _body(_get(request, query, {})),
        scoped_to_project=True,
    )


def _found(
    request: Request,
    body: Mapping[str, Any],
    image_id: str,
    everywhere: bool,
    is_filtered: bool = False,
) -> Uses:
    items, is_complete = [], not body.get("volumes_links")
    has_metadata = is_filtered or any("volume_image_metadata" in row for row in body["volumes"])
    for row in body["volumes"]:
        metadata = row.get("volume_image_metadata")
        if metadata is None and not is_filtered:
            # A cloud may hide the metadata: a volume to boot from has some otherwise.
            is_complete &= has_metadata or str(row.get("bootable")).lower() != "true"
            continue
        if metadata is not None and metadata.get("image_id") != image_id:
            continue
        project_id = row.get("os-vol-tenant-attr:tenant_id")
        if not project_id and everywhere:
            is_complete = False
            continue
        items.append(
            Use(
                str(row["id"]),
                str(row.get("name") or ""),
                str(project_id) if everywhere else request.user.project_id,
            )
        )
    return Uses(tuple(items), is_complete)


def _unexpected_response() -> exceptions.UnexpectedResponse:
    return exceptions.UnexpectedResponse(
        _(
            "The response of the volume service could not be read. Try again; if that does not "
            "help, contact the cloud's operator."
        )
    )
