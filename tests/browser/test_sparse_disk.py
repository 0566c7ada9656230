# SPDX-License-Identifier: Apache-2.0
"""A raw disk that is uploaded without its empty parts, as QCOW2."""

import os
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests import programs
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ImagesPage
from tests.browser.test_create import data_of, image_named

MIB = 1024 * 1024
SIZE = 640 * MIB
#: Where the disk has data: also where a table of QCOW2 ends, and at the very end.
PLACES = (1, 300, 511, 512, 639)
OFFER = "form[data-hip-create] .hip-sparse"

Unique = Callable[[str], str]


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    return partitioned(tmp_path / "disk.raw", SIZE, PLACES)


def partitioned(path: Path, size_bytes: int, places: Iterable[int]) -> Path:
    """A raw disk with one partition, and data of 1 MiB at each of these MiB."""
    with path.open("wb") as opened:
        opened.truncate(size_bytes)
    sfdisk = programs.path_of("sfdisk") or programs.do_without("sfdisk is missing")
    subprocess.run([sfdisk, str(path)], input=b",,L", capture_output=True, check=True)
    with path.open("r+b") as opened:
        for mib in places:
            opened.seek(mib * MIB)
            opened.write(os.urandom(MIB))
    return path


@pytest.fixture
def dialog(browser: Browser) -> CreateImageDialog:
    browser.log_in("alice")
    return ImagesPage(browser).open().create()


def wait_for(browser: Browser, text: str) -> None:
    browser.wait(lambda: text in "".join(each.text for each in browser.all(OFFER)), repr(text))


def button(browser: Browser, label: str) -> None:
    browser.one(OFFER).find_element(By.XPATH, f".//button[.='{label}']").click()


def test_empty_parts_are_left_out(
    browser: Browser,
    dialog: CreateImageDialog,
    cloud: Cloud,
    unique: Unique,
    disk: Path,
    tmp_path: Path,
) -> None:
    name = unique("sparse")
    dialog.choose_file(disk)
    wait_for(browser, "of this disk is empty")
    assert violations(browser, ".modal.in") == []
    dialog.fields.fill("name", name)
    browser.run("document.querySelector('.hip-sparse button').focus()")
    Keyboard(browser).press(Keys.ENTER)
    wait_for(browser, "of 640 MiB will be uploaded, without the empty parts.")
    dialog.wait_for_content("QCOW2, virtual size 640 MiB.")
    assert dialog.fields.value("disk_format") == "qcow2"
    assert browser.run("return document.activeElement.matches('[data-hip-file]')")
    assert violations(browser, ".modal.in") == []
    item = dialog.create_and_follow().wait_until_active()
    assert item.badges == ["Active", "Verified"]
    image = image_named(cloud, name)
    assert (image["disk_format"], image["virtual_size"]) == ("qcow2", SIZE)
    assert image["size"] < 8 * MIB
    stored = tmp_path / "stored.qcow2"
    stored.write_bytes(data_of(cloud, image))
    qemu = programs.path_of("qemu-img") or programs.do_without("qemu-img is missing")
    compare = [qemu, "compare", "-f", "raw", "-F", "qcow2", str(disk), str(stored)]
    assert "identical" in subprocess.run(compare, capture_output=True, text=True, check=True).stdout


def test_whole_file_after_all(browser: Browser, dialog: CreateImageDialog, disk: Path) -> None:
    """The person goes back, and an expected checksum speaks for the file as it is."""
    dialog.choose_file(disk)
    wait_for(browser, "of this disk is empty")
    button(browser, "Leave Out Empty Parts")
    wait_for(browser, "will be uploaded")
    button(browser, "Upload the Whole File")
    wait_for(browser, "of this disk is empty")
    assert dialog.fields.value("disk_format") == "raw"
    dialog.fields.choose("source", "Image Location")
    browser.wait(lambda: not browser.all(OFFER), "no offer for another source")
    dialog.fields.choose("source", "Image File")
    wait_for(browser, "of this disk is empty")
    dialog.fields.fill("checksum", "a" * 64)
    wait_for(browser, "The whole file is uploaded")
    assert not browser.all(f"{OFFER} button")
    dialog.fields.fill("checksum", "")
    wait_for(browser, "the upload is faster")
    dialog.fields.choose("disk_format", "ISO - Optical Disk Image")
    browser.wait(lambda: not browser.all(OFFER), "no offer for another format")


def test_disk_that_is_full(browser: Browser, dialog: CreateImageDialog, tmp_path: Path) -> None:
    dialog.choose_file(partitioned(tmp_path / "full.raw", 80 * MIB, range(1, 80)))
    dialog.wait_for_content("Raw")
    share = browser.driver.execute_async_script(
        "horizon.helionImages.emptyShare(document.querySelector('[data-hip-file]').files[0])"
        ".then(arguments[0])"
    )
    assert share < 0.2
    assert not browser.all(OFFER)
