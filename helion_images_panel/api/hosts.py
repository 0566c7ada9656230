# SPDX-License-Identifier: Apache-2.0
"""The architectures of the cloud's hosts, for the boot checks."""

from __future__ import annotations

import json
from typing import Any

from helion_images_panel import conf
from helion_images_panel.api import bounded, cache, client, forgiven, instances
from helion_images_panel.api.client import Request
from helion_images_panel.core import architectures

#: How long the architectures are cached, in seconds; when they are read again, for a user who
#: may; and after a failure.
CACHE_S = 24 * 3600.0
READ_AGAIN_S = 3600.0
FAILURE_CACHE_S = 60.0

#: How long the page waits for Keystone and Nova, in seconds: it is complete without them.
WAIT_S = 2.0

#: Nova lists as many in one response by default. Of a larger cloud not all would be known.
MOST_HOSTS = 1000

#: The first microversions have no limit, and 2.88 and newer no processors.
_MICROVERSION = "2.53"

_NAME = "hosts"


def host_architectures(request: Request, may_list: bool) -> tuple[str, ...]:
    """Return the architectures that the cloud runs; empty if they are unknown.

    They are the operator's (`HELION_IMAGES_ARCHITECTURES`), or else those that Nova has shown
    to a user who may list the hosts. These are for all users: what a cloud runs is no secret.

    :param may_list: whether Nova's policy lets the user list the hosts
    """
    configured = tuple(filter(None, map(architectures.canonical, conf.ARCHITECTURES.value)))
    if configured or not instances.has_compute(request):
        return configured
    key = client.cache_key(request, _NAME)
    found: tuple[str, ...] | None = None
    if may_list and cache.acquire(f"{key}.read", READ_AGAIN_S):
        found = _read(request)
        if found is None:
            cache.set(f"{key}.read", True, FAILURE_CACHE_S)
        else:
            cache.set(key, found, CACHE_S)
    return found if found is not None else cache.get(key) or ()


def _read(request: Request) -> tuple[str, ...] | None:
    """Return those of all hosts, none if one of them has no name; None if Nova fails."""
    try:
        with instances.requested(), bounded.within(WAIT_S):
            listed = _listed(request)
            found = [_architecture(each) for each in listed["hypervisors"]]
            is_all = not listed.get("hypervisors_links")
    except instances.FAILURES as error:
        forgiven.log("the architectures of the hosts", error)
        return None
    return tuple(sorted(set(found))) if is_all and all(found) else ()


def _listed(request: Request) -> Any:
    nova = instances.nova_client(request, _MICROVERSION)
    return nova.client.get(f"/os-hypervisors/detail?limit={MOST_HOSTS}")[1]


def _architecture(host: Any) -> str:
    """Return Nova's name of the host's architecture; empty for bare metal, which has none."""
    processor = host.get("cpu_info") or {}
    if isinstance(processor, str):
        processor = json.loads(processor)
    return architectures.canonical(processor.get("arch", ""))
