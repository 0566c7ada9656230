# SPDX-License-Identifier: Apache-2.0
"""The dock with several uploads: the queue, the keyboard, those who hear the page."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog, SeveralDialog
from tests.browser.dock import Dock
from tests.browser.pages import DetailPage, ImagesPage
from tests.thorough import only_thorough

MIB = 1024 * 1024
Unique = Callable[[str], str]
Upload = Callable[..., list[str]]


@pytest.fixture(scope="module")
def content() -> bytes:
    return imagefiles.qcow2(64 * MIB, os.urandom(6 * MIB))


@pytest.fixture
def upload(browser: Browser, unique: Unique, tmp_path: Path, content: bytes) -> Upload:
    """Begins that many slow uploads at once; their names, in their order."""

    def begin(count: int, bytes_per_second: int = MIB) -> list[str]:
        files = [tmp_path / f"{unique(f'number {n}')}.qcow2" for n in range(count)]
        for file in files:
            file.write_bytes(content)
        browser.log_in("alice")
        page = ImagesPage(browser).open()
        page.drop(*files)
        if count == 1:
            single = CreateImageDialog(browser).wait_until_open()
            single.wait_for_content("QCOW2")
            browser.throttle_uploads(bytes_per_second)
            single.create_and_follow()
        else:
            several = SeveralDialog(browser).wait_until_open()
            browser.wait(
                lambda: several.values("format") == ["qcow2"] * count, "the formats to be seen"
            )
            browser.throttle_uploads(bytes_per_second)
            several.create()
            several.wait_until_closed()
        return [file.stem for file in files]

    return begin


def questions(browser: Browser) -> list[str]:
    """The addresses at which the page has asked how images are."""
    urls: list[str] = browser.run(
        "return performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    return [url for url in urls if "/progress/?" in url]


@only_thorough
def test_two_are_in_flight_and_the_others_wait(
    browser: Browser, cloud: Cloud, upload: Upload
) -> None:
    names = upload(4)
    dock = Dock(browser)
    assert dock.names() == names
    for name in names[:2]:
        dock.item(name).wait_until_sending()
    assert [dock.item(name).line for name in names[2:]] == ["Waiting"] * 2
    assert dock.summary.startswith("4 uploads, ")
    ids = {dock.item(name).image_id for name in names[:2]}
    browser.wait(
        lambda: any(all(id_ in url for id_ in ids) for url in questions(browser)),
        "one question about both",
    )

    # One that is cancelled gives its place to the next.
    dock.item(names[0]).press("Cancel")
    dock.item(names[2]).wait_until_sending()
    assert dock.item(names[3]).line == "Waiting"
    # One that waits is cancelled too, and has never begun.
    dock.item(names[3]).press("Cancel")
    dock.item(names[3]).wait_for_line("Cancelled.")
    browser.throttle_uploads(-1)
    for name in names[1:3]:
        dock.item(name).wait_until_active()
    dock.item(names[3]).press("Retry")
    dock.item(names[3]).wait_until_active()
    for name in (names[0], names[3]):
        found = list(cloud.glance_client("alice").images.list(filters={"name": name}))
        assert [image["status"] for image in found] == ["queued" if name == names[0] else "active"]

    dock.clear()
    browser.wait(lambda: dock.names() == [names[0]], "what is done to be cleared")
    dock.item(names[0]).press("Keep Image")
    dock.clear()
    browser.wait(lambda: not dock.is_there, "the dock to go")


@only_thorough
def test_list_follows_while_bytes_move(browser: Browser, upload: Upload) -> None:
    """Without loading the page anew; a ticked row, which that would untick, holds it."""
    first, second = upload(2)
    page = ImagesPage(browser)
    browser.run("window.stays = true")
    page.row(first)
    page.row(second).tick()
    browser.throttle_uploads(-1)
    for name in (first, second):
        page.dock.item(name).wait_until_active()
    assert "Active" not in page.row(second).cells()["Status"].split()
    page.row(second).tick_off()
    page.wait_for_status(first, "Active Verified")
    page.wait_for_status(second, "Active Verified")
    assert browser.run("return window.stays") is True

    # What the table does is the same as before.
    page.row(first).tick()
    text = page.begin_for_ticked("Delete Images").text
    assert text.startswith(f'Delete "{first}"?')
    assert text.count(first) == 1, "it is described no second time"


@only_thorough
def test_folded_dock_tells_how_far_it_is(browser: Browser, upload: Upload) -> None:
    (name,) = upload(1)
    dock = Dock(browser)
    dock.item(name).wait_until_sending()
    dock.fold()
    assert not dock.is_open
    assert not browser.one("#hip_dock_items").is_displayed()
    before = dock.summary
    browser.wait(lambda: dock.summary != before, "the heading to go on")
    assert dock.summary.startswith("1 upload, ")
    browser.throttle_uploads(-1)
    browser.wait(lambda: dock.summary == "1 image ready", "the upload to end")
    dock.fold()
    dock.item(name).dismiss()
    browser.wait(lambda: not dock.is_there, "the dock to go")


def test_dock_by_keyboard(browser: Browser, upload: Upload) -> None:
    first, second = upload(2)
    dock = Dock(browser)
    dock.item(first).wait_until_sending()

    def focused() -> Any:
        return browser.driver.switch_to.active_element

    def press(*keys: str) -> None:
        focused().send_keys(*keys)

    browser.run("document.querySelector('.hip-dock-toggle').focus()")
    press(Keys.ENTER)
    browser.wait(lambda: not dock.is_open, "the dock to close")
    press(Keys.SPACE)
    browser.wait(lambda: dock.is_open, "the dock to open")
    press(Keys.TAB)
    assert focused().text == "Cancel"
    press(Keys.ENTER)
    item = dock.item(first)
    item.wait_for_line("Cancelled.")
    # What a button does is done to an image, also for those who only hear it.
    assert focused().accessible_name == f"Retry: {first}"
    # The focus stays with the image, on the first thing that can be done now.
    assert focused().text == "Retry"
    while focused().text != "Delete Image":
        press(Keys.TAB)
    press(Keys.ENTER)
    item.wait_until_gone()
    assert focused().tag_name != "body"
    dock.item(second).press("Cancel")


def test_what_is_said_aloud(browser: Browser, upload: Upload) -> None:
    """Changes of state and no numbers: nobody wants to hear each second of it."""
    (name,) = upload(1)
    dock = Dock(browser)
    item = dock.item(name)
    item.wait_until_sending()
    browser.wait(lambda: dock.said == f"{name} is being uploaded.", "the beginning to be said")
    heard = (
        "window.heard = []; new MutationObserver(() => window.heard.push("
        "document.querySelector('[data-hip-dock] [role=status]').textContent)).observe("
        "document.querySelector('[data-hip-dock] [role=status]'), {childList: true})"
    )
    browser.run(heard)
    item.wait_until_sending(percent=60)
    assert browser.run("return window.heard") == []
    browser.throttle_uploads(-1)
    item.wait_until_active()
    last = f"{name} is active."
    browser.wait(lambda: browser.run("return window.heard")[-1:] == [last], "the end to be said")
    assert len(browser.run("return window.heard")) <= 2


HEARD = """
window.heard = [];
new MutationObserver(records => records.forEach(record => {
  if (record.target.matches?.('[data-hip-dock] [role=status]')) {
    window.heard.push(record.target.textContent);
  }
})).observe(document, {childList: true, subtree: true});
"""


@only_thorough
def test_what_happens_at_once_is_all_said(browser: Browser, upload: Upload) -> None:
    """Nobody hears a part of the page that is new with its text, nor a text that is replaced."""
    browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": HEARD})
    names = upload(2)

    def heard() -> bool:
        said = " ".join(browser.run("return window.heard"))
        return all(f"{name} is being uploaded." in said for name in names)

    browser.wait(heard, "both to be said")
    for name in names:
        Dock(browser).item(name).press("Cancel")


def test_dock_is_accessible(browser: Browser, upload: Upload) -> None:
    # They are still being sent when all has been looked at.
    names = upload(3, 50_000)
    dock = Dock(browser)
    for name in names[:2]:
        dock.item(name).wait_until_sending()
    assert violations(browser, "[data-hip-dock]") == []
    dock.item(names[0]).press("Cancel")
    browser.throttle_uploads(-1)
    for name in names[1:]:
        dock.item(name).wait_until_active()
    assert violations(browser, "[data-hip-dock]") == []


def test_dialog_of_several_files_is_accessible(browser: Browser, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.bin", "b.bin")]
    for file in files:
        file.write_bytes(b"no format that anybody knows")
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files)
    dialog.create()
    browser.wait(lambda: all(dialog.errors()), "both lines to be wrong")
    assert violations(browser, dialog.form) == []


def test_dock_fits_a_narrow_window(browser: Browser, upload: Upload) -> None:
    try:
        browser.driver.set_window_size(400, 900)
        names = upload(3)
        dock = Dock(browser)
        dock.item(names[0]).wait_until_sending()
        box = browser.one("[data-hip-dock]").rect
        width, height = browser.run("return [innerWidth, innerHeight]")
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["height"] <= height * 0.7
        for name in names:
            dock.item(name).press("Cancel")
    finally:
        browser.driver.set_window_size(1400, 1000)


def test_details_follow_the_upload(
    browser: Browser,
    unique: Unique,
    make_image: Callable[..., Any],
    tmp_path: Path,
    content: bytes,
) -> None:
    """Upload Data on the page of the image: its facts change where they stand."""
    image = make_image(unique("waiting"), content=None)
    file = tmp_path / "disk.qcow2"
    file.write_bytes(content)
    browser.log_in("alice")
    details = DetailPage(browser).open(image["id"])
    browser.run("window.stays = true")
    dialog = details.upload_data()
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    dialog.upload(image["name"]).wait_until_active()
    browser.wait(lambda: details.facts()["Status"] == "Active", "the details to follow")
    assert "Edit Image" in details.actions.labels()
    assert "Upload Data" not in details.actions.labels()
    assert browser.run("return window.stays") is True


def test_buttons_of_angular_work_in_a_list_shown_anew(browser: Browser) -> None:
    """As Launch does, where the cloud has a compute service: one stands in for it here."""
    browser.log_in("alice")
    ImagesPage(browser).open()
    browser.run(
        """
        const ask = window.fetch, probe = '<a id="probe" ng-click="$root.probed = 1">Probe</a>';
        window.fetch = (...asked) => ask(...asked).then(answer => answer.text()).then(text =>
          new Response(text.replace('<caption>', '<caption>' + probe)));
        horizon.helionImages.refresh();
        """
    )
    browser.click(lambda: browser.one("#probe"), "the button")
    assert browser.run("return angular.element('body').injector().get('$rootScope').probed") == 1
