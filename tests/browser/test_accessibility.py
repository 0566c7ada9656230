# SPDX-License-Identifier: Apache-2.0
"""axe-core on our own pages. What Horizon puts around them is left out."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_core_python.selenium import Axe

from demo import seed
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, DetailPage, ImagesPage

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]

#: Parts that Horizon's own templates and scripts make, the same in every panel.
HORIZONS = (
    ".page-breadcrumb",
    ".messages",
    ".modal-header .close",
    ".themable-select",
    ".themable-checkbox",
    ".themable-spinner-btn",
    ".nav-pills",
    ".table_actions",
    ".actions_column",
    ".hz-icon-required",
    ".help-icon",
)

#: Colours are the theme's: ours come from its variables and classes.
COLOURS = "color-contrast"


def violations(browser: Browser, *ours: str) -> list[str]:
    """Critical and serious violations within these elements."""
    context = {
        "include": [[selector] for selector in ours],
        "exclude": [[selector] for selector in HORIZONS],
    }
    found = Axe().run(browser.driver, context)["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in found
        if violation["impact"] in ("critical", "serious") and violation["id"] != COLOURS
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("user", "panel"), [("alice", "/project/images/"), ("admin", ADMIN)])
def test_list(browser: Browser, user: str, panel: str) -> None:
    browser.log_in(user)
    ImagesPage(browser, panel).open().wait_until_shown()
    assert violations(browser, "#content_body") == []


def test_empty_list(browser: Browser) -> None:
    browser.log_in("alice")
    ImagesPage(browser).open("?name=nobody").wait_until_shown()
    assert violations(browser, "#content_body") == []


def test_details(browser: Browser) -> None:
    browser.log_in("alice")
    DetailPage(browser).open(seed.image_id("web-server"))
    assert violations(browser, "#content_body") == []


def test_create_dialog(browser: Browser) -> None:
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    assert violations(browser, ".modal-body") == []
    dialog.open_requirements()
    browser.wait(
        lambda: browser.one("#id_architecture").is_displayed(), "Requirements and Protection"
    )
    assert violations(browser, ".modal-body") == []


def test_edit_dialog(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    image = make_image(unique("accessible"), tags=["web", "two words"])
    browser.log_in("alice")
    ImagesPage(browser).open().row(image["name"]).edit()
    assert violations(browser, ".modal-body") == []


def test_metadata_dialog(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    image = make_image(unique("accessible"), note="x", hw_cpu_cores="many", hw_disk_bus="scsi")
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().row(image["name"]).update_metadata()
    assert violations(browser, ".modal-body") == []
    dialog.add("CIM processor", "CIM Processor")
    dialog.fields.fill("new_name", "disk")
    dialog.wait_for_found("CD-ROM Bus")
    assert violations(browser, ".modal-body") == []


def test_change_owner_dialog(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    image = make_image(unique("accessible"))
    browser.log_in("acme-admin")
    dialog = ImagesPage(browser, ADMIN).open().row(image["name"]).change_owner()
    assert violations(browser, ".modal-body") == []
    dialog.fields.fill("project", "acme-data")
    dialog.press("Continue")
    browser.wait(lambda: "loses access to the image" in dialog.text, "the question")
    assert violations(browser, ".modal-body") == []


def test_list_filtered_by_tags(browser: Browser) -> None:
    browser.log_in("alice")
    ImagesPage(browser).open("?tag=small&tag=test").wait_until_shown()
    assert violations(browser, "#content_body") == []


def test_every_field_has_a_name(browser: Browser) -> None:
    """For those who hear the page: also the parts that axe is not shown above."""
    browser.log_in("alice")
    ImagesPage(browser).open().create()
    unnamed = browser.run(
        "return [...document.querySelectorAll('form[data-hip-create] :is(input, select, textarea)"
        ":not([type=hidden], [type=submit])')].filter(field => !field.labels.length"
        " && !field.getAttribute('aria-label')).map(field => field.outerHTML)"
    )
    assert unnamed == []


def test_create_works_by_keyboard(browser: Browser) -> None:
    """The dialog takes the focus, and gives it to its first field."""
    browser.log_in("alice")
    ImagesPage(browser).open().create()
    browser.wait(
        lambda: browser.driver.switch_to.active_element.get_attribute("name") == "name",
        "the field Name to have the focus",
    )
