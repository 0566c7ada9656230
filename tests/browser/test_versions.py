# SPDX-License-Identifier: Apache-2.0
"""Versions by keys alone: folded in the list, the latest one replaced, and rolled back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.family import FORMER, LATEST, NEW, Family, family_property
from helion_images_panel.core.verification import Verified, verified_property
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog, Dialog
from tests.browser.keyboard import Keyboard
from tests.browser.pages import DetailPage, ImagesPage
from tests.browser.test_official_images import remove

MIB = 1024 * 1024


class MakeVersion:
    """Makes versions of one family that are verified."""

    def __init__(self, cloud: Cloud, image: Callable[..., Any], family: str) -> None:
        self.image = image
        self._owner, self._family = cloud.project_id("acme-web"), family

    def __call__(self, role: str, name: str, version: str = "", **fields: Any) -> Any:
        image_id, content = str(uuid.uuid4()), imagefiles.qcow2(MIB, name.encode())
        checksum = Checksum("sha512", hashlib.sha512(content).hexdigest())
        verified = verified_property(image_id, Verified((checksum,), "2026-11-30T12:00:00Z", "x"))
        record = family_property(image_id, self._owner, Family(self._family, version, role))
        return self.image(name, content=content, id=image_id, **verified, **record, **fields)


@pytest.fixture
def make_version(
    cloud: Cloud, make_image: Callable[..., Any], unique: Callable[[str], str]
) -> MakeVersion:
    return MakeVersion(cloud, make_image, unique("family"))


def toggle_of(browser: Browser, latest: Any) -> str:
    """The name of the button that shows the other versions: their number is not known as long as
    the list has other pages.
    """
    row = f'tr[data-hip-image="{latest["id"]}"]'
    return str(browser.one(f"{row} .hip-versions-toggle").get_attribute("aria-label"))


def test_replaced_and_rolled_back_by_keys(
    browser: Browser, cloud: Cloud, make_version: MakeVersion, unique: Callable[[str], str]
) -> None:
    plain = unique("0 system")
    old = make_version(LATEST, plain, visibility="shared")
    new = make_version(NEW, f"{plain} (new)")
    glance = cloud.glance_client("alice").images
    browser.log_in("alice")
    keys, page = Keyboard(browser), ImagesPage(browser)

    page.open("?sort=-created").wait_until_shown()
    assert page.row_of(new["id"])
    hidden = f'tr[data-hip-image="{new["id"]}"]'
    assert not browser.one(hidden).is_displayed()
    keys.tab_to(toggle_of(browser, old), "button")
    assert keys.focused.get_attribute("aria-expanded") == "false"
    keys.press(Keys.ENTER)
    browser.wait(lambda: browser.one(hidden).is_displayed(), "the other version")
    assert keys.focused.get_attribute("aria-expanded") == "true"

    keys.choose_in_menu(f"More actions of {plain} (new)", "Make It the Latest")
    keys.wait_for_dialog("Make It the Latest")
    browser.wait(
        lambda: f"{plain} (new) is renamed to {plain}." in Dialog(browser).text, "the consequences"
    )
    keys.tab_to("Hide the previous version", "checkbox")
    keys.press(Keys.SPACE)
    keys.press_button("Make It the Latest")
    page.wait_for_message("is the latest version now.")
    assert glance.get(new["id"])["name"] == plain
    assert glance.get(new["id"])["visibility"] == "shared"
    assert glance.get(old["id"])["os_hidden"] is True

    DetailPage(browser).open(new["id"])
    keys.tab_to("Versions")
    keys.press(Keys.ENTER)
    browser.wait(lambda: len(browser.all(".hip-timeline > li")) == 2, "both versions")
    dated = glance.get(old["id"])["name"]
    keys.tab_to(f"Roll Back to This Version: {dated}")
    keys.press(Keys.ENTER)
    keys.wait_for_dialog("Roll Back")
    keys.press_button("Roll Back")
    browser.wait(lambda: glance.get(old["id"])["name"] == plain, "the old version to be back")
    assert glance.get(old["id"])["os_hidden"] is False
    assert glance.get(new["id"])["name"].startswith(f"{plain} (20")


class NewVersionDialog(CreateImageDialog):
    title = "New Version"

    def create(self) -> None:
        self.press("Create Version")


@pytest.mark.parametrize("source", ["file", "location"])
def test_a_family_and_a_new_version(
    browser: Browser,
    cloud: Cloud,
    make_image: Callable[..., Any],
    unique: Callable[[str], str],
    tmp_path: Path,
    source: str,
) -> None:
    """Of a file and of a URL: created, verified, and in the place of the first one."""
    image = make_image(unique("first"), os_distro="tiny", os_version="1", tags=["small"])
    glance = cloud.glance_client("alice").images
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    page.rows()[0].actions.choose("Family")
    family = Dialog(browser)
    family.title = "Family"
    family.wait_until_open()
    assert browser.one("#id_family").get_property("value") == "tiny-1"
    family.press("Save")
    page.wait_for_message("Updated image")
    page.rows()[0].actions.choose("New Version")
    dialog = NewVersionDialog(browser)
    dialog.wait_until_open()
    assert dialog.fields.value("name").startswith(f"{image['name']} (20")

    content = (cloud.files.offer / "cirros-like.qcow2").read_bytes()
    if source == "file":
        file = tmp_path / "next.qcow2"
        file.write_bytes(content)
        dialog.choose_file(file)
    else:
        dialog.choose_location(f"{cloud.files.url}/cirros-like.qcow2")
    dialog.fields.fill("checksum", hashlib.sha256(content).hexdigest())
    item = dialog.create_and_follow()
    assert item.wait_until_active().badges == ["Active", "Verified"]
    new_id = item.image_id
    try:
        made = glance.get(new_id)
        assert (made["os_distro"], made["tags"]) == ("tiny", ["small"])
        page.open(f"?name={new_id}").wait_until_shown()
        page.rows()[0].actions.choose("Make It the Latest")
        latest = Dialog(browser)
        latest.title = "Make It the Latest"
        latest.wait_until_open()
        latest.press("Make It the Latest")
        page.wait_for_message("is the latest version now.")
        assert glance.get(new_id)["name"] == image["name"]
        assert glance.get(image["id"])["name"].startswith(f"{image['name']} (20")
    finally:
        remove(cloud, new_id)


def test_a_snapshot_takes_the_place_of_the_latest_version_by_keys(
    browser: Browser, cloud: Cloud, make_version: MakeVersion, unique: Callable[[str], str]
) -> None:
    """It becomes a version, then the latest one, and the previous one ends by the family's rule."""
    plain, system = unique("0 system"), unique("distro")
    old = make_version(LATEST, plain, os_distro=system, tags=["lts"], hw_disk_bus="scsi")
    content = imagefiles.qcow2(MIB, b"snapshot")
    image_id, name = str(uuid.uuid4()), unique("snapshot")
    checksum = Checksum("sha512", hashlib.sha512(content).hexdigest())
    verified = verified_property(image_id, Verified((checksum,), "2026-11-30T12:00:00Z", "x"))
    own = {"os_distro": system, "hw_disk_bus": "virtio", "image_type": "snapshot"}
    make_version.image(name, content=content, id=image_id, **own, **verified)
    glance = cloud.glance_client("alice").images
    browser.log_in("alice")
    keys, page = Keyboard(browser), ImagesPage(browser)

    page.open("?sort=-created").wait_until_shown()
    keys.choose_in_menu(f"More actions of {name}", "Make It a Version")
    dialog = keys.wait_for_dialog("Make It a Version")
    # The only family that fits is compared at once.
    assert "Tags: lts" in dialog.text
    assert f"{name}, compared with {plain}" in dialog.text
    keys.tab_to("Version")
    browser.run("document.activeElement.select()")
    keys.press("2", Keys.ENTER)
    # Another version has another name, which is shown before.
    browser.wait(lambda: f"{plain} (2)" in Dialog(browser).text, "the comparison of this version")
    keys.tab_to("hw_disk_bus: scsi", "checkbox")
    keys.press(Keys.SPACE)
    keys.press_button("Make It a Version")
    page.wait_for_message("is a version of")
    made = glance.get(image_id)
    assert (made["name"], made["hw_disk_bus"], made["tags"]) == (f"{plain} (2)", "scsi", ["lts"])

    page.open("?sort=-created").wait_until_shown()
    keys.press_button(toggle_of(browser, old))
    keys.choose_in_menu(f"More actions of {plain} (2)", "Make It the Latest")
    keys.wait_for_dialog("Make It the Latest")
    keys.tab_to("Deprecate the previous version in (days)")
    keys.press("0")
    keys.tab_to("Delete it in (days)")
    keys.press("90")
    keys.press_button("Make It the Latest")
    page.wait_for_message("is the latest version now.")
    assert glance.get(image_id)["name"] == plain
    assert glance.get(old["id"])["os_hidden"] is True
    browser.go(f"/project/images/{old['id']}/")
    browser.wait(
        lambda: f"Use {plain} instead." in browser.one("#content_body").text, "the replacement"
    )
    # The dialog has read the uses, so that the tab may have their number.
    keys.tab_to(browser.one("[data-target$=__used_by]").accessible_name)
    keys.press(Keys.ENTER)
    browser.wait(lambda: browser.all('[data-hip-uses="family"]'), "the family")
    assert "This is an earlier version." in browser.one('[data-hip-uses="family"]').text
    assert browser.one("[data-hip-count]").text == "0"


def test_the_end_rule_by_keys(
    browser: Browser, cloud: Cloud, make_version: MakeVersion, unique: Callable[[str], str]
) -> None:
    """Set in the tab of an earlier version, offered with the next change, and removed."""
    plain = unique("0 system")
    latest, new = make_version(LATEST, plain), make_version(NEW, f"{plain} (new)")
    former = make_version(FORMER, f"{plain} (old)")
    glance = cloud.glance_client("alice").images
    before = {each["id"]: dict(glance.get(each["id"])) for each in (new, former)}
    browser.log_in("alice")
    keys = Keyboard(browser)

    def in_the_tab(button: str) -> Dialog:
        browser.go(f"/project/images/{former['id']}/?tab=image_details__versions")
        browser.wait(lambda: browser.all(".hip-timeline"), "the versions")
        keys.tab_to(button)
        keys.press(Keys.ENTER)
        return keys.wait_for_dialog("Set End Rule")

    def is_said(text: str) -> None:
        browser.wait(lambda: text in browser.one("body").text, text)

    dialog = in_the_tab("Set End Rule")
    assert f"The rule is for {plain}, once another version becomes the latest," in dialog.text
    assert "1 earlier version keeps its end dates." in dialog.text
    keys.tab_to("Deprecate the previous version in (days)")
    keys.press("30")
    keys.tab_to("Delete it in (days)")
    keys.press("90")
    keys.press_button("Set End Rule")
    is_said("It is deprecated after 30 days. It is deleted after 90 days.")
    assert glance.get(latest["id"])["name"] == plain
    assert {id_: dict(glance.get(id_)) for id_ in before} == before

    ImagesPage(browser).open(f"?name={new['id']}").wait_until_shown()
    keys.choose_in_menu(f"More actions of {plain} (new)", "Make It the Latest")
    keys.wait_for_dialog("Make It the Latest")
    assert browser.one("#id_deprecate_in").get_property("value") == "30"
    assert browser.one("#id_delete_in").get_property("value") == "90"

    in_the_tab("Set End Rule")
    for field in ("Deprecate the previous version in (days)", "Delete it in (days)"):
        keys.tab_to(field)
        browser.run("document.activeElement.select()")
        keys.press(Keys.DELETE)
    keys.press_button("Set End Rule")
    is_said("was removed.")
    is_said("Earlier versions have no rule for their end.")


def test_versions_on_another_page_stand_below_the_latest_one(
    browser: Browser,
    make_version: MakeVersion,
    make_image: Callable[..., Any],
    unique: Callable[[str], str],
) -> None:
    """They are fetched by the button, and their menus work there."""
    plain = unique("zzzz system")
    latest = make_version(LATEST, plain)
    between = [make_image(f"{plain} !{number}")["id"] for number in range(3)]
    others = [
        make_version(FORMER, f"{plain} ({version})", version=version) for version in ("1", "2")
    ]
    browser.log_in("alice")
    browser.use_page_size(3)
    keys, page = Keyboard(browser), ImagesPage(browser)

    # The first two images are not on the page, which goes on behind them.
    page.open("?sort=-name").wait_until_shown()
    assert page.ids() == list(reversed(between))
    page.turn("Next")
    browser.wait(lambda: page.ids()[:1] == [latest["id"]], "the next page")
    assert toggle_of(browser, latest) == f"More versions of {plain}"
    keys.press_button(f"More versions of {plain}")
    for each in others:
        row = f'tr[data-hip-image="{each["id"]}"]'
        browser.wait(lambda row=row: browser.all(row) and browser.one(row).is_displayed(), row)
    assert set(page.ids()[1:3]) == {each["id"] for each in others}
    assert toggle_of(browser, latest) == f"2 more versions of {plain}"
    keys.choose_in_menu(f"More actions of {plain} (1)", "Roll Back to This Version")
    keys.wait_for_dialog("Roll Back")
