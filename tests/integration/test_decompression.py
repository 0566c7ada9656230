# SPDX-License-Identifier: Apache-2.0
"""Compressed files, whose content becomes the image on the way to Glance."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import os
import subprocess
from collections.abc import Callable, Iterator

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import Decompressed, decompressed_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_property, state_of
from tests import programs
from tests.integration.bodies import MIB, send_head
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.processes import Process

#: With parts that compress well and parts that do not, and more than one chunk of each form.
CONTENT = (os.urandom(MIB) + bytes(MIB)) * 2 + b"the end"
PROGRAMS = {"gzip": "gzip", "xz": "xz", "zstd": "zstd", "bzip2": "bzip2"}


def compressed(kind: str, content: bytes = CONTENT) -> bytes:
    """The file that the program of this kind makes."""
    program = programs.path_of(PROGRAMS[kind])
    if not program:
        programs.do_without(f"{PROGRAMS[kind]} is missing; on Debian it is a package of that name.")
    return subprocess.run(
        [program, "-1", "-c"], input=content, stdout=subprocess.PIPE, check=True
    ).stdout


def checksum(data: bytes, algorithm: str = "sha256") -> Checksum:
    return Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())


def upload(image_id: str) -> str:
    return PROJECT.upload(image_id) + "?decompress=1"


def refusal(dashboard: Dashboard, images: Images, data: bytes, label: str) -> str:
    """Why the file is refused, after a look that nothing of it is left."""
    image_id = images.make(label, data=None)
    answer = dashboard.put(upload(image_id), data)
    assert (answer.status_code, answer.json()["kind"]) == (415, "compressed")
    images.wait_for_status(image_id, "queued")
    assert images.show(image_id)["size"] is None
    (state,) = dashboard.get_json(PROJECT.progress, id=image_id)["images"]
    assert state["failure"] == answer.json()["reason"]
    # The image takes another file.
    assert dashboard.put(upload(image_id), gzip.compress(CONTENT)).status_code == 200
    assert images.data(image_id) == CONTENT
    return str(answer.json()["reason"])


@pytest.mark.parametrize("kind", sorted(PROGRAMS))
def test_content_is_stored(person: Callable[[str], Dashboard], images: Images, kind: str) -> None:
    image_id, data = images.make(kind, data=None), compressed(kind)
    answer = person("alice").put(upload(image_id), data)
    assert answer.json() == {"id": image_id, "verification": "verified", "warnings": []}
    image = Image.from_glance(images.show(image_id))
    assert images.data(image_id) == CONTENT
    assert image.hash_value == hashlib.sha512(CONTENT).hexdigest()
    assert decompressed_of(image) == Decompressed(kind, checksum(data))
    page = person("alice").get(PROJECT.detail(image_id))
    assert str(checksum(data)) in page.text


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
@pytest.mark.parametrize("form", ["file", "content"])
def test_expected_checksum(
    person: Callable[[str], Dashboard], images: Images, algorithm: str, form: str
) -> None:
    """It may be that of the one form or of the other; afterwards nothing calls the image wrong."""
    image_id, data = images.make("expected", data=None), compressed("xz")
    expected = checksum(data if form == "file" else CONTENT, algorithm)
    images.update(image_id, **expected_property(image_id, expected))
    assert person("alice").put(upload(image_id), data).json()["verification"] == "verified"
    image = Image.from_glance(images.show(image_id))
    assert state_of(image) == "verified"
    assert decompressed_of(image) == Decompressed("xz", checksum(data, algorithm), form == "file")


def test_another_checksum_is_expected(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id, data = images.make("unexpected", data=None), compressed("zstd")
    expected = checksum(b"another")
    images.update(image_id, **expected_property(image_id, expected))
    answer = person("alice").put(upload(image_id), data)
    assert (answer.status_code, answer.json()["kind"]) == (422, "checksum")
    assert answer.json()["actual"] == str(checksum(data))
    images.wait_for_status(image_id, "queued")


def test_content_of_another_format(person: Callable[[str], Dashboard], images: Images) -> None:
    """It is inspected as any file is, and may be stored as what it is."""
    image_id, disk = images.make("qcow2", data=None), imagefiles.qcow2(MIB)
    answer = person("alice").put(upload(image_id), gzip.compress(disk))
    assert (answer.status_code, answer.json()["actual_format"]) == (415, "qcow2")
    answer = person("alice").put(upload(image_id) + "&format=qcow2", gzip.compress(disk))
    assert answer.json().get("verification") == "verified", answer.text
    assert images.show(image_id)["disk_format"] == "qcow2"


def test_stored_as_it_is_afterwards(person: Callable[[str], Dashboard], images: Images) -> None:
    """What was noted for a file that was refused does not count for the next one."""
    image_id, data = images.make("as-it-is", data=None), compressed("gzip")
    images.update(image_id, **expected_property(image_id, checksum(data)))
    assert person("alice").put(upload(image_id), data[:-9]).status_code == 415
    images.wait_for_status(image_id, "queued")
    assert person("alice").put(PROJECT.upload(image_id), data).status_code == 200
    image = Image.from_glance(images.show(image_id))
    assert (decompressed_of(image), state_of(image)) == (None, "verified")
    assert images.data(image_id) == data


def test_file_that_ends_early(person: Callable[[str], Dashboard], images: Images) -> None:
    assert "not complete" in refusal(person("alice"), images, compressed("xz")[:-20], "short")


def test_damaged_file(person: Callable[[str], Dashboard], images: Images) -> None:
    data = bytearray(compressed("zstd"))
    data[len(data) // 2] ^= 0xFF
    assert "damaged" in refusal(person("alice"), images, bytes(data), "damaged")


def test_damage_at_the_very_end(person: Callable[[str], Dashboard], images: Images) -> None:
    """Glance has all but the last piece then."""
    data = bytearray(compressed("gzip"))
    data[-6] ^= 0xFF
    assert "damaged" in refusal(person("alice"), images, bytes(data), "end")


def test_file_that_is_not_compressed(person: Callable[[str], Dashboard], images: Images) -> None:
    assert "is not a gzip" in refusal(person("alice"), images, CONTENT, "plain")


def test_archive(person: Callable[[str], Dashboard], images: Images) -> None:
    inner = gzip.compress(CONTENT)
    assert "contains a gzip file" in refusal(person("alice"), images, bz2.compress(inner), "twice")


def test_no_content(person: Callable[[str], Dashboard], images: Images) -> None:
    assert "no data" in refusal(person("alice"), images, lzma.compress(b""), "empty")


def test_browser_that_stops(person: Callable[[str], Dashboard], images: Images) -> None:
    """The half that Glance has is no image."""
    image_id, data = images.make("stops", data=None), compressed("gzip", os.urandom(12 * MIB))
    with send_head(person("alice"), upload(image_id), str(len(data))) as connection:
        connection.sendall(data[: 8 * MIB])
        images.wait_for_status(image_id, "saving")
    images.wait_for_status(image_id, "queued")
    assert person("alice").put(upload(image_id), data).status_code == 200


@pytest.fixture(scope="module")
def bounded(cloud: Cloud) -> Iterator[LogIn]:
    yield from running(cloud, "bounded", {"HELION_IMAGES_DECOMPRESSED_GIB": 1 / 64})


@pytest.mark.parametrize("kind", sorted(PROGRAMS))
def test_file_that_becomes_too_large(bounded: LogIn, images: Images, kind: str) -> None:
    """Nothing of it is left, and the dashboard needs no memory for what it does not store."""
    image_id, dashboard = images.make("large", data=None), bounded("alice")
    data = compressed(kind, bytes(96 * MIB))
    assert len(data) < 2 * MIB
    answer = dashboard.put(upload(image_id), data)
    assert (answer.status_code, answer.json()["kind"]) == (415, "compressed")
    assert "larger than" in answer.json()["reason"]
    images.wait_for_status(image_id, "queued")
    assert images.show(image_id)["size"] is None


def test_memory(cloud: Cloud, person: Callable[[str], Dashboard], images: Images) -> None:
    """A small file that becomes large takes what the decompressor needs, and a few pieces."""
    data = {kind: compressed(kind, bytes(96 * MIB)) for kind in ("xz", "zstd")}
    (worker,) = cloud.horizon.worker_pids
    process = Process(worker)
    # The first of each kind loads what it needs.
    for kind in data:
        image_id = images.make("warm", data=None)
        assert person("alice").put(upload(image_id), compressed(kind)).status_code == 200
    for kind, file in data.items():
        image_id = images.make("memory", data=None)
        process.forget_peak()
        before_mib = process.memory_mib("VmRSS")
        assert person("alice").put(upload(image_id), file).status_code == 200
        assert process.memory_mib("VmHWM") - before_mib < 32, kind


@pytest.fixture(scope="module")
def never(cloud: Cloud) -> Iterator[LogIn]:
    yield from running(cloud, "never", {"HELION_IMAGES_DECOMPRESSED_GIB": 0})


def test_dashboard_that_does_not_decompress(never: LogIn, images: Images) -> None:
    image_id, dashboard = images.make("never", data=None), never("alice")
    answer = dashboard.put(upload(image_id), compressed("xz"))
    assert (answer.status_code, answer.json()["kind"]) == (403, "invalid")
    assert images.status(image_id) == "queued"
    form = dashboard.get(PROJECT.create).form("disk_format")
    assert "decompress" not in form.fields
