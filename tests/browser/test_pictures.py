# SPDX-License-Identifier: Apache-2.0
"""Takes the pictures of the documentation: PICTURES=FOLDER in the environment names where to.

Without it the test is skipped: `tox -e pictures` runs it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles, seed
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.conftest import remove
from tests.browser.dialogs import CreateImageDialog, SeveralDialog
from tests.browser.pages import ADMIN, DetailPage, ImagesPage, PublishPage
from tests.browser.test_sharing import share_dialog
from tests.pictures import PICTURES

MakeImage = Callable[..., Any]

FOLDER = os.environ.get("PICTURES", "")
SIZE = {"width": 1280, "height": 720, "deviceScaleFactor": 1, "mobile": False}
MAX_BYTES = 150_000
MIB = 1024 * 1024
GIB = 1024 * MIB

#: Names of the images that are uploaded for their pictures.
UPLOADED = ("rocky-9-minimal", "rocky-9-database", "rocky-9-web")

#: Days since the last change of the images, from the newest one on.
AGES_DAYS = (0.05, 0.3, 2, 6, 15, 24, 40, 75, 130, 200, 290, 420)


@pytest.fixture
def images(cloud: Cloud, make_image: MakeImage) -> Iterator[dict[str, Any]]:
    """Images as a project has them, in the project acme-web."""

    def make(name: str, size: int, **fields: Any) -> Any:
        return make_image(name, content=imagefiles.qcow2(size, name.encode()), **fields)

    made = {
        "ubuntu-24.04-server": make(
            "ubuntu-24.04-server", 3 * GIB, os_distro="ubuntu", os_version="24.04",
            architecture="x86_64", hw_disk_bus="virtio", hw_firmware_type="uefi", min_disk=3,
            min_ram=512, protected=True, tags=["golden", "lts"], visibility="shared",
            description="Server without a desktop, with the agents of the web team",
        ),
        "postgres-16": make(
            "postgres-16", 8 * GIB, os_distro="debian", tags=["database"], min_disk=8,
            description="Debian 12 with PostgreSQL 16",
        ),
        "windows-server-2022": make(
            "windows-server-2022", 40 * GIB, os_distro="windows", os_type="windows", min_disk=40,
        ),
    }  # fmt: skip
    shared = made["ubuntu-24.04-server"]
    for project, status in (("acme-data", "accepted"), ("acme-lab", "pending")):
        admin, project_id = cloud.glance_client("admin"), cloud.project_id(project)
        admin.image_members.create(shared["id"], project_id)
        admin.image_members.update(shared["id"], project_id, status)
    age_images(cloud)
    yield made
    for image in cloud.glance_client("admin").images.list(filters={"visibility": "all"}):
        if image["name"] in UPLOADED:
            remove(cloud, image["id"])


def age_images(cloud: Cloud) -> None:
    """Date the images back, in the order of their names: all of them were made just now."""
    with closing(sqlite3.connect(cloud.glance.database, timeout=30)) as connection, connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM images ORDER BY name DESC")]
        for number, image_id in enumerate(ids):
            changed = datetime.now(UTC) - timedelta(days=AGES_DAYS[number % len(AGES_DAYS)])
            values = [f"{time:%Y-%m-%d %H:%M:%S}" for time in (changed - timedelta(2), changed)]
            connection.execute(
                "UPDATE images SET created_at = ?, updated_at = ? WHERE id = ?", [*values, image_id]
            )


@pytest.mark.skipif(not FOLDER, reason="PICTURES=FOLDER takes the pictures")
def test_take_them(browser: Browser, images: dict[str, Any], tmp_path: Path) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SIZE)
    taken = []

    def take(name: str, top: int = 0, is_moving: bool = False) -> None:
        # Without the pointer's traces, and when nothing moves any more.
        browser.run("document.activeElement.blur(); scrollTo(0, arguments[0])", top)
        browser.wait(
            lambda: (
                is_moving
                or browser.run(
                    "return document.getAnimations().every(each => each.playState !== 'running')"
                )
            ),
            "the end of all movements",
        )
        browser.driver.save_screenshot(str(Path(FOLDER) / f"{name}.png"))
        taken.append(name)

    ubuntu = images["ubuntu-24.04-server"]
    browser.log_in("alice")
    page = ImagesPage(browser).open("?sort=-updated")
    row = page.row_of(ubuntu["id"])
    browser.wait(lambda: "2 projects" in row.texts()[".hip-access"], "the numbers")
    for name in ("postgres-16", "windows-server-2022"):
        page.row(name).tick()
    take("project-images")

    page.open("?name=ubuntu")
    browser.click(lambda: browser.one(f"{row.selector} .hip-drawer-toggle"), "the drawer")
    browser.wait(lambda: browser.all(".hip-essentials .hip-copy"), "the essentials")
    take("essentials", top=260)

    DetailPage(browser).open(ubuntu["id"])
    browser.wait(lambda: len(browser.all(".hip-copy")) == 3, "the buttons that copy")
    take("image-details")

    files = [tmp_path / f"{name}.qcow2" for name in UPLOADED]
    for file in files:
        file.write_bytes(imagefiles.qcow2(10 * GIB, os.urandom(6 * MIB)))
    page.open().drop(files[0])
    CreateImageDialog(browser).wait_until_open().wait_for_content("QCOW2")
    take("create-image")

    page.open().drop(*files)
    several = SeveralDialog(browser).wait_until_open()
    browser.wait(lambda: several.values("format") == ["qcow2"] * 3, "the formats to be seen")
    browser.throttle_uploads(MIB)
    several.create()
    several.wait_until_closed()
    page.dock.item(UPLOADED[0]).wait_until_sending()
    take("uploads", is_moving=True)
    browser.throttle_uploads(-1)
    for name in UPLOADED:
        page.dock.item(name).wait_until_active()

    share_dialog(browser, page.open(), "postgres-16")
    take("share-image")

    browser.log_in("acme-admin")
    ImagesPage(browser, ADMIN).open().row_of(seed.image_id("web-server")).actions.choose(
        "Publish Image"
    )
    PublishPage(browser).wait_until_shown()
    take("publish-image")
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert tuple(taken) == PICTURES
    sizes = {name: (Path(FOLDER) / f"{name}.png").stat().st_size for name in taken}
    assert {name: size for name, size in sizes.items() if size > MAX_BYTES} == {}
