# SPDX-License-Identifier: Apache-2.0
"""The cloud's Glance with other settings, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from demo.cloud import Cloud
from demo.glance import Glance
from tests.integration.client import Dashboard
from tests.integration.panels import PROJECT


@contextmanager
def reconfigured(cloud: Cloud, **attributes: Any) -> Iterator[Glance]:
    """Glance restarted with these of its attributes, and once more with its own afterwards."""
    glance = cloud.glance
    before = {name: getattr(glance, name) for name in attributes}
    try:
        _restart(glance, attributes)
        yield glance
    finally:
        _restart(glance, before)
        if "image_schema" in attributes:
            _read_schema_again(cloud)


def _restart(glance: Glance, attributes: dict[str, Any]) -> None:
    for name, value in attributes.items():
        setattr(glance, name, value)
    glance.stop()
    glance.configure()
    glance.start()


def _read_schema_again(cloud: Cloud) -> None:
    """The cloud's dashboard remembers the schema for a minute; its form for images asks anew."""
    alice = cloud.user("alice")
    dashboard = Dashboard(cloud.horizon.url).log_in(alice, cloud.project_id(alice.project))
    assert dashboard.get(PROJECT.create).status == 200
