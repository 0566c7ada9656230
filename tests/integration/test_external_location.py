# SPDX-License-Identifier: Apache-2.0
"""External Location: images whose data stay on a web server, where a cloud allows that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo.cloud import Cloud
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images, removed_at_the_end, unique
from tests.integration.panels import PROJECT
from tests.integration.reconfigured import reconfigured
from tests.thorough import only_thorough

pytestmark = only_thorough


@pytest.fixture(scope="module")
def allowing(cloud: Cloud) -> Iterator[LogIn]:
    """A Glance that takes locations, and a dashboard that offers them."""
    with reconfigured(cloud, locations=True):
        yield from running(cloud, "external", {"IMAGES_ALLOW_LOCATION": True})


@pytest.fixture
def external(allowing: LogIn, cloud: Cloud) -> Iterator[Images]:
    """Images that are taken away while Glance still knows the store of their data."""
    with removed_at_the_end(cloud) as made:
        yield made


def test_the_data_stay_where_they_are(allowing: LogIn, cloud: Cloud, external: Images) -> None:
    alice = allowing("alice")
    name, url = unique("external"), f"{cloud.files.url}/tiny.qcow2"
    form = alice.get(PROJECT.create).form("disk_format")
    page = alice.submit(
        form, name=name, source="external", location=url, disk_format="qcow2", audience=None
    )
    assert page.status == 201, page.form("disk_format").errors
    steps = page.response.json()
    image_id = external.adopt(steps["id"])
    assert "upload_url" not in steps
    image = external.show(image_id)
    assert (image["status"], image["stores"]) == ("active", "web")
    assert [location["url"] for location in image["locations"]] == [url]
    assert external.data(image_id) == (cloud.files.offer / "tiny.qcow2").read_bytes()
    for store in ("fast", "archive"):
        assert not (cloud.glance.folder / store / image_id).exists()
    # This store returns no parts, so the boot checks leave the content out.
    boot = alice.get(PROJECT.boot(image_id))
    assert (boot.status, "its properties and sizes" in boot.html) == (200, True)
    stores = alice.get(PROJECT.detail(image_id)).tree.first("table", id="stores")
    assert "The web, to read from (read-only) Stored" in stores.text


def test_nothing_is_stored_in_a_store_to_read_from(allowing: LogIn, external: Images) -> None:
    form = allowing("alice").get(PROJECT.create).form("disk_format")
    assert "web" not in form.options("store")
    image_id = external.make("to-copy")
    path = PROJECT.detail(image_id)
    page = allowing("acme-admin").post(path, [("action", "stores__copy__web")])
    assert "read-only" in page.errors[0]
    assert external.show(image_id)["stores"] == "fast"


@pytest.mark.parametrize("path", ["/nothing.qcow2", "/status/403"])
def test_an_address_that_gives_nothing(
    allowing: LogIn, cloud: Cloud, external: Images, path: str
) -> None:
    """Glance looks at the address before it takes it; no image is left of the attempt."""
    alice, name = allowing("alice"), unique("gives-nothing")
    form = alice.get(PROJECT.create).form("disk_format")
    given = {"source": "external", "location": cloud.files.url + path, "disk_format": "qcow2"}
    page = alice.submit(form, name=name, audience=None, **given)
    assert page.status == 200
    assert any("The image was not created." in error for error in page.form("location").errors)
    assert external.named(name) == []
