# SPDX-License-Identifier: Apache-2.0
"""The panel's pages in Arabic: each part is where readers from right to left look for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles, seed
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.browser import axe
from tests.browser.browser import Browser
from tests.browser.pages import PROJECT
from tests.dashboards import dashboard

SetWidth = Callable[[int], None]

WIDTHS = (1400, 1024, 390)
IMAGE = seed.image_id("web-server")
SHARED = seed.image_id("pending")

#: Of each two parts the first one has to be further right, or in a line above; and how far the
#: page is wider than the window.
MISPLACED = """
const shown = (selector) => [...document.querySelectorAll(selector)].find(
  (each) => each.getClientRects().length)?.getBoundingClientRect();
const wrong = arguments[0].filter(([before, after]) => {
  const [first, second] = [shown(before), shown(after)];
  return !first || !second ||
    (first.left < second.right - 1 && first.bottom > second.top + 1);
});
const page = document.documentElement;
return [wrong, Math.max(0, page.scrollWidth - page.clientWidth)];
"""

#: What of an open menu is outside of the window.
OUTSIDE = """
const place = document.querySelector(arguments[0]).getBoundingClientRect();
return [place.left < 0, place.right > document.documentElement.clientWidth];
"""


@pytest.fixture(scope="module")
def horizon(cloud: Cloud) -> Iterator[Horizon]:
    # Horizon has a catalogue for it, and does not offer it.
    languages = (("en", "English"), ("ar", "Arabic"))
    with dashboard(cloud, "arabic", {"LANGUAGES": languages}) as running:
        yield running


@pytest.fixture
def reader(browser: Browser, horizon: Horizon) -> Browser:
    browser.url = horizon.url
    browser.log_in("alice", fresh=True)
    browser.use_language("ar")
    return browser


def check(browser: Browser, set_width: SetWidth, pairs: Sequence[tuple[str, str]]) -> None:
    assert browser.one("html").get_attribute("lang") == "ar"
    for width in WIDTHS:
        set_width(width)
        assert browser.run(MISPLACED, pairs) == [[], 0], f"at {width} px"


def press(browser: Browser, selector: str) -> None:
    browser.click(lambda: browser.one(selector), selector)


def open_list(browser: Browser) -> None:
    browser.go(f"{PROJECT}?name=web-server")
    browser.wait(lambda: browser.all("tbody tr[data-object-id]"), "the list")


def open_dialog(browser: Browser, path: str) -> None:
    open_list(browser)
    link = f'a[href$="{path}"]'
    if not browser.one(link).is_displayed():
        press(browser, "td.actions_column .dropdown-toggle")
    press(browser, link)
    browser.wait(
        lambda: browser.all(".modal.in .modal-title") and not browser.all(".modal.loading"),
        "the dialog",
    )


def test_the_list(reader: Browser, set_width: SetWidth) -> None:
    open_list(reader)
    check(
        reader,
        set_width,
        [
            (".hip-pills li:first-child", ".hip-pills li:last-child"),
            (".hip-quick-views li:first-child", ".hip-quick-views .hip-saved-views"),
            ("#hip_filter_name", ".hip-filters > button"),
            (".hip-filters > button", ".hip-view > summary"),
            ("tbody .multi_select_column", "tbody .hip-os"),
            ("tbody .hip-os", "tbody .hip-link"),
            ("tbody .hip-link", ".hip-drawer-toggle"),
            ("tbody td.hip-name", "tbody td.hip-status"),
            ("td.actions_column .data-table-action", "td.actions_column .dropdown-toggle"),
            (".hip-exports a:first-child .fa", ".hip-exports a:last-child .fa"),
        ],
    )
    # The buttons above the table end its line.
    start, end = reader.run(
        "const part = document.querySelector('.hip-list .table_actions').getBoundingClientRect(),"
        " whole = document.querySelector('.table_wrapper').getBoundingClientRect();"
        "return [part.left - whole.left, whole.right - part.right]"
    )
    assert start <= end


@pytest.mark.parametrize("menu", ["td.actions_column", ".detail-actions"])
def test_a_menu_is_in_the_window(reader: Browser, set_width: SetWidth, menu: str) -> None:
    for width in WIDTHS:
        set_width(width)
        if menu == ".detail-actions":
            reader.go(f"{PROJECT}{IMAGE}/")
        else:
            open_list(reader)
        press(reader, f"{menu} .dropdown-toggle")
        opened = f"{menu} .open .dropdown-menu, {menu} .open > .dropdown-menu"
        assert reader.run(OUTSIDE, opened) == [False, False], f"at {width} px"
        # It covers nothing of Horizon's frame.
        content = reader.one("#content_body").rect["x"]
        assert reader.one(opened).rect["x"] >= content - 1, f"at {width} px"
        assert reader.one(opened).value_of_css_property("text-align") in ("right", "start")


@pytest.mark.parametrize("path", ["/update/", "/metadata/", "/share/", "/end_dates/"])
def test_a_dialog(reader: Browser, set_width: SetWidth, path: str) -> None:
    open_dialog(reader, path)
    pairs = [(".modal.in .modal-footer .cancel", ".modal.in .modal-footer .btn-primary")]
    if path in ("/update/", "/share/"):
        # Beside each other, or one below the other in a narrow window.
        pairs.append((".modal.in fieldset", ".modal.in .hip-change-name"))
    check(reader, set_width, pairs)
    for width in WIDTHS:
        set_width(width)
        title, close = (
            reader.run(
                "const words = document.createRange();"
                "words.selectNodeContents(document.querySelector(arguments[0]));"
                "const place = words.getBoundingClientRect(); return [place.left, place.right]",
                selector,
            )
            for selector in (".modal.in .modal-title", ".modal.in .modal-header .close")
        )
        assert close[1] <= title[0], f"the button covers the title at {width} px"


def test_create_image(reader: Browser, set_width: SetWidth) -> None:
    open_list(reader)
    press(reader, "#images__action_create")
    reader.wait(lambda: reader.all(".modal.in [data-hip-create]"), "Create Image")
    check(
        reader,
        set_width,
        [
            (".modal.in .nav li:first-child", ".modal.in .nav li:last-child"),
            (".modal.in .modal-footer .cancel", ".modal.in .modal-footer .btn-primary"),
        ],
    )
    bars = reader.run(
        "return [...document.querySelectorAll('.hip-quota .progress-bar')].map(each =>"
        " each.parentNode.getBoundingClientRect().right - each.getBoundingClientRect().right)"
    )
    assert bars
    assert max(map(abs, bars)) <= 2, "they grow from the right"


def test_the_details(reader: Browser, set_width: SetWidth) -> None:
    reader.go(f"{PROJECT}{SHARED}/")
    reader.wait(lambda: reader.all(".hip-copy"), "the details")
    check(
        reader,
        set_width,
        [
            (".hip-heading h1", ".detail-actions .btn"),
            (".detail-actions .data-table-action", ".detail-actions .dropdown-toggle"),
            (".nav-tabs li:first-child", ".nav-tabs li:last-child"),
            (".hip-overview .row > :first-child", ".hip-overview .row > :last-child"),
            (".hip-overview .hip-facts dt", ".hip-overview .hip-facts dd"),
        ],
    )
    assert axe.violations(reader, "#content_body") == []


#: Of each page what is there once it is shown, and its parts.
PAGES = {
    f"{PROJECT}storage/": (
        ".hip-storage-cards",
        [
            (".hip-storage-head p", ".hip-storage-head form"),
            (".hip-storage-cards li:first-child", ".hip-storage-cards li:last-child"),
            ("[data-hip-chart] tbody th", "[data-hip-chart] tbody .hip-chart-bar"),
            ("[data-hip-chart] tbody th", "[data-hip-chart] tbody .hip-number"),
        ],
    ),
    f"{PROJECT}rules/": (
        ".hip-rules-form",
        [
            (".hip-rules-kind input", ".hip-rules-kind label"),
            (".hip-rules-number label", ".hip-rules-number input"),
        ],
    ),
    f"{PROJECT}catalogue/": ("#content_body .panel", []),
    f"{PROJECT}{IMAGE}/?tab=image_details__versions": (
        ".hip-versions",
        [(".nav-tabs li:first-child", ".nav-tabs li:last-child")],
    ),
    f"{PROJECT}{IMAGE}/?tab=image_details__used_by": (
        ".hip-uses",
        [
            (".hip-uses > p .hip-quiet", ".hip-uses > p .btn"),
        ],
    ),
    f"{PROJECT}{IMAGE}/end_dates/": (".static_page", []),
}

#: How far the first bar of each row is from where the row begins: they grow from there.
OFF_THE_BEGINNING = """
return [...document.querySelectorAll('.hip-chart-bar .progress')].filter(
  (each) => each.firstElementChild && each.getClientRects().length
).map((each) => Math.abs(each.getBoundingClientRect().right -
  each.firstElementChild.getBoundingClientRect().right));
"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page(reader: Browser, set_width: SetWidth, path: str) -> None:
    shown, pairs = PAGES[path]
    reader.go(path)
    reader.wait(lambda: reader.all(shown), path)
    check(reader, set_width, pairs)
    assert max(reader.run(OFF_THE_BEGINNING), default=0) <= 2


def test_the_dock(
    reader: Browser, set_width: SetWidth, unique: Callable[[str], str], tmp_path: Path
) -> None:
    file: Any = tmp_path / f"{unique('rtl')}.qcow2"
    file.write_bytes(imagefiles.qcow2(1024 * 1024, b"rtl"))
    open_list(reader)
    press(reader, "#images__action_create")
    reader.wait(lambda: reader.all(".modal.in input[type=file]"), "Create Image")
    reader.one(".modal.in input[type=file]").send_keys(str(file))
    reader.wait(
        lambda: reader.one('.modal.in [name="disk_format"]').get_property("value") == "qcow2",
        "the format of the file",
    )
    press(reader, ".modal.in .modal-footer .btn-primary")
    # Once all is done, it can be cleared.
    clear = ".hip-dock-heading .btn:not(.hip-dock-toggle)"
    reader.wait(lambda: any(each.is_displayed() for each in reader.all(clear)), "the dock", 30)
    check(
        reader,
        set_width,
        [
            (".hip-dock-toggle", clear),
            (".hip-dock-name", ".hip-dock-badges"),
        ],
    )
    set_width(1400)
    assert reader.one(".hip-dock").rect["x"] < 700, "at the end of the line"
