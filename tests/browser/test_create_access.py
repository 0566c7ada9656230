# SPDX-License-Identifier: Apache-2.0
"""A new image that is shared from the start, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.dialogs import squeeze
from tests.browser.dock import Dock
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ADMIN, ImagesPage
from tests.browser.test_create import image_named
from tests.browser.test_sharing import SEARCH, members, options

Unique = Callable[[str], str]

CHOSEN = ".hip-projects-chosen li"
NOTE = "A new image can be shared with individual projects only if its Visibility is"


def test_projects_are_named_while_the_image_is_created(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    browser.log_in("acme-admin")
    keys, name, file = Keyboard(browser), unique("shared"), tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(1024 * 1024, b"shared"))
    ImagesPage(browser, ADMIN).open("?name=nobody").wait_until_shown()
    keys.begin_image(name, file)
    keys.tab_to("Visibility")
    keys.choose("Public")
    keys.press_button("Access")
    keys.tab_to("Projects")
    described = browser.one(f"#{keys.focused.get_attribute('aria-describedby')}")
    assert described.is_displayed()
    assert NOTE in squeeze(described.text)
    keys.press("acme-")
    browser.wait(lambda: len(options(browser)) == 2, "the projects beside the own one")
    keys.press(Keys.ARROW_DOWN, Keys.ENTER)
    browser.wait(lambda: browser.texts(CHOSEN) == ["acme-data"], "the choice")
    keys.press(cloud.project_id("acme-lab"))

    # What the page says the server says too, and what was chosen stays, with its name.
    keys.press_button("Create Image")
    browser.wait(lambda: browser.all(".modal .has-error .hip-projects"), "what is wrong")
    assert NOTE in squeeze(browser.one(".modal .has-error").text)
    keys.wait_for_focus("Projects")
    assert browser.texts(CHOSEN) == ["acme-data", cloud.project_id("acme-lab")]

    keys.press_button("Image")
    keys.tab_to("Visibility")
    keys.press("Only")
    assert keys.focused.get_property("value") == "own"
    assert not browser.all(".modal [data-hip-published]:not([hidden])")
    keys.press_button("Create Image")
    browser.wait(lambda: Dock(browser).is_there, "the dock", 30)
    Dock(browser).item(name).wait_until_active()
    image = image_named(cloud, name)
    assert image["visibility"] == "shared"
    wanted = {cloud.project_id(each): "pending" for each in ("acme-data", "acme-lab")}
    assert members(cloud, image) == wanted
    assert not browser.all(SEARCH), "the dialog has gone"
