# SPDX-License-Identifier: Apache-2.0
"""The flavors with which instances can be launched, if there is a compute service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helion_images_panel.api import bounded, cache, client, forgiven, instances
from helion_images_panel.api.client import Request
from helion_images_panel.core.flavors import Flavor

#: How long flavors are cached, in seconds; and for how long Nova is not asked again after a
#: failure: each page of an image's details would wait for it.
CACHE_S = 300.0
FAILURE_CACHE_S = 60.0

#: How long the page waits for Keystone and Nova, in seconds: it is complete without them.
WAIT_S = 2.0


def usable_flavors(request: Request) -> list[Flavor]:
    """Return the flavors that the project of the token may use.

    The list is empty without a compute service, or if it does not respond within WAIT_S. It
    has 1,000 at most, unless Nova's operator has set another limit.
    """
    if not instances.has_compute(request):
        return []
    key = client.cache_key(request, f"flavors.{request.user.project_id}")
    known: list[Flavor] | None = cache.get(key)
    if known is None:
        found = _flavors(request)
        known = found or []
        cache.set(key, known, FAILURE_CACHE_S if found is None else CACHE_S)
    return known


def _flavors(request: Request) -> list[Flavor] | None:
    """Return them, or None if the compute service fails."""
    try:
        with instances.requested(), bounded.within(WAIT_S):
            return [
                Flavor(disk_gib=int(each.disk), ram_mib=int(each.ram)) for each in _listed(request)
            ]
    except instances.FAILURES as error:
        forgiven.log("the flavors", error)
        return None


def _listed(request: Request) -> Iterable[Any]:
    # The public flavors and those of the project, as Horizon's dialog offers them.
    flavors: list[Any] = instances.nova_client(request).flavors.list()
    return flavors
