# SPDX-License-Identifier: Apache-2.0
"""Check URL, beside Image Location: what it says and fills in, by keyboard and on a telephone."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ImagesPage

ANSWER = ".hip-url-check"
NAME = "ubuntu-24.04-server-cloudimg-amd64.img"


@pytest.fixture
def url(cloud: Cloud) -> Iterator[str]:
    """An image whose name tells what it is, with a list of checksums beside it."""
    content = (cloud.files.offer / "tiny.qcow2").read_bytes()
    files = {
        NAME: content,
        "SHA256SUMS": f"{hashlib.sha256(content).hexdigest()} *{NAME}\n".encode(),
    }
    for name, data in files.items():
        (cloud.files.offer / name).write_bytes(data)
    yield f"{cloud.files.url}/{NAME}"
    for name in files:
        (cloud.files.offer / name).unlink()


def test_a_url_is_checked_by_keyboard_and_fills_the_form(
    browser: Browser, url: str, set_width: Callable[[int], None]
) -> None:
    browser.log_in("alice")
    set_width(390)
    dialog = ImagesPage(browser).open().create()
    keyboard = Keyboard(browser)
    dialog.choose_location(url)
    keyboard.press_button("Check URL")
    browser.wait(lambda: "virtual size" in browser.one(ANSWER).text, "what is at the URL")
    text = browser.one(ANSWER).text
    assert NAME in text
    assert "QCOW2, virtual size 1 MiB" in text
    assert "Ubuntu 24.04, x86_64" in text
    assert "The image service downloads from such URLs." in text
    assert dialog.fields.value("name") == NAME.removesuffix(".img")
    assert dialog.fields.value("disk_format") == "qcow2"
    keyboard.press_button("Use This Checksum")
    assert dialog.fields.value("checksum").startswith("sha256:")
    browser.wait(lambda: "SHA-256 checksum recognized." in dialog.text, "the checksum to be known")
    assert violations(browser, ".hip-url-check", ".modal .input-group") == []
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    dialog.open_requirements()
    assert dialog.fields.value("architecture") == "x86_64"
    assert dialog.fields.value("min_disk") == "1"


def test_what_the_user_has_entered_is_left(browser: Browser, url: str) -> None:
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.fields.fill("name", "my own name")
    dialog.choose_location(url)
    dialog.fields.choose("disk_format", "Raw")
    browser.click(lambda: browser.one(".input-group-btn button"), "Check URL")
    browser.wait(lambda: "virtual size" in browser.one(ANSWER).text, "what is at the URL")
    assert dialog.fields.value("name") == "my own name"
    assert dialog.fields.value("disk_format") == "raw"
    assert "The file is QCOW2, but the chosen format is Raw." in browser.one(ANSWER).text
    browser.click(lambda: browser.one(f"{ANSWER} .alert button"), "Switch to QCOW2")
    browser.wait(lambda: dialog.fields.value("disk_format") == "qcow2", "the other format")
    assert "but the chosen format" not in browser.one(ANSWER).text


def test_escape_ends_the_check_and_not_the_dialog(browser: Browser, cloud: Cloud) -> None:
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    keyboard = Keyboard(browser)
    dialog.choose_location(f"{cloud.files.url}/slow/cirros-like.qcow2?seconds=60")
    keyboard.press_button("Check URL")
    browser.wait(lambda: "Checking the URL…" in browser.one(ANSWER).text, "the check to run")
    keyboard.press(Keys.ESCAPE)
    browser.wait(lambda: "The check was canceled." in browser.one(ANSWER).text, "the check to end")
    assert keyboard.name == "Check URL"
    # The next one says why there is no image, and hinders nothing.
    dialog.fields.fill("location", f"{cloud.files.url}/page.html")
    browser.click(lambda: browser.one(".input-group-btn button"), "Check URL")
    browser.wait(lambda: "leads to a web page" in browser.one(ANSWER).text, "why it is no image")
    assert "Create Image" in dialog.buttons()
