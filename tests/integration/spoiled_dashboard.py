# SPDX-License-Identifier: Apache-2.0
"""A dashboard whose Glance is a proxy that spoils answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from demo.cloud import Cloud
from tests.dashboards import dashboard
from tests.integration import spoiler
from tests.integration.client import Dashboard
from tests.integration.spoiler import Spoiler


@contextmanager
def behind(cloud: Cloud, glance: Spoiler, name: str) -> Iterator[Dashboard]:
    """Alice, logged in to a dashboard of this name."""
    with spoiler.spoiler(cloud.keystone.url) as keystone:
        keystone.rewritten = {cloud.keystone.url: keystone.url, cloud.glance.url: glance.url}
        settings = {"OPENSTACK_KEYSTONE_URL": f"{keystone.url}/v3"}
        with dashboard(cloud, name, settings) as horizon:
            yield Dashboard(horizon.url).log_in(cloud.user("alice"))
