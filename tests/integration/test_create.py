# SPDX-License-Identifier: Apache-2.0
"""Create Image, from a file and from a location."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import PANELS, PROJECT, Panel
from tests.integration.waiting import wait_until

MIB = 1024 * 1024


def submit(dashboard: Dashboard, panel: Panel = PROJECT, **fields: Any) -> Page:
    form = dashboard.get(panel.create).form("disk_format")
    return dashboard.submit(form, **{"is_public": None, **fields})


def from_file(dashboard: Dashboard, size_bytes: int, panel: Panel = PROJECT, **fields: Any) -> Any:
    """What the page's script is told after it has sent the form."""
    page = submit(
        dashboard,
        panel,
        **{"source": "file", "file_name": "a.img", "file_size": size_bytes, **fields},
    )
    assert page.status == 201, page.form("disk_format").errors
    return page.response.json()


def imported(dashboard: Dashboard, panel: Panel, image_id: str) -> dict[str, Any]:
    """Where the import stands when it has come to an end."""

    def look() -> dict[str, Any]:
        found = dashboard.get_json(panel.progress, id=image_id)["images"]
        return dict(found[0]) if found else {}

    return wait_until(
        look,
        lambda state: state.get("status") == "active" or state.get("failure"),
        f"the import of {image_id} to end",
        60,
    )


@pytest.mark.parametrize(("who", "panel"), [("alice", "project"), ("acme-admin", "admin")])
def test_file(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, who: str, panel: str
) -> None:
    dashboard, data = person(who), imagefiles.qcow2(64 * MIB, b"created from a file" * 50000)
    name = unique("file")
    steps = from_file(
        dashboard,
        len(data),
        PANELS[panel],
        name=name,
        description="Two\r\nlines",
        disk_format="qcow2",
        architecture="x86_64",
        min_disk=3,
        min_ram=256,
        protected="on",
    )
    image_id = images.adopt(steps["id"])
    assert images.status(image_id) == "queued"
    assert "direct" not in steps
    answer = dashboard.put(steps["upload_url"], data)
    assert answer.status_code == 200, answer.text
    image = images.show(image_id)
    assert images.data(image_id) == data
    expected = {
        "name": name,
        "status": "active",
        "size": len(data),
        "disk_format": "qcow2",
        "container_format": "bare",
        "visibility": "shared",
        "protected": True,
        "architecture": "x86_64",
        "min_disk": 3,
        "min_ram": 256,
        "owner": cloud.project_id("acme-web"),
    }
    assert {key: image[key] for key in expected} == expected
    assert image["description"].splitlines() == ["Two", "lines"]
    page = dashboard.get(PANELS[panel].index, name=name)
    assert f"Success: Created image {name}." in page.messages
    assert page.rows[image_id]["Status"] == "Active"


def test_empty_fields_are_left_out(person: Callable[[str], Dashboard], images: Images) -> None:
    steps = from_file(person("alice"), 4096, name=unique("bare"), disk_format="raw")
    image = images.show(images.adopt(steps["id"]))
    assert (image["min_disk"], image["min_ram"], image["protected"]) == (0, 0, False)
    assert not {"description", "architecture", "kernel_id", "ramdisk_id"} & set(image)


@pytest.mark.parametrize(
    ("chosen", "disk_format", "container_format"),
    [("ova", "vmdk", "ova"), ("docker", "raw", "docker"), ("aki", "aki", "aki")],
)
def test_formats_that_stand_for_two(
    person: Callable[[str], Dashboard],
    images: Images,
    chosen: str,
    disk_format: str,
    container_format: str,
) -> None:
    steps = from_file(person("alice"), 4096, name=unique(chosen), disk_format=chosen)
    image = images.show(images.adopt(steps["id"]))
    assert (image["disk_format"], image["container_format"]) == (disk_format, container_format)


@pytest.mark.parametrize(
    ("who", "panel", "path"),
    [
        ("alice", "project", "/tiny.qcow2"),
        ("alice", "project", "/redirect/tiny.qcow2"),
        ("acme-admin", "admin", "/tiny.qcow2"),
    ],
)
def test_location(
    person: Callable[[str], Dashboard],
    cloud: Cloud,
    images: Images,
    who: str,
    panel: str,
    path: str,
) -> None:
    page = submit(
        person(who),
        PANELS[panel],
        name=unique("location"),
        source="location",
        location=cloud.files.url + path,
        disk_format="qcow2",
    )
    assert page.status == 201, page.form("disk_format").errors
    steps = page.response.json()
    image_id = images.adopt(steps["id"])
    assert "upload_url" not in steps
    state = imported(person(who), PANELS[panel], image_id)
    assert (state["status"], state["failure"]) == ("active", "")
    assert images.data(image_id) == (cloud.files.offer / "tiny.qcow2").read_bytes()


@pytest.mark.parametrize("path", ["/nothing.qcow2", "/page.html", "/expired/a", "/backed.qcow2"])
def test_location_of_something_else(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, path: str
) -> None:
    page = submit(
        person("alice"),
        name=unique("wrong-location"),
        source="location",
        location=cloud.files.url + path,
        disk_format="qcow2",
    )
    assert page.status == 201
    image_id = images.adopt(page.response.json()["id"])
    state = imported(person("alice"), PROJECT, image_id)
    assert state["status"] == "queued"
    assert "this location" in state["failure"]
    assert images.status(image_id) == "queued"
    shown = person("alice").get(PROJECT.detail(image_id))
    assert state["failure"] in shown.text


def test_location_that_the_service_refuses(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """Glance says so at once, and no image is left behind."""
    name = unique("refused")
    page = submit(
        person("alice"),
        name=name,
        source="location",
        location="http://127.0.0.1:1/disk.qcow2",
        disk_format="qcow2",
        protected="on",
    )
    assert page.status == 200
    assert any("The image was not created." in error for error in page.form("disk_format").errors)
    assert images.named(name) == []


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"source": "file"}, "Choose a file."),
        ({"source": "file", "file_name": "a", "file_size": 0}, "The file is empty."),
        ({"source": "location", "location": "ftp://x/a"}, "starts with http:// or https://"),
        ({"source": "location", "location": ""}, "starts with http:// or https://"),
        ({"disk_format": ""}, "required"),
        ({"disk_format": "floppy"}, "not one of the available choices"),
        ({"name": ""}, "required"),
        ({"name": "x" * 256}, "at most 255"),
        ({"min_disk": -1}, "greater than or equal to 0"),
        ({"source": "external", "location": "http://x/a"}, "not one of the available choices"),
    ],
)
def test_mistakes(
    person: Callable[[str], Dashboard], images: Images, fields: dict[str, Any], complaint: str
) -> None:
    name = unique("mistake")
    given = {
        "name": name,
        "source": "file",
        "file_name": "",
        "file_size": "",
        "disk_format": "raw",
    }
    if "disk_format" in fields or "name" in fields or "min_disk" in fields:
        given.update(file_name="a", file_size=1)
    page = submit(person("alice"), **{**given, **fields})
    assert page.status == 200
    errors = page.form("disk_format").errors
    assert any(complaint in error for error in errors), errors
    assert images.named(name) == []


def test_public_is_for_those_who_may_publish(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    form = person("alice").get(PROJECT.create).form("disk_format")
    assert not form.element.all(name="is_public")
    file = {"source": "file", "file_name": "a", "file_size": 4096, "disk_format": "raw"}
    forged = person("alice").submit(form, name=unique("forged"), is_public="on", **file)
    image_id = images.adopt(forged.response.json()["id"])
    assert images.show(image_id)["visibility"] == "shared"

    steps = from_file(
        person("admin"), 4096, name=unique("public"), disk_format="raw", is_public="on"
    )
    assert images.show(images.adopt(steps["id"]))["visibility"] == "public"


@pytest.mark.parametrize(
    ("who", "panel", "status"),
    [
        ("reader", "project", 403),
        ("demo", "project", 200),
        ("demo", "admin", 403),
        ("reader", "admin", 403),
        ("acme-admin", "admin", 200),
    ],
)
def test_who_may_create(
    person: Callable[[str], Dashboard], images: Images, who: str, panel: str, status: int
) -> None:
    assert person(who).get(PANELS[panel].create).status == status
    if status == 403:
        name = unique("not-allowed")
        fields = {"name": name, "source": "file", "file_name": "a", "file_size": 1}
        page = person(who).post(PANELS[panel].create, {**fields, "disk_format": "raw"})
        assert page.status == 403
        assert images.named(name) == []


def test_anonymous_is_sent_to_the_login_page(person: Callable[[str], Dashboard]) -> None:
    assert person("anonymous").get(PROJECT.create).is_login
