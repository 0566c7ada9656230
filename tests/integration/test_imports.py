# SPDX-License-Identifier: Apache-2.0
"""Image Location gone wrong: what the page says, and what is left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo import accounts
from demo.cloud import Cloud
from demo.glance import STORES
from demo.ports import HOST, assign
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import PANELS, PROJECT, Panel
from tests.integration.reconfigured import reconfigured
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

MIB = 1024 * 1024

#: What the dashboard takes for a cause that passes.
STARTED_AGAIN = ("/status/500", "/cut/cirros-like.qcow2")


def submit(dashboard: Dashboard, location: str, panel: Panel = PROJECT, **fields: Any) -> Page:
    form = dashboard.get(panel.create).form("disk_format")
    given = {"name": unique("import"), "disk_format": "qcow2", "audience": None, **fields}
    return dashboard.submit(form, **given, source="location", location=location)


def begin(dashboard: Dashboard, images: Images, location: str, **fields: Any) -> str:
    page = submit(dashboard, location, **fields)
    assert page.status == 201, page.form("disk_format").errors
    return images.adopt(page.response.json()["id"])


def told(dashboard: Dashboard, image_id: str, panel: Panel = PROJECT) -> dict[str, Any]:
    return dict(dashboard.get_json(panel.progress, id=image_id)["images"][0])


def ended(dashboard: Dashboard, image_id: str, panel: Panel = PROJECT) -> dict[str, Any]:
    """Where the import stands when it has come to an end."""
    return wait_until(
        lambda: told(dashboard, image_id, panel),
        # Glance notes the end of an import in several steps.
        lambda state: (
            state["status"] == "active" or (state["failure"] and not state["in_progress"])
        ),
        f"the import of {image_id} to end",
        60,
    )


def left_of(cloud: Cloud, image_id: str) -> list[str]:
    """The folders of Glance in which there are data of the image."""
    folders = ("staging", "tasks", *STORES)
    return [name for name in folders if list((cloud.glance.folder / name).glob(f"{image_id}*"))]


def upload(dashboard: Dashboard, image_id: str, data: bytes) -> int:
    return dashboard.put(PROJECT.upload(image_id), data).status_code


@pytest.fixture(scope="module")
def closed_port(cloud: Cloud) -> Iterator[int]:
    """A port from which Glance may import, and where nobody listens."""
    port = assign({"closed": None}, taken=[service.port for service in cloud.services])["closed"]
    config = (
        "[import_filtering_opts]\n"
        f"allowed_ports = [{cloud.files.port},{port}]\n"
        f"allowed_hosts = [{HOST},localhost]\n"
    )
    with reconfigured(cloud, more_config=config):
        yield port


@pytest.mark.parametrize(
    ("path", "fetched"),
    [
        ("/nothing.qcow2", False),
        ("/status/403", False),
        ("/status/500", False),
        ("/cut/cirros-like.qcow2", False),
        ("/page.html", True),
        ("/expired/a", True),
        ("/status/200", True),
        ("/tiny.iso", True),
        ("/tiny.vmdk", True),
        ("/backed.qcow2", True),
    ],
)
def test_what_can_be_wrong_with_a_location(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, path: str, fetched: bool
) -> None:
    """The page tells an address that leads to nothing from one that leads to something else.

    Nothing is left behind, and the image waits for its data as it did before.
    """
    alice, url = person("alice"), cloud.files.url + path
    image_id = begin(alice, images, url)
    state = ended(alice, image_id)
    assert (state["status"], state["in_progress"]) == ("queued", False)
    # After wrong content Glance takes no other import into this image for an hour.
    assert (state["takes_url"], state["takes_file"]) == (not fetched, True)
    assert url in state["failure_details"]
    if fetched:
        assert "not a QCOW2 image" in state["failure"]
    else:
        assert state["failure"].startswith("The download failed")
        assert state["failure"].endswith("twice.") == (path in STARTED_AGAIN)
        assert "format" not in state["failure"] + state["failure_details"]
    page = alice.get(PROJECT.detail(image_id)).text
    for words in (state["failure"], state["failure_details"], "Upload a File Instead"):
        assert words in page
    assert ("Try Another URL" in page) is not fetched
    row = alice.get(PROJECT.index, name=images.name(image_id)).row(image_id)
    assert "data-hip-watch" not in {name for element in row.walk() for name in element.attributes}
    wait_until(lambda: left_of(cloud, image_id), lambda left: not left, "Glance to clean up")

    data = (cloud.files.offer / "tiny.qcow2").read_bytes()
    assert upload(alice, image_id, data) == 200
    assert images.data(image_id) == data
    assert ended(alice, image_id)["failure"] == ""


def test_the_cause_is_told_to_who_may_change_the_image_only(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    image_id = begin(person("alice"), images, f"{cloud.files.url}/nothing.qcow2")
    assert ended(person("alice"), image_id)["failure"]
    assert told(person("acme-admin"), image_id, PANELS["admin"])["failure"]
    for who in ("bob", "gina"):
        assert person(who).get_json(PROJECT.progress, id=image_id)["images"] == []


def test_another_address_can_be_tried_after_nothing_came(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    alice = person("alice")
    image_id = begin(alice, images, f"{cloud.files.url}/nothing.qcow2")
    assert ended(alice, image_id)["failure"]
    form = alice.get(f"{PROJECT.index}{image_id}/upload_data/", source="location").form("location")
    assert form.fields["location"] == f"{cloud.files.url}/nothing.qcow2"
    page = alice.submit(form, source="location", location=f"{cloud.files.url}/tiny.qcow2")
    assert page.status == 201, page.text[-500:]
    wait_until(lambda: images.status(image_id), lambda s: s == "active", "the image to be there")
    assert images.data(image_id) == (cloud.files.offer / "tiny.qcow2").read_bytes()


def test_after_wrong_content_glance_blocks_imports_and_the_page_says_so(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    alice = person("alice")
    image_id = begin(alice, images, f"{cloud.files.url}/tiny.iso")
    assert ended(alice, image_id)["failure"]
    form = alice.get(f"{PROJECT.index}{image_id}/upload_data/").form("location")
    page = alice.submit(form, source="location", location=f"{cloud.files.url}/tiny.qcow2")
    assert page.status == 200
    assert any("for an hour" in error for error in page.form("location").errors)
    assert images.status(image_id) == "queued"


def test_a_server_that_nobody_runs(
    person: Callable[[str], Dashboard], images: Images, closed_port: int
) -> None:
    alice = person("alice")
    image_id = begin(alice, images, f"http://{HOST}:{closed_port}/disk.qcow2")
    state = ended(alice, image_id)
    assert state["status"] == "queued"
    assert "connection lost" in state["failure"]


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1:1/disk.qcow2", "http://files.example/a", "http://[::1]/a"],
)
def test_what_the_clouds_filter_refuses(
    person: Callable[[str], Dashboard], images: Images, location: str
) -> None:
    name = unique("filtered")
    page = submit(person("alice"), location, name=name)
    assert page.status == 200
    assert any("does not download images from that URL" in e for e in page.form("location").errors)
    assert images.named(name) == []


def test_a_redirect_to_what_the_filter_refuses(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    """Only Glance follows redirects: neither this panel nor the browser fetches an address."""
    alice = person("alice")
    image_id = begin(alice, images, f"{cloud.files.url}/elsewhere/disk.qcow2")
    assert "The download failed" in ended(alice, image_id)["failure"]
    assert images.status(image_id) == "queued"


def test_a_slow_server(person: Callable[[str], Dashboard], cloud: Cloud, images: Images) -> None:
    """While Glance fetches, nobody is told how much has come; the image is on its way."""
    alice = person("alice")
    image_id = begin(alice, images, f"{cloud.files.url}/slow/cirros-like.qcow2?seconds=3")
    state = wait_until(
        lambda: told(alice, image_id), lambda s: s["status"] == "importing", "the import to run"
    )
    assert (state["in_progress"], state["failure"], state["stored_bytes"]) == (True, "", None)
    assert ended(alice, image_id)["status"] == "active"
    assert images.data(image_id) == (cloud.files.offer / "cirros-like.qcow2").read_bytes()


def test_a_web_page_taken_for_a_raw_disk(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    """Raw may be anything: Glance cannot know, and the image is what the address gave."""
    alice = person("alice")
    image_id = begin(alice, images, f"{cloud.files.url}/page.html", disk_format="raw")
    assert ended(alice, image_id)["status"] == "active"
    assert images.data(image_id).startswith(b"<!DOCTYPE html>")


def test_into_a_store(person: Callable[[str], Dashboard], cloud: Cloud, images: Images) -> None:
    alice = person("alice")
    image_id = begin(alice, images, f"{cloud.files.url}/tiny.qcow2", store="archive")
    assert ended(alice, image_id)["status"] == "active"
    assert images.show(image_id)["stores"] == "archive"


@only_thorough
def test_larger_than_an_image_may_be(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    with reconfigured(cloud, more_config="[DEFAULT]\nimage_size_cap = 65536\n"):
        alice = person("alice")
        image_id = begin(alice, images, f"{cloud.files.url}/tiny.raw", disk_format="raw")
        state = ended(alice, image_id)
        assert state["status"] == "queued"
        # Glance before 33.0 notices it only when all is downloaded.
        assert "maximum image size" in state["failure_details"]
        wait_until(lambda: left_of(cloud, image_id), lambda left: not left, "Glance to clean up")


@pytest.fixture
def no_uploading(cloud: Cloud) -> Iterator[None]:
    """Nobody may have an import under way."""
    limits = {**accounts.LIMITS, "image_count_uploading": 0}
    cloud.directory.make_limits("image", limits, {})
    yield
    cloud.directory.make_limits("image", accounts.LIMITS, accounts.PROJECT_LIMITS)


def test_a_limit_that_glance_finds_while_it_imports(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, no_uploading: None
) -> None:
    """The dialog looks before; what comes between is in the task of Glance."""
    page = submit(person("alice"), f"{cloud.files.url}/tiny.qcow2")
    assert any(
        "limit of 0 uploads and imports in progress" in each
        for each in page.form("location").errors
    )

    image_id = images.make("limited", data=None, disk_format="qcow2")
    method = {"name": "web-download", "uri": f"{cloud.files.url}/tiny.qcow2"}
    url = f"{cloud.glance.url}/v2/images/{image_id}/import"
    cloud.session("alice").post(url, json={"method": method})
    state = ended(person("alice"), image_id)
    assert (state["status"], state["in_progress"]) == ("queued", False)
    assert "limit of 0 uploads and imports in progress" in state["failure"]
    wait_until(lambda: left_of(cloud, image_id), lambda left: not left, "Glance to clean up")


SECRET = "0a1b2c3d4e5f"


def log_of(cloud: Cloud) -> str:
    return cloud.horizon.log.read_text(errors="replace")


@pytest.mark.parametrize("path", ["/nothing.qcow2", "/page.html"])
def test_a_signed_address_is_shown_and_logged_without_its_signature(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, path: str
) -> None:
    """Everybody who sees the image sees why its import failed."""
    alice, url = person("alice"), cloud.files.url + path
    image_id = begin(alice, images, f"{url}?X-Amz-Signature={SECRET}#{SECRET}")
    state = ended(alice, image_id)
    assert url in state["failure_details"]
    assert SECRET not in str(state)
    page = alice.get(PROJECT.detail(image_id))
    assert url in page.text
    activity = alice.get(PROJECT.detail(image_id), tab="image_details__activity")
    assert url in activity.text
    for shown in (page, activity, alice.get(PROJECT.index)):
        assert SECRET not in shown.response.text
    assert SECRET not in log_of(cloud)


def test_a_signed_address_that_is_refused(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    """Glance repeats it in its error; the field still has it for who typed it."""
    location = f"http://127.0.0.1:1/disk.qcow2?sig='{SECRET}'&x=<{SECRET}>"
    page = submit(person("alice"), location)
    form = page.form("disk_format")
    (error,) = [each for each in form.errors if "does not download" in each]
    assert "http://127.0.0.1:1/disk.qcow2" in error
    assert SECRET not in error
    assert form.fields["location"] == location
    assert SECRET not in log_of(cloud)


def test_an_address_with_a_password_is_not_logged_either(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    page = submit(person("alice"), f"https://kim:{SECRET}@files.example/disk.qcow2")
    assert any("without a user name" in each for each in page.form("disk_format").errors)
    assert SECRET not in log_of(cloud)
