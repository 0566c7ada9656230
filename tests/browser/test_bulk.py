# SPDX-License-Identifier: Apache-2.0
"""Many rows at once: what the confirmation points out, and how it went."""

from collections.abc import Callable
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import DetailPage, ImagesPage
from tests.browser.reading import squeeze
from tests.thorough import only_thorough

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

HOSTILE = "\"'><img src=x onerror=alert(1)>"


def lines(browser: Browser) -> list[str]:
    """What the dialog says of each image."""
    return browser.texts(".modal.in .hip-selection li")


def focused(browser: Browser) -> str:
    return str(browser.driver.switch_to.active_element.text)


def test_the_confirmation_says_what_is_known_of_each(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    plain, community, shared, hostile = (
        make_image(name)
        for name in (
            unique("0 plain"),
            unique("0 community"),
            unique("0 shared"),
            unique(f"0 {HOSTILE}"),
        )
    )
    client = cloud.glance_client("alice")
    client.images.update(community["id"], visibility="community", protected=True)
    client.images.update(shared["id"], visibility="shared")
    client.image_members.create(shared["id"], cloud.project_id("acme-data"))
    make_image(unique("0 snapshot"), base_image_ref=plain["id"], image_type="snapshot")
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    for image in (plain, community, shared, hostile):
        page.row_of(image["id"]).tick()
    dialog = page.begin_for_ticked("Delete Images")
    assert "Delete 4 images?" in dialog.text
    assert "can be restored for 30 days" in dialog.text
    browser.wait(lambda: "Shared with 1 project" in dialog.text, "who uses the images")
    assert set(lines(browser)) == {
        f'"{plain["name"]}" 1 image made from it',
        f'"{community["name"]}" Community Protected Stays as it is',
        f'"{shared["name"]}" Shared with 1 project',
        f'"{hostile["name"]}"',
    }
    assert violations(browser, ".modal-body") == []
    dialog.press("Cancel")
    dialog.wait_until_closed()
    # As before an action that is not red.
    dialog = page.row_of(plain["id"]).begin("Hide Image")
    browser.wait(lambda: "1 image made from it" in dialog.text, "who uses the image")
    dialog.press("Cancel")
    dialog.wait_until_closed()


def test_the_confirmation_works_by_keyboard(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("keyboard"))
    browser.log_in("alice")
    details = DetailPage(browser).open(image["id"])
    dialog = details.begin("Deactivate Image")
    assert dialog.text.count(image["name"]) == 1
    assert f'Deactivate "{image["name"]}"?' in dialog.text
    assert "running" in dialog.text
    # Whoever presses Enter at once has cancelled.
    assert focused(browser) == "Cancel"
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    dialog.wait_until_closed()
    assert cloud.glance_client("alice").images.get(image["id"])["status"] == "active"

    dialog = details.begin("Deactivate Image")
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    assert focused(browser) == "Deactivate Image"
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    details.wait_for_message(f"Deactivated Image: {image['name']}")
    assert cloud.glance_client("alice").images.get(image["id"])["status"] == "deactivated"


def test_actions_that_are_not_red_are_confirmed_too(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("to hide"))
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.row(image["name"]).begin("Hide Image")
    assert "appear only with the Hidden filter" in dialog.text
    assert lines(browser) == [""], "the question names the image"
    dialog.confirm()
    page.wait_for_message(f"Image is now hidden: {image['name']}")
    assert image["name"] not in page.names()
    page.open("?hidden=true")
    page.row(image["name"]).begin("Unhide Image").confirm()
    page.wait_for_message(f"Image is no longer hidden: {image['name']}")
    assert not cloud.glance_client("alice").images.get(image["id"])["os_hidden"]


@only_thorough
def test_results_of_many_are_told_by_reason(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """Twelve were protected, and one has gone, since the page was loaded."""
    images = [make_image(unique(f"0 bulk {n:02}")) for n in range(15)]
    client = cloud.glance_client("alice")
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    for image in images:
        page.row_of(image["id"]).tick()
    for image in images[:12]:
        client.images.update(image["id"], protected=True)
    client.images.delete(images[12]["id"])
    dialog = page.begin_for_ticked("Delete Images")
    dialog.confirm()

    done = page.wait_for_message("Deleted 2 Images:")
    assert f"{images[13]['name']}, {images[14]['name']}" in done
    failed = page.wait_for_message("Delete Images failed:")
    assert "The image is protected. Unprotect it first. (12 images)" in failed
    assert f"{images[12]['id']} – Image not found." in failed
    assert images[0]["name"] not in failed
    summary = browser.one(".alert-danger summary")
    assert summary.text == "Show names"
    summary.send_keys(Keys.ENTER)
    names = [item.text for item in browser.driver.find_elements(By.CSS_SELECTOR, ".hip-names li")]
    assert sorted(names) == [image["name"] for image in images[:12]]
    assert violations(browser, ".hip-outcome") == []


def test_the_activity_of_an_image(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("activity"))
    cloud.glance_client("alice").images.update(image["id"], visibility="shared")
    project_id = cloud.project_id("acme-data")
    cloud.glance_client("alice").image_members.create(image["id"], project_id)
    browser.log_in("alice")
    DetailPage(browser).open(image["id"])
    browser.click(
        lambda: browser.one('a[data-target="#image_details__activity"]'), "the tab Activity"
    )
    browser.wait(lambda: browser.all(".hip-activity tbody tr"), "what has happened")
    told = browser.texts(".hip-activity tbody tr")
    assert any("Image created" in line for line in told)
    assert any("Shared with a project" in line and project_id in line for line in told)
    assert violations(browser, "#image_details__activity") == []


def bar(browser: Browser) -> str:
    """What the bar of the ticked rows says; empty while it is not there."""
    bars = [each for each in browser.all(".hip-bulk") if each.is_displayed()]
    return " ".join(squeeze(each.text) for each in bars)


def test_the_bar_is_there_while_rows_are_ticked(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    images = [make_image(unique(f"0 bar {n}"), content=None) for n in range(3)]
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    first, second, last = (page.row_of(image["id"]) for image in images)
    top = browser.one(first.selector).rect["y"]
    assert bar(browser) == ""
    assert browser.one("#images__action_create").is_displayed()
    assert not browser.one("#images__action_delete").is_displayed()

    first.tick()
    last.tick()
    assert bar(browser).startswith("2 selected")
    assert browser.one(first.selector).rect["y"] == top, "no row has moved"
    assert browser.texts(".table_actions [role=status]") == ["2 images selected"]
    buttons = [each for each in browser.all(".hip-bulk .btn") if each.is_displayed()]
    assert "btn-danger" in (buttons[-1].get_attribute("class") or "")
    assert buttons[-1].text == "Delete Images"
    assert violations(browser, ".hip-bulk") == []

    first.tick_off()
    assert bar(browser).startswith("1 selected")
    last.tick_off()
    assert bar(browser) == ""
    assert browser.texts(".table_actions [role=status]") == [""]
    second.tick()
    browser.click(lambda: browser.one(".hip-bulk-clear"), "Clear selection")
    browser.wait(lambda: not bar(browser), "the bar to go")
    assert not browser.all("#images .table-row-multi-select:checked")


@only_thorough
def test_the_bar_stays_in_sight(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    for n in range(12):
        make_image(unique(f"0 sight {n:02}"), content=None)
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    page.rows()[0].tick()
    browser.run("window.scrollTo(0, document.body.scrollHeight)")
    assert browser.run("return window.scrollY") > 0
    page.rows()[-1].tick()
    # At its own place nothing else is drawn over it.
    assert browser.run(
        "const box = document.querySelector('.hip-bulk').getBoundingClientRect();"
        "return box.top >= 0 && document.elementFromPoint(box.left + 20, box.top + box.height / 2)"
        ".closest('.hip-bulk') !== null"
    )
    dialog = page.begin_for_ticked("Delete Images")
    assert "Delete 2 images?" in dialog.text
    dialog.press("Cancel")


def test_rows_are_ticked_by_keyboard(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("0 keys"), content=None)
    browser.log_in("alice")
    row = ImagesPage(browser).open().row_of(image["id"])
    box = browser.one(f"{row.selector} .table-row-multi-select")
    assert box.accessible_name == f"Select {image['name']}"
    box.send_keys(Keys.SPACE)
    assert bar(browser).startswith("1 selected")
    everything = browser.one("#images thead .table-row-multi-select")
    assert everything.accessible_name == "Select all images of this page"
    everything.send_keys(Keys.SPACE)
    count = len(ImagesPage(browser).ids())
    assert bar(browser).startswith(f"{count} selected")
    clear = browser.one(".hip-bulk-clear")
    clear.send_keys(Keys.TAB)
    assert focused(browser) == "Protect Images"
    clear.send_keys(Keys.ENTER)
    assert bar(browser) == ""
    assert browser.driver.switch_to.active_element == everything


def test_the_actions_are_there_without_scripts(browser: Browser) -> None:
    """Horizon itself hides the body of its pages then: the style of our part is looked at."""
    displayed = (
        "for (let each = document.getElementById(arguments[0]); each.id !== 'images';"
        " each = each.parentElement) {"
        "  if (getComputedStyle(each).display === 'none') return false;"
        "} return true"
    )
    browser.log_in("alice")
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        ImagesPage(browser).open()
        for action in ("create", "protect", "delete"):
            assert browser.run(displayed, f"images__action_{action}"), action
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_bar_goes_with_what_was_ticked(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """After the action, in the list as it is then."""
    image = make_image(unique("0 to protect"), content=None)
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    page.row_of(image["id"]).tick()
    page.choose_for_ticked("Protect Images")
    page.wait_for_message(f"Protected Image: {image['name']}")
    assert cloud.glance_client("alice").images.get(image["id"])["protected"]
    browser.wait(lambda: page.row_of(image["id"]).is_protected, "the lock")
    assert bar(browser) == ""
