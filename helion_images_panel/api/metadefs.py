# SPDX-License-Identifier: Apache-2.0
"""Glance's metadata definitions: which properties of images mean something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from django.core.cache import cache

from helion_images_panel.api import client
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel

_RESOURCE_TYPE = "OS::Glance::Image"
_PATH = "/v2/metadefs/namespaces"

#: Operators load definitions once in a release.
CACHE_S = 600


def property_titles(request: Request) -> dict[str, str]:
    """The titles of all properties that public namespaces define, by name.

    One call for the namespaces and one for each of them, every ten minutes.
    """
    titles: dict[str, str] | None = cache.get("helion_images.property_titles")
    if titles is None:
        asked = {"resource_types": _RESOURCE_TYPE, "visibility": "public", "limit": 1000}
        namespaces = client.get(request, _PATH, asked)["namespaces"]
        paths = [f"{_PATH}/{quote(found['namespace'], safe='')}" for found in namespaces]
        bodies = in_parallel(
            lambda path: client.get(request, path, {"resource_type": _RESOURCE_TYPE}), paths
        )
        titles = {name: title for body in bodies for name, title in _titles(body)}
        cache.set("helion_images.property_titles", titles, CACHE_S)
    return titles


def _titles(namespace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for holder in (namespace, *namespace.get("objects", ())):
        for name, definition in (holder.get("properties") or {}).items():
            yield name, definition.get("title") or name
