# SPDX-License-Identifier: Apache-2.0
"""Glance's metadata definitions of image properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from helion_images_panel import exceptions
from helion_images_panel.api import cache, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.definitions import Section, sections_of, without_duplicates

_RESOURCE_TYPE = "OS::Glance::Image"
_PATH = "/v2/metadefs/namespaces"

#: Seconds. Operators load definitions once in a release.
CACHE_S = 600


def sections(request: Request) -> tuple[Section, ...]:
    """Return the definitions that the user's project may read: all public ones, and its own
    private ones.

    The public ones take one request for their list and one for each namespace, every
    ten minutes for all users together. Private ones are not cached: one request for
    their list, and one for each namespace.
    """
    key = client.cache_key(request, "definitions")
    public: tuple[Section, ...] | None = cache.get(key)
    if public is None:
        public = _read(request, _list(request, "public"))
        cache.set(key, public, CACHE_S)
    # Glance lists the private namespaces of all projects to an admin.
    own_namespaces = [
        namespace
        for namespace in _list(request, "private")
        if namespace.get("owner") == request.user.project_id
    ]
    return (
        without_duplicates((*public, *_read(request, own_namespaces))) if own_namespaces else public
    )


def _list(request: Request, visibility: str) -> list[Mapping[str, Any]]:
    query = {"resource_types": _RESOURCE_TYPE, "visibility": visibility, "limit": 1000}
    namespaces: list[Mapping[str, Any]] = []
    while True:
        body = client.get(request, _PATH, query)
        found = shapes.rows(body, "namespaces")
        namespaces += found
        if not body.get("next") or not found:
            return namespaces
        query["marker"] = shapes.text(found[-1].get("namespace"))


def _read(request: Request, namespaces: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    names = [shapes.text(namespace.get("namespace")) for namespace in namespaces]
    bodies = in_parallel(lambda name: _show(request, name), names)
    return without_duplicates(
        section
        for body in bodies
        if body
        for section in shapes.parsed(lambda found: list(sections_of(found)), body)
    )


def _show(request: Request, name: str) -> Mapping[str, Any] | None:
    """Read a namespace; None if it was deleted after it was listed."""
    path = f"{_PATH}/{quote(name, safe='')}"
    try:
        namespace: Mapping[str, Any] = client.get(request, path, {"resource_type": _RESOURCE_TYPE})
    except exceptions.ImageNotFound:
        return None
    return namespace
