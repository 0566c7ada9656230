# SPDX-License-Identifier: Apache-2.0
"""The notice on images in use that are going away: shown behind the page, read and dismissed by
keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from helion_images_panel.core.end_dates import EndDates, record
from helion_images_panel.core.image import Image
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.keyboard import Keyboard
from tests.browser.pages import PROJECT, ImagesPage
from tests.integration.images import Images, removed_at_the_end
from tests.integration.test_ending import Compute, compute, url

__all__ = ["compute", "url"]

NOTICE = "[data-hip-ending] .alert"


def end(images: Images, image_id: str, days: int, **dates: Any) -> None:
    image = Image.from_glance(images.show(image_id))
    day = datetime.now(UTC).date() + timedelta(days=days)
    images.update(image_id, **record(image, EndDates(delete_on=day, **dates)))


@pytest.fixture(scope="module")
def images(cloud: Cloud) -> Iterator[tuple[Any, Any]]:
    """An image in use that is going away, and the one that replaces it, for all tests: what the
    dashboard has said of them it says for two minutes.
    """
    with removed_at_the_end(cloud) as made:
        ids = [made.make("going away <b>"), made.make("newer")]
        end(made, ids[0], 20, replacement=ids[1])
        old, newer = map(made.show, ids)
        yield old, newer


@pytest.fixture
def going(browser: Browser, url: str, compute: Compute, images: tuple[Any, Any]) -> tuple[Any, Any]:
    """Alice is logged in to the dashboard with the compute service."""
    compute.used[:] = [images[0]["id"], images[0]["id"]]
    browser.url = url
    browser.log_in("alice", fresh=True)
    return images


def shown(browser: Browser) -> str:
    found = browser.all(NOTICE)
    return found[0].text if found else ""


def test_it_is_shown_behind_the_list_and_dismissed_by_keys(
    browser: Browser, going: tuple[Any, Any]
) -> None:
    old, newer = going
    keys, page = Keyboard(browser), ImagesPage(browser).open().wait_until_shown()
    browser.wait(lambda: "2 instances of acme-web" in shown(browser), "the notice")
    assert f"{old['name']} (" in shown(browser)
    assert "; 2 instances)" in shown(browser)
    assert f"Replaced by: {newer['name']}" in shown(browser)
    # It is said when it comes, without moving the focus.
    assert browser.one("[data-hip-ending]").get_attribute("role") == "status"
    assert violations(browser, "#content_body") == []

    keys.tab_to("Dismiss", "button")
    keys.press(Keys.ENTER)
    browser.wait(lambda: not shown(browser), "the notice to go")
    focused = browser.run("return document.activeElement.hasAttribute('data-hip-ending')")
    assert focused, "the focus goes to the beginning of the page"
    # In this tab the same is not shown again.
    page.open().wait_until_shown()
    asked = "return performance.getEntriesByType('resource').some(e => e.name.includes('/ending/'))"
    browser.wait(lambda: browser.run(asked), "the request for it")
    assert not shown(browser)


def test_its_links_lead_to_the_images(browser: Browser, going: tuple[Any, Any]) -> None:
    old, newer = going
    keys = Keyboard(browser)
    for image in (old, newer):
        ImagesPage(browser).open().wait_until_shown()
        browser.wait(lambda: shown(browser), "the notice")
        link = f'{NOTICE} a[href="{PROJECT}{image["id"]}/"]'
        browser.run("document.querySelector(arguments[0]).focus()", link)
        keys.press(Keys.ENTER)
        browser.wait(lambda id_=image["id"]: browser.path == f"{PROJECT}{id_}/", "the details")


@pytest.mark.parametrize("theme", ["default", "material"])
def test_it_fits_into_each_window(
    browser: Browser,
    going: tuple[Any, Any],
    set_width: Callable[[int], None],
    theme: str,
) -> None:
    browser.use_theme(theme)
    ImagesPage(browser).open().wait_until_shown()
    browser.wait(lambda: shown(browser), "the notice")
    for width in (1400, 1024, 768, 390):
        set_width(width)
        box = browser.one(NOTICE).rect
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert violations(browser, "[data-hip-ending]") == []
