# SPDX-License-Identifier: Apache-2.0
"""Files that a converting Glance imports from its staging area."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
from collections.abc import Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from demo.glance import Glance
from tests.converting import converting, make_disk, require_qemu
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import PROJECT
from tests.integration.waiting import wait_until

MIB = 1024 * 1024
RAW = bytes(MIB) + DATA


@pytest.fixture(scope="module", autouse=True)
def glance(cloud: Cloud) -> Iterator[Glance]:
    require_qemu()
    with converting(cloud, requires=False) as glance:
        yield glance


@pytest.fixture(scope="module")
def qcow2(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_disk(tmp_path_factory.mktemp("disk") / "disk.qcow2").read_bytes()


@pytest.fixture(scope="module")
def stager(cloud: Cloud, glance: Glance) -> Iterator[LogIn]:
    settings = {
        "HELION_IMAGES_UPLOAD_METHOD": "stage",
        "HELION_IMAGES_CONTENT_WARNINGS": ["format"],
    }
    yield from running(cloud, "stage-converting", settings)


@pytest.fixture(scope="module")
def learner(cloud: Cloud, glance: Glance) -> Iterator[LogIn]:
    """A dashboard that has seen nothing yet, with the default of the setting."""
    yield from running(cloud, "auto", {})


def submit(dashboard: Dashboard, **fields: Any) -> Page:
    form = dashboard.get(PROJECT.create).form("disk_format")
    return dashboard.submit(form, **{"name": unique("staged"), "audience": None, **fields})


def steps_of(
    dashboard: Dashboard, images: Images, data: bytes, disk_format: str, **fields: Any
) -> dict[str, Any]:
    page = submit(
        dashboard,
        source="file",
        file_name=f"disk.{disk_format}",
        file_size=len(data),
        disk_format=disk_format,
        **fields,
    )
    assert page.status == 201, page.form("disk_format").errors
    steps: dict[str, Any] = page.response.json()
    images.adopt(steps["id"])
    return steps


def upload(
    dashboard: Dashboard, images: Images, data: bytes, disk_format: str, **fields: Any
) -> dict[str, Any]:
    """The state of a new image with that data, when it is active."""
    steps = steps_of(dashboard, images, data, disk_format, **fields)
    answer = dashboard.put(steps["upload_url"], data)
    assert answer.status_code == 200, answer.text
    images.wait_for_status(steps["id"], "active", within_s=60)
    return told(dashboard, steps["id"])


def told(dashboard: Dashboard, image_id: str) -> dict[str, Any]:
    (state,) = dashboard.get_json(PROJECT.progress, id=image_id)["images"]
    return dict(state)


def checksum(data: bytes, algorithm: str) -> str:
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def test_a_compressed_file_is_decompressed_compared_and_then_converted(
    stager: LogIn, images: Images, qcow2: bytes
) -> None:
    """Its content has no known length when it is staged."""
    alice, file = stager("alice"), lzma.compress(qcow2)
    expected = checksum(file, "sha256")
    state = upload(alice, images, file, "qcow2", checksum=expected, decompress="on")
    assert (state["verification"], state["format"]) == ("converted", "raw")
    assert "and matched." in state["verification_note"]
    assert expected in alice.get(PROJECT.detail(state["id"])).text


def test_a_damaged_compressed_file_leaves_nothing_staged(
    stager: LogIn, images: Images, qcow2: bytes
) -> None:
    alice = stager("alice")
    content = os.urandom(4 * MIB)
    file = gzip.compress(content)
    steps = steps_of(alice, images, file, "raw", decompress="on")
    answer = alice.put(steps["upload_url"], file[:-9] + bytes(9))
    assert (answer.status_code, answer.json()["kind"]) == (415, "compressed")
    images.wait_for_status(steps["id"], "queued")
    assert alice.put(steps["upload_url"], file).status_code == 200
    images.wait_for_status(steps["id"], "active", within_s=60)
    assert images.data(steps["id"]) == content


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_a_file_is_compared_and_then_converted(
    stager: LogIn, images: Images, qcow2: bytes, algorithm: str
) -> None:
    """The image is kept, is not called damaged, and says that the file was compared."""
    alice = stager("alice")
    state = upload(alice, images, qcow2, "qcow2", checksum=checksum(qcow2, algorithm))
    image_id = state["id"]
    assert (state["verification"], state["check_due"], state["may_check"]) == (
        "converted",
        False,
        False,
    )
    note = state["verification_note"]
    assert note.startswith("This cloud converted the image from QCOW2")
    assert note.endswith("and matched. The virtual size of 4 MiB agrees with that of the source.")
    assert (state["format"], state["size_bytes"]) == ("raw", 4 * MIB)
    assert images.show(image_id)["imported_by"] == "cloud"
    answer = alice.post(PROJECT.verify(image_id)).response.json()
    assert (answer["verification"], answer["reason"]) == ("converted", state["verification_note"])
    row = alice.get(PROJECT.index, name=images.name(image_id)).rows[image_id]
    assert (row["Status"], row["Format"], row["Size"]) == ("Active Converted", "Raw", "4 MiB")
    text = alice.get(PROJECT.detail(image_id)).text
    assert "The uploaded file was, before this cloud converted it." in text
    assert "damaged" not in text
    assert images.status(image_id) == "active"


def test_a_file_without_an_expected_checksum(stager: LogIn, images: Images, qcow2: bytes) -> None:
    state = upload(stager("alice"), images, qcow2, "qcow2")
    assert (state["verification"], state["format"]) == ("converted", "raw")
    assert "no expected checksum" in state["verification_note"]


def test_a_wrong_file_is_neither_staged_nor_converted(
    stager: LogIn, images: Images, glance: Glance, qcow2: bytes
) -> None:
    steps = steps_of(stager("alice"), images, qcow2, "qcow2", checksum=checksum(b"other", "sha256"))
    answer = stager("alice").put(steps["upload_url"], qcow2)
    assert (answer.status_code, answer.json()["kind"]) == (422, "checksum")
    images.wait_for_status(steps["id"], "queued")
    assert list((glance.folder / "staging").iterdir()) == []


def test_what_needs_no_conversion_is_verified(stager: LogIn, images: Images) -> None:
    state = upload(stager("alice"), images, RAW, "raw", checksum=checksum(RAW, "sha256"))
    assert (state["verification"], state["verification_note"]) == ("verified", "")
    assert images.show(state["id"])["imported_by"] == "cloud"
    assert images.data(state["id"]) == RAW


def test_an_archive_that_the_cloud_unpacks(stager: LogIn, images: Images) -> None:
    packed = gzip.compress(DATA)
    state = upload(stager("alice"), images, packed, "raw", checksum=checksum(packed, "sha256"))
    assert images.data(state["id"]) == DATA
    assert (state["verification"], state["format"]) == ("converted", "raw")
    assert "and matched." in state["verification_note"]


def test_what_the_cloud_cannot_convert(stager: LogIn, images: Images, qcow2: bytes) -> None:
    """A QCOW2 that is called raw, on a dashboard that only warns of that."""
    alice = stager("alice")
    steps = steps_of(alice, images, qcow2, "raw")
    assert alice.put(steps["upload_url"], qcow2).json()["importing"] is True
    state = wait_until(
        lambda: told(alice, steps["id"]), lambda state: state["failure"], "the import to fail", 60
    )
    assert (state["status"], state["in_progress"]) == ("queued", False)
    assert (state["takes_file"], state["takes_url"]) == (True, False)
    assert "staged data" in state["failure"]
    # The next file is taken, whatever Glance remembers of the import that failed.
    answer = alice.put(steps["upload_url"], RAW)
    assert answer.status_code == 200, answer.text
    images.wait_for_status(steps["id"], "active", within_s=60)
    assert images.data(steps["id"]) == RAW
    assert told(alice, steps["id"])["verification"] == "verified"


def test_a_dashboard_learns_that_the_cloud_converts(
    cloud: Cloud, learner: LogIn, images: Images, qcow2: bytes
) -> None:
    """Until then a file is stored as it is, since nothing tells what an import would make of it."""
    alice = learner("alice")
    state = upload(alice, images, qcow2, "qcow2", checksum=checksum(qcow2, "sha256"))
    assert (state["verification"], state["format"]) == ("verified", "qcow2")

    offered = cloud.files.offer / f"{unique('offered')}.qcow2"
    offered.write_bytes(qcow2)
    url = f"{cloud.files.url}/{offered.name}"
    page = submit(
        alice,
        source="location",
        location=url,
        disk_format="qcow2",
        checksum=checksum(qcow2, "sha256"),
    )
    imported = images.adopt(page.response.json()["id"])
    images.wait_for_status(imported, "active", within_s=60)
    offered.unlink()
    assert told(alice, imported)["verification"] == "converted"

    state = upload(alice, images, qcow2, "qcow2", checksum=checksum(qcow2, "sha256"))
    assert (state["verification"], state["format"]) == ("converted", "raw")
    assert "and matched." in state["verification_note"]
