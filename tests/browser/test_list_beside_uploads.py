# SPDX-License-Identifier: Apache-2.0
"""The list is filtered, paged and left while bytes move: no upload ends over it."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from demo import imagefiles
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog
from tests.browser.dock import Dock, Item
from tests.browser.pages import ImagesPage
from tests.thorough import only_thorough

MIB = 1024 * 1024
Unique = Callable[[str], str]


@pytest.fixture
def page(browser: Browser) -> ImagesPage:
    # Horizon keeps the rows of a page in the session, which one of these tests changes.
    browser.log_in("alice", fresh=True)
    return ImagesPage(browser).open()


@pytest.fixture
def item(browser: Browser, page: ImagesPage, unique: Unique, tmp_path: Path) -> Iterator[Item]:
    """A slow upload, cancelled at the end."""
    file = tmp_path / f"{unique('slow')}.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, os.urandom(40 * MIB)))
    page.drop(file)
    dialog = CreateImageDialog(browser).wait_until_open()
    dialog.wait_for_content("QCOW2")
    browser.throttle_uploads(MIB // 4)
    dialog.create_and_follow()
    item = Dock(browser).item(file.stem)
    item.wait_until_sending()
    browser.run("window.stays = true")
    yield item
    assert browser.run("return window.stays") is True
    item.press("Cancel")
    item.wait_for_line("Cancelled.")


def filter_by_name(browser: Browser, name: str) -> None:
    field = browser.one("#hip_filter_name")
    field.clear()
    field.send_keys(name)
    field.submit()


def test_filters(
    browser: Browser, page: ImagesPage, item: Item, unique: Unique, make_image: Callable[..., Any]
) -> None:
    wanted = make_image(unique("wanted"))
    filter_by_name(browser, wanted["name"])
    browser.wait(lambda: page.names() == [wanted["name"]], "the filtered list")
    assert urlsplit(browser.path).query == urlencode({"name": wanted["name"], "sort": "name"})
    assert page.filter_value("name") == wanted["name"]
    # What the table does is the same as before.
    page.row(wanted["name"]).tick()
    dialog = page.begin_for_ticked("Delete Images")
    assert dialog.text.startswith(f'Delete "{wanted["name"]}"?')
    dialog.press("Cancel")
    dialog.wait_until_closed()
    page.row(wanted["name"]).tick_off()

    browser.click(
        lambda: browser.driver.find_element(By.LINK_TEXT, "Clear filters"), "the link Clear filters"
    )
    browser.wait(lambda: len(page.names()) > 1, "the whole list")
    assert page.filter_value("name") == ""
    browser.driver.back()
    browser.wait(lambda: page.names() == [wanted["name"]], "the filtered list once more")
    item.wait_until_sending(percent=(item.percent or 0) + 1)


@only_thorough
def test_orders_pages_and_views(browser: Browser, page: ImagesPage, item: Item) -> None:
    """Each is a link to another part of the list."""
    rows = {"name": "API_RESULT_PAGE_SIZE", "value": "3", "url": browser.url}
    browser.driver.execute_cdp_cmd("Network.setCookie", rows)
    for place, words in (
        ("#images th a.hip-sort", "Updated"),
        ("#images tfoot a", "Next"),
        (".hip-quick-views a", "Public"),
    ):
        before, address = page.ids(), browser.path
        browser.click(partial(link, browser, place, words), f"the link {words}")
        browser.wait(lambda ids=before: page.ids() != ids, f"the list after {words}")
        assert len(page.ids()) == 3
        assert browser.path != address
    item.wait_until_sending(percent=(item.percent or 0) + 1)


def link(browser: Browser, place: str, words: str) -> WebElement:
    return next(each for each in browser.all(place) if each.text.startswith(words))


@only_thorough
def test_the_rows_of_a_page_and_the_pill_of_a_filter(
    browser: Browser, page: ImagesPage, item: Item
) -> None:
    """The rows are a form, which leads to the first page; the pill is a link."""
    filter_by_name(browser, "web-server")
    browser.wait(lambda: page.names() == ["web-server"], "the filtered list")
    browser.click(lambda: browser.one(".hip-pill"), "the pill of the filter")
    browser.wait(lambda: len(page.ids()) > 5, "the whole list")
    browser.one(".hip-view summary").send_keys(Keys.ENTER)
    Select(browser.one("#hip_page_size")).select_by_visible_text("5")
    browser.one(".hip-page-size button").send_keys(Keys.ENTER)
    browser.wait(lambda: len(page.ids()) == 5, "five rows")
    item.wait_until_sending(percent=(item.percent or 0) + 1)


@only_thorough
def test_the_details_open_in_another_tab(browser: Browser, page: ImagesPage, item: Item) -> None:
    row = page.rows()[0]
    name = partial(browser.one, f"{row.selector} .hip-name a")
    opens_in_another_tab(browser, name, f"/project/images/{row.image_id}/")
    item.wait_until_sending(percent=(item.percent or 0) + 1)


@only_thorough
@pytest.mark.parametrize("place", [".hip-pills a", ".hip-quick-views a"], ids=["tab", "view"])
def test_so_does_what_is_shared(browser: Browser, page: ImagesPage, item: Item, place: str) -> None:
    shared = partial(link, browser, place, "Shared with Me")
    opens_in_another_tab(browser, shared, "/project/images/shared/")
    item.wait_until_sending(percent=(item.percent or 0) + 1)


@only_thorough
def test_so_does_an_image_whose_upload_is_done(
    browser: Browser, page: ImagesPage, item: Item, unique: Unique, tmp_path: Path
) -> None:
    file = tmp_path / f"{unique('small')}.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, b"small"))
    page.drop(file)
    dialog = CreateImageDialog(browser).wait_until_open()
    dialog.wait_for_content("QCOW2")
    dialog.create_and_follow()
    done = Dock(browser).item(file.stem)
    done.wait_until_active()
    opens_in_another_tab(
        browser,
        partial(link, browser, f"{done.selector} .hip-dock-name a", file.stem),
        f"/project/images/{done.image_id}/",
    )
    item.wait_until_sending(percent=(item.percent or 0) + 1)


def opens_in_another_tab(browser: Browser, found: Callable[[], WebElement], path: str) -> None:
    here, tabs = browser.driver.current_window_handle, browser.driver.window_handles
    browser.click(found, f"the link to {path}")
    browser.wait(lambda: len(browser.driver.window_handles) == len(tabs) + 1, "another tab")
    (opened,) = set(browser.driver.window_handles) - set(tabs)
    browser.driver.switch_to.window(opened)
    browser.wait(lambda: browser.path.startswith(path), "the other page")
    browser.driver.close()
    browser.driver.switch_to.window(here)
