# SPDX-License-Identifier: Apache-2.0
"""Sharing an image, and answering what is shared, by mouse and by keyboard."""

from collections.abc import Callable
from typing import Any

from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dialogs import Dialog
from tests.browser.pages import ADMIN, PROJECT, DetailPage, ImagesPage

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]

SEARCH = "#id_projects_search"
TAB = "[data-target='#image_details__access']"


class ShareDialog(Dialog):
    title = "Share Image"


def members(cloud: Cloud, image: Any) -> dict[str, str]:
    found = cloud.glance_client("admin").image_members.list(image["id"])
    return {member["member_id"]: member["status"] for member in found}


def share_dialog(browser: Browser, page: ImagesPage, name: str) -> ShareDialog:
    page.row(name).actions.choose("Share Image")
    dialog = ShareDialog(browser).wait_until_open()
    browser.wait(lambda: browser.one(SEARCH).is_displayed(), "the search for projects")
    return dialog


def type_into_search(browser: Browser, *keys: str) -> None:
    browser.one(SEARCH).send_keys(*keys)


def options(browser: Browser) -> list[str]:
    return browser.texts(".hip-projects [role=option]")


def test_invite_accept_reject(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image, data = make_image(unique("invite")), cloud.project_id("acme-data")
    browser.log_in("alice")
    dialog = share_dialog(browser, ImagesPage(browser).open(), image["name"])
    assert "Sharing changes its visibility to Shared." in dialog.text
    type_into_search(browser, data)
    dialog.press("Share")
    page = ImagesPage(browser)
    page.wait_for_message(f"Shared image {image['name']} with {data}.")
    assert members(cloud, image) == {data: "pending"}
    browser.wait(
        lambda: page.row(image["name"]).cells()["Access"] == "Shared with 1 project (1 pending)",
        "the numbers in the column Access",
    )

    browser.log_in("bob")
    page = ImagesPage(browser).open()
    badge = "[data-hip-pending]"
    browser.wait(
        lambda: any(text[:1].isdigit() for text in browser.texts(badge)), "the badge's number"
    )
    browser.click(lambda: browser.one(".hip-pills li:nth-child(2) a"), "Shared with Me")
    browser.wait(lambda: browser.all("#shared"), "the inbox")
    row = f'#shared tr[data-object-id="{image["id"]}"]'
    browser.click(lambda: browser.one(f"{row} [value*=shared__accept__]"), "Accept Image")
    page.wait_for_message(f"Accepted Image: {image['name']}")
    assert members(cloud, image) == {data: "accepted"}
    assert violations(browser, "#content_body") == []
    assert image["name"] in ImagesPage(browser).open().names()

    details = DetailPage(browser).open(image["id"])
    browser.click(lambda: browser.one(TAB), "the tab Access")
    sentence = "[data-hip-sentence]"
    browser.wait(
        lambda: browser.texts(sentence)[0].startswith("Shared with acme-data by"), "the sentence"
    )
    assert violations(browser, "#content_body") == []
    reject = "form:has([value*=shared__reject__]) button"
    browser.click(lambda: browser.one(reject), "Reject Image")
    details.wait_for_message(f"Rejected Image: {image['name']}")
    assert members(cloud, image) == {data: "rejected"}
    assert image["name"] not in ImagesPage(browser).open().names()


def test_search_by_keyboard(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("keyboard"))
    browser.log_in("acme-admin")
    dialog = share_dialog(browser, ImagesPage(browser, ADMIN).open(), image["name"])
    type_into_search(browser, "acme-")
    browser.wait(lambda: len(options(browser)) == 2, "the two projects beside the owner's")
    assert violations(browser, ".modal-body") == []
    type_into_search(browser, Keys.ARROW_DOWN, Keys.ENTER)
    browser.wait(lambda: browser.texts(".hip-projects-chosen li") == ["acme-data"], "the choice")
    type_into_search(browser, "lab")
    browser.wait(lambda: len(options(browser)) == 1, "the one project found")
    type_into_search(browser, Keys.ARROW_UP, Keys.ESCAPE)
    assert browser.one(SEARCH).get_attribute("aria-expanded") == "false"
    assert browser.all(".modal.in"), "Escape closes the list, and the dialog stays"
    type_into_search(browser, Keys.ARROW_DOWN)
    browser.wait(lambda: len(options(browser)) == 1, "the list again")
    type_into_search(browser, Keys.ARROW_DOWN, Keys.ENTER)
    browser.wait(lambda: len(browser.texts(".hip-projects-chosen li")) == 2, "both choices")
    dialog.press("Share")
    ImagesPage(browser, ADMIN).wait_for_message("with acme-data, acme-lab.")
    wanted = {cloud.project_id(name): "pending" for name in ("acme-data", "acme-lab")}
    assert members(cloud, image) == wanted
    DetailPage(browser).open(image["id"], ADMIN)
    browser.click(lambda: browser.one(TAB), "the tab Access")
    browser.wait(lambda: browser.all("#members tbody tr"), "the members")
    assert violations(browser, "#content_body") == []


def test_the_id_of_the_own_project_is_there_to_be_copied(browser: Browser, cloud: Cloud) -> None:
    browser.log_in("alice")
    browser.go(f"{PROJECT}shared/")
    button = browser.one("[data-hip-copy]")
    assert button.get_attribute("data-hip-copy") == cloud.project_id("acme-web")
    browser.click(lambda: browser.one("[data-hip-copy]"), "Copy")
    browser.wait(
        lambda: browser.texts("[data-hip-copy] + [role=status]") == ["Copied."],
        "the word that the ID is copied",
    )
    assert violations(browser, "#content_body") == []


def test_the_search_of_a_member_says_what_it_takes(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("says"))
    browser.log_in("alice")
    share_dialog(browser, ImagesPage(browser).open(), image["name"])
    placeholder = browser.one(SEARCH).get_attribute("placeholder")
    assert placeholder == "Project ID, or name of your own project"
