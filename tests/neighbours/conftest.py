# SPDX-License-Identifier: Apache-2.0
"""The same dashboard with the other plugins twice: with this plugin, and without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property

import pytest
from selenium import webdriver

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.browser.browser import Browser
from tests.browser.conftest import chromium
from tests.integration.client import Dashboard
from tests.neighbours import dashboards

__all__ = ["chromium"]


@dataclass
class Pair:
    """Sessions of a cloud admin in both, who sees all panels."""

    cloud: Cloud
    with_panel: Horizon
    without_panel: Horizon

    @cached_property
    def ours(self) -> Dashboard:
        return self._log_in(self.with_panel)

    @cached_property
    def stock(self) -> Dashboard:
        return self._log_in(self.without_panel)

    def _log_in(self, horizon: Horizon) -> Dashboard:
        admin = self.cloud.user("admin")
        return Dashboard(horizon.url).log_in(admin, self.cloud.project_id(admin.project))


@pytest.fixture(scope="session")
def pair(cloud: Cloud) -> Iterator[Pair]:
    dashboards.make_catalog(cloud)
    with ExitStack() as running:
        started = []
        for name, stock in (("neighbours", False), ("neighbours-stock", True)):
            horizon = dashboards.start(cloud, name, stock=stock)
            running.callback(horizon.stop)
            started.append(horizon)
        yield Pair(cloud, *started)


@pytest.fixture
def browser(chromium: webdriver.Chrome, pair: Pair) -> Iterator[Browser]:
    """A tab at the dashboard with this plugin."""
    tab = Browser(chromium, pair.cloud, {})
    tab.url = pair.with_panel.url
    tab.console_errors()
    try:
        yield tab
    finally:
        tab.close()
