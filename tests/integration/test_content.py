# SPDX-License-Identifier: Apache-2.0
"""What a file is, and what becomes of an image whose file Glance does not take."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests import releases
from tests.integration.bodies import MIB
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images
from tests.integration.panels import PROJECT
from tests.integration.reconfigured import reconfigured
from tests.thorough import only_thorough

NO_OTHER_DATA = "This image takes no other data: delete it, then create a new one"


def bootable_disc() -> bytes:
    """An ISO that boots from a disk too: a partition in its first sector."""
    disc = imagefiles.iso9660("DISC", {"A": b"a"})
    partition = struct.pack("<B3BB3BII", 0x80, 0, 2, 0, 0xEF, 0, 0, 0, 1, 100)
    return bytes(446) + partition + bytes(48) + b"\x55\xaa" + disc[512:]


def floppy(name: bytes = b"FAT12   ", at: int = 54) -> bytes:
    """A file system without a partition table, by its first sector."""
    sector = bytearray(510) + b"\x55\xaa"
    sector[0x10], sector[0x15] = 2, 0xF0
    sector[at : at + len(name)] = name
    return bytes(sector).ljust(MIB, b"\0")


@releases.takes_bootable_discs
@pytest.mark.parametrize("declared", ["raw", "qcow2"])
def test_a_bootable_disc_is_an_iso(
    person: Callable[[str], Dashboard], images: Images, declared: str
) -> None:
    """Said at the first MiB: what Glance refuses at its last byte spoils the image."""
    image_id, data = images.make("disc", data=None, disk_format=declared), bootable_disc()
    answer = person("alice").put(PROJECT.upload(image_id), data)
    assert (answer.status_code, answer.json()["kind"]) == (415, "format")
    assert answer.json()["actual_format"] == "iso"
    images.wait_for_status(image_id, "queued")
    answer = person("alice").put(PROJECT.upload(image_id) + "?format=iso", data)
    assert answer.status_code == 200
    assert images.data(image_id) == data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (floppy(), "a floppy disk or another FAT file system without a partition table"),
        (floppy(b"NTFS    ", 3), "an NTFS file system without a partition table"),
        (floppy(b"EXFAT   ", 3), "an exFAT file system without a partition table"),
    ],
)
def test_a_file_system_is_named_with_the_command_that_mends_it(
    person: Callable[[str], Dashboard], images: Images, data: bytes, words: str
) -> None:
    image_id = images.make("floppy", data=None)
    answer = person("alice").put(PROJECT.upload(image_id), data)
    assert (answer.status_code, answer.json()["kind"]) == (415, "unsafe")
    assert words in answer.json()["reason"]
    assert "qemu-img convert -f raw -O qcow2 FILE NEW.qcow2" in answer.json()["reason"]
    images.wait_for_status(image_id, "queued")


@pytest.fixture(scope="module")
def lenient(cloud: Cloud) -> Iterator[LogIn]:
    """A dashboard that leaves contents to Glance."""
    names = ["reference", "unsafe", "format"]
    yield from running(cloud, "leaves-contents", {"HELION_IMAGES_CONTENT_WARNINGS": names})


def test_an_image_whose_data_glance_has_kept_takes_no_other(
    person: Callable[[str], Dashboard], lenient: LogIn, images: Images
) -> None:
    """Glance itself answers 500 to each further upload."""
    image_id = images.make("spoilt", data=None)
    answer = lenient("alice").put(PROJECT.upload(image_id), bootable_disc())
    assert (answer.status_code, answer.json()["kind"]) == (415, "stuck")
    assert NO_OTHER_DATA in answer.json()["reason"]
    images.wait_for_status(image_id, "queued")

    # Every dashboard knows it, also one that was not told.
    for dashboard in (lenient("alice"), person("alice")):
        (state,) = dashboard.get_json(PROJECT.progress, id=image_id)["images"]
        assert (state["failure_kind"], state["in_progress"]) == ("stuck", False)
        assert NO_OTHER_DATA in state["failure"]
        again = dashboard.put(PROJECT.upload(image_id), DATA)
        assert (again.status_code, again.json()["kind"]) == (415, "stuck")
        page = dashboard.get(PROJECT.detail(image_id)).text
        assert NO_OTHER_DATA in page
        assert PROJECT.upload_data(image_id) not in page
    images.delete(image_id)


@pytest.fixture(scope="module")
def following(cloud: Cloud) -> Iterator[LogIn]:
    """A dashboard with Glance's own setting."""
    yield from running(cloud, "following", {"HELION_IMAGES_GPT_CHECKS_NONFATAL": ["mbr"]})


@only_thorough
def test_file_systems_where_the_operator_lets_them_in(
    cloud: Cloud, following: LogIn, images: Images
) -> None:
    setting = "[image_format]\ngpt_safety_checks_nonfatal = mbr\n"
    with reconfigured(cloud, more_config=setting):
        image_id = images.make("floppy", data=None)
        answer = following("alice").put(PROJECT.upload(image_id), floppy())
        assert answer.status_code == 200, answer.text
        assert images.data(image_id) == floppy()
        for declared, data, kind in (
            ("raw", bootable_disc(), "format"),
            ("qcow2", floppy(), "format"),
            ("qcow2", imagefiles.qcow2(MIB, backing_file="base"), "unsafe"),
        ):
            image_id = images.make("not let in", data=None, disk_format=declared)
            answer = following("alice").put(PROJECT.upload(image_id), data)
            assert (answer.status_code, answer.json()["kind"]) == (415, kind)
