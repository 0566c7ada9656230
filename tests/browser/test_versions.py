# SPDX-License-Identifier: Apache-2.0
"""Versions by keys alone: folded in the list, the latest one replaced, and rolled back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.family import LATEST, NEW, Family, family_property
from helion_images_panel.core.verification import Verified, verified_property
from tests.browser.browser import Browser
from tests.browser.dialogs import Dialog
from tests.browser.keyboard import Keyboard
from tests.browser.pages import DetailPage, ImagesPage

MIB = 1024 * 1024
MakeVersion = Callable[..., Any]


@pytest.fixture
def make_version(
    cloud: Cloud, make_image: Callable[..., Any], unique: Callable[[str], str]
) -> MakeVersion:
    """Makes versions of one family that are verified."""
    family = unique("family")

    def make(role: str, name: str, **fields: Any) -> Any:
        image_id, content = str(uuid.uuid4()), imagefiles.qcow2(MIB, name.encode())
        checksum = Checksum("sha512", hashlib.sha512(content).hexdigest())
        verified = verified_property(image_id, Verified((checksum,), "2026-11-30T12:00:00Z", "x"))
        owner = cloud.project_id("acme-web")
        record = family_property(image_id, owner, Family(family, "", role))
        return make_image(name, content=content, id=image_id, **verified, **record, **fields)

    return make


def test_replaced_and_rolled_back_by_keys(
    browser: Browser, cloud: Cloud, make_version: MakeVersion, unique: Callable[[str], str]
) -> None:
    plain = unique("0 system")
    old = make_version(LATEST, plain, visibility="shared")
    new = make_version(NEW, f"{plain} (new)")
    glance = cloud.glance_client("alice").images
    browser.log_in("alice")
    keys, page = Keyboard(browser), ImagesPage(browser)

    page.open("?sort=-created").wait_until_shown()
    assert page.row_of(new["id"])
    hidden = f'tr[data-hip-image="{new["id"]}"]'
    assert not browser.one(hidden).is_displayed()
    keys.tab_to(f"1 more version of {plain}", "button")
    assert keys.focused.get_attribute("aria-expanded") == "false"
    keys.press(Keys.ENTER)
    browser.wait(lambda: browser.one(hidden).is_displayed(), "the other version")
    assert keys.focused.get_attribute("aria-expanded") == "true"

    keys.choose_in_menu(f"More actions of {plain} (new)", "Make It the Latest")
    keys.wait_for_dialog("Make It the Latest")
    browser.wait(
        lambda: f"{plain} (new) is renamed to {plain}." in Dialog(browser).text, "the consequences"
    )
    keys.tab_to("Hide the previous version", "checkbox")
    keys.press(Keys.SPACE)
    keys.press_button("Make It the Latest")
    page.wait_for_message("is the latest version now.")
    assert glance.get(new["id"])["name"] == plain
    assert glance.get(new["id"])["visibility"] == "shared"
    assert glance.get(old["id"])["os_hidden"] is True

    DetailPage(browser).open(new["id"])
    keys.tab_to("Versions")
    keys.press(Keys.ENTER)
    browser.wait(lambda: len(browser.all(".hip-timeline > li")) == 2, "both versions")
    dated = glance.get(old["id"])["name"]
    keys.tab_to(f"Roll Back to This Version: {dated}")
    keys.press(Keys.ENTER)
    keys.wait_for_dialog("Roll Back")
    keys.press_button("Roll Back")
    browser.wait(lambda: glance.get(old["id"])["name"] == plain, "the old version to be back")
    assert glance.get(old["id"])["os_hidden"] is False
    assert glance.get(new["id"])["name"].startswith(f"{plain} (20")


def test_a_family_and_a_new_version(
    browser: Browser, make_image: Callable[..., Any], unique: Callable[[str], str]
) -> None:
    image = make_image(unique("first"), os_distro="tiny", os_version="1", tags=["small"])
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    page.rows()[0].actions.choose("Family")
    dialog = Dialog(browser)
    dialog.title = "Family"
    dialog.wait_until_open()
    assert browser.one("#id_family").get_property("value") == "tiny-1"
    dialog.press("Save")
    page.wait_for_message("Updated image")
    page.rows()[0].actions.choose("New Version")
    dialog.title = "New Version"
    dialog.wait_until_open()
    value = browser.one(".modal.in [name=name]").get_property("value")
    assert str(value).startswith(f"{image['name']} (20")
