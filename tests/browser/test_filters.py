# SPDX-License-Identifier: Apache-2.0
"""Filters are added, corrected and removed; a file finds the image that has its data."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, PROJECT, ImagesPage
from tests.browser.test_look import WIDTHS, SetWidth
from tests.thorough import crossed, only_thorough

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

#: How far the page reaches beyond the window, in pixels.
BEYOND = """
return document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth;
"""

CONTENT = b"What only this image has.\n" * 400_000


def press(browser: Browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def focused(browser: Browser) -> str:
    """ID of the element that has the focus, or its name."""
    active = browser.driver.switch_to.active_element
    return active.get_attribute("id") or active.tag_name


def tab_to(browser: Browser, wanted: str) -> None:
    passed = [focused(browser)]
    while passed[-1] != wanted:
        assert len(passed) < 40, f"{wanted} is not reached by Tab: {passed}"
        press(browser, Keys.TAB)
        passed.append(focused(browser))


def test_filters_are_added_by_keyboard_alone(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    name = unique("by keyboard")
    make_image(f"{name} large", disk_format="raw", content=b"x" * 5000, os_distro="debian")
    make_image(f"{name} small", disk_format="raw", content=b"x" * 50, os_distro="debian")
    make_image(f"{name} other", disk_format="raw", content=b"x" * 5000, os_distro="ubuntu")
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={name}").wait_until_shown()
    browser.run("document.getElementById('hip_filter_name').focus()")
    for field, text in (("os_distro", "debian"), ("size_from", "1 KiB")):
        old = browser.one("html")
        if focused(browser) == "body":
            browser.run("document.getElementById('hip_filter_name').focus()")
        tab_to(browser, "summary")
        press(browser, Keys.ENTER)
        tab_to(browser, f"hip_filter_{field}")
        press(browser, text, Keys.ENTER)
        browser.wait(lambda old=old: browser.one("html") != old, "the filtered list")
        page.wait_until_shown()
    assert page.names() == [f"{name} large"]
    assert page.pills() == [f"Search: {name}", "Operating system: debian", "Size from: 1 KiB"]
    # What was left empty is not in the address.
    names = re.findall(r"[?&](\w+)=", browser.path)
    assert sorted(names) == ["name", "os_distro", "size_from", "sort"]


def test_escape_closes_the_fields_and_gives_the_focus_back(browser: Browser) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open().wait_until_shown()
    page.open_filters()
    browser.one("#hip_filter_status").click()
    press(browser, Keys.ESCAPE, Keys.ESCAPE)
    browser.wait(
        lambda: not browser.one(".hip-add-filter > div").is_displayed(), "the fields to close"
    )
    assert focused(browser) == "summary"


def test_a_pill_is_removed_and_the_others_stay(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    name = unique("pills")
    for bus in ("virtio", "scsi"):
        make_image(f"{name} {bus}", hw_disk_bus=bus, env="test")
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={name}&property=env=test").wait_until_shown()
    page.filter(property="hw_disk_bus=scsi")
    assert page.names() == [f"{name} scsi"]
    pills = [f"Search: {name}", "Property: env=test", "Property: hw_disk_bus=scsi"]
    assert page.pills() == pills
    page.remove_pill("hw_disk_bus=scsi")
    assert page.pills() == pills[:2]
    assert sorted(page.names()) == [f"{name} scsi", f"{name} virtio"]


def test_a_wrong_value_is_corrected_where_it_stands(browser: Browser) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open().wait_until_shown()
    page.filter(size_from="abc", os_distro="debian")
    field = browser.one("#hip_filter_size_from")
    assert field.is_displayed()
    assert field.get_attribute("value") == "abc"
    assert field.get_attribute("aria-invalid") == "true"
    browser.wait(lambda: focused(browser) == "hip_filter_size_from", "the focus where to correct")
    described = field.get_attribute("aria-describedby")
    assert browser.texts(f"#{described}") == [
        "“abc” is not a size. Enter a number with a unit, such as 700 MB or 1.5 GiB."
    ]
    assert page.ids() == []
    assert violations(browser, "#content_body") == []
    page.filter(size_from="1 KiB")
    assert "debian-12-generic" in page.names()
    assert page.pills() == ["Operating system: debian", "Size from: 1 KiB"]


def test_back_shows_the_filters_of_the_list(browser: Browser) -> None:
    """And not what was entered before the page was left."""
    browser.log_in("alice")
    page = ImagesPage(browser).open("?sort=name").wait_until_shown()
    names = page.names()
    page.filter(name="debian", protected="Not protected")
    assert page.names() != names
    browser.driver.back()
    browser.wait(lambda: page.names() == names, "the list of before")
    page.open_filters()
    values = [page.filter_value(name) for name in ("name", "protected", "sort")]
    assert values == ["", "Protected or not", "Name, A to Z"]


def test_an_order_is_chosen(browser: Browser) -> None:
    """With the pointer at once; by keys, which pass by other choices, with Filter."""
    browser.log_in("alice")
    page = ImagesPage(browser).open("?sort=name").wait_until_shown()
    names = page.names()
    Select(browser.one("#hip_filter_sort")).select_by_visible_text("Name, Z to A")
    browser.wait(lambda: page.names() == names[::-1], "the list in the other order")
    page.open("?sort=name").wait_until_shown()
    browser.one("#hip_filter_sort").send_keys(Keys.DOWN)
    browser.one("#hip_filter_sort").send_keys(Keys.DOWN)
    assert page.filter_value("sort") == "Updated, newest first"
    browser.one("[data-hip-filters] [type=submit]").send_keys(Keys.ENTER)
    browser.wait(lambda: "sort=-updated" in browser.path, "the list in that order")


@pytest.mark.parametrize(
    ("theme", "reader"), crossed(["default", "material"], [("alice", PROJECT), ("admin", ADMIN)])
)
def test_the_fields_fit_into_any_window(
    browser: Browser, set_width: SetWidth, theme: str, reader: tuple[str, str]
) -> None:
    user, panel = reader
    browser.log_in(user)
    page = ImagesPage(browser, panel).open().wait_until_shown()
    browser.driver.add_cookie({"name": "theme", "value": theme})
    try:
        page.open().wait_until_shown()
        page.open_filters()
        for width in WIDTHS:
            set_width(width)
            assert browser.run(BEYOND) <= 0, width
            menu, summary = (
                browser.one(f".hip-add-filter > {part}").rect for part in ("div", "summary")
            )
            # The button that closes them is not covered.
            assert menu["y"] >= summary["y"] + summary["height"] - 1, width
            assert menu["x"] >= 0
            assert menu["x"] + menu["width"] <= width
        assert violations(browser, "#content_body") == []
    finally:
        browser.driver.delete_cookie("theme")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "unknown name.img"
    path.write_bytes(CONTENT)
    return path


def wait_for_checksum(browser: Browser, page: ImagesPage) -> None:
    browser.wait(lambda: "checksum=sha512" in browser.path, "the list of the checksum")
    page.wait_until_shown()


@pytest.mark.parametrize("user", ["alice", "reader"])
def test_a_file_dropped_on_the_search_box_finds_its_image(
    browser: Browser, unique: Unique, make_image: MakeImage, file: Path, user: str
) -> None:
    """Also for those who may not create any: nothing is uploaded."""
    name = unique("of a file")
    make_image(name, disk_format="raw", content=CONTENT, visibility="community")
    make_image(
        unique("of another"), disk_format="raw", content=CONTENT[:-1], visibility="community"
    )
    browser.log_in(user)
    page = ImagesPage(browser).open("?visibility=community").wait_until_shown()
    assert page.drop_on_search(file).startswith("Drop the file to find its image")
    wait_for_checksum(browser, page)
    assert page.names() == [name]
    assert page.pills()[0] == "Visibility: Community"
    assert page.pills()[1].startswith("Checksum: SHA-512 ")


def test_a_file_is_chosen_by_keyboard(
    browser: Browser, unique: Unique, make_image: MakeImage, file: Path
) -> None:
    name = unique("of a file")
    make_image(name, disk_format="raw", content=CONTENT)
    browser.log_in("alice")
    page = ImagesPage(browser).open().wait_until_shown()
    page.open_filters()
    browser.one("#hip_filter_checksum_file").send_keys(str(file))
    wait_for_checksum(browser, page)
    assert page.names() == [name]


@only_thorough
def test_the_reading_of_a_file_can_be_stopped(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "large.img"
    path.touch()
    os.truncate(path, 64 * 1024**3)
    browser.log_in("alice")
    page = ImagesPage(browser).open().wait_until_shown()
    before = browser.path
    page.drop_on_search(path)
    browser.wait(
        lambda: browser.run(
            "return document.querySelector('[data-hip-digest] progress')?.value > 0"
        ),
        "a part of the file to be read",
    )
    assert browser.texts("[data-hip-digest] [role=status]") == [
        "Computing the SHA-512 checksum of large.img. Nothing is uploaded."
    ]
    assert violations(browser, "#content_body") == []
    browser.click(lambda: browser.one("[data-hip-digest] button"), "Cancel")
    browser.wait(
        lambda: not browser.one("[data-hip-digest]").is_displayed(), "the reading to be over"
    )
    assert focused(browser) == "hip_filter_name"
    assert browser.path == before
