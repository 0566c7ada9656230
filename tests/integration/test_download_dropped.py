# SPDX-License-Identifier: Apache-2.0
"""Responses that never reach the web server, or a browser that reads on: their places are free
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.dashboards import dashboard, stock_middleware
from tests.integration.bodies import MIB, Body
from tests.integration.client import Dashboard
from tests.integration.dropping import HEADER, WAYS
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.processes import Process
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

pytestmark = only_thorough

PLACES = 3
#: More than the kernel and the web servers take in without a reader.
BIG_MIB = 64


@pytest.fixture(scope="module")
def horizon(cloud: Cloud) -> Iterator[Horizon]:
    settings = {
        "HELION_IMAGES_DOWNLOADS_PER_PROCESS": PLACES,
        "MIDDLEWARE": [*stock_middleware(), "tests.integration.dropping.dropping"],
    }
    with dashboard(cloud, "dropping", settings) as running:
        yield running


@pytest.fixture(scope="module")
def big(kept_images: Images) -> str:
    image_id = kept_images.make("dropped", disk_format="raw", data=None)
    kept_images.upload(image_id, Body(BIG_MIB))  # type: ignore[arg-type]
    return image_id


def ask(person: Dashboard, path: str, way: str = "") -> requests.Response:
    """The answer, whose body has not been read yet."""
    headers = {HEADER: way} if way else {}
    url = person.base + path
    return person.session.get(url, headers=headers, stream=True, timeout=60, allow_redirects=False)


def sockets_to_glance(cloud: Cloud, process: Process) -> set[str]:
    """Connections of the dashboard to Glance that are open, by the kernel's numbers."""
    port = f":{cloud.glance.port:04X}"
    found = set()
    for line in (process.folder / "net" / "tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[2].endswith(port) and fields[3] == "01":
            found.add(f"socket:[{fields[9]}]")
    return found & set(process.opened().values())


@pytest.mark.parametrize("way", WAYS)
def test_all_places_are_free_again(cloud: Cloud, horizon: Horizon, big: str, way: str) -> None:
    def log_in() -> Dashboard:
        return Dashboard(horizon.url).log_in(cloud.user("alice"))

    (worker,) = horizon.worker_pids
    process, download, person = Process(worker), PROJECT.download(big), log_in()
    for path in (download, f"{PROJECT.index}export/csv/"):
        for _ in range(PLACES + 1):
            answer = ask(person, path, way)
            assert answer.status_code >= 400, answer.headers
            # Nothing at all comes after the first ones if theirs keep their places.
            assert "Too many downloads" not in answer.text
            if way == "end_session":
                person = log_in()
    with ExitStack() as running:
        for number in range(PLACES):
            answer = running.enter_context(ask(person, download))
            assert answer.status_code == 200, f"place {number + 1} of {PLACES} is not free"
            next(answer.iter_content(MIB))
        with ask(person, download) as further:
            assert further.status_code == 503
    wait_until(
        lambda: sockets_to_glance(cloud, process),
        lambda found: not found,
        "the dashboard to have no connection to Glance",
    )
