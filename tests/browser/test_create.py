# SPDX-License-Identifier: Apache-2.0
"""Create Image, from a file and from a location."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.dialogs import UploadDataDialog
from tests.browser.pages import ADMIN, PROJECT, ImagesPage
from tests.browser.waiting import wait_for
from tests.thorough import only_thorough

MIB = 1024 * 1024
Unique = Callable[[str], str]


def image_named(cloud: Cloud, name: str, user: str = "alice") -> Any:
    """The one image of this name, as Glance has it."""
    found = list(cloud.glance_client(user).images.list(filters={"name": name}))
    assert len(found) == 1, f"{len(found)} images are named {name!r}"
    return found[0]


def data_of(cloud: Cloud, image: Any) -> bytes:
    return b"".join(cloud.glance_client("alice").images.data(image["id"]))


def test_file_becomes_an_image(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    name, content = unique("from a file"), imagefiles.qcow2(64 * MIB, os.urandom(64 * 1024))
    file = tmp_path / "disk.qcow2"
    file.write_bytes(content)
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.create()
    dialog.fields.fill("name", name)
    dialog.fields.fill("description", "Two lines\nof text")
    dialog.choose_file(file)
    browser.wait(lambda: dialog.fields.value("disk_format") == "qcow2", "the format to be seen")
    dialog.open_requirements()
    dialog.fields.fill("architecture", "x86_64")
    dialog.fields.fill("min_disk", "3")
    dialog.fields.fill("min_ram", "512")
    dialog.open_access()
    dialog.fields.set_ticked("protected")
    item = dialog.create_and_follow().wait_until_active()
    assert item.badges == ["Active", "Verified"]
    page.wait_for_status(name, "Active Verified")
    assert page.row(name).cells()["Format"] == "QCOW2"
    image = image_named(cloud, name)
    assert image["status"] == "active"
    assert image["disk_format"] == "qcow2"
    assert image["container_format"] == "bare"
    assert image["description"] == "Two lines\nof text"
    assert image["architecture"] == "x86_64"
    assert (image["min_disk"], image["min_ram"]) == (3, 512)
    assert image["protected"] is True
    assert image["owner"] == cloud.project_id("acme-web")
    assert image["os_hash_value"] == hashlib.sha512(content).hexdigest()
    assert data_of(cloud, image) == content


def test_progress_of_a_file_moves(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    name, content = unique("slow file"), imagefiles.qcow2(64 * MIB, os.urandom(6 * MIB))
    file = tmp_path / "disk.qcow2"
    file.write_bytes(content)
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.create()
    dialog.fields.fill("name", name)
    dialog.choose_file(file)
    browser.wait(lambda: dialog.fields.value("disk_format") == "qcow2", "the format to be seen")
    browser.throttle_uploads(MIB)
    item = dialog.create_and_follow()

    item.wait_until_sending(percent=10)
    first = item.line
    assert "of 6" in first
    assert "/s" in first
    item.wait_for_line("stored")
    item.wait_until_sending(percent=40)
    assert item.line != first
    assert item.buttons() == ["Cancel"]
    assert re.match(r"1 upload, \d+% – .* left", page.dock.summary)
    browser.throttle_uploads(-1)
    item.wait_until_active()
    page.wait_for_status(name, "Active Verified")
    assert page.dock.summary == "1 image ready"
    assert data_of(cloud, image_named(cloud, name)) == content


def test_name_is_taken_from_the_file(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "debian-12.generic.iso"
    file.write_bytes(imagefiles.iso9660("X", {}))
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    browser.wait(lambda: dialog.fields.value("disk_format") == "iso", "the format to be seen")
    assert dialog.fields.value("name") == "debian-12.generic"


def start_from_location(
    browser: Browser,
    name: str,
    url: str,
    checksum: str = "",
    user: str = "alice",
    panel: str = PROJECT,
) -> Any:
    browser.log_in(user)
    dialog = ImagesPage(browser, panel).open().create()
    dialog.fields.fill("name", name)
    dialog.choose_location(url)
    dialog.fields.choose("disk_format", "QCOW2 - QEMU Emulator")
    if checksum:
        dialog.fields.fill("checksum", checksum)
    return dialog


def test_location_becomes_an_image(browser: Browser, cloud: Cloud, unique: Unique) -> None:
    name, url = unique("from a location"), f"{cloud.files.url}/cirros-like.qcow2"
    item = start_from_location(browser, name, url).create_and_follow()

    item.wait_until_active()
    ImagesPage(browser).wait_for_status(name, "Active")
    offered = (cloud.files.offer / "cirros-like.qcow2").read_bytes()
    assert data_of(cloud, image_named(cloud, name)) == offered


@pytest.mark.parametrize(("user", "panel"), [("alice", PROJECT), ("acme-admin", ADMIN)])
def test_location_with_its_checksum_is_verified(
    browser: Browser, cloud: Cloud, unique: Unique, user: str, panel: str
) -> None:
    """By the page that has entered it, in both panels."""
    name = unique("checked location")
    offered = (cloud.files.offer / "cirros-like.qcow2").read_bytes()
    url, checksum = f"{cloud.files.url}/cirros-like.qcow2", hashlib.sha256(offered).hexdigest()
    item = start_from_location(browser, name, url, checksum, user, panel).create_and_follow()

    assert item.wait_until_active().badges == ["Active", "Verified"]
    ImagesPage(browser).wait_for_status(name, "Active Verified")


@only_thorough
def test_publishers_whole_list_of_checksums(browser: Browser, cloud: Cloud, unique: Unique) -> None:
    name = unique("listed location")
    offered = (cloud.files.offer / "cirros-like.qcow2").read_bytes()
    lines = [
        f"{'0' * 64}  tiny.qcow2",
        f"{hashlib.sha256(offered).hexdigest()} *cirros-like.qcow2",
        f"{'1' * 64}  cirros-like.qcow2.manifest",
    ]
    url = f"{cloud.files.url}/cirros-like.qcow2"
    dialog = start_from_location(browser, name, url, "\n".join(lines[::2]))
    dialog.create()
    browser.wait(
        lambda: "none for “cirros-like.qcow2”" in dialog.fields.error("checksum"),
        "the field to say what is missing",
    )
    dialog.fields.fill("checksum", "\n".join(lines))
    item = dialog.create_and_follow()
    assert item.wait_until_active().badges == ["Active", "Verified"]


@only_thorough
def test_the_kind_of_checksum_is_said_when_the_field_is_left(browser: Browser) -> None:
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()

    def said() -> str:
        texts = browser.texts(".modal.in form[data-hip-create] [role=status]")
        return " ".join(text for text in texts if "checksum" in text)

    for entered, expected in (
        ("0" * 64, "SHA-256 checksum recognized."),
        ("SHA512 (disk.img) = " + "1" * 128, "SHA-512 checksum recognized."),
        ("2" * 63, "The text is not a checksum."),
        ("2" * 32, "MD5 checksum recognized."),
    ):
        dialog.fields.fill("checksum", entered)
        assert said() == "", "what was said of the text before stays"
        browser.one(".modal.in [name=name]").click()
        browser.wait(lambda expected=expected: expected in said(), f"{expected!r}")
    assert violations(browser, ".modal.in") == []


@only_thorough
def test_location_whose_check_could_not_be_made_is_not_verified(
    browser: Browser, cloud: Cloud, unique: Unique
) -> None:
    browser.expect_console_error(r"ERR_BLOCKED_BY_CLIENT")
    name, url = unique("unchecked location"), f"{cloud.files.url}/cirros-like.qcow2"
    dialog = start_from_location(browser, name, url, "0" * 64)
    browser.driver.execute_cdp_cmd("Network.enable", {})
    browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/verify/*"]})
    item = dialog.create_and_follow()
    assert item.wait_until_active().badges == ["Active", "Not verified"]
    assert "not verified yet" in " ".join(item.warnings)
    # To those who hear the page too.
    browser.wait(lambda: "not verified yet" in ImagesPage(browser).dock.said, "the warning")


@only_thorough
def test_location_with_another_checksum_is_told_and_kept(
    browser: Browser, cloud: Cloud, unique: Unique
) -> None:
    name, expected = unique("swapped"), "0" * 64
    url = f"{cloud.files.url}/cirros-like.qcow2"
    offered = (cloud.files.offer / "cirros-like.qcow2").read_bytes()
    item = start_from_location(browser, name, url, expected).create_and_follow()

    item.wait_for_failure()
    shown = " ".join([item.wait_for_failure(), *item.checksums])
    assert expected in shown
    assert hashlib.sha256(offered).hexdigest() in shown
    # The cloud may have converted it: nothing tells.
    assert image_named(cloud, name)["status"] == "active"


def test_progress_of_a_location_is_shown(browser: Browser, cloud: Cloud, unique: Unique) -> None:
    """And it goes on when the page is left."""
    name = unique("slow location")
    url = f"{cloud.files.url}/slow/cirros-like.qcow2?seconds=8"
    item = start_from_location(browser, name, url).create_and_follow()

    item.wait_for_line("You can leave this page")
    page = ImagesPage(browser)
    assert page.dock.summary == "1 import"
    wait_for(
        lambda: image_named(cloud, name)["status"] == "importing",
        "the import to begin",
        lambda: image_named(cloud, name),
    )
    page.open()
    assert browser.prompt is None
    assert page.row(name).cells()["Status"].startswith("Importing")
    page.wait_for_status(name, "Active")


@pytest.mark.parametrize(
    ("misfortune", "cause", "ways_on"),
    [
        ("nothing-here.qcow2", "not found", ["Try Another URL", "Upload a File Instead"]),
        ("expired/cirros-like.qcow2", "web page", ["Upload a File Instead"]),
    ],
)
def test_location_without_an_image_is_explained_and_removed(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    misfortune: str,
    cause: str,
    ways_on: list[str],
) -> None:
    name = unique("misfortune")
    item = start_from_location(browser, name, f"{cloud.files.url}/{misfortune}").create_and_follow()

    reason = item.wait_for_failure()
    assert misfortune not in reason
    assert cause in reason + item.open_details()
    assert misfortune in item.open_details()
    assert image_named(cloud, name)["status"] == "queued"
    assert item.buttons() == [*ways_on, "Delete Image"]
    item.press("Delete Image")
    item.wait_until_gone()
    page = ImagesPage(browser)
    assert "Success" in page.wait_for_message(name)
    browser.wait(lambda: name not in page.names(), "the row to go")
    assert not list(cloud.glance_client("alice").images.list(filters={"name": name}))


def test_a_location_that_failed_is_corrected(
    browser: Browser, cloud: Cloud, unique: Unique
) -> None:
    name, wrong = unique("corrected"), f"{cloud.files.url}/nothing-here.qcow2"
    item = start_from_location(browser, name, wrong).create_and_follow()
    item.wait_for_failure()
    item.press("Try Another URL")
    dialog = UploadDataDialog(browser).wait_until_open()
    assert dialog.fields.value("location") == wrong
    dialog.fields.fill("location", f"{cloud.files.url}/tiny.qcow2")
    dialog.upload(name).wait_until_active()
    assert image_named(cloud, name)["status"] == "active"


@only_thorough
def test_import_is_stopped_by_deleting_its_image(
    browser: Browser, cloud: Cloud, unique: Unique
) -> None:
    name = unique("stopped")
    url = f"{cloud.files.url}/slow/cirros-like.qcow2?seconds=20"
    item = start_from_location(browser, name, url).create_and_follow()
    item.wait_for_line("You can leave this page")
    item.press("Cancel")
    assert "Only deleting the image stops it" in item.question
    item.press("Stop and Delete Image")
    item.wait_until_gone()
    assert not list(cloud.glance_client("alice").images.list(filters={"name": name}))


def test_refused_location_shows_the_reason_and_leaves_nothing(
    browser: Browser, cloud: Cloud, unique: Unique
) -> None:
    name = unique("refused")
    dialog = start_from_location(browser, name, "http://127.0.0.1:22/disk.qcow2")
    dialog.create()

    reason = dialog.wait_for_alert()
    assert "not created" in reason
    assert "URI" in reason or "http://127.0.0.1:22" in reason
    assert dialog.fields.value("name") == name
    assert dialog.fields.value("location") == "http://127.0.0.1:22/disk.qcow2"
    assert not list(cloud.glance_client("alice").images.list(filters={"name": name}))


@pytest.mark.parametrize("location", ["", "ftp://example.com/a.qcow2", "a.qcow2"])
def test_location_that_is_no_web_address(browser: Browser, unique: Unique, location: str) -> None:
    dialog = start_from_location(browser, unique("nowhere"), location)
    dialog.create()
    browser.wait(
        lambda: "http://" in dialog.fields.error("location"), "the field to say what is wrong"
    )


def test_missing_file_is_asked_for(browser: Browser, unique: Unique) -> None:
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.fields.fill("name", unique("without a file"))
    dialog.fields.choose("disk_format", "Raw")
    dialog.create()
    browser.wait(lambda: "Choose a file." in dialog.text, "the dialog to ask for a file")


@pytest.mark.parametrize("from_requirements", [False, True], ids=["image tab", "other tab"])
def test_missing_format_is_asked_for_and_the_file_kept(
    browser: Browser, unique: Unique, tmp_path: Path, from_requirements: bool
) -> None:
    """A browser cannot point at a field that a themed drop-down or a tab hides."""
    file = tmp_path / "unknown.bin"
    file.write_bytes(b"no format that anybody knows")
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.fields.fill("name", unique("without a format"))
    dialog.choose_file(file)
    if from_requirements:
        dialog.open_requirements()
    dialog.create()
    browser.wait(lambda: dialog.fields.error("disk_format"), "the format to be asked for")
    assert (
        browser.one("form[data-hip-create] [data-hip-file]")
        .get_attribute("value")
        .endswith(file.name)
    )
