# SPDX-License-Identifier: Apache-2.0
"""What keeps an image from booting, and its correction, in the details."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.keyboard import Keyboard
from tests.browser.pages import DetailPage

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
