# SPDX-License-Identifier: Apache-2.0
"""What uses an image, in the dialogs that take it away, and as a tree."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dialogs import Dialog
from tests.browser.pages import ADMIN, DetailPage, ImagesPage
from tests.browser.reading import squeeze

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

USE = "1 image made from it"
PLACE = ".modal.in .hip-uses-of"


@pytest.fixture
def used(unique: Unique, make_image: MakeImage) -> Any:
    """A community image, and one that was made from it."""
    image = make_image(unique("used"), visibility="community")
    make_image(unique("made from it"), base_image_ref=image["id"])
    return image


def dialog_of(browser: Browser, image: Any, label: str, panel: str = ADMIN) -> Dialog:
    page = ImagesPage(browser, panel).open(f"?name={image['name']}")
    page.row(image["name"]).actions.choose(label)
    return Dialog(browser).wait_until_open()


def wait_for_use(browser: Browser, dialog: Dialog) -> None:
    browser.wait(lambda: USE in dialog.text, "the use of the image")
    assert violations(browser, ".modal-body") == []


def test_the_dialogs_that_take_an_image_away_show_what_uses_it(browser: Browser, used: Any) -> None:
    browser.log_in("acme-admin")

    dialog = dialog_of(browser, used, "Set End Dates")
    assert not browser.one(PLACE).is_displayed()
    browser.one(".modal [name=delete_on]").send_keys("12312099")
    wait_for_use(browser, dialog)

    dialog = dialog_of(browser, used, "Change Owner")
    wait_for_use(browser, dialog)

    dialog = dialog_of(browser, used, "Edit Image")
    assert not browser.one(PLACE).is_displayed()
    select = ".modal [name=visibility]"
    browser.run(
        "const field = document.querySelector(arguments[0]);"
        "field.value = 'private'; $(field).change();",
        select,
    )
    wait_for_use(browser, dialog)
    assert "Checked" in dialog.text, "the same as a moment ago, with its age"
    browser.run(
        "const field = document.querySelector(arguments[0]);"
        "field.value = 'community'; $(field).change();",
        select,
    )
    browser.wait(lambda: not browser.one(PLACE).is_displayed(), "nothing to lose")


def test_a_member_is_removed_knowing_what_it_has(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("shared"), visibility="shared")
    data = cloud.project_id("acme-data")
    cloud.glance_client("alice").image_members.create(image["id"], data)
    make_image(unique("of the member"), user="bob", base_image_ref=image["id"])
    browser.log_in("acme-admin")
    DetailPage(browser).open(image["id"], ADMIN)
    browser.click(lambda: browser.one("[data-target$=__access]"), "the tab Access")
    button = "[value^=members__remove__]"
    browser.click(lambda: browser.one(button), "Remove Member")
    dialog = Dialog(browser).wait_until_open()
    wait_for_use(browser, dialog)
    dialog.press("Cancel")


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("theme", ["default", "material"])
def test_the_images_are_a_tree(
    browser: Browser,
    set_width: Callable[[int], None],
    unique: Unique,
    make_image: MakeImage,
    width: int,
    theme: str,
) -> None:
    stem, made = unique("tree"), []
    for number in range(9):
        base = {"base_image_ref": made[-1]["id"]} if made else {}
        made.append(make_image(f"{stem} {number}", **base))
    browser.log_in("alice")
    browser.use_theme(theme)
    set_width(width)
    details = DetailPage(browser).open(made[6]["id"])
    browser.click(lambda: browser.one("[data-target$=__used_by]"), "the tab Used By")
    browser.wait(lambda: browser.all(".hip-tree"), "the tree")
    names = [squeeze(text) for text in browser.texts(".hip-tree bdi")]
    assert names == [f"{stem} {number}" for number in range(1, 9)]
    assert "Only 5 levels above the image are shown." in browser.one(".hip-uses").text
    assert violations(browser, "#content_body") == []
    last = browser.one(".hip-tree").find_elements("css selector", "bdi")[-1]
    assert last.rect["x"] + last.rect["width"] <= width, "the last level is in sight"
    left = [
        each.rect["x"] for each in browser.one(".hip-tree").find_elements("css selector", "bdi")
    ]
    assert left == sorted(left)
    assert len(set(left)) == len(left), "each level stands further inside"
    last.click()
    details.wait_until_shown(made[8]["id"])
