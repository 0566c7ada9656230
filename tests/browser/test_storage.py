# SPDX-License-Identifier: Apache-2.0
"""Storage: counts to the end by itself, and its figures lead to the images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.storage_days import DayFigures, signed_days
from tests.browser import axe
from tests.browser.browser import Browser
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ADMIN, ImagesPage, StoragePage
from tests.dashboards import dashboard
from tests.storage_record import Record, day

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]

#: Images that a step of the count looks at.
ROWS = 4

#: By how much the page is wider than the window.
TOO_WIDE = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"

#: Notes what is said of each step.
WATCH = """
window.said = [];
new MutationObserver(() => {
  const place = document.querySelector('[data-hip-storage-so-far]');
  if (place) {
    window.said.push([place.textContent,
      document.querySelector('[data-hip-steps] [role=progressbar]').ariaValueNow]);
  }
}).observe(document.querySelector('.hip-storage'), {childList: true});
"""


@pytest.fixture(scope="module")
def url(cloud: Cloud) -> Iterator[str]:
    """A dashboard that counts few images in a step."""
    with dashboard(cloud, "storage", {"HELION_IMAGES_SEARCH_ROWS": ROWS}) as horizon:
        yield horizon.url


def test_a_count_shows_its_progress(
    browser: Browser, url: str, make_image: MakeImage, unique: Unique
) -> None:
    for number in range(3 * ROWS):
        make_image(unique(f"count-{number}"), content=None)
    browser.url = url
    browser.log_in("alice", fresh=True)
    keys = Keyboard(browser)
    ImagesPage(browser).open().wait_until_shown()
    keys.press_button("Storage")
    page = StoragePage(browser).wait_until_counted()
    browser.run(WATCH)
    # The first step is the button's, the others come by themselves.
    keys.press_button("Count Again")
    browser.wait(lambda: browser.run("return window.said.length"), "the first figures")
    page.wait_until_counted()
    said = browser.run("return window.said")
    assert said[0][0] == f"{ROWS} images counted so far"
    counts = [int(text.split()[0]) for text, _percent in said]
    percents = [int(percent) for _text, percent in said]
    assert (counts, percents) == (sorted(counts), sorted(percents))
    assert len(said) >= 3
    assert max(percents) < 100
    assert browser.one("[data-hip-steps-status]").get_attribute("textContent") == (
        "All images are counted."
    )
    # Whoever pressed it is still there.
    assert browser.run("return document.activeElement.textContent.trim()") == "Count Again"


def test_figures_lead_to_their_images(
    browser: Browser, cloud: Cloud, make_image: MakeImage, unique: Unique
) -> None:
    twins, disks = ({unique(f"{kind}-{number}") for number in (1, 2)} for kind in ("twin", "disk"))
    for name in twins:
        make_image(name, content=b"twin" * 1_000_000, disk_format="raw")
    for name in disks:
        make_image(name, content=None, disk_format="vdi")
    stored = cloud.glance_client("admin").images
    copied = {make_image(unique("copied"), content=b"copied", disk_format="raw")["id"]}
    for image_id in copied:
        stored.image_import(image_id, method="copy-image", stores=["archive"])
    browser.wait(lambda: all("archive" in stored.get(id_)["stores"] for id_ in copied), "the copy")
    browser.log_in("alice")
    page = StoragePage(browser).open()
    Keyboard(browser).press_button("Count Again")
    browser.wait(lambda: "VDI" in page.rows("format"), "the images to be counted")
    page.wait_until_counted()
    for link, names in (
        ("[data-hip-chart=format] a[href$='format=vdi']", disks),
        ("#hip_storage_same a[href*='checksum=']", twins),
    ):
        page.open()
        browser.click(lambda link=link: browser.one(link), link)
        found = ImagesPage(browser).wait_until_shown()
        assert set(found.names()) == names, link
    page.open()
    images, _size = page.rows("store")["archive"]
    link = "[data-hip-chart=store] a[href$='store=archive']"
    browser.click(lambda: browser.one(link), link)
    found = ImagesPage(browser).wait_until_shown()
    assert copied <= set(found.ids())
    assert len(found.ids()) == int(images.split()[0])
    assert "Store: archive" in browser.one(".hip-list").text


def test_a_step_that_fails_is_made_again(browser: Browser) -> None:
    browser.log_in("alice")
    page = StoragePage(browser).open()
    figure = page.figure("stored")
    keys = Keyboard(browser)
    browser.run("window.kept = window.fetch; window.fetch = () => Promise.reject(new Error());")
    keys.press_button("Count Again")
    browser.wait(lambda: browser.texts("[data-hip-steps] [role=alert]"), "the failure")
    assert page.figure("stored") == figure
    browser.run("window.fetch = window.kept")
    keys.press_button("Count Again")
    browser.wait(lambda: not browser.all("[data-hip-steps] [role=alert]"), "the next try")
    page.wait_until_counted()


@pytest.fixture
def days(cloud: Cloud) -> Iterator[None]:
    """Figures of past days of a domain, before a day on which nobody has looked."""
    record, acme = Record(cloud), cloud.domain_id("acme")
    record.clear()
    found = [DayFigures(day(ago), 40 - ago, (50 - ago) * 10**6) for ago in range(35, 1, -3)]
    record.make(acme, signed_days(acme, found))
    yield
    record.clear()


@pytest.mark.parametrize("theme", ["default", "material"])
@pytest.mark.usefixtures("days")
def test_what_is_stored_over_time(
    browser: Browser, set_width: Callable[[int], None], theme: str
) -> None:
    browser.log_in("acme-admin")
    browser.use_theme(theme)
    StoragePage(browser, ADMIN).open()
    Keyboard(browser).press_button("Count Again")
    browser.wait(lambda: browser.all("#hip_storage_over_time polyline"), "the chart")
    browser.click(lambda: browser.one("#hip_storage_over_time summary"), "All figures")
    rows = browser.texts("#hip_storage_over_time tbody th")
    assert len(rows) == 13
    for width in (1400, 1024, 768, 390):
        set_width(width)
        found = axe.violations(browser, "#hip_storage_over_time", "#hip_storage_unused")
        assert not found, f"at {width} px: {found}"
        assert browser.run(TOO_WIDE) <= 0, f"at {width} px"
