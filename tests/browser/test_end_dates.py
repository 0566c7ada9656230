# SPDX-License-Identifier: Apache-2.0
"""End dates in the browser: set by keyboard, seen by others, and put off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.dialogs import Dialog
from tests.browser.pages import DetailPage, ImagesPage

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


def typed(days: int) -> str:
    """The keys for a day in the browser's own field, in the order of its English parts."""
    return (datetime.now(UTC).date() + timedelta(days=days)).strftime("%m%d%Y")


def test_dates_and_a_replacement_are_set_by_keyboard(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    stem = unique("lifecycle")
    old, new = make_image(f"{stem} 24.04", visibility="community"), make_image(f"{stem} 26.04")
    browser.log_in("alice")
    row = ImagesPage(browser).open(f"?name={stem}").row(old["name"])
    row.actions.choose("Set End Dates")
    dialog = Dialog(browser).wait_until_open()
    browser.one(".modal [name=deprecate_on]").send_keys(typed(0))
    browser.one(".modal [name=delete_on]").send_keys(typed(20))
    field = browser.one(".modal [name=replacement]")
    field.send_keys("26.04")
    browser.wait(lambda: browser.all(".modal [role=option]"), "the images that can replace it")
    field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    browser.wait(lambda: field.get_property("value") == new["name"], "the chosen image")
    field.send_keys(Keys.ENTER)
    dialog.wait_until_closed()
    page = ImagesPage(browser).wait_until_shown()
    page.wait_for_message("This image is deprecated since")
    page.open("?ends=deprecated")
    assert "Deprecated" in page.row(old["name"]).texts()[".hip-name"]
    details = page.row(old["name"]).open()
    banner = browser.one("[data-hip-end-dates]")
    assert "It will be deleted on" in banner.text
    link = banner.find_element("css selector", "a")
    assert link.text == new["name"]
    browser.log_in("bob")
    DetailPage(browser).open(old["id"])
    assert "Do not launch new instances from it." in browser.one("[data-hip-end-dates]").text
    browser.log_in("alice")
    details.open(old["id"])
    details.actions.choose("Set End Dates")
    dialog.wait_until_open()
    for name in ("deprecate_on", "delete_on"):
        browser.run(f"document.querySelector('.modal [name={name}]').value = ''")
    browser.one(".modal [name=replacement]").clear()
    dialog.press("Set End Dates")
    details.wait_for_message("The dates were removed.")
    image = cloud.glance_client("alice").images.get(old["id"])
    assert image["os_hidden"] is False


def test_what_is_wrong_is_said_at_its_field(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("wrong days"))
    browser.log_in("alice")
    row = ImagesPage(browser).open(f"?name={image['name']}").row(image["name"])
    row.actions.choose("Set End Dates")
    dialog = Dialog(browser).wait_until_open()
    browser.one(".modal [name=deprecate_on]").send_keys(typed(9))
    browser.one(".modal [name=deactivate_on]").send_keys(typed(3))
    dialog.press("Set End Dates")
    text = "This day is before the one above."
    browser.wait(lambda: text in browser.one(".modal .has-error").text, text)
    # What was entered is still there.
    value = browser.one(".modal [name=deprecate_on]").get_property("value")
    assert value == (datetime.now(UTC).date() + timedelta(days=9)).isoformat()
