# SPDX-License-Identifier: Apache-2.0
"""Two uploads into one image: the page that loses takes nothing for its own."""

import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.dock import Item
from tests.browser.pages import ImagesPage
from tests.browser.waiting import wait_for
from tests.thorough import only_thorough

pytestmark = only_thorough

MIB = 1024 * 1024
Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

AHEAD = "This file was not stored"


class _Held(io.RawIOBase):
    """Data of which the end comes when it is let go."""

    def __init__(self, data: bytes) -> None:
        self.parts = [data[: MIB // 2], data[MIB // 2 :]]
        self.go = threading.Event()

    def read(self, size: int = -1) -> bytes:
        if len(self.parts) == 1:
            self.go.wait(60)
        return self.parts.pop(0) if self.parts else b""


@contextmanager
def colleague(cloud: Cloud, image: Any) -> Iterator[bytes]:
    """Somebody else uploads into the image; they are done when this ends. Their data."""
    data = imagefiles.qcow2(64 * MIB, os.urandom(MIB))
    held = _Held(data)
    glance = cloud.glance_client("alice").images
    uploading = threading.Thread(
        target=lambda: glance.upload(image["id"], held, image_size=len(data))
    )
    uploading.start()
    try:
        wait_until(cloud, image, "saving")
        yield data
    finally:
        held.go.set()
        uploading.join()
    wait_until(cloud, image, "active")


def wait_until(cloud: Cloud, image: Any, status: str) -> None:
    glance = cloud.glance_client("alice").images
    wait_for(
        lambda: glance.get(image["id"])["status"] == status,
        f"the image to be {status}",
        lambda: glance.get(image["id"]),
    )


def begin(browser: Browser, image: Any, file: Path, held: bool) -> Item:
    """Upload Data; `held`: waits for its turn, as a third file does."""
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().row(image["name"]).upload_data()
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    if held:
        browser.run("horizon.helionImages.queue.hold()")
    return dialog.upload(image["name"])


@pytest.mark.parametrize("mib", [1, 48], ids=["small", "large"])
def test_upload_that_comes_second(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    make_image: MakeImage,
    tmp_path: Path,
    mib: int,
) -> None:
    """Of the small file the answer arrives; over the large one the connection breaks."""
    browser.expect_console_error(r"status of 409|ERR_")
    image = make_image(unique("twice"), content=None)
    file = tmp_path / "mine.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, os.urandom(mib * MIB)))
    item = begin(browser, image, file, held=True)
    browser.throttle_uploads(3 * MIB)
    with colleague(cloud, image) as data:
        browser.run("horizon.helionImages.queue.release()")
        assert AHEAD in item.wait_for_failure(within_s=60)
        assert item.buttons() == []
    # What the other one has sent is there, and nothing is made of it here.
    assert item.badges == ["Failed"]
    ImagesPage(browser).wait_for_status(image["name"], "Active")
    assert item.badges == ["Failed"]
    assert b"".join(cloud.glance_client("alice").images.data(image["id"])) == data
    item.dismiss()
    item.wait_until_gone()


def test_retry_after_somebody_else_was_faster(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, tmp_path: Path
) -> None:
    image = make_image(unique("retried late"), content=None)
    file = tmp_path / "mine.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, os.urandom(8 * MIB)))
    browser.throttle_uploads(MIB)
    item = begin(browser, image, file, held=False)
    item.wait_until_sending()
    item.press("Cancel")
    item.wait_for_line("Cancelled.")
    wait_until(cloud, image, "queued")
    with colleague(cloud, image):
        item.press("Retry")
        item.wait_for_line("Cleaning up the previous attempt")
    assert "Other data was stored in this image" in item.wait_for_failure()
    assert item.buttons() == []
