# SPDX-License-Identifier: Apache-2.0
"""Views of the list that a person saves, and the quick view of what others share."""

from collections.abc import Callable
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, ImagesPage

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]

MENU = ".hip-saved-views details"
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"


class Views:
    """The saved views on the page of the list."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def names(self) -> list[str]:
        return self.browser.texts(".hip-saved-view")

    def current(self) -> list[str]:
        return self.browser.texts('.hip-quick-views [aria-current="page"]')

    def open(self) -> None:
        self.browser.wait(lambda: self.browser.all(f"{MENU} summary"), "the menu")
        if not self.browser.one(MENU).get_attribute("open"):
            self.browser.one(f"{MENU} summary").send_keys(Keys.ENTER)
        self.browser.wait(lambda: self.browser.one(f"{MENU} .dropdown-menu").is_displayed(), "it")

    def save(self, name: str) -> None:
        self.open()
        field = self.browser.one(f"{MENU} input")
        field.clear()
        field.send_keys(name, Keys.ENTER)

    def press(self, label: str) -> None:
        self.open()
        self.browser.one(f'{MENU} [aria-label="{label}"]').send_keys(Keys.ENTER)

    def status(self) -> str:
        return " ".join(self.browser.texts(f"{MENU} [role=status]"))


def test_a_view_is_saved_used_renamed_and_deleted(browser: Browser) -> None:
    """By keyboard, and with a name that is no markup."""
    browser.log_in("alice")
    page, views = ImagesPage(browser).open(), Views(browser)
    browser.run("localStorage.clear()")
    views.open()
    assert not browser.all(f"{MENU} input"), "the list of all images is no view"
    page.open("?status=active&sort=-size&marker=")
    views.save(HOSTILE)
    browser.wait(lambda: views.names() == [HOSTILE], "the view")
    assert views.current() == [HOSTILE]
    assert violations(browser, ".hip-quick-views") == []
    shown = page.ids()
    views.save(HOSTILE)
    assert "A view has this name already" in views.status()

    page.open("?name=nothing-of-this-name")
    browser.wait(lambda: views.names() == [HOSTILE], "the view on another page")
    assert HOSTILE not in views.current()
    browser.one(".hip-saved-view a").send_keys(Keys.ENTER)
    browser.wait(lambda: "status=active" in browser.path, "the list with its filter")
    browser.wait(lambda: views.current() == [HOSTILE], "the view to be the current one")
    assert page.ids() == shown
    assert "sort=-size" in browser.path

    views.press(f"Rename {HOSTILE}")
    field = browser.driver.switch_to.active_element
    assert field.get_attribute("value") == HOSTILE
    field.clear()
    field.send_keys("x" * 50, Keys.ENTER)
    browser.wait(lambda: views.names() == ["x" * 40], "the new name, which has 40 characters")
    views.press(f"Delete {'x' * 40}")
    browser.wait(lambda: views.names() == [], "the view to go")
    browser.wait(lambda: "was deleted" in views.status(), "that it is said")
    assert browser.driver.switch_to.active_element.tag_name == "summary"
    page.open()
    browser.wait(lambda: browser.all(MENU), "the menu")
    assert views.names() == []


def test_views_are_of_one_person_and_one_panel(browser: Browser) -> None:
    browser.log_in("acme-admin")
    ImagesPage(browser).open("?status=queued")
    browser.run("localStorage.clear()")
    views = Views(browser)
    views.save("of the project")
    browser.wait(lambda: views.names() == ["of the project"], "the view")
    ImagesPage(browser, ADMIN).open("?status=queued")
    views.save("of the domain")
    browser.wait(lambda: views.names() == ["of the domain"], "the other panel's view")
    browser.log_in("alice")
    ImagesPage(browser).open()
    browser.wait(lambda: browser.all(MENU), "the menu")
    assert views.names() == []
    browser.log_in("acme-admin")
    ImagesPage(browser).open()
    browser.wait(lambda: views.names() == ["of the project"], "the view of before")
    browser.run("localStorage.clear()")


def test_the_number_of_views_is_bounded(browser: Browser) -> None:
    """What is no view in the storage is left out."""
    browser.log_in("alice")
    page, views = ImagesPage(browser).open("?status=queued"), Views(browser)
    browser.wait(lambda: browser.all(MENU), "the menu")
    browser.run(
        "const nav = document.querySelector('[data-hip-saved-views]');"
        "const views = [...Array(20).keys()].map(n => ({name: `v${n}`, query: 'status=active'}));"
        "localStorage.setItem(nav.dataset.hipSavedViews,"
        " JSON.stringify([null, 7, {name: 1}, {name: 'x'}, ...views]))"
    )
    page.open("?status=queued")
    browser.wait(lambda: views.names() == [f"v{n}" for n in range(20)], "the views")
    views.save("one more")
    browser.wait(lambda: "20 saved views" in views.status(), "the reason")
    assert len(views.names()) == 20
    browser.run(
        "localStorage.setItem(document.querySelector('[data-hip-saved-views]')"
        ".dataset.hipSavedViews, '{not JSON')"
    )
    page.open("?status=queued")
    views.save("again")
    browser.wait(lambda: views.names() == ["again"], "a view")
    browser.run("localStorage.clear()")


def test_shared_with_me_is_a_view_with_its_number(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("shared view"), "bob", visibility="shared", content=None)
    cloud.glance_client("bob").image_members.create(image["id"], cloud.project_id("acme-web"))
    browser.log_in("alice")
    ImagesPage(browser).open()
    link = ".hip-quick-views a:has(.badge)"
    browser.wait(lambda: browser.one(f"{link} .badge").is_displayed(), "the number")
    number, tab = browser.texts(f"{link} .badge")[0], browser.texts(".hip-pills .badge")[0]
    assert number == tab
    assert "to accept or reject" in number
    browser.click(lambda: browser.one(link), "Shared with Me")
    browser.wait(lambda: browser.path.endswith("/shared/"), "the page of shared images")
    assert image["name"] in browser.driver.find_element(By.CSS_SELECTOR, "#content_body").text
