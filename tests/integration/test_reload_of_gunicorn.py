# SPDX-License-Identifier: Apache-2.0
"""The way in which doc/source/web-servers.md has gunicorn reloaded while an upload is running."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from demo import ports, processes
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.integration.bodies import MIB, answer_of, send_head
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

#: The dashboard has Horizon's themes alone.
pytestmark = [pytest.mark.with_frame, only_thorough]

#: Of the upload: half of it is sent before the reload, half of it afterwards.
HALF = bytes(2 * MIB)


class ReloadedHorizon(Horizon):
    """A dashboard with the settings that the document names."""

    @property
    def pidfile(self) -> Path:
        return self.folder / "gunicorn.pid"

    @property
    def new_pidfile(self) -> Path:
        return self.folder / "gunicorn.pid.2"

    def configure(self) -> None:
        super().configure()
        with (self.folder / "gunicorn.conf.py").open("a") as file:
            file.write(f"pidfile = {str(self.pidfile)!r}\ngraceful_timeout = 3600\n")


@pytest.fixture
def horizon(cloud: Cloud) -> Iterator[ReloadedHorizon]:
    settings = {"STATIC_ROOT": str(cloud.horizon.folder / "static")}
    running = ReloadedHorizon(cloud.state, cloud.keystone, settings=settings, name="horizon-reload")
    running.port = ports.assign({"horizon": None})["horizon"]
    running.configure()
    running.start()
    yield running
    for file in (running.new_pidfile, running.pidfile):
        if file.exists():
            os.kill(pid_in(file), signal.SIGTERM)
    running.stop()
    wait_until(running.answers, lambda answers: not answers, "the dashboard to end")


def pid_in(file: Path) -> int:
    return int(file.read_text())


def test_an_upload_goes_on_and_the_new_workers_are_looked_after(
    cloud: Cloud, horizon: ReloadedHorizon, images: Images
) -> None:
    person = Dashboard(horizon.url).log_in(cloud.user("alice"))
    image_id = images.make("reloaded", data=None)
    old = pid_in(horizon.pidfile)
    with send_head(person, PROJECT.upload(image_id), str(2 * len(HALF))) as connection:
        connection.sendall(HALF)
        connection.settimeout(60)
        images.wait_for_status(image_id, "saving")

        os.kill(old, signal.SIGUSR2)
        wait_until(horizon.new_pidfile.exists, bool, "the new gunicorn")
        new = pid_in(horizon.new_pidfile)
        wait_until(lambda: processes.children(new), bool, "its worker")
        os.kill(old, signal.SIGTERM)

        # With a reload by HUP nothing would replace it before the upload is over.
        (worker,) = wait_until(lambda: processes.children(new), bool, "its worker")
        os.kill(worker, signal.SIGKILL)
        wait_until(
            lambda: processes.children(new),
            lambda found: found and worker not in found,
            "another worker",
        )
        page = requests.get(horizon.url + horizon.health_path, timeout=60)
        assert page.status_code == 200

        connection.sendall(HALF)
        status, text = answer_of(connection)
    assert (status, '"verified"' in text) == (200, True), text
    assert images.status(image_id) == "active"
