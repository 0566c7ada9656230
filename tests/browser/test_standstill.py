# SPDX-License-Identifier: Apache-2.0
"""Services and networks that stand still, or come back, while a page waits for them."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from demo.service import Service
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import expected_property
from tests.browser.browser import Browser
from tests.browser.dock import Item
from tests.browser.pages import ADMIN, DetailPage, ImagesPage
from tests.thorough import only_thorough

pytestmark = only_thorough

MIB = 1024 * 1024
Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


@contextmanager
def standing_still(service: Service) -> Iterator[None]:
    """It takes requests, as far as its machine keeps them, and answers none."""
    workers = service.worker_pids
    try:
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)
        yield
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGCONT)


def disk(tmp_path: Path, mib: int) -> Path:
    file = tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, os.urandom(mib * MIB)))
    return file


def begin(browser: Browser, name: str, file: Path) -> Item:
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    dialog.fields.fill("name", name)
    return dialog.create_and_follow()


def focused(browser: Browser) -> str:
    return str(browser.run("return document.activeElement.innerText"))


def test_bytes_that_stand_still_are_told(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    """No speed and no time left while nobody takes them."""
    browser.throttle_uploads(MIB)
    item = begin(browser, unique("stands still"), disk(tmp_path, 48))
    item.wait_until_sending(percent=4)
    item.wait_for_line(" left")
    with standing_still(cloud.horizon):
        browser.throttle_uploads(-1)
        line = item.wait_for_line("No progress for", within_s=60)
        assert " left" not in line
        assert " left" not in ImagesPage(browser).dock.summary
    item.wait_until_active(within_s=60)


def test_cancel_is_no_button_that_removes(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    """When all is sent, the button under the hand stays, and asks."""
    name = unique("nearly there")
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(disk(tmp_path, 1))
    dialog.wait_for_content("QCOW2")
    dialog.fields.fill("name", name)
    browser.run("horizon.helionImages.queue.hold()")
    item = dialog.create_and_follow()
    browser.run("document.querySelector('.hip-dock-buttons .btn').focus()")
    with standing_still(cloud.glance):
        browser.run("horizon.helionImages.queue.release()")
        item.wait_for_line("Uploaded. Processing")
        assert item.buttons() == ["Cancel"]
        assert focused(browser) == "Cancel"

        item.press("Cancel")
        assert item.buttons() == ["Stop and Delete Image", "Keep Image"]
        assert "Only deleting the image" in item.question
        assert focused(browser) == "Keep Image"
        item.press("Keep Image")
        assert (item.buttons(), item.question) == (["Cancel"], "")
        assert focused(browser) == "Cancel"
        item.press("Cancel")
    # A question that has answered itself goes.
    item.wait_until_active()
    assert (item.buttons(), item.question) == ([], "")


def test_image_that_was_there_before_is_not_removed_by_one_click(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, tmp_path: Path
) -> None:
    image = make_image(unique("older"), content=None)
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().row(image["name"]).upload_data()
    dialog.choose_file(disk(tmp_path, 8))
    dialog.wait_for_content("QCOW2")
    browser.throttle_uploads(MIB)
    item = dialog.upload(image["name"])
    item.wait_until_sending()
    item.press("Cancel")
    item.wait_for_line("Cancelled.")
    item.press("Delete Image")
    assert "existed before this upload" in item.question
    item.press("Keep Image")
    assert item.buttons() == ["Retry", "Keep Image", "Delete Image"]
    assert cloud.glance_client("alice").images.get(image["id"])["id"] == image["id"]
    item.press("Delete Image")
    item.press("Delete Image")
    item.wait_until_gone()


def test_leaving_asks_first_while_a_check_may_remove_the_image(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("being checked"))
    note = expected_property(image["id"], Checksum("sha256", "0" * 64))
    cloud.glance_client("alice").images.update(image["id"], **note)
    browser.log_in("admin")
    DetailPage(browser).open(image["id"], ADMIN)
    with standing_still(cloud.glance):
        browser.click(lambda: browser.one("[data-hip-verify-now]"), "the button that checks")
        browser.run("setTimeout(() => location.assign('/identity/'), 0)")
        browser.wait(lambda: browser.prompt is not None, "the page to ask before it is left")
        browser.driver.switch_to.alert.dismiss()
    alarm = browser.wait(lambda: browser.texts("[data-hip-alarm]"), "the alarm")[0]
    assert f"sha256:{'0' * 64}" in alarm


@pytest.fixture
def horizon_back(cloud: Cloud) -> Iterator[None]:
    """The dashboard runs again after the test, whatever it did to it."""
    yield
    if not cloud.horizon.is_running:
        cloud.horizon.start()


@pytest.mark.usefixtures("horizon_back")
def test_dashboard_is_restarted_in_the_middle(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    browser.expect_console_error(r"ERR_|status of 50[0-9]")
    browser.throttle_uploads(MIB)
    item = begin(browser, unique("restarted"), disk(tmp_path, 24))
    item.wait_until_sending(percent=4)
    cloud.horizon.kill()
    item.wait_for_line("Checking how much was received", within_s=30)
    browser.throttle_uploads(-1)
    cloud.horizon.start()
    assert "The upload failed:" in item.wait_for_failure(within_s=60)
    assert item.buttons() == ["Retry", "Delete Image"]
    item.press("Retry")
    item.wait_until_active()
