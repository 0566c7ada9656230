# SPDX-License-Identifier: Apache-2.0
"""The notice on images that are going away: a real Glance, and a Nova that lists instances."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from demo.cloud import Cloud
from demo.ports import HOST
from helion_images_panel.core.end_dates import EndDates, record
from helion_images_panel.core.image import Image
from tests.integration import spoiler
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.test_service_stands_still import dashboard_behind


class Compute(ThreadingHTTPServer):
    """A Nova that lists instances of the images in `used`; `asked` has the paths."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Handler)
        self.used: list[str] = []
        self.asked: list[str] = []
        self.url = f"http://{HOST}:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Compute

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        servers = [{"id": str(n), "image": {"id": id_}} for n, id_ in enumerate(self.server.used)]
        body = json.dumps({"servers": servers}).encode()
        self.send_response(200 if "/servers/detail" in self.path else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Not into the output of the tests."""


@pytest.fixture(scope="module")
def compute() -> Iterator[Compute]:
    with Compute() as service:
        Thread(target=service.serve_forever, daemon=True).start()
        yield service
        service.shutdown()


@pytest.fixture(scope="module")
def url(cloud: Cloud, compute: Compute) -> Iterator[str]:
    """That of a dashboard whose catalog has the Nova."""
    with (
        spoiler.spoiler(cloud.glance.url) as glance,
        dashboard_behind(cloud, "ending", glance, compute, {}) as horizon,  # type: ignore[arg-type]
    ):
        yield horizon.url


def end(images: Images, image_id: str, **dates: Any) -> None:
    image = Image.from_glance(images.show(image_id))
    images.update(image_id, **record(image, EndDates(**dates)))


def test_what_the_project_uses_and_goes_away(
    cloud: Cloud, url: str, compute: Compute, images: Images
) -> None:
    def log_in(name: str) -> Dashboard:
        return Dashboard(url).log_in(cloud.user(name))

    today = datetime.now(UTC).date()
    newer, plain = images.make("newer"), images.make("plain")
    old, soon = images.make("old"), images.make("public", "globex-ops", visibility="public")
    foreign = images.make("foreign", "globex-ops")
    end(images, old, deactivate_on=today - timedelta(days=1), replacement=newer)
    end(images, soon, delete_on=today + timedelta(days=20))
    end(images, foreign, delete_on=today + timedelta(days=20))
    images.update(old, os_hidden=True)
    compute.used[:] = [old, old, soon, plain, foreign]

    alice = log_in("alice")
    page = alice.get(PROJECT.index)
    assert f'data-hip-ending="{PROJECT.ending}"' in page.html
    assert compute.asked == []
    found = alice.get_json(PROJECT.ending)
    assert found["sentence"] == ("3 instances of acme-web use images that are going away:")
    first, second = found["images"]
    assert (first["name"], first["uses"], first["ends"]) == (
        *(images.name(old), "2 instances", "Obsolete"),
    )
    assert first["replacement"] == {"name": images.name(newer), "url": PROJECT.detail(newer)}
    assert (second["name"], second["url"]) == (images.name(soon), PROJECT.detail(soon))
    # One request to Nova, and none for what was asked a moment ago.
    assert len(compute.asked) == 1
    assert alice.get_json(PROJECT.ending) == found
    assert len(compute.asked) == 1
    # An admin's token sees more at Glance, but not here.
    admin = log_in("acme-admin").get_json(PROJECT.ending)
    assert images.name(foreign) not in str(admin)
    assert {each["name"] for each in admin["images"]} == {images.name(old), images.name(soon)}
    # A reader reads it, too; a project of which nothing is used gets nothing.
    compute.used[:] = []
    assert log_in("reader").get_json(PROJECT.ending)["sentence"] == ""
    assert Dashboard(url).get(PROJECT.ending).is_login


def test_a_cloud_without_nova_says_nothing(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    end(images, images.make("old"), deactivate_on=datetime.now(UTC).date())
    assert person("alice").get_json(PROJECT.ending)["images"] == []
