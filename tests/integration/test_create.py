# SPDX-License-Identifier: Apache-2.0
"""Create Image, from a file and from a location."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum, read
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of, verified_of
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import PANELS, PROJECT, Panel
from tests.integration.waiting import wait_until

MIB = 1024 * 1024


def submit(dashboard: Dashboard, panel: Panel = PROJECT, **fields: Any) -> Page:
    form = dashboard.get(panel.create).form("disk_format")
    return dashboard.submit(form, **{"audience": None, **fields})


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
        # Glance notes the end of an import in several steps.
        lambda state: (
            state.get("status") == "active"
            or (state.get("failure") and not state.get("in_progress"))
        ),
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
        "visibility": "private",
        "protected": True,
        "architecture": "x86_64",
        "min_disk": 3,
        "min_ram": 256,
        "owner": cloud.project_id("acme-web"),
    }
    assert {key: image[key] for key in expected} == expected
    assert image["description"].splitlines() == ["Two", "lines"]
    page = dashboard.get(PANELS[panel].index, name=name)
    assert page.rows[image_id]["Status"] == "Active Verified"


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
    assert cloud.files.url + path in state["failure_details"]
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
    ("written", "kept"),
    [
        ("{sha256}", "sha256:{sha256}"),
        ("{sha256}  *debian 13.qcow2", "sha256:{sha256}"),
        ("SHA512 (debian.qcow2) = {sha512}", "sha512:{sha512}"),
        ("  MD5:{md5}\t", "md5:{md5}"),
    ],
)
def test_expected_checksum_of_a_file(
    person: Callable[[str], Dashboard], images: Images, written: str, kept: str
) -> None:
    data = imagefiles.qcow2(64 * MIB, b"as published")
    digests = {name: hashlib.new(name, data).hexdigest() for name in ("sha256", "sha512", "md5")}
    steps = from_file(
        person("alice"),
        len(data),
        name=unique("expected"),
        disk_format="qcow2",
        checksum=written.format(**digests),
    )
    image_id = images.adopt(steps["id"])
    expected = read(kept.format(**digests))
    assert expected_of(Image.from_glance(images.show(image_id))) == expected
    assert person("alice").put(steps["upload_url"], data).json()["verification"] == "verified"
    image = images.show(image_id)
    assert expected_of(Image.from_glance(image)) == expected
    record = verified_of(Image.from_glance(image))
    assert record is not None
    assert record.checksums[0] == Checksum("sha512", image["os_hash_value"])
    assert expected in record.checksums
    row = person("alice").get(PROJECT.index, name=image["name"]).rows[image_id]
    assert row["Status"] == "Active Verified"
    page = person("alice").get(PROJECT.detail(image_id))
    assert "by alice" in page.text
    assert "helion_images_" not in page.text
    metadata = person("alice").get(PROJECT.metadata(image_id))
    assert "helion_images_" not in metadata.text
    assert not [name for name in metadata.form("new_name").fields if "helion_images" in name]


def test_expected_checksum_is_noted_before_an_import_begins(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    digest = hashlib.sha256((cloud.files.offer / "tiny.qcow2").read_bytes()).hexdigest()
    page = submit(
        person("alice"),
        name=unique("expected-location"),
        source="location",
        location=cloud.files.url + "/tiny.qcow2",
        disk_format="qcow2",
        checksum=digest,
    )
    image_id = images.adopt(page.response.json()["id"])
    noted = expected_of(Image.from_glance(images.show(image_id)))
    assert noted == Checksum("sha256", digest)
    state = imported(person("alice"), PROJECT, image_id)
    assert (state["verification"], state["check_due"]) == ("pending", True)
    row = person("alice").get(PROJECT.index, name=images.name(image_id))
    assert row.rows[image_id]["Status"] == "Active Not verified"
    mark = row.row(image_id).first("span", "hip-badge")
    assert mark["data-hip-verify"] == PROJECT.verify(image_id)
    detail = person("alice").get(PROJECT.detail(image_id))
    assert detail.tree.first("button", data_hip_verify_now=PROJECT.verify(image_id))
    assert f"sha256:{digest}" in detail.text


def test_stores(person: Callable[[str], Dashboard], cloud: Cloud, images: Images) -> None:
    form = person("alice").get(PROJECT.create).form("disk_format")
    assert form.options("store") == ["fast", "archive"]
    assert form.fields["store"] == "fast"
    data = imagefiles.qcow2(64 * MIB, b"in the archive")
    steps = from_file(
        person("alice"), len(data), name=unique("store"), disk_format="qcow2", store="archive"
    )
    image_id = images.adopt(steps["id"])
    assert person("alice").put(steps["upload_url"], data).status_code == 200
    assert images.show(image_id)["stores"] == "archive"
    assert (cloud.glance.folder / "archive" / image_id).read_bytes() == data
    assert not (cloud.glance.folder / "fast" / image_id).exists()


def test_room_is_told_and_kept(person: Callable[[str], Dashboard], images: Images) -> None:
    """carol's project has little room; Glance itself would say so after all the bytes."""
    carol, name = person("carol"), unique("room")
    form = carol.get(PROJECT.create).form("disk_format")
    left = json.loads(form.element["data-hip-quota"])["size_left_bytes"]
    assert 0 < left < 100 * MIB
    assert "Project quota" in form.element.text
    file = {"source": "file", "file_name": "a", "disk_format": "raw", "name": name}
    page = carol.submit(form, **file, file_size=left + 1)
    assert page.status == 200
    assert any("is too large" in error for error in page.form("disk_format").errors)
    assert images.named(name) == []
    page = carol.submit(form, **file, file_size=left)
    assert page.status == 201
    images.adopt(page.response.json()["id"])


def test_a_full_count_is_refused(person: Callable[[str], Dashboard], images: Images) -> None:
    carol, name = person("carol"), unique("count")
    left = json.loads(carol.get(PROJECT.create).form("disk_format").element["data-hip-quota"])
    for _ in range(left["count_left"]):
        images.make("filler", "acme-lab", data=None)
    page = submit(carol, name=name, source="file", file_name="a", file_size=1, disk_format="raw")
    assert any("has reached its limit" in error for error in page.form("disk_format").errors)
    assert images.named(name) == []


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"source": "file"}, "Choose a file."),
        ({"checksum": "abc"}, "The text is not a checksum."),
        ({"checksum": "0" * 40}, "The text is not a checksum."),
        ({"store": "elsewhere"}, "not one of the available choices"),
        ({"source": "file", "file_name": "a", "file_size": 0}, "The file is empty."),
        ({"source": "file", "file_name": "a", "file_size": -1}, "The file is empty."),
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
    if {"disk_format", "name", "min_disk", "checksum", "store"} & set(fields):
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
    assert not form.element.all(name="audience")
    file = {"source": "file", "file_name": "a", "file_size": 4096, "disk_format": "raw"}
    forged = person("alice").submit(form, name=unique("forged"), audience="cloud", **file)
    image_id = images.adopt(forged.response.json()["id"])
    assert images.show(image_id)["visibility"] == "private"

    steps = from_file(
        person("admin"), 4096, name=unique("public"), disk_format="raw", audience="cloud"
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


def test_tags_and_properties_are_those_of_the_new_record(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """Checked by the definitions that Glance ships."""
    wanted = {
        "name": unique("preset"),
        "disk_format": "raw",
        "tags": 'web, "a,b"',
        "preset": "Linux, virtio and UEFI",
        "properties": "hw_disk_bus = VirtIO\r\nos_distro = debian",
    }
    file = {"source": "file", "file_name": "a.img", "file_size": 4096}
    (error,) = submit(person("alice"), **file, **wanted).form("disk_format").errors
    assert error.startswith("Line 1: hw_disk_bus: Use only: ")
    assert images.named(wanted["name"]) == []
    steps = from_file(person("alice"), 4096, **wanted, anyway="on")
    image = images.show(images.adopt(steps["id"]))
    assert set(image["tags"]) == {"web", "a,b"}
    assert (image["hw_disk_bus"], image["os_distro"]) == ("VirtIO", "debian")
    assert (image["hw_firmware_type"], image["os_type"]) == ("uefi", "linux")
