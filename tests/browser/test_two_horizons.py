# SPDX-License-Identifier: Apache-2.0
"""Two dashboards behind nginx, one of which dies under a page."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import ImagesPage
from tests.integration import two_horizons
from tests.integration.two_horizons import Site
from tests.thorough import only_thorough

pytestmark = only_thorough

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def site(cloud: Cloud) -> Iterator[Site]:
    two_horizons.require()
    with Site(cloud).running() as running:
        yield running


def test_a_file_goes_on_by_retry_into_the_same_image(
    browser: Browser, cloud: Cloud, site: Site, unique: Callable[[str], str], tmp_path: Path
) -> None:
    """The other dashboard knows the image, and what became of its data."""
    browser.expect_console_error(r"ERR_|status of 50[0-9]")
    file = tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, os.urandom(24 * MIB)))
    browser.url = site.nginx.url
    browser.log_in("alice", fresh=True)
    browser.throttle_uploads(MIB)
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    dialog.fields.fill("name", unique("two dashboards"))
    with site.gate.watching("PUT /v2/images/.*/file"):
        item = dialog.create_and_follow()
        item.wait_until_sending(percent=4)
        site.kill_sender()
    assert "The upload failed:" in item.wait_for_failure(within_s=60)
    assert item.buttons() == ["Retry", "Delete Image"]
    browser.throttle_uploads(-1)
    item.press("Retry")
    item.wait_until_active()
    image = cloud.glance_client("alice").images.get(item.image_id)
    assert (image["status"], image["size"]) == ("active", file.stat().st_size)
    assert image["name"] in ImagesPage(browser).open().names()
