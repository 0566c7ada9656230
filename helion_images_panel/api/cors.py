# SPDX-License-Identifier: Apache-2.0
"""The permission that a browser asks Glance for before it sends data from a page."""

from __future__ import annotations

import uuid

import requests
from django.conf import settings

from helion_images_panel import exceptions
from helion_images_panel.api import bounded, images
from helion_images_panel.api.client import Request

#: What the page's script sends.
_HEADERS = ("content-type", "x-auth-token", "x-image-meta-store")


def allows_upload(request: Request, origin: str) -> bool:
    """Whether Glance lets pages of this origin upload data, by a preflight request as browsers
    send it: without a token.
    """
    url = images.direct_upload(request, str(uuid.UUID(int=0)))["url"]
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": ",".join(_HEADERS),
    }
    verify = not settings.OPENSTACK_SSL_NO_VERIFY and (settings.OPENSTACK_SSL_CACERT or True)
    session = requests.Session()
    bounded.bound(session)
    try:
        response = session.options(
            url,
            headers=headers,
            verify=verify,
            # Browsers take none for this request.
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise exceptions.ImageServiceUnavailable(
            f"The public endpoint of the image service is not reachable: {type(error).__name__}."
        ) from error
    allowed = _listed(response, "Access-Control-Allow-Headers")
    return (
        response.status_code < 300
        and response.headers.get("Access-Control-Allow-Origin") in (origin, "*")
        and "put" in _listed(response, "Access-Control-Allow-Methods")
        and ("*" in allowed or allowed.issuperset(_HEADERS))
    )


def _listed(response: requests.Response, header: str) -> set[str]:
    return {value.strip().lower() for value in response.headers.get(header, "").split(",")}
