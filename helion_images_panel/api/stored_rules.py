# SPDX-License-Identifier: Apache-2.0
"""Stored rules, in a namespace of Glance's metadata definitions for each domain.

Nothing of the dashboard's own can store them. The namespaces are private, protected, and of
no resource type: no page offers their property for an image. Glance allows all admins of the
cloud to change them, so what counts is the signature.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from helion_images_panel import exceptions
from helion_images_panel.api import client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.core.audit import log_safe
from helion_images_panel.core.stored_rules import ALL_DOMAINS, StoredRule, rules_of, signed_rules

LOG = logging.getLogger(__name__)

_PATH = "/v2/metadefs/namespaces"

#: Glance's names of namespaces have at most 80 characters, and Keystone's IDs 64.
_PREFIX = "helion_rules_"

#: The name for all domains; no ID of Keystone is one.
_ALL = "of_all_domains"

_PROPERTY = "rules"


@dataclass(frozen=True)
class Rules:
    """The rules of a domain, or of ALL_DOMAINS.

    :ivar stored: None if their signature is not valid
    """

    domain_id: str
    stored: tuple[StoredRule, ...] | None = ()


def rules_get(request: Request, domain_id: str) -> Rules:
    """Return the rules of a domain; one request."""
    body = _show(request, _name(domain_id))
    return Rules(domain_id) if body is None else _rules(domain_id, body)


def rules_list(request: Request) -> list[Rules]:
    """Return the rules of all domains that have some; the caller is an admin.

    One request for each, and one for each thousand private namespaces.
    """
    found = []
    for name in _names(request):
        domain_id = name.removeprefix(_PREFIX)
        domain_id = ALL_DOMAINS if domain_id == _ALL else domain_id
        body = _show(request, name)
        if body is not None:
            found.append(_rules(domain_id, body))
    return found


def rules_set(request: Request, domain_id: str, rules: Sequence[StoredRule]) -> None:
    """Store the rules of a domain in place of those before."""
    name = _name(domain_id)
    value = {
        "name": _PROPERTY,
        "title": "Rules",
        "type": "string",
        "description": signed_rules(domain_id, rules),
    }
    try:
        client.put(request, f"{_PATH}/{quote(name, safe='')}/properties/{_PROPERTY}", value)
    except exceptions.ImageNotFound:
        _create(request, name, value)
    user = request.user
    kinds = ", ".join(f"{each.rule.kind} {each.rule.number}" for each in rules)
    LOG.info(
        "Rules of %s stored by %s: %s", log_safe(domain_id), log_safe(user.id), kinds or "none"
    )


def _create(request: Request, name: str, value: Mapping[str, Any]) -> None:
    definition = {key: value[key] for key in ("title", "type", "description")}
    body = {
        "namespace": name,
        "display_name": "Rules of Clean Up",
        "description": "Rules that the dashboard's tab Clean Up has stored, signed by it.",
        # No project: the members of the admin's would see it otherwise.
        "owner": name,
        "visibility": "private",
        "protected": True,
        "properties": {_PROPERTY: definition},
    }
    try:
        client.post(request, _PATH, body)
    except exceptions.ImageServiceError as error:
        if error.status != 409:
            raise
        # The namespace is there, without the property.
        client.post(request, f"{_PATH}/{quote(name, safe='')}/properties", value)


def _names(request: Request) -> list[str]:
    query: dict[str, Any] = {"visibility": "private", "limit": 1000}
    names: list[str] = []
    while True:
        body = client.get(request, _PATH, query)
        found = [shapes.text(row.get("namespace")) for row in shapes.rows(body, "namespaces")]
        names += found
        if not body.get("next") or not found:
            return [name for name in names if name.startswith(_PREFIX)]
        query["marker"] = found[-1]


def _show(request: Request, name: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = client.get(request, f"{_PATH}/{quote(name, safe='')}")
    except exceptions.ImageNotFound:
        return None
    return found


def _rules(domain_id: str, body: Mapping[str, Any]) -> Rules:
    properties = body.get("properties")
    found = properties.get(_PROPERTY) if isinstance(properties, dict) else None
    text = found.get("description") if isinstance(found, dict) else None
    if text is None:
        return Rules(domain_id)
    return Rules(domain_id, rules_of(domain_id, str(text)))


def _name(domain_id: str) -> str:
    return _PREFIX + (_ALL if domain_id == ALL_DOMAINS else domain_id)
