# SPDX-License-Identifier: Apache-2.0
"""People's sessions at further dashboards of the same cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from demo.cloud import Cloud
from tests.dashboards import dashboard
from tests.integration.client import Dashboard

LogIn = Callable[[str], Dashboard]


def running(cloud: Cloud, name: str, settings: dict[str, Any], site: str = "") -> Iterator[LogIn]:
    """A further dashboard of the same cloud, and people's sessions there."""
    known: dict[str, Dashboard] = {}
    with dashboard(cloud, name, settings, site) as horizon:

        def log_in(who: str) -> Dashboard:
            if who not in known:
                known[who] = Dashboard(horizon.url).log_in(cloud.user(who))
            return known[who]

        yield log_in
