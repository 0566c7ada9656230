# SPDX-License-Identifier: Apache-2.0
"""Uploads that do not get to their end."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog
from tests.browser.pages import ImagesPage
from tests.browser.waiting import wait_for

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
def upload(browser: Browser, unique: Unique, file: Path) -> Callable[[str], CreateImageDialog]:
    """Begins an upload that is slow, and returns when a part of it is sent."""

    def begin(name: str, protected: bool = False) -> CreateImageDialog:
        browser.log_in("alice")
        dialog = ImagesPage(browser).open().create()
        dialog.fields.fill("name", name)
        dialog.choose_file(file)
        browser.wait(lambda: dialog.fields.value("disk_format") == "qcow2", "the format to be seen")
        if protected:
            dialog.open_requirements()
            dialog.fields.set_ticked("protected")
        browser.throttle_uploads(SLOW)
        dialog.create()
        dialog.wait_until_sending(percent=4)
        return dialog

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
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., CreateImageDialog]
) -> None:
    name = unique("cancelled")
    dialog = upload(name)
    dialog.press("Cancel Upload")
    assert "cancelled" in dialog.wait_for_alert()
    assert "stays queued until it is removed" in dialog.text
    assert dialog.buttons() == ["Keep It Queued", "Remove Image"]
    wait_until_queued(cloud, name)
    dialog.press("Remove Image")
    page = ImagesPage(browser).wait_until_shown()
    page.wait_for_message(f"Deleted Image: {name}")
    assert name not in page.names()
    assert image_named(cloud, name) is None


def test_cancelled_and_removed_at_once(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., CreateImageDialog]
) -> None:
    """Glance may not have noticed yet that the data has ended."""
    name = unique("removed at once")
    dialog = upload(name, protected=True)
    dialog.press("Cancel Upload")
    dialog.press("Remove Image")
    page = ImagesPage(browser).wait_until_shown()
    page.wait_for_message(f"Deleted Image: {name}")
    assert image_named(cloud, name) is None


def test_cancelled_upload_may_be_kept(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., CreateImageDialog]
) -> None:
    name = unique("kept")
    dialog = upload(name)
    dialog.press("Cancel Upload")
    dialog.press("Keep It Queued")
    page = ImagesPage(browser).wait_until_shown()
    page.wait_for_status(name, "Queued")
    assert image_named(cloud, name)["status"] == "queued"


@pytest.mark.usefixtures("glance_back")
def test_glance_dies_in_the_middle(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., CreateImageDialog]
) -> None:
    browser.expect_console_error(r"status of 50[0-9]|ERR_")
    name = unique("without glance")
    dialog = upload(name)
    cloud.glance.kill()
    browser.throttle_uploads(8 * MIB)
    reason = dialog.wait_for_alert(within_s=60)
    assert "image service" in reason
    assert "Remove Image" in dialog.buttons()
    cloud.glance.start()
    assert image_named(cloud, name)["status"] in ("queued", "saving")

    dialog.press("Remove Image")
    page = ImagesPage(browser).wait_until_shown()
    page.wait_for_message(f"Deleted Image: {name}")
    assert image_named(cloud, name) is None


@pytest.mark.usefixtures("glance_back")
def test_list_without_glance(browser: Browser, cloud: Cloud) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    cloud.glance.kill()
    page.open()
    assert "could not be listed" in page.wait_for_message("The image service does not answer")
    assert page.ids() == []
    cloud.glance.start()
    page.open()
    assert "web-server" in page.names()


def test_wrong_format_is_explained(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    browser.expect_console_error(r"status of 415")
    name = unique("wrong format")
    text = tmp_path / "notes.txt"
    text.write_bytes(b"This is not a disk.\n" * 1000)
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(text)
    dialog.fields.fill("name", name)
    dialog.fields.choose("disk_format", "QCOW2 - QEMU Emulator")
    dialog.create()
    reason = dialog.wait_for_alert()
    assert "qcow2" in reason.lower()
    assert image_named(cloud, name)["status"] == "queued"
    dialog.press("Remove Image")
    ImagesPage(browser).wait_until_shown().wait_for_message(f"Deleted Image: {name}")


def test_backing_file_is_refused(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    browser.expect_console_error(r"status of 415")
    name = unique("backed")
    file = tmp_path / "backed.qcow2"
    file.write_bytes(imagefiles.qcow2(MIB, backing_file="/etc/passwd"))
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.fields.fill("name", name)
    browser.wait(lambda: dialog.fields.value("disk_format") == "qcow2", "the format to be seen")
    dialog.create()
    assert dialog.wait_for_alert()
    assert image_named(cloud, name)["status"] == "queued"


def test_leaving_asks_first_while_bytes_move(
    browser: Browser, cloud: Cloud, unique: Unique, upload: Callable[..., CreateImageDialog]
) -> None:
    name = unique("left")
    dialog = upload(name)
    browser.run("setTimeout(() => location.assign('/identity/'), 0)")
    browser.wait(lambda: browser.prompt is not None, "the page to ask before it is left")
    browser.driver.switch_to.alert.dismiss()
    before = dialog.percent or 0
    dialog.wait_until_sending(percent=before + 1)

    dialog.press("Cancel Upload")
    dialog.wait_for_alert()
    browser.go("/identity/")
    assert browser.prompt is None
    assert browser.path.startswith("/identity/")
    wait_until_queued(cloud, name)


def test_dialog_does_not_close_by_mistake(
    browser: Browser, unique: Unique, upload: Callable[..., CreateImageDialog]
) -> None:
    """Escape does not take the person's upload away."""
    dialog = upload(unique("escape"))
    browser.run(
        "document.querySelector('.modal.in').dispatchEvent(new KeyboardEvent("
        "'keydown', {key: 'Escape', keyCode: 27, which: 27, bubbles: true}))"
    )
    dialog.wait_until_sending(percent=(dialog.percent or 0) + 1)
    dialog.press("Cancel Upload")
    dialog.wait_for_alert()
