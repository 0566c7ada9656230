# SPDX-License-Identifier: Apache-2.0
"""Uploads that do not get to their end."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.dialogs import UploadDataDialog
from tests.browser.dock import Item
from tests.browser.pages import ImagesPage
from tests.browser.waiting import wait_for
from tests.thorough import only_thorough

MIB = 1024 * 1024
Unique = Callable[[str], str]

#: At this speed the file takes longer than any test looks at it.
SLOW = MIB


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "large.qcow2"
    path.write_bytes(imagefiles.qcow2(64 * MIB, os.urandom(48 * MIB)))
    return path


@pytest.fixture
def upload(browser: Browser, unique: Unique, file: Path) -> Callable[..., Item]:
    """Begins an upload that is slow, and returns when a part of it is sent."""

    def begin(name: str, protected: bool = False) -> Item:
        browser.log_in("alice")
        dialog = ImagesPage(browser).open().create()
        dialog.fields.fill("name", name)
        dialog.choose_file(file)
        browser.wait(lambda: dialog.fields.value("disk_format") == "qcow2", "the format to be seen")
        if protected:
            dialog.open_access()
            dialog.fields.set_ticked("protected")
        browser.throttle_uploads(SLOW)
        item = dialog.create_and_follow()
        item.wait_until_sending(percent=4)
        return item

    return begin


@pytest.fixture
def glance_back(cloud: Cloud) -> Iterator[None]:
    """Glance runs again after the test, whatever it did to it."""
    yield
    if not cloud.glance.is_running:
        cloud.glance.start()


def image_named(cloud: Cloud, name: str) -> Any:
    found = list(cloud.glance_client("alice").images.list(filters={"name": name}))
    return found[0] if found else None


def wait_until_queued(cloud: Cloud, name: str) -> None:
    wait_for(
        lambda: image_named(cloud, name)["status"] == "queued",
        f"{name!r} to be queued again",
        lambda: image_named(cloud, name),
        within_s=30,
    )


def test_cancelled_upload_leaves_what_can_be_removed(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., Item]
) -> None:
    name = unique("cancelled")
    item = upload(name)
    item.press("Cancel")
    item.wait_for_line("Cancelled.")
    assert item.buttons() == ["Retry", "Keep Image", "Delete Image"]
    wait_until_queued(cloud, name)
    item.press("Delete Image")
    item.wait_until_gone()
    page = ImagesPage(browser)
    page.wait_for_message(f"Deleted Image: {name}")
    browser.wait(lambda: name not in page.names(), "the row to go")
    assert image_named(cloud, name) is None


@only_thorough
def test_cancelled_and_removed_at_once(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., Item]
) -> None:
    """Glance may not have noticed yet that the data has ended."""
    name = unique("removed at once")
    item = upload(name, protected=True)
    item.press("Cancel")
    item.press("Delete Image")
    assert item.question == "The image is protected. Delete it anyway?"
    item.press("Delete Image")
    item.wait_until_gone()
    assert image_named(cloud, name) is None


@only_thorough
def test_image_that_could_not_be_removed_takes_its_data_all_the_same(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., Item]
) -> None:
    """Somebody has protected it meanwhile."""
    name = unique("protected meanwhile")
    item = upload(name)
    item.press("Cancel")
    wait_until_queued(cloud, name)
    cloud.glance_client("alice").images.update(image_named(cloud, name)["id"], protected=True)
    item.press("Delete Image")
    assert "Unable to delete the image." in item.wait_for_failure()
    assert item.buttons() == ["Retry", "Delete Image"]
    browser.throttle_uploads(-1)
    item.press("Retry")
    item.wait_until_active()


def test_cancelled_upload_is_retried_into_the_same_image(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., Item], file: Path
) -> None:
    name = unique("retried")
    item = upload(name)
    before = image_named(cloud, name)["id"]
    item.press("Cancel")
    browser.throttle_uploads(-1)
    item.press("Retry")
    item.wait_until_active()
    after = image_named(cloud, name)
    assert (after["id"], after["status"]) == (before, "active")
    assert after["os_hash_value"] == hashlib.sha512(file.read_bytes()).hexdigest()


@only_thorough
def test_kept_image_gets_its_data_later(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    upload: Callable[..., Item],
    file: Path,
) -> None:
    name = unique("kept")
    item = upload(name)
    before = image_named(cloud, name)["id"]
    item.press("Cancel")
    item.press("Keep Image")
    item.wait_for_line("The image is kept without data.")
    item.dismiss()
    page = ImagesPage(browser)
    browser.wait(lambda: not page.dock.is_there, "the dock to go")
    page.wait_for_status(name, "Queued")

    browser.throttle_uploads(-1)
    dialog = page.row(name).upload_data()
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    dialog.upload(name).wait_until_active()
    page.wait_for_status(name, "Active Verified")
    assert image_named(cloud, name)["id"] == before


@only_thorough
@pytest.mark.usefixtures("glance_back")
def test_glance_dies_in_the_middle(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., Item]
) -> None:
    browser.expect_console_error(r"status of 50[0-9]|ERR_")
    name = unique("without glance")
    item = upload(name)
    cloud.glance.kill()
    browser.throttle_uploads(8 * MIB)
    reason = item.wait_for_failure(within_s=60)
    assert "image service" in reason
    assert item.buttons() == ["Retry", "Delete Image"]
    cloud.glance.start()
    assert image_named(cloud, name)["status"] == "saving"

    # Glance would not take it: no Retry is offered that cannot work.
    item.press("Retry")
    assert "accepts no more data: delete it and create it again" in item.wait_for_failure()
    assert item.buttons() == ["Delete and Create Again", "Delete Image"]
    item.press("Delete Image")
    item.wait_until_gone()
    assert image_named(cloud, name) is None


@pytest.mark.usefixtures("glance_back")
def test_list_without_glance(browser: Browser, cloud: Cloud) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    cloud.glance.kill()
    page.open()
    browser.expect_console_error(r"status of 503")
    expected = ["Unable to retrieve the images. The image service is not responding."]
    browser.wait(lambda: browser.texts("[data-hip-images] .alert-danger") == expected, "the reason")
    assert page.ids() == []
    cloud.glance.start()
    browser.wait(cloud.glance.answers, "Glance")
    browser.one("[data-hip-images] .alert-danger + p a").click()
    browser.wait(lambda: "web-server" in page.names(), "the list")


def begin_upload(browser: Browser, name: str, file: Path, disk_format: str = "") -> Item:
    """In a browser that cannot tell what the file is, as of a format of tomorrow."""
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    browser.run("horizon.helionImages.contentVerdict = () => ''")
    dialog.choose_file(file)
    dialog.wait_for_content(".")
    dialog.fields.fill("name", name)
    if disk_format:
        dialog.fields.choose("disk_format", disk_format)
    return dialog.create_and_follow()


def test_wrong_format_is_explained(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    browser.expect_console_error(r"status of 415")
    name = unique("wrong format")
    text = tmp_path / "notes.txt"
    text.write_bytes(b"This is not a disk.\n" * 1000)
    item = begin_upload(browser, name, text, "QCOW2 - QEMU Emulator")
    assert "qcow2" in item.wait_for_failure().lower()
    wait_until_queued(cloud, name)
    item.press("Delete Image")
    item.wait_until_gone()
    assert image_named(cloud, name) is None


def test_format_is_switched_and_the_file_sent_again(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    browser.expect_console_error(r"status of 415")
    name, file = unique("called raw"), tmp_path / "disk.img"
    file.write_bytes(imagefiles.qcow2(64 * MIB, b"A disk."))
    item = begin_upload(browser, name, file, "Raw")
    assert "QCOW2" in item.wait_for_failure()
    before = image_named(cloud, name)
    assert before["status"] in ("queued", "saving")
    item.press("Switch to QCOW2 and Retry")
    item.wait_until_active()
    after = image_named(cloud, name)
    assert after["id"] == before["id"]
    assert after["disk_format"] == "qcow2"


@only_thorough
def test_backing_file_is_refused(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    browser.expect_console_error(r"status of 415")
    name = unique("backed")
    file = tmp_path / "backed.qcow2"
    file.write_bytes(imagefiles.qcow2(MIB, backing_file="/etc/passwd"))
    item = begin_upload(browser, name, file)
    assert item.wait_for_failure()
    assert item.buttons() == ["Upload Data", "Delete Image"]
    wait_until_queued(cloud, name)


def test_wrong_checksum_shows_both_values(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    browser.expect_console_error(r"status of 422")
    name, content = unique("not the one"), imagefiles.qcow2(MIB, b"Another disk.")
    file, expected = tmp_path / "disk.qcow2", hashlib.sha256(b"the one").hexdigest()
    file.write_bytes(content)
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    dialog.fields.fill("name", name)
    dialog.fields.fill("checksum", expected)
    item = dialog.create_and_follow()
    item.wait_for_failure()
    actual = hashlib.sha256(content).hexdigest()
    assert item.checksums == [f"sha256:{expected}", f"sha256:{actual}"]
    assert item.buttons() == ["Retry", "Upload Data", "Delete Image"]
    wait_until_queued(cloud, name)

    # The checksum was what was wrong.
    item.press("Upload Data")
    another = UploadDataDialog(browser).wait_until_open()
    another.choose_file(file)
    another.wait_for_content("QCOW2")
    another.fields.fill("checksum", actual)
    assert another.upload(name).wait_until_active().badges == ["Active", "Verified"]


def test_leaving_asks_first_while_bytes_move(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., Item]
) -> None:
    name = unique("left")
    item = upload(name)
    browser.run("setTimeout(() => location.assign('/identity/'), 0)")
    browser.wait(lambda: browser.prompt is not None, "the page to ask before it is left")
    browser.driver.switch_to.alert.dismiss()
    before = item.percent or 0
    item.wait_until_sending(percent=before + 1)

    item.press("Cancel")
    item.wait_for_line("Cancelled.")
    browser.go("/identity/")
    assert browser.prompt is None
    assert browser.path.startswith("/identity/")
    wait_until_queued(cloud, name)


@only_thorough
def test_page_can_be_worked_with_meanwhile(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    upload: Callable[..., Item],
    make_image: Callable[..., Any],
) -> None:
    """Edit, Protect and Delete beside an upload, which goes on and asks nothing."""
    other, ticked = (make_image(unique(word)) for word in ("edited", "ticked"))
    item = upload(unique("goes on"))
    page = ImagesPage(browser)
    glance = cloud.glance_client("alice").images

    dialog = page.row(other["name"]).edit()
    browser.run("document.querySelector('#update_image_form [name=name]').value = 'x'.repeat(300)")
    dialog.update()
    browser.wait(lambda: "255" in dialog.fields.error("name"), "the name to be refused")
    renamed = unique("renamed")
    dialog.fields.fill("name", renamed)
    dialog.update()
    page.wait_for_message("Updated image")
    assert page.row(renamed).image_id == other["id"]

    page.row(renamed).actions.choose("Protect Image")
    page.wait_for_message("Protected Image")
    browser.wait(lambda: page.row(renamed).is_protected, "the list")
    assert glance.get(other["id"])["protected"] is True

    page.row(ticked["name"]).tick()
    page.begin_for_ticked("Delete Images").confirm()
    page.wait_for_message("Deleted Image")
    browser.wait(lambda: ticked["name"] not in page.names(), "the row to go")

    assert browser.prompt is None
    assert item.line.startswith("Sent ")
    item.wait_until_sending(percent=(item.percent or 0) + 1)
    item.press("Cancel")
    item.wait_for_line("Cancelled.")
