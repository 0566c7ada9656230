# SPDX-License-Identifier: Apache-2.0
"""How the list looks: what a row shows, in windows of any width and in both themes."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, PROJECT, DetailPage, ImagesPage
from tests.thorough import crossed, only_thorough

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


@pytest.mark.parametrize(
    ("theme", "reader"),
    crossed(["default", "material"], [("alice", PROJECT), ("acme-admin", ADMIN)]),
)
def test_nothing_scrolls_sideways(
    browser: Browser,
    wide_images: list[Any],
    set_width: SetWidth,
    theme: str,
    reader: tuple[str, str],
) -> None:
    user, panel = reader
    browser.log_in(user)
    browser.use_theme(theme)
    for width in WIDTHS:
        set_width(width)
        page = ImagesPage(browser, panel).open().wait_until_shown()
        shared = page.row_of(wide_images[1]["id"])
        browser.wait(lambda row=shared: "3 projects" in row.texts()[".hip-access"], "the numbers")
        assert browser.run(TOO_WIDE) == [0, 0, []], f"at {width} px"
        shared.tick()
        assert browser.run(TOO_WIDE) == [0, 0, []], f"at {width} px, with a row ticked"


@pytest.mark.parametrize(
    ("theme", "language"), [("default", "en"), ("material", "en"), ("default", "de")]
)
def test_nor_does_shared_with_me(
    browser: Browser, wide_images: list[Any], set_width: SetWidth, theme: str, language: str
) -> None:
    """A member may see no more than the ID of who shares an image. German words are longer."""
    browser.log_in("bob")
    browser.use_theme(theme)
    browser.use_language(language)
    for width in WIDTHS:
        set_width(width)
        browser.go("/project/images/shared/")
        row = f'tr[data-object-id="{wide_images[1]["id"]}"]'
        browser.wait(lambda row=row: browser.all(row), "the image that is shared")
        assert browser.run(TOO_WIDE) == [0, 0, []], f"at {width} px"


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
    tops = browser.run(
        "return [...document.querySelectorAll('#images th')].filter(each => each.offsetParent)"
        ".map(each => each.getBoundingClientRect().bottom)"
    )
    assert len(tops) == 6
    assert max(tops) - min(tops) < 10, "one line of headings"
    row.tick()
    assert "Active" in row.texts()[".hip-status"]
    for menu in (f"{row.selector} .actions_column", ".hip-bulk"):
        browser.one(f"{menu} .dropdown-toggle").click()
        place = browser.one(f"{menu} .dropdown-menu").rect
        assert place["x"] >= 0, "in the window"
        assert place["x"] + place["width"] <= 390
        browser.one(f"{menu} .dropdown-toggle").click()
    assert violations(browser, "#content_body") == []


#: The links to files, and each status, whose words are not beside their icon. The links have
#: as little space as can be.
TORN = """
document.querySelector('.hip-exports').style.width = '1px';
return [...document.querySelectorAll('.hip-exports a, td.hip-status')].filter(each => {
  const words = document.createRange(), icon = each.querySelector('.fa, .fas');
  words.selectNodeContents(each);
  words.setStartAfter(icon);
  return words.getBoundingClientRect().top > icon.getBoundingClientRect().bottom - 1;
}).map(each => each.innerText);
"""


def test_words_stay_beside_their_icons(
    browser: Browser, wide_images: list[Any], set_width: SetWidth
) -> None:
    browser.log_in("alice")
    set_width(768)
    ImagesPage(browser).open().row_of(wide_images[2]["id"])
    assert browser.run(TORN) == []


#: How far what was there has moved, as browsers measure it: from 0 to 1 for each part of the
#: window, and what has moved by which pixels. A slow machine shows the top of a page before all
#: of it has been read, and a scrollbar with the rest: that is not counted.
SHIFTS = """
const [{domInteractive}] = performance.getEntriesByType('navigation');
const shifts = window.shifts.filter(
  each => !each.hadRecentInput && each.startTime >= domInteractive);
const moved = shifts.flatMap(each => each.sources).map(({node, previousRect, currentRect}) =>
  `${node && node.nodeType === 1 ? node.outerHTML.slice(0, 120) : node && node.data} from ` +
  `${[previousRect.x, previousRect.y]} to ${[currentRect.x, currentRect.y]}`);
return [shifts.reduce((sum, each) => sum + each.value, 0), moved];
"""
OBSERVE = """
window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries()))
  .observe({type: 'layout-shift', buffered: true});
"""
MOST_SHIFT = 0.02


@only_thorough
@pytest.mark.parametrize("theme", ["default", "material"])
def test_nothing_jumps_when_late_parts_come(
    browser: Browser, wide_images: list[Any], set_width: SetWidth, theme: str
) -> None:
    """Numbers of members, buttons that copy, and what waits for the person."""
    browser.log_in("alice")
    browser.use_theme(theme)
    driver = browser.driver
    observer = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": OBSERVE})
    image_id = wide_images[1]["id"]
    found = {}
    for width in WIDTHS:
        set_width(width)
        row = ImagesPage(browser).open().row_of(image_id)
        browser.wait(lambda row=row: "3 projects" in row.texts()[".hip-access"], "the numbers")
        found[f"list at {width}"] = browser.run(SHIFTS)
        DetailPage(browser).open(image_id)
        browser.wait(lambda: len(browser.all(".hip-copy")) == 3, "the buttons that copy")
        found[f"details at {width}"] = browser.run(SHIFTS)
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", observer)
    assert {place: seen for place, seen in found.items() if seen[0] > MOST_SHIFT} == {}


def test_a_slow_list_shows_that_it_is_being_loaded(browser: Browser) -> None:
    browser.log_in("alice")
    ImagesPage(browser).open().wait_until_shown()
    assert not browser.all("[aria-busy=true], .hip-loading-bar")
    network = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.driver.execute_cdp_cmd("Network.enable", {})
    emulate = "Network.emulateNetworkConditions"
    browser.driver.execute_cdp_cmd(emulate, {**network, "latency": 4000})
    old = browser.one("html")
    # Selenium waits for the next page before it asks this one anything.
    browser.run(
        """
        const panel = document.querySelector('[data-hip-images]');
        const table = document.querySelector('#images');
        const top = () => table.getBoundingClientRect().top, before = top();
        new MutationObserver(() => {
          const said = document.querySelector('.hip-loading-bar [role=status]');
          sessionStorage.setItem('loading', JSON.stringify(
            [panel.getAttribute('aria-busy'), said && said.textContent, top() - before]));
        }).observe(document.body, {attributes: true, childList: true, subtree: true});
        setTimeout(() => document.querySelector('#images .hip-sort').click());
        """
    )
    browser.wait(lambda: browser.one("html") != old, "the list in another order", 30)
    seen = browser.run("return JSON.parse(sessionStorage.getItem('loading'))")
    assert seen == ["true", "Loading…", 0]
    assert not browser.all("[aria-busy=true], .hip-loading-bar")


def test_nothing_moves_if_the_person_does_not_want_it(browser: Browser) -> None:
    browser.log_in("alice")
    ImagesPage(browser).open().wait_until_shown()
    media = "Emulation.setEmulatedMedia"
    found = {}
    for value in ("no-preference", "reduce"):
        features = [{"name": "prefers-reduced-motion", "value": value}]
        browser.driver.execute_cdp_cmd(media, {"features": features})
        found[value] = browser.run(
            "return ['hip-loading-bar', 'hip-dock'].map(place => {"
            "  document.body.insertAdjacentHTML('beforeend', `<div class=\"${place}\">"
            '<div class="progress-bar progress-bar-striped active"></div></div>`);'
            "  return getComputedStyle(document.body.lastChild.firstChild).animationName;"
            "})"
        )
    browser.driver.execute_cdp_cmd(media, {"features": []})
    assert found == {"no-preference": ["progress-bar-stripes"] * 2, "reduce": ["none"] * 2}


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
    icon = browser.one(f"{row.selector} .hip-status-icon")
    themes = browser.run(
        "const text = document.createElement('span'); text.className = 'text-success';"
        "document.body.append(text);"
        "const colour = getComputedStyle(text).color; text.remove(); return colour"
    )
    assert browser.run("return getComputedStyle(arguments[0]).color", icon) == themes
    size = browser.one(f"{row.selector} td.hip-size")
    assert size.value_of_css_property("text-align") == "end"
    assert browser.all(f"{row.selector} .hip-os.fa-ubuntu[aria-hidden=true]")
    menu = browser.one(f"{row.selector} .dropdown-toggle")
    assert menu.accessible_name == f"More actions of {image['name']}"
    browser.run("arguments[0].previousElementSibling.focus()", menu)
    ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    assert browser.driver.switch_to.active_element == menu
    assert menu.value_of_css_property("outline-style") == "solid", "the focus is seen"
    time = browser.one(f"{row.selector} time")
    assert time.get_attribute("datetime") == image["updated_at"]
    exact = time.get_attribute("title")
    assert f"({exact})" in texts[".hip-updated"], "heard too"
    shown = browser.run("return arguments[0].firstChild.textContent", time)
    assert shown == "now" or shown.endswith(" ago")
    assert violations(browser, "#content_body") == []
