# SPDX-License-Identifier: Apache-2.0
"""Edit Image: what the person did not touch does not change."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import DetailPage, ImagesPage
from tests.thorough import only_thorough, some

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


def whole(cloud: Cloud, image_id: str) -> dict[str, Any]:
    """Everything that Glance tells of an image."""
    return dict(cloud.glance_client("admin").images.get(image_id))


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The keys that differ; ``updated_at`` is left out: in one second it stays the same."""
    keys = (before | after).keys() - {"updated_at"}
    return {key for key in keys if before.get(key) != after.get(key)}


def edit_description(browser: Browser, name: str, text: str) -> None:
    page = ImagesPage(browser).open()
    dialog = page.row(name).edit()
    dialog.fields.fill("description", text)
    dialog.update()
    assert page.wait_for_message(name).startswith("Success:")


ODD = {
    "plain": {"description": "before"},
    "nothing but a name": {},
    "shared": {
        "visibility": "shared",
        "description": "ends with blanks  ",
        "min_disk": 7,
        "min_ram": 300,
        "os_distro": " blanks around ",
        "architecture": "x86_64 ",
        "hw_disk_bus": "virtio",
        "tags": ["b", "a"],
    },
    "lines": {"description": "one\ntwo\n\n", "kernel_id": "", "os_version": "12\n"},
    "carriage returns": {"description": "one\r\ntwo", "note": "one\r\ntwo"},
    "snapshot": {
        "image_type": "snapshot",
        "block_device_mapping": "[]",
        "instance_uuid": "3f2a9f0c-52d5-4e0f-8d0b-7d9f0f6a1b11",
        "bdm_v2": "True",
    },
}


@pytest.mark.parametrize("kind", some(ODD, "shared", "lines"))
def test_description_alone_changes(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, kind: str
) -> None:
    image = make_image(unique(kind), **ODD[kind])
    before = whole(cloud, image["id"])
    browser.log_in("alice")
    edit_description(browser, image["name"], "now in\nother words")

    after = whole(cloud, image["id"])
    assert changed(before, after) == {"description"}
    assert after["description"] == "now in\nother words"


@only_thorough
@pytest.mark.parametrize("kind", ["shared", "lines", "carriage returns"])
def test_nothing_changes_when_nothing_was_touched(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, kind: str
) -> None:
    image = make_image(unique(kind), **ODD[kind])
    before = whole(cloud, image["id"])
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    page.row(image["name"]).edit().update()
    assert "was not changed" in page.wait_for_message(image["name"])
    assert whole(cloud, image["id"]) == before


def test_hidden_image_stays_hidden(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("hidden"), description="before", os_hidden=True, min_disk=2)
    before = whole(cloud, image["id"])
    assert before["os_hidden"] is True
    browser.log_in("alice")
    page = DetailPage(browser).open(image["id"])
    dialog = page.edit()
    dialog.fields.fill("description", "after")
    dialog.update()
    page.wait_for_message(image["name"])
    assert changed(before, whole(cloud, image["id"])) == {"description"}


def test_emptied_description_is_removed(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("emptied"), description="before")
    browser.log_in("alice")
    edit_description(browser, image["name"], "")
    assert "description" not in whole(cloud, image["id"])


def test_other_fields_change(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("old name"), min_disk=9)
    before = whole(cloud, image["id"])
    new_name = unique("new name")
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.row(image["name"]).edit()
    dialog.fields.fill("name", new_name)
    dialog.fields.fill("min_disk", "")
    dialog.fields.fill("min_ram", "256")
    dialog.fields.fill("architecture", "aarch64")
    dialog.fields.choose("visibility", "Shared")
    dialog.fields.set_ticked("protected")
    dialog.update()

    page.wait_for_message("Updated image")
    assert page.row(new_name).is_protected
    # "Shared" stands there until the number of members arrives: it is shared with nobody.
    browser.wait(
        lambda: page.row(new_name).cells()["Access"] == "Only acme-web", "the number of members"
    )
    after = whole(cloud, image["id"])
    wanted = {
        "name": new_name,
        "min_disk": 0,
        "min_ram": 256,
        "architecture": "aarch64",
        "visibility": "shared",
        "protected": True,
    }
    assert changed(before, after) == wanted.keys()
    assert {key: after[key] for key in wanted} == wanted


def test_what_cannot_change_is_shaded(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("shaded"))
    browser.log_in("alice")
    fields = ImagesPage(browser).open().row(image["name"]).edit().fields
    assert all(fields.is_shaded(name) for name in ("image_id", "disk_format", "size"))
    assert fields.value("image_id") == image["id"]
    assert fields.labels("visibility") == ["Private", "Shared", "Community"]


def test_wrong_value_is_said_at_its_field(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("wrong value"))
    before = whole(cloud, image["id"])
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().row(image["name"]).edit()
    browser.run("document.querySelector('#update_image_form').noValidate = true")
    dialog.fields.fill("description", "kept in the form")
    dialog.fields.fill("min_disk", "-1")
    dialog.update()
    browser.wait(lambda: dialog.fields.error("min_disk"), "the field to say what is wrong")
    assert dialog.fields.value("description") == "kept in the form"
    assert whole(cloud, image["id"]) == before


@only_thorough
def test_what_others_changed_meanwhile_stays(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("meanwhile"), min_ram=64)
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.row(image["name"]).edit()
    cloud.glance_client("alice").images.update(image["id"], min_ram=128, os_distro="debian")
    dialog.fields.fill("description", "mine")
    dialog.update()
    page.wait_for_message(image["name"])
    after = whole(cloud, image["id"])
    assert (after["min_ram"], after["os_distro"], after["description"]) == (128, "debian", "mine")


def test_edited_from_its_own_page(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """The person comes back to the page that they were on."""
    image = make_image(unique("own page"))
    browser.log_in("alice")
    page = DetailPage(browser).open(image["id"])
    dialog = page.edit()
    dialog.fields.fill("description", "told on its own page")
    dialog.update()
    page.wait_for_message(image["name"])
    page.wait_until_shown(image["id"])
    assert page.facts()["Description"] == "told on its own page"
