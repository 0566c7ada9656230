# SPDX-License-Identifier: Apache-2.0
"""What keeps an image from booting, and its correction, in the details."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests import disks
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dock import Dock
from tests.browser.keyboard import Keyboard
from tests.browser.pages import DetailPage, ImagesPage

MakeImage = Callable[..., Any]
SetWidth = Callable[[int], None]
Unique = Callable[[str], str]

PANEL = "[data-hip-boot]"


def text(browser: Browser) -> str:
    return str(browser.one(PANEL).text)


def test_a_value_that_nova_refuses_is_corrected_by_keys(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("wrong"), hw_disk_bus="virtio-scsi", os_require_quiesce="yes")
    browser.log_in("alice")
    DetailPage(browser).open(image["id"])
    sentence = (
        "Instances cannot be launched: hw_disk_bus is “virtio-scsi”, which Nova does not know."
    )
    assert sentence in text(browser)
    keys = Keyboard(browser)
    keys.tab_to(f"Fix {sentence}")
    keys.press(Keys.ENTER)
    dialog = keys.wait_for_dialog("Fix Image")
    cells = [cell.text for cell in dialog.find_elements("css selector", "tbody :is(th, td)")]
    assert cells == [
        *("hw_disk_bus", "virtio-scsi", "scsi"),
        *("hw_scsi_model", "not set", "virtio-scsi"),
    ]
    keys.press_button("Update Image")
    browser.wait(lambda: "Instances cannot be launched" not in text(browser), "the correction")
    assert "Snapshots of instances fail" in text(browser)
    after = cloud.glance_client("alice").images.get(image["id"])
    assert (after["hw_disk_bus"], after["hw_scsi_model"]) == ("scsi", "virtio-scsi")


def test_why_is_opened_by_keys(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    image = make_image(unique("installer"), disk_format="iso", content=None)
    browser.log_in("alice")
    DetailPage(browser).open(image["id"])
    assert "Launch it with a new volume" not in text(browser)
    keys = Keyboard(browser)
    keys.tab_to("Why")
    keys.press(Keys.ENTER)
    browser.wait(lambda: "Launch it with a new volume" in text(browser), "the reason")


def test_a_disk_that_only_uefi_starts(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, tmp_path: Path
) -> None:
    """The page shows the content of the disk by itself; one change corrects the image."""
    disk = disks.partitioned(tmp_path / "disk", "gpt", disks.EFI, disks.LINUX).read_bytes()
    image = make_image(unique("efi only"), content=disk, disk_format="raw", os_type="linux")
    browser.log_in("alice")
    DetailPage(browser).open(image["id"])
    sentence = (
        "Instances do not boot by BIOS, Nova's default for x86_64: the disk starts by UEFI only."
    )
    browser.wait(lambda: sentence in text(browser), "the finding in the content")
    assert "Looking at the content" not in text(browser)
    assert "a partition table (GPT) with an EFI partition, and no boot code" in text(browser)
    keys = Keyboard(browser)
    keys.tab_to(f"Fix {sentence}")
    keys.press(Keys.ENTER)
    dialog = keys.wait_for_dialog("Fix Image")
    cells = [cell.text for cell in dialog.find_elements("css selector", "tbody :is(th, td)")]
    assert cells == ["hw_firmware_type", "not set", "uefi"]
    keys.press_button("Update Image")
    browser.wait(lambda: sentence not in text(browser), "the correction")
    assert "its properties, its sizes and its content keeps it from booting" in text(browser)
    after = cloud.glance_client("alice").images.get(image["id"])
    assert (after["hw_firmware_type"], after["os_type"]) == ("uefi", "linux")


@pytest.mark.parametrize("width", [1400, 1024, 390])
def test_long_values_keep_their_panel(
    browser: Browser, set_width: SetWidth, unique: Unique, make_image: MakeImage, width: int
) -> None:
    image = make_image(unique("long"), hw_disk_bus="x" * 200, content=None)
    browser.log_in("alice")
    DetailPage(browser).open(image["id"])
    set_width(width)
    assert browser.run(
        "const panel = document.querySelector(arguments[0]);"
        "return panel.scrollWidth <= panel.clientWidth"
        " && document.documentElement.scrollWidth <= document.documentElement.clientWidth",
        PANEL,
    )


def test_a_file_is_checked_before_it_is_sent(
    browser: Browser,
    cloud: Cloud,
    set_width: SetWidth,
    unique: Unique,
    tmp_path: Path,
) -> None:
    """By keys: the finding of a file is corrected in the form, and the image has the property."""
    name = unique("before sending")
    file = disks.partitioned(tmp_path / f"{name}.raw", "gpt", disks.EFI, disks.LINUX)
    browser.log_in("alice")
    keys = Keyboard(browser)
    ImagesPage(browser).open("?name=nobody").wait_until_shown()
    dialog = keys.begin_image(name, file, "raw")
    sentence = (
        "Instances do not boot by BIOS, Nova's default for x86_64: the disk starts by UEFI only."
    )
    browser.wait(lambda: sentence in dialog.text, "the finding before the file is sent")
    for width in (1400, 1024, 390):
        set_width(width)
        assert browser.run(
            "const found = document.querySelector('.hip-boot-check');"
            "return found.scrollWidth <= found.clientWidth"
        )
    set_width(1400)
    assert violations(browser, ".modal.in") == []
    keys.tab_to(f"Fix {sentence}")
    keys.press(Keys.ENTER)
    browser.wait(lambda: "hw_firmware_type is set to uefi." in dialog.text, "the correction")
    assert sentence not in dialog.text
    assert "its properties, its sizes and its content keeps it from booting" in dialog.text
    keys.press_button("Create Image")
    browser.wait(lambda: Dock(browser).is_there, "the dock")
    Dock(browser).item(name).wait_until_active()
    (image,) = cloud.glance_client("alice").images.list(filters={"name": name})
    assert image["hw_firmware_type"] == "uefi"
