# SPDX-License-Identifier: Apache-2.0
"""The headings sort the list, and a search goes on by itself."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.browser.browser import Browser
from tests.browser.pages import ImagesPage
from tests.dashboards import dashboard
from tests.thorough import only_thorough

pytestmark = only_thorough

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

STATE = "[data-hip-search-text]"


@pytest.fixture(scope="module")
def near(cloud: Cloud) -> Iterator[Horizon]:
    """It looks at four images for one response."""
    with dashboard(cloud, "near", {"HELION_IMAGES_SEARCH_ROWS": 4}) as horizon:
        yield horizon


def sort_by(browser: Browser, page: ImagesPage, heading: str) -> None:
    """By keyboard, as a link is followed."""
    old = browser.one("html")
    link = next(a for a in browser.all("#images th a.hip-sort") if a.text.strip() == heading)
    link.send_keys(Keys.ENTER)
    browser.wait(lambda: browser.one("html") != old, f"the list by {heading}")
    page.wait_until_shown()


def sorted_by(browser: Browser) -> list[tuple[str, str]]:
    """The headings of columns that the list is sorted by, and how."""
    found: list[list[str]] = browser.run(
        "return [...document.querySelectorAll('#images th[aria-sort]')]"
        ".map(th => [th.textContent.trim(), th.getAttribute('aria-sort')])"
    )
    return [(heading, direction) for heading, direction in found]


def test_headings_sort_the_list(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    stem = unique("sorted")
    first, second = (make_image(f"{stem} {word}", content=None)["id"] for word in ("b", "a"))
    browser.log_in("alice", fresh=True)
    page = ImagesPage(browser).open()
    page.filter(name=stem)
    assert page.ids() == [second, first]
    assert sorted_by(browser) == [("Name", "ascending")]
    sort_by(browser, page, "Updated")
    assert page.ids() == [second, first]
    assert sorted_by(browser) == [("Updated", "descending")]
    sort_by(browser, page, "Updated")
    assert page.ids() == [first, second]
    assert sorted_by(browser) == [("Updated", "ascending")]
    assert page.filter_value("name") == stem
    # The next visit, and one after a change of the filter.
    page = ImagesPage(browser).open(f"?name={stem.replace(' ', '+')}")
    assert page.ids() == [first, second]
    # Back leads to the order that was left, though its address did not have it.
    sort_by(browser, page, "Name")
    assert sorted_by(browser) == [("Name", "ascending")]
    browser.driver.back()
    browser.wait(lambda: sorted_by(browser) == [("Updated", "ascending")], "the order of before")
    assert page.filter_value("sort") == "Updated, oldest first"
    page.filter(sort="Name, Z to A")
    assert page.ids() == [first, second]
    assert sorted_by(browser) == [("Name", "descending")]


@pytest.fixture
def haystack(unique: Unique, make_image: MakeImage) -> tuple[str, list[str]]:
    """The tag of some images, and the IDs of those that are searched for."""
    tag = unique("hay").replace(" ", "-")
    found = []
    for number in range(15):
        is_needle = number in (5, 13)
        name = f"{number:02} {unique('needle' if is_needle else 'straw')}"
        image = make_image(name, content=None, tags=[tag])
        found += [image["id"]] if is_needle else []
    return tag, found


def test_a_search_goes_on_by_itself(
    browser: Browser, near: Horizon, haystack: tuple[str, list[str]]
) -> None:
    tag, found = haystack
    browser.url = near.url
    browser.log_in("alice", fresh=True)
    page = ImagesPage(browser).open(f"?tag={tag}&sort=name&name=needle")
    browser.wait(
        lambda: browser.texts(STATE) == ["Looked at 15 images."], "the end of the search", 30
    )
    assert page.ids() == found
    assert not page.can_turn("Prev")
    assert not page.can_turn("Next")
    assert "Displaying 2 items" in browser.one("#images tfoot").text
    assert page.has_boxes()
    page.row_of(found[0]).tick()
    # A list that is loaded anew searches anew.
    page.row_of(found[0]).tick(False)
    browser.run("horizon.helionImages.refresh()")
    browser.wait(lambda: page.ids() == found, "the same images", 30)


def test_a_search_can_be_stopped_and_go_on(
    browser: Browser, near: Horizon, haystack: tuple[str, list[str]]
) -> None:
    tag, found = haystack
    browser.url = near.url
    browser.log_in("alice", fresh=True)
    page = ImagesPage(browser).open()
    # Stopped before the first further part can arrive.
    browser.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument",
        {
            "source": "addEventListener('load', () => setTimeout(() => "
            "document.querySelector('[data-hip-search-stop]')?.click()));"
            "const plain = fetch; window.fetch = (...all) => new Promise(done => "
            "setTimeout(done, 500)).then(() => plain(...all));"
        },
    )
    page.open(f"?tag={tag}&sort=name&name=needle")
    go = browser.wait(
        lambda: [a for a in browser.all("[data-hip-search-go]") if a.is_displayed()],
        "Go on, after Stop",
    )[0]
    assert browser.texts(STATE) == ["Looked at 4 images so far."]
    assert page.ids() == []
    go.click()
    browser.wait(lambda: page.ids() == found, "all images", 30)
