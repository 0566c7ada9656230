# SPDX-License-Identifier: Apache-2.0
"""Files that are no image as they are: said before one is made, with what mends it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog
from tests.browser.dock import Dock, Item
from tests.browser.pages import ImagesPage
from tests.browser.reading import squeeze
from tests.dashboards import dashboard
from tests.integration.test_content import bootable_disc, floppy
from tests.thorough import only_thorough, some

MIB = 1024 * 1024
CHANGED = "The file has changed. Choose it again."
Unique = Callable[[str], str]


def named(cloud: Cloud, name: str) -> list[Any]:
    return list(cloud.glance_client("alice").images.list(filters={"name": name}))


def refusal(browser: Browser) -> str:
    return squeeze(browser.one("[data-hip-content] .alert-danger").text)


def begun(browser: Browser, name: str, file: Path, label: str = "") -> CreateImageDialog:
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.wait_for_content(".")
    dialog.fields.fill("name", name)
    if label:
        dialog.fields.choose("disk_format", label)
    return dialog


def wait_until_enabled(browser: Browser) -> None:
    button = '.modal.in .modal-footer [type="submit"]'
    browser.wait(lambda: browser.one(button).is_enabled(), "the form to be usable again")


QCOW2_OF_V1 = b"QFI\xfb\0\0\0\1" + imagefiles.qcow2(MIB)[8:]
EXTENDED_L2 = imagefiles.qcow2(MIB)[:79] + b"\x10" + imagefiles.qcow2(MIB)[80:]

HOPELESS = {
    "version 1": (QCOW2_OF_V1, "QCOW2", "version 1 of QCOW", "-f qcow -O qcow2"),
    "extended L2": (EXTENDED_L2, "QCOW2", "extended L2 entries", "convert -O qcow2"),
    "backing file": (
        imagefiles.qcow2(MIB, backing_file="base"),
        "QCOW2",
        "its backing file",
        "convert -O qcow2",
    ),
    "QED": (b"QED\0".ljust(MIB, b"\0"), "Raw", "QED disk", "-f qed -O qcow2"),
    "floppy": (floppy(), "Raw", "without a partition table", "-f raw -O qcow2"),
    "NTFS": (floppy(b"NTFS    ", 3), "Raw", "without a partition table", "-f raw -O qcow2"),
}


@pytest.mark.parametrize("name", some(HOPELESS, "version 1", "floppy"))
def test_no_image_is_made_of_a_file_that_would_be_refused(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path, name: str
) -> None:
    content, label, words, command = HOPELESS[name]
    file = tmp_path / "disk"
    file.write_bytes(content)
    browser.log_in("alice")
    image = unique(name)
    dialog = begun(browser, image, file)
    labels = [each for each in dialog.fields.labels("disk_format") if each.startswith(label)]
    dialog.fields.choose("disk_format", labels[0])
    said = browser.wait(lambda: refusal(browser), "the reason")
    assert words in said
    assert f"{command} FILE NEW.qcow2" in said
    dialog.create()
    wait_until_enabled(browser)
    assert refusal(browser) == said
    assert named(cloud, image) == []
    assert not Dock(browser).is_there


def test_a_bootable_disc_as_raw_is_switched_to_iso(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    file, name = tmp_path / "disc.img", unique("disc")
    file.write_bytes(bootable_disc())
    browser.log_in("alice")
    dialog = begun(browser, name, file, "Raw")
    assert "The file is ISO 9660, but the chosen format is Raw." in browser.wait(
        lambda: refusal(browser), "the reason"
    )
    dialog.create()
    wait_until_enabled(browser)
    assert named(cloud, name) == []
    dialog.switch_format()
    browser.wait(lambda: dialog.fields.value("disk_format") == "iso", "the format to be switched")
    dialog.create_and_follow().wait_until_active()
    (image,) = named(cloud, name)
    assert image["disk_format"] == "iso"


def test_a_line_of_several_files_is_switched_too(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    files = [tmp_path / unique("disc"), tmp_path / unique("disk")]
    files[0].write_bytes(bootable_disc())
    files[1].write_bytes(imagefiles.qcow2(MIB))
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files)
    browser.wait(lambda: dialog.values("format") == ["iso", "qcow2"], "both files to be read")
    dialog.choose_format(0, "raw")
    dialog.create()
    browser.wait(
        lambda: "The file is ISO 9660, but the chosen format is Raw." in dialog.errors()[0],
        "the reason in the line",
    )
    assert named(cloud, files[0].name) == []
    browser.click(
        lambda: browser.one(f"{dialog.form} tbody .help-block button"), "the button that switches"
    )
    browser.wait(lambda: dialog.values("format")[0] == "iso", "the format to be switched")
    dialog.create()
    for file in files:
        Dock(browser).item(file.name).wait_until_active()


# Files that change after they were chosen.


def change(file: Path) -> None:
    """Other bytes, at another time: browsers look at both."""
    file.write_bytes(file.read_bytes() + b"more")
    os.utime(file, (1, 1))


@only_thorough
@pytest.mark.parametrize("spoil", [change, Path.unlink], ids=["changed", "removed"])
def test_a_file_that_has_changed_makes_no_image(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    tmp_path: Path,
    spoil: Callable[[Path], None],
) -> None:
    browser.expect_console_error(r"ERR_UPLOAD_FILE_CHANGED|ERR_FILE_NOT_FOUND")
    file, name = tmp_path / "disk.qcow2", unique("changed")
    file.write_bytes(imagefiles.qcow2(MIB))
    browser.log_in("alice")
    dialog = begun(browser, name, file)
    spoil(file)
    dialog.create()
    assert dialog.wait_for_alert() == CHANGED
    assert named(cloud, name) == []

    file.write_bytes(imagefiles.qcow2(MIB))
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    dialog.create_and_follow().wait_until_active()


@only_thorough
@pytest.mark.parametrize("spoil", [change, Path.unlink], ids=["changed", "removed"])
def test_a_file_that_changes_before_a_retry(
    browser: Browser,
    unique: Unique,
    tmp_path: Path,
    spoil: Callable[[Path], None],
) -> None:
    browser.expect_console_error(r"ERR_UPLOAD_FILE_CHANGED|ERR_FILE_NOT_FOUND|status of 400")
    file, name = tmp_path / "disk.qcow2", unique("changed later")
    file.write_bytes(imagefiles.qcow2(64 * MIB, os.urandom(24 * MIB)))
    browser.log_in("alice")
    dialog = begun(browser, name, file)
    browser.throttle_uploads(MIB)
    item = dialog.create_and_follow()
    item.wait_until_sending(percent=4)
    item.press("Cancel")
    spoil(file)
    browser.throttle_uploads(-1)
    item.press("Retry")
    assert item.wait_for_failure() == CHANGED
    assert item.buttons() == ["Upload Data", "Delete Image"]


def test_one_of_several_files_has_changed(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    files = [tmp_path / unique("first"), tmp_path / unique("second")]
    for file in files:
        file.write_bytes(imagefiles.qcow2(MIB))
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files)
    browser.wait(lambda: dialog.values("format") == ["qcow2"] * 2, "both files to be read")
    change(files[0])
    dialog.create()
    Dock(browser).item(files[1].name).wait_until_active()
    browser.wait(lambda: dialog.errors() == [CHANGED], "the reason in its line")
    assert named(cloud, files[0].name) == []


# What only Glance refuses.


@pytest.fixture(scope="module")
def lenient(cloud: Cloud) -> Iterator[Horizon]:
    """It leaves contents to Glance."""
    settings = {"HELION_IMAGES_CONTENT_WARNINGS": ["reference", "unsafe", "format"]}
    with dashboard(cloud, "leaves-contents-too", settings) as horizon:
        yield horizon


@only_thorough
def test_an_image_that_takes_no_other_data_is_made_again(
    browser: Browser, cloud: Cloud, unique: Unique, lenient: Horizon, tmp_path: Path
) -> None:
    browser.expect_console_error(r"status of 415")
    file, name = tmp_path / "disc.img", unique("spoilt")
    file.write_bytes(bootable_disc())
    browser.url = lenient.url
    browser.log_in("alice", fresh=True)
    item: Item = begun(browser, name, file, "Raw").create_and_follow()
    assert "This image takes no other data: delete it" in item.wait_for_failure()
    assert item.buttons() == ["Delete and Create Again", "Delete Image"]
    (spoilt,) = named(cloud, name)
    item.press("Delete and Create Again")
    dialog = CreateImageDialog(browser).wait_until_open()
    dialog.wait_for_content("ISO 9660")
    assert dialog.fields.value("name") == name
    browser.wait(lambda: dialog.fields.value("disk_format") == "iso", "the format to be seen")
    dialog.create()
    dialog.wait_until_closed()
    browser.wait(
        lambda: [each["status"] for each in named(cloud, name)] == ["active"], "the new image"
    )
    assert named(cloud, name)[0]["id"] != spoilt["id"]
