# SPDX-License-Identifier: Apache-2.0
"""Where the focus is in the page that a change leads to, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.keyboard import Keyboard
from tests.browser.pages import PROJECT, DetailPage, ImagesPage
from tests.thorough import only_thorough

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]

IN_WINDOW = """
const place = document.activeElement.getBoundingClientRect();
return place.top >= 0 && place.bottom <= window.innerHeight;
"""


@pytest.fixture
def keys(browser: Browser) -> Keyboard:
    browser.log_in("alice")
    return Keyboard(browser)


@pytest.fixture
def image(unique: Unique, make_image: MakeImage) -> Any:
    return make_image(unique("next page"))


def is_said(browser: Browser, text: str) -> None:
    """The message is in a live region."""
    ImagesPage(browser).wait_for_message(text)
    assert browser.one("#main_content > .messages").get_attribute("aria-live") == "polite"


def is_loaded_anew(browser: Browser, act: Callable[[], None]) -> None:
    page = browser.one("html")
    act()
    browser.wait(lambda: browser.one("html") != page, "the next page")


def test_an_edited_image_has_it(keys: Keyboard, browser: Browser, image: Any) -> None:
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    keys.press_button("Edit Image")
    keys.wait_for_dialog("Edit Image")
    keys.wait_for_focus("Name")
    keys.press(Keys.END, " 2")
    is_loaded_anew(browser, lambda: keys.press_button("Update Image"))
    keys.wait_for_focus(f"More actions of {image['name']} 2")
    keys.wait_until_seen()
    assert browser.run(IN_WINDOW)
    is_said(browser, "Updated image")


@only_thorough
def test_it_is_scrolled_to(
    keys: Keyboard, browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    name = unique("far below")
    images = [make_image(f"{name} {n:02}", content=None) for n in range(20)]
    ImagesPage(browser).open(f"?name={name}").wait_until_shown()
    # From the end of the page.
    keys.choose_in_menu(f"More actions of {images[-1]['name']}", "Edit Image", backwards=True)
    keys.wait_for_dialog("Edit Image")
    keys.wait_for_focus("Name")
    keys.press(Keys.END, " 6")
    is_loaded_anew(browser, lambda: keys.press_button("Update Image"))
    keys.wait_for_focus(f"More actions of {images[-1]['name']} 6")
    assert browser.run(IN_WINDOW)


def test_an_action_of_a_row_keeps_it(keys: Keyboard, browser: Browser, image: Any) -> None:
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    menu = f"More actions of {image['name']}"
    keys.choose_in_menu(menu, "Protect Image")
    is_said(browser, "Protected")
    keys.wait_for_focus(menu)
    keys.choose_in_menu(menu, "Deactivate Image")
    keys.wait_for_dialog("Confirm Deactivate Image")
    keys.press_button("Deactivate Image")
    is_said(browser, "Deactivated")
    keys.wait_for_focus(menu)


def test_without_its_row_the_messages_have_it(keys: Keyboard, browser: Browser, image: Any) -> None:
    ImagesPage(browser).open(f"?name={image['name']}").wait_until_shown()
    keys.choose_in_menu(f"More actions of {image['name']}", "Delete Image")
    keys.wait_for_dialog("Confirm Delete Image")
    keys.press_button("Delete Image")
    is_said(browser, "Deleted")
    browser.wait(lambda: "Deleted" in keys.name, "the messages to have the focus")
    assert keys.focused.aria_role == "group"
    # Horizon lets it fade.
    browser.wait(lambda: not browser.one(".messages .alert").is_displayed(), "the message to go")
    assert "Deleted" in keys.name


def test_several_images_lead_to_the_messages(
    keys: Keyboard, browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    name = unique("several")
    for n in range(2):
        make_image(f"{name} {n}", content=None)
    ImagesPage(browser).open(f"?name={name}").wait_until_shown()
    keys.tab_to("Select all images of this page", "checkbox")
    keys.press(Keys.SPACE)
    keys.tab_to("Protect Images", backwards=True)
    keys.press(Keys.SPACE)
    keys.wait_for_dialog("Confirm Protect Images")
    keys.press_button("Protect Images")
    is_said(browser, "Protected")
    browser.wait(lambda: "Protected" in keys.name, "the messages to have the focus")


def test_the_details_have_it_in_their_menu(keys: Keyboard, browser: Browser, image: Any) -> None:
    DetailPage(browser).open(image["id"])
    keys.press_button("Edit Image")
    keys.wait_for_dialog("Edit Image")
    keys.wait_for_focus("Name")
    keys.press(Keys.END, " 3")
    is_loaded_anew(browser, lambda: keys.press_button("Update Image"))
    keys.wait_for_focus("More actions")
    is_said(browser, "Updated image")


def test_a_form_that_is_a_page_leads_there_too(
    keys: Keyboard, browser: Browser, cloud: Cloud, image: Any
) -> None:
    browser.go(f"{PROJECT}{image['id']}/update/")
    keys.tab_to("Name")
    keys.press(Keys.END, " 4")
    is_loaded_anew(browser, lambda: keys.press_button("Update Image"))
    is_said(browser, "Updated image")
    assert cloud.glance_client("alice").images.get(image["id"])["name"] == f"{image['name']} 4"
    browser.wait(
        lambda: keys.name in (f"More actions of {image['name']} 4", "More actions"),
        "the menu of the image to have the focus",
    )


def test_by_mouse_the_page_stays_at_its_top(browser: Browser, image: Any) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    dialog = page.rows()[0].edit()
    dialog.fields.fill("name", image["name"] + " 5")
    is_loaded_anew(browser, dialog.update)
    Keyboard(browser).wait_for_focus(f"More actions of {image['name']} 5")
    assert browser.run("return window.scrollY") == 0
