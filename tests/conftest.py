# SPDX-License-Identifier: Apache-2.0
"""The fixture that the integration and the browser tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from build_catalogues import compile_catalogues
from tests import databases
from tests.integration import frameless
from tests.logs import DashboardLogs

if TYPE_CHECKING:
    from demo.cloud import Cloud


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--glance-database",
        choices=sorted(databases.SERVERS),
        help="the server that has Glance's database, instead of an SQLite file",
    )


def pytest_configure() -> None:
    """The pages have the translations as they are now, also where nothing was built."""
    compile_catalogues()


@pytest.fixture(scope="session")
def with_compute() -> bool:
    """Whether the cloud has Nova and Cinder."""
    return False


@pytest.fixture(scope="session")
def cloud(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, with_compute: bool
) -> Iterator[Cloud]:
    """A running demo cloud, one for the whole run.

    TEST_CLOUD_STATE names a folder to use and to keep, so that the next run
    finds everything set up. Each process of pytest-xdist has a cloud of its
    own. The tests sign what they write on images as the cloud's dashboards do,
    and the dashboards' logs are looked at when all is over.
    """
    # Here, since the unit tests run where neither Keystone nor Glance is installed.
    from demo.cloud import Cloud

    kept = os.environ.get("TEST_CLOUD_STATE")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    state = Path(kept, worker) if kept else tmp_path_factory.mktemp("cloud")
    # What a test's Glance converts changes no upload of another test.
    own = {**frameless.SETTINGS, "HELION_IMAGES_UPLOAD_METHOD": "put"}
    running = Cloud(state, port=None, settings=own, compute=with_compute)
    with ExitStack() as held:
        if server := request.config.getoption("--glance-database"):
            running.glance.database_url = held.enter_context(databases.running(server))
        elif worker and not kept:
            # One of the processes sets up for all.
            running.state.prepared = tmp_path_factory.getbasetemp().parent / "prepared"
        running.start()
        held.callback(running.stop)
        logs = DashboardLogs(running.state.logs)
        if not settings.configured:
            settings.configure(SECRET_KEY=running.horizon.secret_key())
        yield running
    logs.check()
