# SPDX-License-Identifier: Apache-2.0
"""Deleted images in the browser: found, restored, and deleted permanently."""

from collections.abc import Callable
from typing import Any

from glanceclient.exc import HTTPNotFound
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import DetailPage, ImagesPage

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

FIELD = "[data-hip-name-to-confirm]"


def test_deleted_by_mistake_and_restored(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("by mistake"))
    name = image["name"]
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={name}")
    dialog = page.row(name).begin("Delete Image")
    assert "can be restored for 30 days" in dialog.text
    dialog.confirm()
    message = page.wait_for_message(f"Deleted Image: {name}")
    assert "Deleted images can be restored." in message
    browser.click(lambda: browser.one(".hip-outcome .alert-link"), "Show deleted images")
    page.wait_until_shown()
    row = page.row(name)
    assert row.texts()[".hip-status"].startswith("Deleted")
    assert row.actions.labels() == ["Restore Image", "Delete Image Permanently"]
    details = row.open()
    assert "alice deleted this image on" in browser.one("[data-hip-deletion]").text
    details.actions.choose("Restore Image")
    details.wait_for_message(f"Restored Image: {name}")
    assert not browser.all("[data-hip-deletion]")
    restored = cloud.glance_client("alice").images.get(image["id"])
    assert (restored["status"], restored["os_hidden"]) == ("active", False)
    assert name in ImagesPage(browser).open(f"?name={name}").names()


def test_what_cannot_be_restored_is_said_before(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    stem = unique("mixed")
    active, queued = make_image(f"{stem} active"), make_image(f"{stem} queued", content=None)
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={stem}")
    text = page.row(queued["name"]).begin("Delete Image").text
    assert "cannot be recovered" in text
    assert "can be restored" not in text
    page.open(f"?name={stem}")
    for row in page.rows():
        row.tick()
    dialog = page.begin_for_ticked("Delete Images")
    lines = [item.text for item in browser.all(".modal .hip-selection li")]
    assert [line.endswith("Cannot be restored") for line in lines] == [False, True]
    dialog.confirm()
    page.wait_for_message("Deleted 2 Images")
    page.open(f"?view=deleted&name={stem}")
    assert page.names() == [active["name"]]


def test_several_are_deleted_permanently_by_the_name_of_the_project(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """By keyboard."""
    stem = unique("emptied")
    images = [make_image(f"{stem} {number}") for number in range(2)]
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={stem}")
    for row in page.rows():
        row.tick()
    page.begin_for_ticked("Delete Images").confirm()
    page.wait_for_message("Deleted 2 Images")
    page.open(f"?view=deleted&name={stem}")
    for row in page.rows():
        row.tick()
    page.begin_for_ticked("Delete Images Permanently")
    browser.run("document.querySelector('.modal.in .modal-footer .btn-danger').click()")
    assert browser.all(".modal.in"), "nothing happens without the name"
    field = browser.one(FIELD)
    assert field == browser.driver.switch_to.active_element
    field.send_keys("acme-data", Keys.ENTER)
    assert browser.all(".modal.in"), "nothing happens with another name"
    field.clear()
    field.send_keys("acme-web", Keys.ENTER)
    page.wait_for_message("Permanently deleted 2 images")
    client = cloud.glance_client("alice")
    for image in images:
        try:
            client.images.get(image["id"])
        except HTTPNotFound:
            continue
        raise AssertionError(f"{image['name']} is still there")


def test_the_details_of_a_deleted_image_offer_only_what_is_possible(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("details"))
    browser.log_in("alice")
    details = DetailPage(browser).open(image["id"])
    details.begin("Delete Image").confirm()
    ImagesPage(browser).wait_until_shown().wait_for_message("Deleted Image")
    details.open(image["id"])
    assert details.actions.labels() == ["Restore Image", "Delete Image Permanently"]
    details.begin("Delete Image Permanently").confirm()
    page = ImagesPage(browser).wait_until_shown()
    page.wait_for_message(f"Permanently deleted image: {image['name']}")
