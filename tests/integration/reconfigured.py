# SPDX-License-Identifier: Apache-2.0
"""The cloud's Glance with other settings, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from demo.cloud import Cloud
from demo.glance import Glance


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


def _restart(glance: Glance, attributes: dict[str, Any]) -> None:
    for name, value in attributes.items():
        setattr(glance, name, value)
    glance.stop()
    glance.configure()
    glance.start()
