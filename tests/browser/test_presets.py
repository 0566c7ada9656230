# SPDX-License-Identifier: Apache-2.0
"""Tags, a preset and other properties of a new image, and of several, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dock import Dock
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ImagesPage
from tests.browser.test_create import image_named

Unique = Callable[[str], str]

SHOWN = """
return [...document.querySelectorAll('[data-hip-preset]')]
  .filter(part => part.getClientRects().length).map(part => part.dataset.hipPreset)
"""


@pytest.fixture
def keys(browser: Browser) -> Keyboard:
    browser.log_in("alice")
    return Keyboard(browser)


def test_a_new_image_has_them_from_the_start(
    keys: Keyboard, browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    name = unique("preset")
    file = tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(1024 * 1024, b"preset"))
    ImagesPage(browser).open("?name=nobody").wait_until_shown()
    dialog = keys.begin_image(name, file)
    keys.press_button("Properties")
    keys.tab_to("Tags")
    keys.press("web", Keys.ENTER, "blue", Keys.ENTER)
    keys.tab_to("Preset")
    assert browser.run(SHOWN) == []
    keys.choose("Appliance, IDE")
    assert browser.run(SHOWN) == ["Appliance, IDE"]
    described = browser.one(f"#{keys.focused.get_attribute('aria-describedby')}").text
    assert "hw_disk_bus = ide" in described
    assert "How the disk is attached." in described
    keys.tab_to("Other Properties")
    keys.press("hw_disk_bus = VirtIO", Keys.ENTER, "os_distro = debian")
    keys.press_button("Create Image")
    # The cloud has a definition of it, and the line is told where it stands.
    browser.wait(lambda: "Line 1: hw_disk_bus: Use only: " in dialog.text, "what is wrong")
    keys.wait_for_focus("Other Properties")
    assert browser.run(SHOWN) == ["Appliance, IDE"]
    keys.press(Keys.DELETE * len("hw_disk_bus = VirtIO"), "hw_disk_bus = virtio")
    keys.press_button("Create Image")
    browser.wait(lambda: Dock(browser).is_there, "the dock")
    Dock(browser).item(name).wait_until_active()
    image = image_named(cloud, name)
    assert set(image["tags"]) == {"web", "blue"}
    properties = {each: image[each] for each in ("hw_disk_bus", "hw_vif_model", "os_distro")}
    assert properties == {"hw_disk_bus": "virtio", "hw_vif_model": "e1000", "os_distro": "debian"}
    assert image["hw_machine_type"] == "pc"


def test_a_preset_for_several_files(
    keys: Keyboard, browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    names = [unique("preset one"), unique("preset two")]
    files = [tmp_path / f"{name}.qcow2" for name in names]
    for file in files:
        file.write_bytes(imagefiles.qcow2(1024 * 1024, file.name.encode()))
    dialog = ImagesPage(browser).open("?name=nobody").wait_until_shown().drop_several(*files)
    browser.wait(lambda: dialog.values("format") == ["qcow2", "qcow2"], "both formats")
    keys.tab_to("Preset")
    assert browser.run(SHOWN) == []
    keys.choose("Windows, virtio")
    assert browser.run(SHOWN) == ["Windows, virtio"]
    described = browser.one(f"#{keys.focused.get_attribute('aria-describedby')}").text
    assert "os_type = windows" in described
    assert "The kind of system:" in described
    assert violations(browser, ".modal.in") == []
    keys.press_button("Create Images")
    for name in names:
        Dock(browser).item(name).wait_until_active()
        image = image_named(cloud, name)
        assert (image["os_type"], image["hw_pointer_model"]) == ("windows", "usbtablet")
