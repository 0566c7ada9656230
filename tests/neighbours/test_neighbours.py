# SPDX-License-Identifier: Apache-2.0
"""This panel beside manila-ui, octavia-dashboard, heat-dashboard and designate-dashboard.

Their services are in the catalog, but do not run: a page of theirs has to be the same with this
panel and without it, which includes its errors.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest

from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, PROJECT, ImagesPage
from tests.integration.client import Dashboard, Page
from tests.integration.markup import Element
from tests.neighbours.conftest import Pair

IMAGES = {PROJECT, ADMIN}

#: A page of each of the four plugins, in the navigation.
OF_PLUGINS = {
    "/project/shares/",
    "/admin/shares/",
    "/project/load_balancer/",
    "/project/stacks/",
    "/project/template_generator/",
    "/project/dnszones/",
    "/project/reverse_dns/",
}

#: What is another one on each page.
_CHANGING = re.compile(r"\b[0-9a-f]{32}\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

#: Whether a page waits for nothing any more, AngularJS included. Error pages have no scripts.
IS_LOADED = """
const injector = window.angular && angular.element(document.body).injector();
return document.readyState === 'complete' && !(window.jQuery && jQuery.active)
  && !(injector && injector.get('$http').pendingRequests.length);
"""


def navigation(page: Page) -> list[tuple[str, str, str, str]]:
    """Dashboard, group, text and address of each panel in the navigation, without those of images.

    Their groups differ: the stock Admin panel is the only one of its group without a Nova.
    """
    found = []
    for dashboard in page.tree.all("li", "openstack-dashboard"):
        groups = {
            link.get("href"): group.first("a").text
            for group in dashboard.all("li", "openstack-panel-group")
            for link in group.all("a", "openstack-panel")
        }
        for link in dashboard.all("a", "openstack-panel"):
            address = link.get("href")
            found.append((dashboard.first("a").text, groups.get(address, ""), link.text, address))
    return [each for each in found if each[-1] not in IMAGES]


def addresses(page: Page) -> list[str]:
    """The addresses of the panels in the navigation."""
    return [each[-1] for each in navigation(page)]


def body(page: Page) -> Element:
    """What a page has beside the navigation."""
    found = page.tree.all("div", id="content_body")
    return found[0] if found else page.tree


def content(page: Page) -> str:
    """The text of a page beside the navigation, with its messages, without what always differs."""
    text = " ".join([*page.messages, body(page).text])
    return _CHANGING.sub("ID", text).replace(urlsplit(page.url).netloc, "DASHBOARD")


def own_links(page: Page, panel: str) -> set[str]:
    """The further pages that a panel's page links to, such as its forms; of rows those of one."""
    found = {urlsplit(urljoin(panel, link.get("href"))).path for link in body(page).all("a")}
    kinds = {
        _CHANGING.sub("ID", path): path
        for path in sorted(found)
        if path.startswith(panel) and path != panel and not path.startswith(tuple(IMAGES))
    }
    return set(kinds.values())


def differences(ours: Dashboard, stock: Dashboard, path: str) -> list[str]:
    """What differs of a page, and of those that it links to."""
    mine, theirs = ours.get(path), stock.get(path)
    found = []
    pages = [(path, mine, theirs)]
    further = own_links(theirs, path)
    if own_links(mine, path) != further:
        found.append(f"{path}: other links")
    pages += [(each, ours.get(each), stock.get(each)) for each in sorted(further)]
    for address, one, other in pages:
        if (one.status, one.path) != (other.status, other.path):
            found.append(f"{address}: {one.status} {one.path}, not {other.status} {other.path}")
        elif content(one) != content(other):
            found.append(f"{address}: {content(one)[:300]!r}, not {content(other)[:300]!r}")
        elif navigation(one) != navigation(other):
            found.append(f"{address}: another navigation")
    return found


def test_the_navigation_is_the_same_but_for_images(pair: Pair) -> None:
    ours, stock = pair.ours.get("/project/api_access/"), pair.stock.get("/project/api_access/")
    assert navigation(ours) == navigation(stock)
    assert set(addresses(ours)) >= OF_PLUGINS
    for page in (ours, stock):
        links = [link.get("href") for link in page.tree.all("a")]
        assert set(links) >= IMAGES


def test_each_page_is_the_same_with_this_panel_and_without(pair: Pair) -> None:
    """Those of Horizon and of the plugins, in the navigation and one link further."""
    panels = addresses(pair.stock.get("/project/api_access/"))
    assert len(panels) > 30
    found = [each for path in panels for each in differences(pair.ours, pair.stock, path)]
    assert not found, "\n".join(found)


def test_the_static_files_that_the_pages_name_are_served(pair: Pair) -> None:
    """Those that were collected and compressed for all plugins together."""
    for path in (PROJECT, "/project/load_balancer/", "/project/template_generator/"):
        page = pair.ours.get(path)
        assert page.status == 200
        named = {link.get("href") for link in page.tree.all("link", rel="stylesheet")}
        named |= {script.get("src") for script in page.tree.all("script") if script.get("src")}
        assert any("/dashboard/js/" in each for each in named), named
        for each in named:
            assert pair.ours.get(each).status == 200, each


@pytest.mark.parametrize("theme", ["default", "material"])
@pytest.mark.parametrize("panel", [PROJECT, ADMIN])
def test_the_list_and_its_dialogs_in_chromium(browser: Browser, panel: str, theme: str) -> None:
    browser.log_in("admin")
    browser.use_theme(theme)
    page = ImagesPage(browser, panel).open().wait_until_shown()
    names = page.names()
    assert names
    browser.go(f"{panel}create/")
    browser.wait(lambda: browser.all("form [name=name]"), "the form of a new image")
    page.open().wait_until_shown()
    browser.click(lambda: browser.one("#images td.hip-name a"), "the name of an image")
    browser.wait(
        lambda: not browser.all("#images") and names[0] in browser.one("body").text,
        "the details of the image",
    )
    browser.wait(lambda: browser.run(IS_LOADED), "the page to be loaded")
    assert not browser.console_errors()
