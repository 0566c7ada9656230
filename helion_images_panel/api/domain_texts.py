# SPDX-License-Identifier: Apache-2.0
"""Texts of the dashboard's own, in a namespace of Glance's metadata definitions for each domain.

Nothing of the dashboard's own can store them. The namespaces are private, protected, and of
no resource type: no page offers their property for an image. Glance allows all admins of the
cloud to change them, so what counts is a signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from helion_images_panel import exceptions
from helion_images_panel.api import client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.core.stored_rules import ALL_DOMAINS

_PATH = "/v2/metadefs/namespaces"

#: The name for all domains; no ID of Keystone is one.
_ALL = "of_all_domains"


@dataclass(frozen=True)
class Kind:
    """One text of each domain.

    :ivar prefix: of the namespaces; Glance's names have at most 80 characters, and Keystone's
        IDs 64
    :ivar property: has the text as its description
    """

    prefix: str
    property: str
    title: str
    display_name: str
    description: str

    def namespace(self, domain_id: str) -> str:
        return self.prefix + (_ALL if domain_id == ALL_DOMAINS else domain_id)


def text_get(request: Request, kind: Kind, domain_id: str) -> str | None:
    """Return the text of a domain, or of ALL_DOMAINS; None if there is none. One request."""
    try:
        body = client.get(request, f"{_PATH}/{quote(kind.namespace(domain_id), safe='')}")
    except exceptions.ImageNotFound:
        return None
    properties = body.get("properties")
    found = properties.get(kind.property) if isinstance(properties, dict) else None
    text = found.get("description") if isinstance(found, dict) else None
    return None if text is None else str(text)


def text_set(request: Request, kind: Kind, domain_id: str, text: str) -> None:
    """Store the text of a domain in place of the one before."""
    name = kind.namespace(domain_id)
    definition = {"title": kind.title, "type": "string", "description": text}
    value = {"name": kind.property, **definition}
    try:
        client.put(request, f"{_PATH}/{quote(name, safe='')}/properties/{kind.property}", value)
    except exceptions.ImageNotFound:
        _create(request, kind, name, definition)


def _create(request: Request, kind: Kind, name: str, definition: Mapping[str, Any]) -> None:
    body = {
        "namespace": name,
        "display_name": kind.display_name,
        "description": kind.description,
        # No project: the members of the admin's would see it otherwise.
        "owner": name,
        "visibility": "private",
        "protected": True,
        "properties": {kind.property: definition},
    }
    try:
        client.post(request, _PATH, body)
    except exceptions.ImageServiceError as error:
        if error.status != 409:
            raise
        # The namespace is there, without the property.
        value = {"name": kind.property, **definition}
        client.post(request, f"{_PATH}/{quote(name, safe='')}/properties", value)


def domain_ids(request: Request, kind: Kind) -> list[str]:
    """Return the domains that have a text, ALL_DOMAINS among them; the caller is an admin.

    One request for each thousand private namespaces.
    """
    query: dict[str, Any] = {"visibility": "private", "limit": 1000}
    names: list[str] = []
    while True:
        body = client.get(request, _PATH, query)
        found = [shapes.text(row.get("namespace")) for row in shapes.rows(body, "namespaces")]
        names += found
        if not body.get("next") or not found:
            break
        query["marker"] = found[-1]
    ids = [name.removeprefix(kind.prefix) for name in names if name.startswith(kind.prefix)]
    return [ALL_DOMAINS if id_ == _ALL else id_ for id_ in ids]
