# SPDX-License-Identifier: Apache-2.0
"""How the list looks: what a row shows, in windows of any width and in both themes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, PROJECT, ImagesPage
from tests.browser.test_accessibility import violations

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]
SetWidth = Callable[[int], None]

WIDTHS = (1400, 1024, 768, 390)

#: How far the page and the table reach beyond their places, in pixels.
TOO_WIDE = """
const page = document.scrollingElement, wrapper = document.querySelector('.table_wrapper');
const right = wrapper.getBoundingClientRect().right;
const cells = [...wrapper.querySelectorAll('tr > *, .table_actions')]
  .filter(each => each.offsetParent && each.getBoundingClientRect().right > right + 1);
return [page.scrollWidth - page.clientWidth, wrapper.scrollWidth - wrapper.clientWidth,
  cells.map(each => each.className)];
"""


#: How far the page reaches beyond the window, in pixels.
BEYOND = """
return document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth;
"""


@pytest.fixture
def set_width(browser: Browser) -> Iterator[SetWidth]:
    """Give the window another width, until the test ends."""

    def set_to(width: int) -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    yield set_to
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture
def wide_images(cloud: Cloud, unique: Unique, make_image: MakeImage) -> list[Any]:
    """Images that have more to show than there is space for."""
    words = unique("0 of-many-words")
    images = [
        make_image(
            words + "-x" * 80, tags=["t" * 60, "golden", "web", "db"], description="d " * 99
        ),
        make_image(unique("0 shared"), visibility="shared", protected=True),
        make_image(unique("0 ") + "M" * 120, content=None, os_distro="ubuntu"),
    ]
    for project in ("acme-data", "acme-lab", "demo"):
        cloud.glance_client("alice").image_members.create(
            images[1]["id"], cloud.project_id(project)
        )
    return images


@pytest.mark.parametrize("theme", ["default", "material"])
@pytest.mark.parametrize(("user", "panel"), [("alice", PROJECT), ("acme-admin", ADMIN)])
def test_nothing_scrolls_sideways(
    browser: Browser, wide_images: list[Any], set_width: SetWidth, user: str, panel: str, theme: str
) -> None:
    browser.log_in(user)
    cookie = {"name": "theme", "value": theme, "url": browser.url}
    browser.driver.execute_cdp_cmd("Network.setCookie", cookie)
    for width in WIDTHS:
        set_width(width)
        page = ImagesPage(browser, panel).open().wait_until_shown()
        shared = page.row_of(wide_images[1]["id"])
        browser.wait(lambda row=shared: "3 projects" in row.texts()[".hip-access"], "the numbers")
        assert browser.run(TOO_WIDE) == [0, 0, []], f"at {width} px"
        shared.tick()
        assert browser.run(TOO_WIDE) == [0, 0, []], f"at {width} px, with a row ticked"


@pytest.mark.parametrize("theme", ["default", "material"])
def test_nor_does_shared_with_me(
    browser: Browser, wide_images: list[Any], set_width: SetWidth, theme: str
) -> None:
    """A member may see no more than the ID of who shares an image."""
    browser.log_in("bob")
    cookie = {"name": "theme", "value": theme, "url": browser.url}
    browser.driver.execute_cdp_cmd("Network.setCookie", cookie)
    for width in WIDTHS:
        set_width(width)
        browser.go("/project/images/shared/")
        row = f'tr[data-object-id="{wide_images[1]["id"]}"]'
        browser.wait(lambda row=row: browser.all(row), "the image that is shared")
        assert browser.run(TOO_WIDE) == [0, 0, []], f"at {width} px"


@pytest.mark.parametrize("tab", ["overview", "access", "stores", "activity"])
def test_nor_do_the_details(
    browser: Browser, wide_images: list[Any], set_width: SetWidth, tab: str
) -> None:
    browser.log_in("alice")
    for width in WIDTHS:
        set_width(width)
        # Without data there are no stores to show.
        for image in (each for each in wide_images if each["size"] or tab != "stores"):
            browser.go(f"/project/images/{image['id']}/?tab=image_details__{tab}")
            pane = f"#image_details__{tab}"
            browser.wait(lambda pane=pane: browser.one(pane).text.strip(), f"the tab {tab}")
            assert browser.run(BEYOND) == 0, f"at {width} px"


def test_rows_are_cards_on_phones(
    browser: Browser, wide_images: list[Any], set_width: SetWidth
) -> None:
    browser.log_in("alice")
    set_width(390)
    row = ImagesPage(browser).open().row_of(wide_images[1]["id"])
    tops = browser.run(
        "return ['.hip-name', '.hip-status', '.hip-access', '.actions_column'].map(part =>"
        " document.querySelector(arguments[0] + ' ' + part).getBoundingClientRect().top)",
        row.selector,
    )
    assert sorted(set(tops)) == tops, "one below the other"
    row.tick()
    assert "Active" in row.texts()[".hip-status"]
    assert violations(browser, "#content_body") == []


def test_nothing_jumps_when_the_numbers_come(
    browser: Browser, wide_images: list[Any], set_width: SetWidth
) -> None:
    """Every row stays where the page had it before its scripts ran."""
    places = (
        "return [...document.querySelectorAll('#images tr[data-object-id]')]"
        ".map(row => [row.dataset.objectId, Math.round(row.getBoundingClientRect().top)])"
    )
    browser.log_in("alice")
    for width in WIDTHS:
        set_width(width)
        page = ImagesPage(browser).open()
        row = page.row_of(wide_images[1]["id"])
        browser.wait(lambda row=row: "3 projects" in row.texts()[".hip-access"], "the numbers")
        late = browser.run(places)
        browser.run(
            "document.querySelectorAll('[data-hip-access]')"
            ".forEach(each => { each.textContent = 'Shared'; })"
        )
        assert browser.run(places) == late, f"at {width} px"


def test_a_long_name_is_cut_in_the_middle(
    browser: Browser, unique: Unique, make_image: MakeImage, set_width: SetWidth
) -> None:
    name = unique("ubuntu-24.04-server-cloudimg-" + "of-many-words-" * 12) + "-amd64"
    image = make_image(name)
    browser.log_in("alice")
    set_width(390)
    row = ImagesPage(browser).open().row_of(image["id"])
    link = browser.one(f"{row.selector} .hip-name a")
    assert row.name == name, "whole in the page, and when it is copied"
    assert link.get_attribute("title") == name
    assert link.accessible_name == name
    start, end, outside = browser.run(
        "const parts = [...arguments[0].children], edge = arguments[0].getBoundingClientRect();"
        "return [parts[0].scrollWidth - parts[0].clientWidth,"
        " parts[1].scrollWidth - parts[1].clientWidth,"
        " parts[1].getBoundingClientRect().right - edge.right]",
        link,
    )
    assert start > 0, "its start is cut"
    assert end == 0
    assert outside <= 1, "its end is seen"


def test_what_a_row_shows(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    image = make_image(
        unique("shown"),
        tags=["golden", "lts", "web", "db"],
        description="The first line\nThe second line",
        os_distro="ubuntu",
        protected=True,
    )
    browser.log_in("alice")
    row = ImagesPage(browser).open().row_of(image["id"])
    assert row.is_protected
    texts = row.texts()
    assert "The first line" in texts[".hip-name"]
    assert "second line" not in texts[".hip-name"]
    assert browser.texts(f"{row.selector} .hip-tag") == ["db", "golden", "lts"]
    assert "+1" in texts[".hip-name"]
    assert texts[".hip-status"].startswith("Active")
    assert browser.all(f"{row.selector} .hip-os.fa-ubuntu[aria-hidden=true]")
    time = browser.one(f"{row.selector} time")
    assert time.get_attribute("datetime") == image["updated_at"]
    exact = time.get_attribute("title")
    assert f"({exact})" in texts[".hip-updated"], "heard too"
    shown = browser.run("return arguments[0].firstChild.textContent", time)
    assert shown == "now" or shown.endswith(" ago")
    assert violations(browser, "#content_body") == []
