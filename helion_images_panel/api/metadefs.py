# SPDX-License-Identifier: Apache-2.0
"""Glance's metadata definitions: which properties of images mean something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.core.cache import cache

from helion_images_panel import exceptions
from helion_images_panel.api import client
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.definitions import Section, each_once, sections_of

_RESOURCE_TYPE = "OS::Glance::Image"
_PATH = "/v2/metadefs/namespaces"

#: Operators load definitions once in a release.
CACHE_S = 600


def sections(request: Request) -> tuple[Section, ...]:
    """What this user's project may read: all public definitions, and its own private ones.

    The public ones take a call for their list and one for each namespace, every
    ten minutes for all users together. Private ones are asked for each time: a
    call for their list, and one for each that there is.
    """
    key = client.cache_key(request, "definitions")
    public: tuple[Section, ...] | None = cache.get(key)
    if public is None:
        public = _read(request, _list(request, "public"))
        cache.set(key, public, CACHE_S)
    # To an admin Glance lists what is private to any project.
    own = [
        found
        for found in _list(request, "private")
        if found.get("owner") == request.user.project_id
    ]
    return each_once((*public, *_read(request, own))) if own else public


def _list(request: Request, visibility: str) -> list[Mapping[str, Any]]:
    asked = {"resource_types": _RESOURCE_TYPE, "visibility": visibility, "limit": 1000}
    found: list[Mapping[str, Any]] = []
    while True:
        body = client.get(request, _PATH, asked)
        found += body["namespaces"]
        if not body.get("next") or not body["namespaces"]:
            return found
        asked["marker"] = body["namespaces"][-1]["namespace"]


def _read(request: Request, namespaces: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    bodies = in_parallel(lambda name: _show(request, name), [n["namespace"] for n in namespaces])
    return each_once(section for body in bodies if body for section in sections_of(body))


def _show(request: Request, name: str) -> Mapping[str, Any] | None:
    """None for a namespace that has gone since it was listed."""
    path = f"{_PATH}/{quote(name, safe='')}"
    try:
        found: Mapping[str, Any] = client.get(request, path, {"resource_type": _RESOURCE_TYPE})
    except exceptions.ImageNotFound:
        return None
    return found
