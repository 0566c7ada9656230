# SPDX-License-Identifier: Apache-2.0
"""The content of a disk in the boot checks: read from Glance in few small parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.file_parts import MOST_REQUESTS
from tests import disks
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.test_call_budget import Log, wait_until_quiet

#: So large that it is not read as a whole.
SIZE_BYTES = 256 * disks.MIB

EFI_ONLY = "Instances do not boot by BIOS, Nova&#x27;s default for x86_64"
CONTENT = "with an EFI partition, and no boot code for BIOS."

Person = Callable[[str], Dashboard]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disk that only UEFI starts."""
    file = tmp_path_factory.mktemp("disks") / "disk"
    disks.partitioned(file, "gpt", disks.EFI, disks.LINUX, size_bytes=SIZE_BYTES)
    with file.open("r+b") as disk:
        # Of a file without data QCOW2 has hardly anything.
        disk.seek(32 * disks.MIB)
        for number in range(64):
            disk.write(number.to_bytes(2, "big") * (disks.MIB // 4))
    return file


@pytest.fixture
def log(cloud: Cloud) -> Callable[[], Log]:
    """The requests for data from now on."""

    def begin() -> Log:
        wait_until_quiet(cloud.glance)
        return Log(cloud.glance)

    return begin


def of_data(log: Log) -> list[str]:
    return [each for each in log.requests() if each.endswith("/file")]


@pytest.mark.parametrize("kind", ["raw", "qcow2", "compressed"])
def test_a_disk_that_only_uefi_starts(
    person: Person, images: Images, raw: Path, log: Callable[[], Log], kind: str
) -> None:
    options = ("-c",) if kind == "compressed" else ()
    file = raw if kind == "raw" else disks.qcow2(raw, *options)
    disk_format = "raw" if kind == "raw" else "qcow2"
    image_id = images.make("efi-only", data=file.read_bytes(), disk_format=disk_format)
    alice, seen = person("alice"), log()
    details = alice.get(PROJECT.detail(image_id))
    # The page does not wait for it.
    assert EFI_ONLY not in details.html
    assert f'data-hip-boot="{PROJECT.boot(image_id)}"' in details.html
    assert of_data(seen) == []
    seen = log()
    panel = alice.get(PROJECT.boot(image_id))
    assert EFI_ONLY in panel.html
    assert CONTENT in panel.html
    assert "The content of the disk shows this" in panel.html
    assert of_data(seen) == [f"GET /v2/images/{image_id}/file"]
    # From now on the page has it itself, and reads nothing.
    seen = log()
    details = alice.get(PROJECT.detail(image_id))
    assert EFI_ONLY in details.html
    assert PROJECT.boot(image_id) not in details.html
    alice.get(PROJECT.boot(image_id))
    assert of_data(seen) == []
    # One PATCH corrects it.
    fix = f"{PROJECT.fix(image_id)}?finding=efi_only"
    page = alice.submit(alice.get(fix).form("confirmed"))
    assert page.status in (200, 201)
    assert images.show(image_id)["hw_firmware_type"] == "uefi"
    details = alice.get(PROJECT.detail(image_id))
    assert EFI_ONLY not in details.html
    assert "its properties, its sizes and its content keeps it from booting" in details.html


def test_who_is_told(person: Person, images: Images, raw: Path, log: Callable[[], Log]) -> None:
    """Nobody of another project or domain, and no reader, also once the content is cached."""
    image_id = images.make("of-readers", "demo", data=raw.read_bytes())
    refused = (
        ("acme-admin", ADMIN, 404),
        ("acme-admin", PROJECT, 404),
        ("gina", PROJECT, 404),
        ("reader", PROJECT, 403),
        ("alice", ADMIN, 403),
    )
    for is_cached in (False, True):
        seen = log()
        for who, panel, status in refused:
            page = person(who).get(panel.boot(image_id))
            assert (page.status, EFI_ONLY in page.html) == (status, False), who
        assert person("anonymous").get(PROJECT.boot(image_id)).is_login
        details = person("reader").get(PROJECT.detail(image_id))
        assert "keeps it from booting" in details.html
        assert "data-hip-boot=" not in details.html
        assert EFI_ONLY not in details.html
        assert of_data(seen) == []
        if not is_cached:
            assert EFI_ONLY in person("admin").get(ADMIN.boot(image_id)).html
    assert EFI_ONLY in person("demo").get(PROJECT.detail(image_id)).html


def test_what_is_not_understood_has_no_finding(
    person: Person, images: Images, log: Callable[[], Log], tmp_path: Path
) -> None:
    """A damaged table, data that is no disk, and tables that lead all over the file."""
    damaged = bytearray(
        disks.partitioned(tmp_path / "damaged", "gpt", disks.EFI, disks.LINUX).read_bytes()
    )
    damaged[1024] ^= 0xFF
    alice = person("alice")
    for data, disk_format in (
        (bytes(damaged), "raw"),
        (b"no disk at all " * 10_000, "raw"),
        (b"short", "raw"),
    ):
        image_id = images.make("unknown", data=data, disk_format=disk_format)
        seen = log()
        panel = alice.get(PROJECT.boot(image_id))
        assert panel.status == 200
        assert "Nothing in its properties and sizes keeps it from booting." in panel.html
        assert len(of_data(seen)) <= MOST_REQUESTS
        # It is not looked at again by each page.
        assert PROJECT.boot(image_id) not in alice.get(PROJECT.detail(image_id)).html
