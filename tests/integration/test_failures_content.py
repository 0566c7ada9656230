# SPDX-License-Identifier: Apache-2.0
"""Content that must not become an image, from a file and from a location."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.integration.aftermath import Aftermath, no_thread_left
from tests.integration.bodies import MIB
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import PROJECT
from tests.integration.waiting import wait_until

#: Of a QCOW2's header: where the features stand that a reader must know, and
#: the one that says that the data is in another file.
INCOMPATIBLE_FEATURES_AT = 72
EXTERNAL_DATA_FILE = 1 << 2

GOOD = imagefiles.qcow2(MIB)
BACKED = imagefiles.qcow2(MIB, backing_file="/etc/passwd")


@pytest.fixture(scope="module", autouse=True)
def ended(cloud: Cloud) -> Iterator[None]:
    with no_thread_left(cloud):
        yield


def with_data_file(qcow2: bytes) -> bytes:
    """The same, but for its data, which is said to be in another file."""
    start, end = INCOMPATIBLE_FEATURES_AT, INCOMPATIBLE_FEATURES_AT + 8
    (features,) = struct.unpack(">Q", qcow2[start:end])
    return qcow2[:start] + struct.pack(">Q", features | EXTERNAL_DATA_FILE) + qcow2[end:]


@pytest.mark.parametrize(
    ("disk_format", "data", "kind"),
    [
        ("qcow2", imagefiles.raw(3 * MIB, b"no qcow2"), "format"),
        ("qcow2", imagefiles.iso9660("DISK", {"A": b"a"}), "format"),
        ("qcow2", b"Q", "format"),
        ("qcow2", GOOD[:80], "format"),
        ("raw", GOOD, "format"),
        ("vmdk", GOOD, "format"),
        ("qcow2", BACKED, "unsafe"),
        ("qcow2", with_data_file(GOOD), "unsafe"),
        ("raw", BACKED, "unsafe"),
        ("raw", with_data_file(GOOD), "unsafe"),
    ],
    ids=[
        "raw as qcow2",
        "iso as qcow2",
        "one byte",
        "cut header",
        "qcow2 as raw",
        "qcow2 as vmdk",
        "backing file",
        "data file",
        "backing file as raw",
        "data file as raw",
    ],
)
def test_file(
    person: Callable[[str], Dashboard],
    images: Images,
    aftermath: Aftermath,
    disk_format: str,
    data: bytes,
    kind: str,
) -> None:
    image_id = images.make("content", data=None, disk_format=disk_format)
    answer = person("alice").put(PROJECT.upload(image_id), data)
    assert (answer.status_code, answer.json().get("kind")) == (415, kind), answer.text
    images.wait_for_status(image_id, "queued")
    assert images.show(image_id)["size"] is None
    (state,) = person("alice").get_json(PROJECT.progress, id=image_id)["images"]
    assert (state["failure"], state["failure_kind"]) == (answer.json()["reason"], kind)
    assert state["failure"] in person("alice").get(PROJECT.detail(image_id)).text
    if kind == "format" and data is GOOD:
        aftermath.sent[image_id] = hashlib.sha512(GOOD).hexdigest()
        answer = person("alice").put(PROJECT.upload(image_id) + "?format=qcow2", GOOD)
        assert answer.status_code == 200, answer.text
        assert images.show(image_id)["disk_format"] == "qcow2"


def test_empty_file(
    person: Callable[[str], Dashboard], images: Images, aftermath: Aftermath
) -> None:
    image_id = images.make("empty", data=None)
    answer = person("alice").put(PROJECT.upload(image_id), b"")
    assert answer.status_code in (400, 411)
    assert answer.json()["reason"]
    assert images.status(image_id) == "queued"


def create(dashboard: Dashboard, **fields: Any) -> Page:
    form = dashboard.get(PROJECT.create).form("disk_format")
    return dashboard.submit(form, **{"audience": None, "source": "location", **fields})


@pytest.mark.parametrize(
    ("path", "arrives"),
    [
        ("/tiny.qcow2", True),
        ("/redirect/tiny.qcow2", True),
        ("/nothing.qcow2", False),
        ("/status/403", False),
        ("/status/500", False),
        ("/page.html", False),
        ("/expired/tiny.qcow2", False),
        ("/cut/tiny.qcow2", False),
        ("/backed.qcow2", False),
    ],
)
def test_location(
    person: Callable[[str], Dashboard],
    cloud: Cloud,
    images: Images,
    aftermath: Aftermath,
    path: str,
    arrives: bool,
) -> None:
    location = cloud.files.url + path
    page = create(person("alice"), name=unique("location"), location=location, disk_format="qcow2")
    assert page.status == 201, page.form("disk_format").errors
    image_id = images.adopt(page.response.json()["id"])
    if arrives:
        aftermath.sent[image_id] = _sha512(cloud, "tiny.qcow2")

    def look() -> dict[str, Any]:
        (state,) = person("alice").get_json(PROJECT.progress, id=image_id)["images"]
        return dict(state)

    state = wait_until(look, lambda state: not state["in_progress"], "the import to end", 60)
    assert state["status"] == ("active" if arrives else "queued")
    assert bool(state["failure"]) is not arrives
    if not arrives:
        assert state["failure"] in person("alice").get(PROJECT.detail(image_id)).text


def test_filtered_location(person: Callable[[str], Dashboard], images: Images) -> None:
    """Glance refuses the address at once, and the dialog says so."""
    name = unique("filtered")
    location = "http://127.0.0.1:1/disk.qcow2"
    page = create(person("alice"), name=name, location=location, disk_format="qcow2")
    assert page.status == 200
    errors = page.form("disk_format").errors
    assert any("does not download images from that URL" in error for error in errors), errors
    assert images.named(name) == []


def _sha512(cloud: Cloud, name: str) -> str:
    return hashlib.sha512((cloud.files.offer / name).read_bytes()).hexdigest()
