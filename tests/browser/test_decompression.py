# SPDX-License-Identifier: Apache-2.0
"""Compressed files, which the dashboard decompresses during the upload."""

import gzip
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog, SeveralDialog
from tests.browser.dock import Dock
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ImagesPage
from tests.browser.test_create import data_of, image_named

MIB = 1024 * 1024
CONTENT = imagefiles.qcow2(64 * MIB, os.urandom(2 * MIB))
BOX = "form[data-hip-create] .hip-decompress input"

Unique = Callable[[str], str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "disk.qcow2.xz"
    path.write_bytes(lzma.compress(CONTENT, preset=0))
    return path


@pytest.fixture
def dialog(browser: Browser) -> CreateImageDialog:
    browser.log_in("alice")
    return ImagesPage(browser).open().create()


def test_content_becomes_an_image(
    browser: Browser, dialog: CreateImageDialog, cloud: Cloud, unique: Unique, file: Path
) -> None:
    name = unique("decompressed")
    dialog.choose_file(file)
    dialog.wait_for_content("Compressed file (xz).")
    assert browser.one(BOX).is_selected()
    assert "Extract it first" not in dialog.content
    browser.wait(lambda: dialog.fields.value("disk_format") == "qcow2", "the format of the name")
    assert violations(browser, ".modal.in") == []
    dialog.fields.fill("name", name)
    item = dialog.create_and_follow().wait_until_active()
    assert item.badges == ["Active", "Verified"]
    image = image_named(cloud, name)
    assert image["disk_format"] == "qcow2"
    assert data_of(cloud, image) == CONTENT
    facts = ImagesPage(browser).open().row(name).open().facts()
    assert facts["Compressed File"].startswith("xz")


def test_as_it_is_by_keyboard(
    browser: Browser, dialog: CreateImageDialog, cloud: Cloud, unique: Unique, file: Path
) -> None:
    """The box keeps the focus, and what is said of the file changes."""
    name = unique("as it is")
    dialog.choose_file(file)
    dialog.wait_for_content("Compressed file (xz).")
    box = browser.one(BOX)
    browser.run("arguments[0].focus()", box)
    Keyboard(browser).press(Keys.SPACE)
    dialog.wait_for_content("Extract it first")
    assert browser.run("return document.activeElement === arguments[0]", box)
    # The file as it is is no QCOW2.
    assert "The file is not QCOW2" in dialog.content
    dialog.fields.choose("disk_format", "Raw")
    assert not box.is_selected()
    dialog.fields.fill("name", name)
    dialog.create_and_follow().wait_until_active()
    assert data_of(cloud, image_named(cloud, name)) == file.read_bytes()


def test_ramdisk_stays_compressed(
    browser: Browser, dialog: CreateImageDialog, tmp_path: Path
) -> None:
    """Such an image is compressed by nature, unless the person says otherwise."""
    path = tmp_path / "initrd.img.gz"
    path.write_bytes(gzip.compress(b"files"))
    dialog.choose_file(path)
    dialog.wait_for_content("Compressed file (gzip).")
    assert browser.one(BOX).is_selected()
    dialog.fields.choose("disk_format", "ARI - Amazon Ramdisk Image")
    browser.wait(lambda: not browser.one(BOX).is_selected(), "the box to be cleared")
    browser.one(BOX).click()
    dialog.fields.choose("disk_format", "Raw")
    dialog.fields.choose("disk_format", "ARI - Amazon Ramdisk Image")
    assert browser.one(BOX).is_selected()


def test_question_goes_with_the_file(
    browser: Browser, dialog: CreateImageDialog, tmp_path: Path, file: Path
) -> None:
    dialog.choose_file(file)
    dialog.wait_for_content("Compressed file (xz).")
    plain = tmp_path / "disk.qcow2"
    plain.write_bytes(CONTENT)
    dialog.choose_file(plain)
    dialog.wait_for_content("QCOW2, virtual size")
    assert not browser.all(BOX)
    assert browser.one("form[data-hip-create] [name=decompress]").get_property("value") == ""


def test_damaged_file_says_so(
    browser: Browser, dialog: CreateImageDialog, unique: Unique, file: Path
) -> None:
    browser.expect_console_error(r"status of 415")
    name, data = unique("damaged"), bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(bytes(data))
    dialog.choose_file(file)
    dialog.wait_for_content("Compressed file (xz).")
    dialog.fields.fill("name", name)
    item = dialog.create_and_follow()
    assert "damaged and cannot be decompressed" in item.wait_for_failure()
    assert item.buttons() == ["Upload Data", "Delete Image"]


def test_several_files(
    browser: Browser, dialog: CreateImageDialog, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    """Each is what it is: one compressed, one not."""
    names = [unique("several packed"), unique("several plain")]
    files = [tmp_path / "packed.qcow2.gz", tmp_path / "plain.qcow2"]
    files[0].write_bytes(gzip.compress(CONTENT, 1))
    files[1].write_bytes(CONTENT)
    dialog.choose_file(*files)
    several = SeveralDialog(browser).wait_until_open()
    browser.wait(lambda: several.values("format") == ["qcow2", "qcow2"], "both formats")
    assert "decompressed during the upload" in several.notes()[0]
    assert "decompressed" not in several.notes()[1]
    for line, name in enumerate(names):
        several.rename(line, name)
    several.create()
    several.wait_until_closed()
    for name in names:
        Dock(browser).item(name).wait_until_active()
        assert data_of(cloud, image_named(cloud, name)) == CONTENT
