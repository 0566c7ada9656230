# SPDX-License-Identifier: Apache-2.0
"""Further dashboards of the same cloud, each with settings of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from demo import ports
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.integration.client import Dashboard

LogIn = Callable[[str], Dashboard]


def running(cloud: Cloud, name: str, settings: dict[str, Any]) -> Iterator[LogIn]:
    """A further dashboard of the same cloud; it borrows the static files of the first."""
    borrowed = {"STATIC_ROOT": str(cloud.horizon.folder / "static")}
    horizon = Horizon(
        cloud.state, cloud.keystone, settings={**settings, **borrowed}, name=f"horizon-{name}"
    )
    horizon.port = ports.assign({"horizon": None})["horizon"]
    horizon.configure()
    known: dict[str, Dashboard] = {}

    def log_in(who: str) -> Dashboard:
        if who not in known:
            known[who] = Dashboard(horizon.url).log_in(cloud.user(who))
        return known[who]

    try:
        horizon.start()
        yield log_in
    finally:
        horizon.stop()
