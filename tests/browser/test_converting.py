# SPDX-License-Identifier: Apache-2.0
"""A cloud that converts what it imports, and requires a property of each image."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import DetailPage, ImagesPage
from tests.converting import converting, make_disk, require_qemu
from tests.thorough import only_thorough

MIB = 1024 * 1024
DEPARTMENT = "required.department"
Unique = Callable[[str], str]


@pytest.fixture(scope="module", autouse=True)
def _glance(cloud: Cloud) -> Iterator[None]:
    require_qemu()
    with converting(cloud):
        yield


def test_the_dock_shows_what_the_cloud_made_of_it(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    """The image is kept, with the format and the size that it has now."""
    disk = make_disk(tmp_path / "disk.qcow2").read_bytes()
    offered = cloud.files.offer / f"{unique('disk').replace(' ', '-')}.qcow2"
    offered.write_bytes(disk)
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.create()
    name = unique("converted")
    dialog.fields.fill("name", name)
    dialog.choose_location(f"{cloud.files.url}/{offered.name}")
    dialog.fields.choose("disk_format", "QCOW2 - QEMU Emulator")
    dialog.fields.fill("checksum", hashlib.sha256(disk).hexdigest())
    browser.one(f'[name="{DEPARTMENT}"] option[value="sales"]').click()
    item = dialog.create_and_follow().wait_until_active()
    assert item.badges == ["Active", "Converted"]
    assert "source could not be compared" in item.warnings[0]
    assert item.line == "4 MiB"
    page.wait_for_status(name, "Active Converted")
    assert page.row(name).cells()["Format"] == "Raw"
    (image,) = cloud.glance_client("alice").images.list(filters={"name": name})
    facts = DetailPage(browser).open(image["id"]).facts()
    assert facts["Verified"].startswith("Not compared")
    offered.unlink()


@only_thorough
def test_several_files_ask_once_for_what_is_required(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    files = [tmp_path / f"{unique(stem)}.img" for stem in ("one", "two")]
    for file in files:
        file.write_bytes(imagefiles.qcow2(MIB, file.name.encode()))
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files)
    browser.wait(lambda: dialog.values("format") == ["qcow2", "qcow2"], "the formats to be seen")
    field = browser.one(f'{dialog.form} [name="{DEPARTMENT}"]')
    dialog.create()
    browser.wait(lambda: browser.driver.switch_to.active_element == field, "the field to be missed")
    client = cloud.glance_client("alice")
    assert not list(client.images.list(filters={"name": files[0].stem}))
    field.find_element(By.CSS_SELECTOR, "option[value=science]").click()
    dialog.create()
    dialog.wait_until_closed()
    for file in files:
        ImagesPage(browser).dock.item(file.stem).wait_until_active()
        (image,) = client.images.list(filters={"name": file.stem})
        assert image["department"] == "science"
