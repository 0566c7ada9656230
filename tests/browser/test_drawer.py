# SPDX-License-Identifier: Apache-2.0
"""The essentials of an image, below its row."""

from collections.abc import Callable
from typing import Any

from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, ImagesPage, Row
from tests.browser.reading import as_meant
from tests.browser.test_hostile_names import HOSTILE

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

COUNT_PAGES = """
window.asked = [];
const plain = window.fetch;
window.fetch = function (url) {
  window.asked.push(String(url));
  return plain.apply(window, arguments);
};
"""


def toggle(browser: Browser, row: Row) -> None:
    """Open or close the drawer by keyboard."""
    browser.one(f"{row.selector} .hip-drawer-toggle").send_keys(Keys.ENTER)


def clipboard(browser: Browser) -> str:
    script = "navigator.clipboard.readText().then(arguments[0], arguments[0])"
    return str(browser.driver.execute_async_script(script))


def essentials(browser: Browser) -> dict[str, str]:
    browser.wait(
        lambda: browser.all(".hip-essentials dd, .hip-essentials .alert"), "the essentials"
    )
    return browser.texts_by(".hip-essentials dt", ".hip-essentials dd")


def test_a_row_opens_its_essentials_once(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("essentials"), description="For the lab", min_disk=3)
    browser.log_in("alice")
    row = ImagesPage(browser).open().row_of(image["id"])
    browser.run(COUNT_PAGES)
    button = browser.one(f"{row.selector} .hip-drawer-toggle")
    assert button.accessible_name == f"Essentials of {image['name']}"
    assert button.get_attribute("aria-expanded") == "false"
    toggle(browser, row)
    found = essentials(browser)
    assert found["ID"] == image["id"]
    assert found["Description"] == "For the lab"
    assert found["Checksum (MD5)"] == image["checksum"]
    assert found["Hash (SHA512)"] == image["os_hash_value"]
    assert found["Minimum Disk"] == "3 GB"
    assert "Architecture" not in found, "it is not set"
    assert button.get_attribute("aria-expanded") == "true"
    assert violations(browser, ".hip-list") == []

    toggle(browser, row)
    assert not browser.all(".hip-drawer")
    assert button.get_attribute("aria-expanded") == "false"
    toggle(browser, row)
    assert essentials(browser) == found
    assert button.get_attribute("aria-expanded") == "true"
    assert [url for url in browser.run("return window.asked") if image["id"] in url] == [
        browser.url + f"/project/images/{image['id']}/"
    ]


def test_the_id_and_checksums_are_copied(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("copied"))
    browser.log_in("alice")
    toggle(browser, ImagesPage(browser).open().row_of(image["id"]))
    essentials(browser)
    buttons = browser.all(".hip-essentials .hip-copy")
    assert [each.accessible_name for each in buttons] == ["Copy ID", "Copy checksum", "Copy hash"]
    assert [each.get_attribute("data-hip-copy") for each in buttons] == [
        image["id"],
        image["checksum"],
        image["os_hash_value"],
    ]
    # Reading it is asked for; the page's buttons need no permission.
    allowed = {"origin": browser.url, "permissions": ["clipboardReadWrite"]}
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", allowed)
    for button in buttons:
        button.click()
        text = button.get_attribute("data-hip-copy")
        browser.wait(lambda text=text: clipboard(browser) == text, "the text in the clipboard")
    said = ".hip-essentials .hip-copy + [role=status]"
    browser.wait(lambda: browser.texts(said) == ["Copied."] * 3, "the copies")


def test_an_open_drawer_stays_when_the_list_is_shown_anew(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image, other = make_image(unique("0 open")), make_image(unique("0 other"))
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    toggle(browser, page.row_of(image["id"]))
    essentials(browser)
    browser.run(COUNT_PAGES)
    glance, renamed = cloud.glance_client("alice").images, unique("0 renamed")
    glance.update(other["id"], name=renamed)
    browser.run("horizon.helionImages.refresh()")
    page.row(renamed)
    assert essentials(browser)["ID"] == image["id"]
    assert not [url for url in browser.run("return window.asked") if image["id"] in url]

    # What is open follows the image.
    glance.update(image["id"], description="changed meanwhile")
    browser.run("horizon.helionImages.refresh()")
    browser.wait(
        lambda: essentials(browser).get("Description") == "changed meanwhile",
        "the essentials as they are now",
    )


def test_an_image_that_is_gone(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    browser.expect_console_error(r"status of 404")
    image = make_image(unique("gone"))
    browser.log_in("alice")
    row = ImagesPage(browser).open().row_of(image["id"])
    cloud.glance_client("alice").images.delete(image["id"])
    browser.run(COUNT_PAGES)
    for attempt in (1, 2):
        toggle(browser, row)
        browser.wait(lambda: browser.texts(".hip-essentials .alert"), "what went wrong")
        assert "could not be loaded" in browser.texts(".hip-essentials .alert")[0]
        # It says that it is tried again when it is opened again.
        asked = [url for url in browser.run("return window.asked") if image["id"] in url]
        assert len(asked) == attempt
        toggle(browser, row)


def test_hostile_text_stays_text(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    for kind, text in HOSTILE.items():
        image = make_image(unique(text), description=text, architecture=text, tags=[text])
        browser.log_in("alice")
        row = ImagesPage(browser).open().row_of(image["id"])
        toggle(browser, row)
        found = essentials(browser)
        assert as_meant(found["Description"]) == text, kind
        assert as_meant(found["Architecture"]) == text, kind
        assert not browser.run("return window.hacked")
        assert not browser.all(".hip-list script, .hip-list img")


def test_in_the_admin_panel(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    image = make_image(unique("0 of alice"))
    browser.log_in("acme-admin")
    toggle(browser, ImagesPage(browser, ADMIN).open().row_of(image["id"]))
    assert essentials(browser)["Owner"].startswith("acme-web")
