# SPDX-License-Identifier: Apache-2.0
"""The details of an image: its tabs and their addresses, how they look, and what is copied."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import seed
from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, PROJECT, DetailPage
from tests.browser.test_look import WIDTHS, SetWidth

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

TABS = ("overview", "access", "used_by", "stores", "activity")

#: How far the page reaches beyond the window, and the elements that reach beyond the panel
#: or the cell that they are in, in pixels.
BEYOND = """
const page = document.scrollingElement, widest = document.querySelector('.tab-content');
const right = widest.getBoundingClientRect().right, left = widest.getBoundingClientRect().left;
const parts = '.detail-header dd, .tab-pane.active :is(dt, dd, p, td, a)';
const outside = [...document.querySelectorAll(parts)]
  .filter(each => each.offsetParent).filter(each => {
    const box = each.getBoundingClientRect();
    return box.right > right + 1 || box.left < left - 1 || each.scrollWidth > each.clientWidth + 1
      && getComputedStyle(each).display !== 'inline';
  });
const texts = outside.map(each => each.textContent.trim().slice(0, 60));
return [page.scrollWidth - page.clientWidth, texts];
"""


def tab(name: str) -> str:
    return f"[data-target='#image_details__{name}']"


def selected(browser: Browser) -> list[str]:
    """The names of the tab that is marked, of the part that is seen, and of the address."""
    marked = browser.run(
        "return [...document.querySelectorAll('[data-hip-tabs] .active [aria-current=page]')]"
        ".map(link => link.dataset.target)"
    )
    seen = browser.run(
        "return [...document.querySelectorAll('.tab-content > .tab-pane')]"
        ".filter(pane => pane.offsetParent).map(pane => '#' + pane.id)"
    )
    address = re.search(r"tab=(\w+)", browser.path)
    shown = [*marked, *seen, f"#{address[1]}" if address else ""]
    return [each.removeprefix("#image_details__") for each in shown]


def select(browser: Browser, name: str) -> None:
    """Click on a tab that is not selected."""
    browser.click(lambda: browser.one(tab(name)), f"the tab {name}")
    wait_for_tab(browser, name)


def wait_for_tab(browser: Browser, name: str, address: str | None = None) -> None:
    wanted = [name, name, name if address is None else address]
    browser.wait(
        lambda: selected(browser) == wanted,
        f"the tab {name}, with {wanted} as what is marked, seen, and in the address",
    )


@pytest.fixture
def wide_image(cloud: Cloud, unique: Unique, make_image: MakeImage) -> Any:
    """An image that has more to show than there is space for."""
    image = make_image(
        unique("0 details of-many-words-" + "x" * 150),
        visibility="shared",
        protected=True,
        tags=["t" * 60, "golden", "two words"],
        description="d " * 99 + "D" * 200,
        architecture="a" * 90,
        instance_uuid="i" * 80,
        **{"p" * 80: "v" * 250, "os_distro": "ubuntu", "note": "one line\nanother one"},
    )
    cloud.glance_client("alice").image_members.create(image["id"], cloud.project_id("acme-data"))
    return image


@pytest.mark.parametrize("theme", ["default", "material"])
def test_nothing_scrolls_sideways(
    browser: Browser, wide_image: Any, set_width: SetWidth, theme: str
) -> None:
    browser.log_in("alice")
    browser.use_theme(theme)
    for width in WIDTHS:
        set_width(width)
        page = DetailPage(browser).open(wide_image["id"])
        browser.wait(lambda: browser.all(".hip-copy"), "the buttons that copy")
        for name in TABS:
            if name != selected(browser)[0]:
                select(browser, name)
            pane = f"#image_details__{name}"
            browser.wait(
                lambda pane=pane: browser.one(pane).text.strip(), f"what the tab {name} shows"
            )
            # As wide as at any time of the day.
            browser.run(
                "document.querySelectorAll('time').forEach(each => { each.innerHTML ="
                " each.innerHTML.replace(/\\b\\d:/, '10:').replace(/^\\d+ \\w+/, '59 minutes'); })"
            )
            assert browser.run(BEYOND) == [0, []], f"{name} at {width} px"
        select(browser, "overview")
        tops = browser.run(
            "return [...document.querySelectorAll('.detail-actions .btn-group > .btn')]"
            ".map(each => Math.round(each.getBoundingClientRect().top))"
        )
        assert len(tops) == 2
        assert len(set(tops)) == 1, f"the button and its menu at {width} px"
        columns = browser.run(
            "return [...document.querySelectorAll('.tab-pane.active .panel')]"
            ".map(each => Math.round(each.getBoundingClientRect().left))"
        )
        assert len(set(columns)) == (2 if width > 992 else 1), f"columns at {width} px"
        browser.run("document.documentElement.dir = 'rtl'")
        assert browser.run(BEYOND) == [0, []], f"from right to left at {width} px"
        if width in (WIDTHS[0], WIDTHS[-1]):
            assert violations(browser, "#content_body") == []
    assert page.facts()["p" * 80] == "v" * 250


def test_a_tab_has_an_address(browser: Browser) -> None:
    image_id = seed.image_id("pending")
    browser.log_in("alice")
    page = DetailPage(browser).open(image_id)
    same = browser.one("html")
    wait_for_tab(browser, "overview", "")
    select(browser, "access")
    select(browser, "activity")
    browser.wait(lambda: browser.texts("#image_details__activity tbody tr"), "the events")
    assert violations(browser, "#content_body") == []

    browser.driver.back()
    wait_for_tab(browser, "access")
    browser.driver.back()
    wait_for_tab(browser, "overview", "")
    browser.driver.forward()
    wait_for_tab(browser, "access")
    assert browser.one("html") == same, "no page was loaded for it"

    address = browser.path
    browser.driver.refresh()
    wait_for_tab(browser, "access")
    browser.go("/project/images/")
    browser.go(address)
    wait_for_tab(browser, "access")
    assert "Shared with 1 project (1 pending)" in browser.texts("[data-hip-sentence]")[0]

    # Of the menu's actions too, which lead back to the page.
    select(browser, "stores")
    action = browser.one(".detail-actions-form").get_dom_attribute("action")
    assert action == browser.path
    browser.driver.back()
    wait_for_tab(browser, "access")
    page.wait_until_shown(image_id)


def test_used_by_from_the_keyboard(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """To what was made from an image, to its members, and to what is new."""
    image = make_image(unique("base"), visibility="shared")
    below = make_image(unique("below"), base_image_ref=image["id"])
    cloud.glance_client("alice").image_members.create(image["id"], cloud.project_id("acme-data"))
    browser.log_in("alice")
    DetailPage(browser).open(image["id"])
    same = browser.one("html")
    browser.one(tab("used_by")).send_keys(Keys.ENTER)
    wait_for_tab(browser, "used_by")
    pane = "#image_details__used_by"

    def verdict() -> list[str]:
        return browser.texts(f"{pane} [data-hip-verdict]")

    browser.wait(verdict, "the verdict")
    assert verdict() == ["1 image was made from it, and has data of its own."]
    assert violations(browser, "#content_body") == []

    make_image(unique("newer"), base_image_ref=image["id"])
    browser.one(f"{pane} [data-hip-tab-reload]").send_keys(Keys.ENTER)
    browser.wait(
        lambda: verdict() == ["2 images were made from it, and have data of their own."],
        "what is new",
    )
    browser.wait(
        lambda: browser.run("return document.activeElement.matches('[data-hip-tab-reload]')"),
        "the focus where it was",
    )
    assert "fresh" not in browser.path

    browser.one(f"{pane} [data-hip-tab-link]").send_keys(Keys.ENTER)
    wait_for_tab(browser, "access")
    assert browser.one("html") == same, "no page was loaded for it"
    assert browser.run("return document.activeElement.dataset.target") == "#image_details__access"
    browser.driver.back()
    wait_for_tab(browser, "used_by")
    browser.click(
        lambda: browser.one(f"{pane} a[href*='{below['id']}']"), "the image that was made from it"
    )
    DetailPage(browser).wait_until_shown(below["id"])


def test_a_tab_that_cannot_be_loaded_is_tried_again(browser: Browser) -> None:
    browser.log_in("alice")
    DetailPage(browser).open(seed.image_id("web-server"))
    browser.run(
        """
        const plain = window.fetch;
        window.answer = null;
        window.fetch = (...args) => !String(args[0]).includes('tab=') ? plain(...args) :
          new Promise((done, fail) => {
            window.answer = works => works ? done(plain(...args)) : fail(new TypeError('network'));
          });
        """
    )
    select(browser, "activity")
    pane = "#image_details__activity"
    browser.wait(lambda: browser.all(f"{pane}[aria-busy=true]"), "that it is being loaded")
    assert browser.all(".hip-loading-bar .progress-bar")
    browser.run("window.answer(false)")
    browser.wait(lambda: browser.texts(f"{pane} .alert"), "what went wrong")
    assert "This tab could not be loaded." in browser.texts(f"{pane} .alert")[0]
    assert not browser.all("[aria-busy=true], .hip-loading-bar")
    browser.run("window.answer = null")
    browser.one(f"{pane} .alert button").click()
    browser.wait(lambda: browser.run("return Boolean(window.answer)"), "the second request")
    browser.run("window.answer(true)")
    browser.wait(lambda: browser.texts(f"{pane} tbody tr"), "the events")
    browser.wait(lambda: not browser.all("[aria-busy=true], .hip-loading-bar"), "the end of it")


def test_the_tab_key_leaves_the_tab(browser: Browser) -> None:
    """Horizon leads on to the next tab of a form from the last field of one."""
    browser.log_in("alice")
    DetailPage(browser).open(seed.image_id("web-server"))
    browser.wait(lambda: browser.all(".tab-pane.active .hip-copy"), "the buttons that copy")
    browser.all(".tab-pane.active .hip-copy")[-1].send_keys(Keys.TAB)
    assert selected(browser)[:2] == ["overview", "overview"]


def test_what_stands_below_the_name(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("heading"), protected=True, os_hidden=True)
    browser.log_in("alice")
    page = DetailPage(browser).open(image["id"])
    assert browser.texts(".detail-header .hip-state") == ["Active", "Protected", "Hidden"]
    assert page.facts()["Owner"] == "acme-web"
    browser.wait(lambda: len(browser.all(".hip-facts .hip-copy")) == 3, "the buttons that copy")
    buttons = browser.all(".hip-facts .hip-copy")
    assert [each.accessible_name for each in buttons] == ["Copy ID", "Copy checksum", "Copy hash"]
    values = [image["id"], image["checksum"], image["os_hash_value"]]
    assert [each.get_attribute("data-hip-copy") for each in buttons] == values
    select(browser, "activity")
    assert page.facts()["ID"] == image["id"]


def test_ages_move_on(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    image = make_image(unique("ages"))
    browser.log_in("alice")
    page = DetailPage(browser).open(image["id"])
    exact = browser.one(".detail-header time").get_attribute("title")
    browser.run(
        "const plain = Date.now; Date.now = () => plain() + 3 * 3600 * 1000 + 90000;"
        "document.dispatchEvent(new Event('visibilitychange'));"
    )
    browser.wait(lambda: page.facts()["Updated"] == f"3 hours ago ({exact})", "the age to move on")
    assert page.facts()["Created"].startswith("3 hours ago (")


@pytest.mark.parametrize(
    ("user", "paths"),
    [
        (
            "alice",
            (
                PROJECT,
                f"{PROJECT}{{id}}/",
                f"{PROJECT}shared/",
                f"{PROJECT}create/",
                f"{PROJECT}{{id}}/update/",
                f"{PROJECT}{{id}}/metadata/",
                f"{PROJECT}{{id}}/share/",
                f"{PROJECT}00000000-0000-4000-8000-000000000000/",
            ),
        ),
        ("acme-admin", (ADMIN, f"{ADMIN}{{id}}/detail/", f"{ADMIN}publish/?id={{id}}")),
    ],
)
def test_each_page_has_one_heading(browser: Browser, user: str, paths: tuple[str, ...]) -> None:
    browser.expect_console_error(r"status of 404")
    browser.log_in(user)
    for path in paths:
        browser.go(path.format(id=seed.image_id("web-server")))
        browser.wait(lambda: browser.all("#main_content h1"), f"a heading of {path}")
        found = browser.run("return document.querySelectorAll('h1').length")
        assert found == 1, path
