# SPDX-License-Identifier: Apache-2.0
"""The demo's cloud with two dashboards before one Glance: with this plugin, and stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from demo import ports
from demo.cloud import Cloud
from demo.horizon import Horizon


@contextmanager
def running(
    state: Path,
    *,
    settings: Mapping[str, Any] | None = None,
    angular_images: bool = True,
    glance_app: str | None = None,
    glance_workers: int = 1,
    glance_database: str = "",
    token_cache: str = "",
) -> Iterator[tuple[Cloud, Horizon]]:
    """The cloud, and a stock dashboard.

    :param settings: Django settings of both dashboards
    :param angular_images: whether the stock one shows its AngularJS panel of images
    :param glance_app: a WSGI application in Glance's place, around it
    :param glance_workers: processes that serve it; `benchmarks.delay` counts for all
    :param glance_database: URL of an empty database on a server, instead of an SQLite file
    :param token_cache: host and port of a memcached in which Glance remembers tokens that
        Keystone has confirmed, instead of asking it for each request
    """
    cloud = Cloud(state, seeded=False, settings=settings)
    if glance_app:
        cloud.glance.wsgi_app = glance_app
    cloud.glance.workers = glance_workers
    cloud.glance.database_url = glance_database
    if token_cache:
        cloud.glance.more_config += f"[keystone_authtoken]\nmemcached_servers = {token_cache}\n"
    cloud.glance.first_lines += "import benchmarks.delay\n"
    cloud.start()
    try:
        with stock_dashboard(cloud, "stock", settings, angular_images) as stock:
            yield cloud, stock
    finally:
        cloud.stop()


@contextmanager
def stock_dashboard(
    cloud: Cloud, name: str, settings: Mapping[str, Any] | None, angular_images: bool
) -> Iterator[Horizon]:
    """A dashboard without this plugin, before the Glance of a cloud that runs."""
    stock = Horizon(
        cloud.state,
        cloud.keystone,
        settings=settings,
        stock=True,
        angular_images=angular_images,
        name=name,
    )
    try:
        stock.port = ports.assign({name: None})[name]
        stock.configure()
        stock.prepare()
        stock.start()
        yield stock
    finally:
        stock.stop()
