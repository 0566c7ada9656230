# SPDX-License-Identifier: Apache-2.0
"""Upload Data: an image that waits gets its data, and stays the same otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import EXPECTED_PROPERTY, expected_of, expected_property
from tests.integration.client import Dashboard, Form
from tests.integration.images import Images
from tests.integration.panels import PANELS, PROJECT, Panel
from tests.integration.test_create import imported

MIB = 1024 * 1024

#: What becomes of an image that gets its data.
COMES_WITH_DATA = {
    "status",
    "size",
    "virtual_size",
    "checksum",
    "os_hash_algo",
    "os_hash_value",
    "stores",
    "locations",
    "direct_url",
    "updated_at",
    "helion_images_verified",
}


def opened(dashboard: Dashboard, image_id: str, panel: Panel = PROJECT) -> Form:
    return dashboard.get(panel.upload_data(image_id)).form("disk_format")


def steps_of(dashboard: Dashboard, form: Form, **fields: Any) -> Any:
    page = dashboard.submit(form, **fields)
    assert page.status == 201, page.form("disk_format").errors
    return page.response.json()


def of_file(data: bytes) -> dict[str, Any]:
    return {"source": "file", "file_name": "a.img", "file_size": len(data)}


def rest_of(image: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in image.items() if name not in COMES_WITH_DATA}


@pytest.mark.parametrize(("who", "panel"), [("alice", "project"), ("acme-admin", "admin")])
def test_file_into_the_same_image(
    person: Callable[[str], Dashboard], images: Images, who: str, panel: str
) -> None:
    data = imagefiles.qcow2(64 * MIB, b"at last" * 5000)
    image_id = images.make(
        "waits",
        data=None,
        disk_format="qcow2",
        visibility="shared",
        tags=["linux", "lts"],
        os_distro="debian",
        description="two\nlines",
        protected=True,
        min_disk=3,
    )
    images.share(image_id, "acme-data")
    before, members = images.show(image_id), images.members(image_id)
    form = opened(person(who), image_id, PANELS[panel])
    assert images.name(image_id) in form.element.text
    steps = steps_of(person(who), form, **of_file(data))
    assert steps["id"] == image_id
    assert images.show(image_id) == before
    answer = person(who).put(steps["upload_url"], data)
    assert answer.status_code == 200, answer.text
    after = images.show(image_id)
    assert after["status"] == "active"
    assert images.data(image_id) == data
    assert rest_of(after) == rest_of(before)
    assert images.members(image_id) == members


def test_location_into_the_same_image(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    image_id = images.make("waits", data=None, disk_format="qcow2", os_distro="debian")
    before = images.show(image_id)
    form = opened(person("alice"), image_id)
    location = cloud.files.url + "/tiny.qcow2"
    steps = steps_of(person("alice"), form, source="location", location=location, store="archive")
    assert "upload_url" not in steps
    assert imported(person("alice"), PROJECT, image_id)["status"] == "active"
    after = images.show(image_id)
    assert after["stores"] == "archive"
    ours = {name: value for name, value in after.items() if not name.startswith("os_glance_")}
    assert rest_of(ours) == rest_of(before)


def test_after_an_import_that_failed(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    image_id, alice = images.make("failed", data=None, disk_format="qcow2"), person("alice")
    wrong = {"source": "location", "location": cloud.files.url + "/nothing.qcow2"}
    steps_of(alice, opened(alice, image_id), **wrong)
    state = imported(alice, PROJECT, image_id)
    assert state["failure"]
    page = alice.get(PROJECT.detail(image_id))
    assert state["failure"] in page.text
    assert page.link("Upload Data") == alice.base + PROJECT.upload_data(image_id)
    data = imagefiles.qcow2(64 * MIB, b"second try")
    steps = steps_of(alice, opened(alice, image_id), **of_file(data))
    assert alice.put(steps["upload_url"], data).status_code == 200
    assert images.data(image_id) == data
    assert state["failure"] not in alice.get(PROJECT.detail(image_id)).text


def test_format_and_checksum_change_where_the_person_changes_them(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    data = imagefiles.qcow2(64 * MIB, b"expected")
    image_id, alice = images.make("changed", data=None, disk_format="iso"), person("alice")
    form = opened(alice, image_id)
    assert form.fields["disk_format"] == "iso"
    digest = hashlib.sha256(data).hexdigest()
    steps = steps_of(
        alice, form, **of_file(data), disk_format="qcow2", checksum=f"{digest}  a.qcow2"
    )
    image = images.show(image_id)
    assert image["disk_format"] == steps["format"] == "qcow2"
    assert expected_of(Image.from_glance(image)) == Checksum("sha256", digest)
    form = opened(alice, image_id)
    assert form.fields["checksum"] == f"sha256:{digest}"
    steps_of(alice, form, **of_file(data))
    assert images.show(image_id) == image
    assert alice.put(steps["upload_url"], data).json()["verification"] == "verified"


def test_an_expected_checksum_can_be_taken_back(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id, alice = images.make("taken-back", data=None), person("alice")
    images.update(image_id, **expected_property(image_id, Checksum("md5", "0" * 32)))
    steps_of(alice, opened(alice, image_id), **of_file(b"x"), checksum="")
    assert EXPECTED_PROPERTY not in images.show(image_id)


def test_location_that_the_service_refuses(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id, alice = images.make("refused", data=None, disk_format="qcow2"), person("alice")
    before = images.show(image_id)
    location = "http://127.0.0.1:1/disk.qcow2"
    page = alice.submit(opened(alice, image_id), source="location", location=location)
    assert page.status == 200
    errors = " ".join(page.form("disk_format").errors)
    assert "The upload was not started." in errors
    assert images.show(image_id) == before


def test_image_that_has_data(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id, alice = images.make("full"), person("alice")
    before = images.show(image_id)
    fields = {**of_file(b"x"), "disk_format": "iso", "initial-disk_format": "raw"}
    page = alice.post(PROJECT.upload_data(image_id), fields)
    assert (page.status, page.response.json()["reason"]) == (
        409,
        "The image already has data, which cannot be replaced.",
    )
    page = alice.get(PROJECT.upload_data(image_id))
    assert page.path == PROJECT.index
    assert "already has data" in " ".join(page.errors)
    assert images.show(image_id) == before


@pytest.mark.parametrize(
    ("who", "owner", "status", "offered"),
    [
        ("demo", "demo", None, True),
        ("reader", "demo", None, False),
        ("demo", "demo", b"data", False),
    ],
)
def test_offered(
    person: Callable[[str], Dashboard],
    images: Images,
    who: str,
    owner: str,
    status: bytes | None,
    offered: bool,
) -> None:
    image_id = images.make("offered", owner, data=status)
    page = person(who).get(PROJECT.index, name=images.name(image_id))
    assert ("upload_data" in page.row_actions(image_id)) is offered
    assert bool(person(who).get(PROJECT.detail(image_id)).link("Upload Data")) is offered


def test_room(person: Callable[[str], Dashboard], images: Images) -> None:
    """The image is counted already; its data is not."""
    image_id, carol = images.make("room", "acme-lab", data=None), person("carol")
    form = opened(carol, image_id)
    assert "64 MiB" in form.element.text
    page = carol.submit(form, source="file", file_name="a", file_size=100 * MIB)
    assert any("is too large" in error for error in page.form("disk_format").errors)
    steps_of(carol, form, **of_file(b"x"))
