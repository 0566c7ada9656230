# SPDX-License-Identifier: Apache-2.0
"""The choice of density and columns."""

from collections.abc import Callable
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from demo import seed
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, ImagesPage, SettingsPage

#: The columns that can be left out.
CHOICES = ("Type", "Status", "Access", "Format", "Size", "Updated")

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]


def headings(browser: Browser) -> list[str]:
    shown = [each for each in browser.all("#images thead th") if each.is_displayed()]
    return [each.text for each in shown if each.text]


def heights(browser: Browser) -> int:
    row = f'tr[data-object-id="{seed.image_id("web-server")}"]'
    return int(browser.run("return document.querySelector(arguments[0]).offsetHeight", row))


def open_menu(browser: Browser) -> None:
    browser.one(".hip-view summary").send_keys(Keys.ENTER)
    browser.wait(lambda: browser.one(".hip-view .dropdown-menu").is_displayed(), "the menu")


def choose(browser: Browser, label: str) -> None:
    """Choose by keyboard."""
    (field,) = [
        each.find_element(By.TAG_NAME, "input")
        for each in browser.all(".hip-view label")
        if each.text == label
    ]
    field.send_keys(Keys.SPACE)


def test_the_choice_stays(browser: Browser) -> None:
    browser.log_in("alice")
    ImagesPage(browser).open().wait_until_shown()
    page = ImagesPage(browser).open("?status=active").wait_until_shown()
    everything, comfortable = headings(browser), heights(browser)
    assert {"Type", "Format", "Size"} < set(everything)
    open_menu(browser)
    assert violations(browser, ".hip-view") == []
    for label in ("Type", "Size", "Compact"):
        choose(browser, label)
    expected = [each for each in everything if each not in ("Type", "Size")]
    assert headings(browser) == expected
    assert heights(browser) < comfortable
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not browser.one(".hip-view .dropdown-menu").is_displayed()
    assert browser.driver.switch_to.active_element == browser.one(".hip-view summary")

    # Back, too: the boxes are as the columns, and not as they were left.
    browser.driver.back()
    browser.wait(lambda: "status" not in browser.path, "the page of before")
    page.row_of(seed.image_id("web-server"))
    assert headings(browser) == expected
    assert heights(browser) < comfortable
    open_menu(browser)
    ticked = browser.run(
        "return [...document.querySelectorAll('.hip-view :checked')]"
        ".filter(each => each.matches('input'))"
        ".map(each => each.parentElement.innerText.trim())"
    )
    assert ticked == ["Compact", *(each for each in CHOICES if each in expected)]
    for label in ("Type", "Size", "Comfortable"):
        choose(browser, label)
    assert headings(browser) == everything
    assert heights(browser) == comfortable
    page.open()
    assert headings(browser) == everything


def test_the_choice_is_of_one_person(browser: Browser) -> None:
    """Of several in the same browser; but of the person in each panel."""
    browser.log_in("acme-admin")
    ImagesPage(browser, ADMIN).open()
    open_menu(browser)
    for label in ("Owner", "Format", "Compact"):
        choose(browser, label)
    cookies = [each for each in browser.driver.get_cookies() if each["name"].startswith("hip_")]
    ImagesPage(browser).open()
    assert "Format" not in headings(browser)
    compact = heights(browser)

    browser.log_in("alice")
    for cookie in cookies:
        browser.driver.execute_cdp_cmd(
            "Network.setCookie",
            {"name": cookie["name"], "value": cookie["value"], "url": browser.url},
        )
    ImagesPage(browser).open()
    assert "Format" in headings(browser)
    assert heights(browser) > compact


def test_rows_per_page(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    """Horizon's own setting, in a session of its own: it is kept there."""
    tag = unique("rows").replace(" ", "-")
    for n in range(6):
        make_image(unique(f"rows {n}"), content=None, tags=[tag])
    browser.log_in("alice", fresh=True)
    page = ImagesPage(browser).open(f"?tag={tag}")
    assert len(page.ids()) == 6
    open_menu(browser)
    Select(browser.one("#hip_page_size")).select_by_visible_text("5")
    browser.one(".hip-page-size button").send_keys(Keys.ENTER)
    browser.wait(lambda: len(page.ids()) == 5, "five rows")
    assert f"tag={tag}" in browser.path
    assert browser.texts(".hip-position") == ["1–5 of more than 5 images"]
    SettingsPage(browser).open()
    assert browser.one("[name=pagesize]").get_property("value") == "5"
