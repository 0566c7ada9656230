# SPDX-License-Identifier: Apache-2.0
"""The demo's cloud with two dashboards before one Glance: with this plugin, and stock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo import ports
from demo.cloud import Cloud
from demo.horizon import Horizon


@contextmanager
def running(state: Path) -> Iterator[tuple[Cloud, Horizon]]:
    """The cloud, and a stock dashboard with its AngularJS panel of images."""
    cloud = Cloud(state, seeded=False)
    cloud.start()
    stock = Horizon(cloud.state, cloud.keystone, stock=True, name="stock")
    try:
        stock.port = ports.assign({"stock": None})["stock"]
        stock.configure()
        stock.prepare()
        stock.start()
        yield cloud, stock
    finally:
        stock.stop()
        cloud.stop()
