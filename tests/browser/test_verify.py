# SPDX-License-Identifier: Apache-2.0
"""Expected checksums: compared by the page of whoever owns the image, or on a click."""

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_property, verified_of
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, DetailPage, ImagesPage

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]


def expecting(cloud: Cloud, image: Any, checksum: str) -> str:
    """Has the image wait for its data to be compared; its ID."""
    cloud.glance_client("alice").images.update(
        image["id"], **expected_property(image["id"], Checksum("sha256", checksum))
    )
    return str(image["id"])


def sha256_of(cloud: Cloud, image: Any) -> str:
    data = b"".join(cloud.glance_client("alice").images.data(image["id"]))
    return hashlib.sha256(data).hexdigest()


def test_owners_list_has_it_checked(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """As after an import whose page was left."""
    # A login leads to the list, which would begin the check before the test looks.
    browser.log_in("alice")
    image = make_image(unique("left alone"))
    expecting(cloud, image, sha256_of(cloud, image))
    page = ImagesPage(browser).open()
    page.wait_for_status(image["name"], "Active Verified")
    found = Image.from_glance(dict(cloud.glance_client("alice").images.get(image["id"])))
    verified = verified_of(found)
    assert verified is not None
    assert verified.by == "alice"


def test_mismatch_is_an_alarm_that_stays(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image, expected = make_image(unique("not the one"), protected=True), "0" * 64
    expecting(cloud, image, expected)
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    alarm = browser.wait(lambda: browser.texts("[data-hip-alarm]"), "the alarm")[0]
    assert f"sha256:{expected}" in alarm
    assert "sha256:" in alarm.partition(expected)[2]
    browser.wait(lambda: image["name"] not in page.names(), "the row to go")
    assert browser.texts("[data-hip-alarm]") == [alarm]
    assert not list(cloud.glance_client("alice").images.list(filters={"name": image["name"]}))
    browser.click(lambda: browser.one("[data-hip-alarm] .close"), "the alarm to close")
    browser.wait(lambda: not browser.all("[data-hip-alarm]"), "the alarm to go")


def test_admin_has_it_checked_by_a_click(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """A look at the list of all moves nobody's data."""
    image = make_image(unique("for the admin"))
    expecting(cloud, image, sha256_of(cloud, image))
    browser.log_in("admin")
    page = ImagesPage(browser, ADMIN).open(f"?domain=all&name={quote(image['name'])}")
    assert page.row(image["name"]).cells()["Status"] == "Active Not verified"
    details = DetailPage(browser).open(image["id"], ADMIN)
    assert details.facts()["Verified"].startswith("Not verified")
    browser.run("document.querySelector('[data-hip-verify-now]').focus()")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait(lambda: details.facts()["Verified"].startswith("Yes"), "the details to say so")
    # The button is gone, and the focus is not lost with it.
    assert browser.run("return document.activeElement.matches('[data-hip-images]')")
