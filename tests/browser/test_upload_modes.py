# SPDX-License-Identifier: Apache-2.0
"""Uploads on dashboards that are set up in other ways."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.browser.browser import Browser
from tests.browser.dock import Item
from tests.browser.pages import ImagesPage
from tests.dashboards import dashboard
from tests.thorough import only_thorough

pytestmark = only_thorough

MIB = 1024 * 1024
Unique = Callable[[str], str]

BUSY = "The dashboard is at its upload limit. Your upload will start automatically."


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "disk.qcow2"
    path.write_bytes(imagefiles.qcow2(64 * MIB, os.urandom(8 * MIB)))
    return path


def begin(browser: Browser, horizon: Horizon, name: str, file: Path, checksum: str = "") -> Item:
    """Alice uploads the file at that dashboard."""
    browser.url = horizon.url
    browser.log_in("alice", fresh=True)
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    dialog.fields.fill("name", name)
    if checksum:
        dialog.fields.fill("checksum", checksum)
    return dialog.create_and_follow()


def image_named(cloud: Cloud, name: str) -> Any:
    (found,) = cloud.glance_client("alice").images.list(filters={"name": name})
    return found


@pytest.fixture(scope="module")
def small(cloud: Cloud) -> Iterator[Horizon]:
    """It carries one upload at a time."""
    settings = {"HELION_IMAGES_UPLOADS_PER_PROCESS": 1}
    with dashboard(cloud, "small", settings) as horizon:
        yield horizon


def test_busy_dashboard_is_waited_for(
    browser: Browser, cloud: Cloud, unique: Unique, small: Horizon, tmp_path: Path
) -> None:
    """Two at once are one too many for it: one starts when the other has ended."""
    browser.expect_console_error(r"status of 503|ERR_")
    files = [tmp_path / f"{unique(word)}.qcow2" for word in ("first", "second")]
    contents = [imagefiles.qcow2(64 * MIB, os.urandom(8 * MIB)) for _ in files]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    browser.url = small.url
    browser.log_in("alice", fresh=True)
    page = ImagesPage(browser).open()
    dialog = page.drop_several(*files)
    browser.wait(lambda: dialog.values("format") == ["qcow2"] * 2, "the formats to be seen")
    browser.throttle_uploads(MIB)
    dialog.create()
    dialog.wait_until_closed()
    items = [page.dock.item(file.stem) for file in files]
    late = browser.wait(
        lambda: next((item for item in items if item.line == BUSY), None), "one to wait", 30
    )
    assert late.buttons() == ["Cancel"]
    browser.throttle_uploads(-1)
    for item in items:
        item.wait_until_active(within_s=60)
    for file, content in zip(files, contents, strict=True):
        image = image_named(cloud, file.stem)
        assert image["os_hash_value"] == hashlib.sha512(content).hexdigest()


@pytest.fixture(scope="module")
def direct(cloud: Cloud) -> Iterator[Horizon]:
    """It has browsers upload into Glance themselves."""
    with dashboard(cloud, "direct", {"HORIZON_IMAGES_UPLOAD_MODE": "direct"}) as horizon:
        yield horizon


@pytest.fixture
def open_glance(cloud: Cloud, direct: Horizon) -> Iterator[None]:
    """Glance lets that dashboard's pages in."""
    glance = cloud.glance

    def restart(*origins: str) -> None:
        glance.stop()
        glance.cors_origins = origins
        glance.configure()
        glance.start()

    restart(direct.url)
    yield
    restart()


def requests_to(browser: Browser, part: str) -> list[str]:
    """The addresses that the page has asked which hold this."""
    names: list[str] = browser.run(
        "return performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    return [name for name in names if part in name]


def test_direct_upload_without_a_way_in_goes_through_the_dashboard(
    browser: Browser, cloud: Cloud, unique: Unique, direct: Horizon, file: Path
) -> None:
    browser.expect_console_error(r"CORS policy|ERR_FAILED")
    name = unique("refused direct")
    begin(browser, direct, name, file).wait_until_active()
    assert requests_to(browser, "/upload/")
    image = image_named(cloud, name)
    assert image["os_hash_value"] == hashlib.sha512(file.read_bytes()).hexdigest()


@pytest.mark.usefixtures("open_glance")
def test_direct_upload_goes_into_glance(
    browser: Browser, cloud: Cloud, unique: Unique, direct: Horizon, file: Path
) -> None:
    name, content = unique("direct"), file.read_bytes()
    item = begin(browser, direct, name, file, hashlib.sha256(content).hexdigest())
    assert item.wait_until_active().badges == ["Active", "Verified"]
    assert not requests_to(browser, "/upload/")
    assert image_named(cloud, name)["os_hash_value"] == hashlib.sha512(content).hexdigest()


@pytest.mark.usefixtures("open_glance")
def test_direct_upload_of_another_format_is_not_tried_again_in_vain(
    browser: Browser, unique: Unique, direct: Horizon, tmp_path: Path
) -> None:
    """Glance keeps what it stored before it refused, and then takes nothing else there."""
    browser.expect_console_error(r"status of 415")
    name, iso = unique("direct iso"), tmp_path / "disk.iso"
    iso.write_bytes(imagefiles.iso9660("X", {"A": os.urandom(MIB)}))
    browser.url = direct.url
    browser.log_in("alice", fresh=True)
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(iso)
    dialog.wait_for_content("ISO 9660")
    dialog.fields.fill("name", name)
    dialog.fields.choose("disk_format", "QCOW2 - QEMU Emulator")
    # As a browser that cannot tell what the file is.
    browser.run("horizon.helionImages.contentVerdict = () => ''")
    item = dialog.create_and_follow()
    assert "Delete the image, then create it again" in item.wait_for_failure()
    assert item.buttons() == ["Delete and Create Again", "Delete Image"]


@pytest.mark.usefixtures("open_glance")
def test_direct_upload_of_other_data_than_expected_is_removed(
    browser: Browser, cloud: Cloud, unique: Unique, direct: Horizon, file: Path
) -> None:
    name, expected = unique("direct but other"), "0" * 64
    item = begin(browser, direct, name, file, expected)
    shown = " ".join([item.wait_for_failure(), *item.checksums])
    assert expected in shown
    assert hashlib.sha256(file.read_bytes()).hexdigest() in shown
    glance = cloud.glance_client("alice")
    browser.wait(
        lambda: not list(glance.images.list(filters={"name": name})), "the image to be removed"
    )
