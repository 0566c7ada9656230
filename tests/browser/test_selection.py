# SPDX-License-Identifier: Apache-2.0
"""All images that match the filters, on more than one page."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dialogs import ConfirmDialog, Dialog
from tests.browser.pages import ImagesPage
from tests.browser.reading import squeeze
from tests.thorough import only_thorough

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]


class Chosen:
    """Images that a tag holds together, on pages of five."""

    def __init__(self, browser: Browser, tag: str) -> None:
        self.browser = browser
        self.page = ImagesPage(browser)
        self.tag = tag

    def open(self, user: str = "alice") -> "Chosen":
        self.browser.log_in(user)
        self.page.open()
        self.browser.driver.add_cookie({"name": "API_RESULT_PAGE_SIZE", "value": "5"})
        self.page.open(f"?tag={self.tag}")
        return self

    def tick_page(self) -> None:
        boxes = "#images thead .table-row-multi-select"
        self.browser.click(lambda: self.browser.one(f"{boxes} + label"), "the box of the page")

    def offer(self) -> str:
        """What the bar offers beyond the page; empty if nothing."""
        found = [each for each in self.browser.all(".hip-bulk-all") if each.is_displayed()]
        return " ".join(each.text for each in found)

    def tick_all(self) -> None:
        self.tick_page()
        self.browser.wait(self.offer, "the offer to select all that match")
        self.browser.click(lambda: self.browser.one(".hip-bulk-all"), "Select all that match")
        self.browser.wait(lambda: "All images" in self.bar(), "all to be selected")

    def bar(self) -> str:
        return squeeze(self.browser.one(".hip-bulk strong").text)

    def begin(self, label: str) -> ConfirmDialog:
        """Choose the action, and wait until it is known what it will do."""
        dialog = self.page.begin_for_ticked(label)
        self.browser.wait(lambda: self.browser.all(".modal.in .hip-effects"), "the images")
        return dialog

    def wait_for_end(self, words: str) -> Dialog:
        dialog = Dialog(self.browser)
        self.browser.wait(lambda: words in dialog.text, f"{words!r}")
        return dialog

    def named(self, kind: str) -> list[str]:
        """The names under an alert of the dialog, though it is not unfolded."""
        found = self.browser.all(f".modal.in .alert-{kind} .hip-names li")
        return sorted(str(each.get_attribute("textContent")) for each in found)


@pytest.fixture
def chosen(browser: Browser, unique: Unique) -> Chosen:
    return Chosen(browser, unique("all").replace(" ", "-"))


def test_all_on_three_pages_are_deleted(
    chosen: Chosen, browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    images = [
        make_image(unique(f"0 all {n:02}"), content=None, tags=[chosen.tag], protected=n in (3, 11))
        for n in range(12)
    ]
    other = make_image(unique("0 other"), content=None)
    used = images[9]
    make_image(unique("0 snapshot"), content=None, base_image_ref=used["id"], image_type="snapshot")
    chosen.open()
    assert len(chosen.page.ids()) == 5
    chosen.page.rows()[0].tick()
    assert not chosen.offer(), "not all rows of the page are ticked"
    chosen.tick_all()
    assert violations(browser, ".hip-bulk") == []
    assert browser.texts(".table_actions [role=status]") == ["All images that match are selected"]

    dialog = chosen.begin("Delete Images")
    assert "10 images will be deleted." in dialog.text
    assert "2 images stay as they are – The image is protected. Unprotect it first." in dialog.text
    assert chosen.named("info") == [images[3]["name"], images[11]["name"]]
    assert browser.driver.switch_to.active_element.text == "Cancel"
    browser.wait(lambda: "1 image made from it" in dialog.text, "who uses the images")
    assert f"{used['name']} – 1 image made from it" in dialog.text
    assert violations(browser, ".modal-body") == []
    # One goes and one comes while the person reads.
    cloud.glance_client("alice").images.delete(images[0]["id"])
    late = make_image(unique("0 late"), content=None, tags=[chosen.tag])
    # Without data, nobody could restore them.
    browser.one(".modal-body [data-hip-name-to-confirm]").send_keys("acme-web")
    dialog.confirm()

    chosen.wait_for_end("Finished.")
    assert chosen.named("success") == [images[n]["name"] for n in (1, 2, 4, 5, 6, 7, 8, 9, 10)]
    assert "Image not found." in dialog.text
    assert chosen.named("danger") == [images[0]["name"]]
    assert chosen.named("info") == [late["name"]]
    assert violations(browser, ".modal-body") == []
    dialog.press("Close")
    dialog.wait_until_closed()
    browser.wait(
        lambda: set(chosen.page.ids()) == {images[3]["id"], images[11]["id"], late["id"]},
        "the list without the deleted images",
    )
    assert cloud.glance_client("alice").images.get(other["id"])["status"] == "queued"


def test_another_choice_ends_it(
    chosen: Chosen, browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    for n in range(6):
        make_image(unique(f"0 choice {n}"), content=None, tags=[chosen.tag])
    chosen.open()
    chosen.tick_all()
    chosen.page.rows()[0].tick_off()
    assert chosen.bar() == "4 selected"
    assert not chosen.offer()
    dialog = chosen.begin("Delete Images")
    assert "4 images will be deleted." in dialog.text
    dialog.press("Cancel")
    dialog.wait_until_closed()
    # A page that shows all has nothing more to offer.
    chosen.page.open(f"?tag={chosen.tag}&name=0 choice 1")
    chosen.tick_page()
    assert chosen.bar() == "1 selected"
    assert not chosen.offer()


@only_thorough
def test_by_keyboard_until_it_is_stopped(
    chosen: Chosen, browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    images = [
        make_image(unique(f"0 stop {n:02}"), content=None, tags=[chosen.tag]) for n in range(45)
    ]
    chosen.open()
    browser.one("#images thead .table-row-multi-select").send_keys(Keys.SPACE)
    offer = browser.one(".hip-bulk-all")
    browser.wait(offer.is_displayed, "the offer")
    offer.send_keys(Keys.ENTER)
    assert "hip-bulk-clear" in str(browser.driver.switch_to.active_element.get_attribute("class"))
    # The first portion waits until the run has been stopped.
    browser.run(
        "const post = horizon.helionImages.http.postForJson;"
        "horizon.helionImages.http.postForJson = function (...given) {"
        "  return new Promise(go => { window.goOn = go; }).then(() => post(...given)); }"
    )
    browser.one("#images__action_protect").send_keys(Keys.ENTER)
    browser.wait(lambda: browser.all(".modal.in .hip-effects"), "the images")
    cancel = browser.driver.switch_to.active_element
    assert cancel.text == "Cancel"
    cancel.send_keys(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Protect Images"
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait(lambda: browser.driver.switch_to.active_element.text == "Stop", "Stop")
    browser.wait(lambda: browser.run("return Boolean(window.goOn)"), "the first portion")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    dialog = chosen.wait_for_end("Stopping")
    browser.run("window.goOn()")
    chosen.wait_for_end("Stopped.")
    names = [image["name"] for image in images]
    assert chosen.named("success") == names[:20]
    assert chosen.named("warning") == names[20:]
    assert browser.driver.switch_to.active_element.text == "Close"
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    dialog.wait_until_closed()
    client = cloud.glance_client("alice")
    found = {
        image["name"]: image["protected"]
        for image in client.images.list(filters={"tag": [chosen.tag]})
    }
    assert found == {name: n < 20 for n, name in enumerate(names)}


def test_all_in_the_dialog_of_publish(
    chosen: Chosen, browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    images = [
        make_image(unique(f"0 publish {n}"), "acme-admin", content=None, tags=[chosen.tag])
        for n in range(7)
    ]
    chosen.open("acme-admin").tick_all()
    dialog = chosen.begin("Publish Images")
    assert "7 images can be published." in dialog.text
    dialog.confirm()
    browser.wait(lambda: browser.all(".modal.in [data-hip-publish]"), "the dialog Publish")
    assert "7 images will be published." in Dialog(browser).text
    shown = browser.driver.find_elements(By.CSS_SELECTOR, "[data-hip-publish] [name=id]")
    assert sorted(each.get_attribute("value") or "" for each in shown) == sorted(
        image["id"] for image in images
    )


@only_thorough
def test_the_confirmation_says_how_many_stay(
    chosen: Chosen, browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """Of ticked rows, as their page knows them."""
    images = [
        make_image(unique(f"0 said {n}"), content=None, tags=[chosen.tag], protected=n < 2)
        for n in range(5)
    ]
    browser.log_in("alice")
    chosen.page.open(f"?tag={chosen.tag}")
    chosen.tick_page()
    dialog = chosen.begin("Delete Images")
    assert "3 images will be deleted. 2 images are protected and stay." in dialog.text
    assert violations(browser, ".modal-body") == []
    dialog.press("Cancel")
    dialog.wait_until_closed()

    dialog = chosen.begin("Protect Images")
    assert "3 images will be protected. 2 images stay as they are: the action" in dialog.text
    dialog.press("Cancel")
    dialog.wait_until_closed()

    chosen.page.open(f"?tag={chosen.tag}")
    for image in images[:2]:
        chosen.page.row_of(image["id"]).tick()
    dialog = chosen.begin("Delete Images")
    assert "2 images are protected and stay." in dialog.text
    assert dialog.buttons() == ["Cancel"], "nothing to confirm"
    dialog.press("Cancel")
    assert all(cloud.glance_client("alice").images.get(image["id"]) for image in images)
