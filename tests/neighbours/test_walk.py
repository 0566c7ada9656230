# SPDX-License-Identifier: Apache-2.0
"""The pages of the other plugins in Chromium, with this panel and without it.

Their services do not run: a page that says so is fine, if it says the same without this panel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from selenium import webdriver

from demo.horizon import Horizon
from tests.browser.browser import Browser
from tests.neighbours import dashboards
from tests.neighbours.conftest import Pair
from tests.neighbours.test_neighbours import IS_LOADED, OF_PLUGINS, addresses

#: A page of Horizon's own.
OTHER = "/project/api_access/"

#: What a person sees of a page: its headings, tables, messages and forms, and the text beside
#: the navigation.
SEEN = """
const shown = selector => [...document.querySelectorAll(selector)]
  .filter(each => each.getClientRects().length).map(each => each.innerText.trim());
return {title: document.title, headings: shown('h1, h2, h3, .page-breadcrumb li'),
  columns: shown('#content_body th, hz-resource-table th'), messages: shown('.alert'),
  text: shown('#content_body')};
"""

#: Where in which script: the scripts of the two dashboards are compressed differently.
_PLACE = re.compile(r"https?://[^\s)\"]+(:\d+:\d+| \d+:\d+)")
_HOST = re.compile(r"127\.0\.0\.1:\d+")
_ID = re.compile(r"\b[0-9a-f]{32}\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Seen:
    """What a page shows, and the errors of its scripts."""

    shown: dict[str, Any]
    errors: set[str]


def without_places(text: str) -> str:
    for pattern, words in ((_PLACE, "PLACE"), (_HOST, "DASHBOARD"), (_ID, "ID")):
        text = pattern.sub(words, text)
    return text


def look(browser: Browser, path: str) -> Seen:
    """Open a page, and wait until it is loaded and no longer changes."""
    browser.console_errors()
    browser.go(path)
    last: list[Any] = []

    def at_rest() -> bool:
        last.append(browser.run(SEEN))
        return bool(browser.run(IS_LOADED)) and last[-1] == (last[-2:-1] or [None])[0]

    browser.wait(at_rest, f"{path} to be at rest")
    shown = {
        part: without_places(value) if isinstance(value, str) else list(map(without_places, value))
        for part, value in last[-1].items()
    }
    return Seen(shown, set(map(without_places, browser.console_errors())))


def walk(driver: webdriver.Chrome, pair: Pair, horizon: Horizon, paths: list[str]) -> list[Seen]:
    """The pages of one dashboard: both have the same host, and so the same cookies."""
    browser = Browser(driver, pair.cloud, {})
    browser.url = horizon.url
    try:
        browser.log_in("admin")
        return [look(browser, path) for path in paths]
    finally:
        browser.close()


@pytest.fixture(scope="module")
def paths(pair: Pair) -> list[str]:
    """The panels of the plugins in the navigation, in its order."""
    of_plugins = dashboards.panels()
    found = [path for path in addresses(pair.stock.get(OTHER)) if path in of_plugins]
    assert set(found) >= OF_PLUGINS
    return found


def differences(path: str, ours: Seen, stock: Seen) -> list[str]:
    """What a page shows otherwise with this panel, and the errors that it has only then."""
    found = [
        f"{path}: {part} {ours.shown[part]!r}, not {stock.shown[part]!r}"
        for part in stock.shown
        if ours.shown[part] != stock.shown[part]
    ]
    return found + [f"{path}: {error}" for error in sorted(ours.errors - stock.errors)]


def test_their_panels_look_alike_with_this_panel_and_without(
    chromium: webdriver.Chrome, pair: Pair, paths: list[str]
) -> None:
    ours = walk(chromium, pair, pair.with_panel, paths)
    stock = walk(chromium, pair, pair.without_panel, paths)
    pages = list(zip(paths, ours, stock, strict=True))
    found = [each for page in pages for each in differences(*page)]
    assert not found, "\n".join(found)
    assert [path for path, seen, _stock in pages if not any(seen.shown["headings"])] == []
