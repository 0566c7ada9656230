# SPDX-License-Identifier: Apache-2.0
"""Clean Up in the browser, by keys alone: a rule, its preview, the question, and the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ImagesPage, RulesPage

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


def focus(browser: Browser) -> str:
    return str(browser.run("return document.activeElement.textContent.trim()"))


def test_duplicates_are_deleted_by_keys(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    data = unique("same").encode() * 100
    first, second, third = (
        make_image(unique(f"twin-{number}"), content=data, disk_format="raw") for number in range(3)
    )
    glance = cloud.glance_client("alice")
    glance.images.update(third["id"], protected=True)
    browser.log_in("alice")
    keys = Keyboard(browser)
    ImagesPage(browser).open().wait_until_shown()
    keys.press_button("Clean Up")
    page = RulesPage(browser)
    keys.tab_to("Old snapshots")
    keys.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert browser.run("return document.activeElement.value") == "duplicates"
    keys.press_button("Preview")
    page.wait_until_whole()
    browser.wait(lambda: focus(browser) == page.title(), "the result to have the focus")
    shown = page.images()
    assert {first["name"], second["name"]} <= set(shown)
    assert third["name"] not in shown

    label = f"Delete {len(shown)} Images"
    keys.press_button(label)
    browser.wait(lambda: browser.all("#hip_rules_delete"), "the question")
    assert focus(browser) == f"Delete {len(shown)} images?"
    keys.press_button("Cancel")
    browser.wait(lambda: not browser.all("#hip_rules_delete"), "the preview")
    assert glance.images.get(first["id"])["status"] == "active"
    keys.press_button(label)
    browser.wait(lambda: browser.all("#hip_rules_delete"), "the question")
    keys.press_button(label)
    page.wait_until_deleted()
    assert page.title().startswith(f"Deleted {len(shown)} images.")
    assert focus(browser) == page.title()
    statuses = [glance.images.get(each["id"])["status"] for each in (first, second, third)]
    assert statuses == ["deactivated", "deactivated", "active"]
    keys.press_button("Show deleted images")
    assert first["name"] in ImagesPage(browser).wait_until_shown().names()
    glance.images.update(third["id"], protected=False)
