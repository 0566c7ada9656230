# SPDX-License-Identifier: Apache-2.0
"""A cloud that requires a property of each image: Create Image, and an image without it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests import releases
from tests.browser import axe
from tests.browser.browser import Browser
from tests.browser.dialogs import MetadataDialog
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ImagesPage
from tests.converting import SCHEMA
from tests.integration.reconfigured import reconfigured
from tests.thorough import only_thorough

pytestmark = releases.requires_properties

MIB = 1024 * 1024
DEPARTMENT = "required.department"
FLOOR = {"type": "integer", "title": "Floor", "minimum": 1, "maximum": 9, "default": 3}
Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


@pytest.fixture
def old(make_image: MakeImage, unique: Unique) -> Any:
    """An image from before the cloud required anything."""
    return make_image(unique("old"))


@pytest.fixture
def requiring(browser: Browser, cloud: Cloud, old: Any) -> Iterator[Callable[..., None]]:
    """Makes the cloud require the department, and further properties."""
    with ExitStack() as stack:

        def require(**further: Any) -> None:
            schema = {
                "properties": {**SCHEMA["properties"], **further},
                "required": ["department", *further],
            }
            stack.enter_context(reconfigured(cloud, image_schema=schema))

        yield require
        # A page that stays open asks for its images while Glance restarts.
        browser.driver.get("about:blank")


def test_create_image(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    tmp_path: Path,
    requiring: Callable[..., None],
) -> None:
    """The error stands at the field, which has the focus; the file stays chosen."""
    requiring(floor=FLOOR)
    file = tmp_path / f"{unique('new')}.qcow2"
    file.write_bytes(imagefiles.qcow2(MIB, b"required"))
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.fields.fill("name", unique("new"))
    browser.wait(
        lambda: dialog.fields.value("disk_format") == "qcow2", "the format to be recognized"
    )
    assert dialog.fields.value("required.floor") == "3"
    dialog.create()
    browser.wait(
        lambda: "requires a value" in dialog.fields.error(DEPARTMENT), "the error at its field"
    )
    assert not list(cloud.glance_client("alice").images.list(filters={"name": unique("new")}))
    assert not axe.violations(browser, ".modal.in .modal-content")
    browser.one(f'[name="{DEPARTMENT}"] option[value="sales"]').click()
    dialog.create_and_follow().wait_until_active()
    (image,) = cloud.glance_client("alice").images.list(filters={"name": unique("new")})
    assert (image["department"], str(image["floor"])) == ("sales", "3")


def test_the_way_to_the_missing_property_by_keyboard(
    browser: Browser, cloud: Cloud, old: Any, requiring: Callable[..., None]
) -> None:
    requiring()
    browser.log_in("alice")
    keyboard = Keyboard(browser)
    page = ImagesPage(browser).open()
    dialog = page.row(old["name"]).edit()
    dialog.fields.fill("description", "new")
    dialog.update()
    browser.wait(lambda: "“department”" in dialog.text, "the message")
    assert dialog.fields.value("description") == "new"
    assert not axe.violations(browser, ".modal.in .modal-content")
    keyboard.tab_to("Update Metadata", "link", backwards=True)
    keyboard.press("\ue007")
    keyboard.wait_for_dialog("Update Metadata")
    MetadataDialog(browser).fields.choose("property.department", "science")
    MetadataDialog(browser).save()
    assert page.wait_for_message(old["name"]).startswith("Success:")
    assert cloud.glance_client("admin").images.get(old["id"])["department"] == "science"


@only_thorough
def test_the_report_of_an_action_has_the_same_link(
    browser: Browser, old: Any, requiring: Callable[..., None]
) -> None:
    requiring()
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    page.row(old["name"]).actions.choose("Protect Image")
    link = browser.wait(
        lambda: browser.one(".hip-outcome a[href$='/metadata/']"), "the link in the report"
    )
    assert "“department”" in browser.one(".hip-outcome").text
    browser.click_now(link)
    browser.wait(lambda: browser.all("#image_metadata_form"), "Update Metadata")
