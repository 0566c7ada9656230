# SPDX-License-Identifier: Apache-2.0
"""Takes the pictures of the documentation: PICTURES=FOLDER in the environment names where to.

Without it the test is skipped. `tox -e pictures` writes them into doc/source/images; `tox -e cloud`
and `tox -e browser` into doc/build/pictures, from where `tox -e docs` takes them.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles, seed
from demo.cloud import Cloud
from helion_images_panel.core.family import FORMER, LATEST, NEW, Family, family_property
from tests import publishers
from tests.browser.browser import Browser
from tests.browser.conftest import remove
from tests.browser.dialogs import CreateImageDialog, Dialog, UploadDataDialog
from tests.browser.pages import ADMIN, PROJECT, DetailPage, ImagesPage, PublishPage, RulesPage
from tests.browser.test_sharing import SEARCH, share_dialog
from tests.dashboards import dashboard
from tests.pictures import PICTURES
from tests.publishers import Publishers

MakeImage = Callable[..., Any]

FOLDER = os.environ.get("PICTURES", "")
SIZE = {"width": 1280, "height": 720, "deviceScaleFactor": 1, "mobile": False}
MIB = 1024 * 1024
GIB = 1024 * MIB

#: Names of the images that are uploaded for their pictures.
UPLOADED = ("rocky-9-minimal", "rocky-9-database", "rocky-9-web")

#: What stands in the dialog Set End Dates.
END_DATES = {
    "deprecate_on": "2027-04-30",
    "deactivate_on": "2027-10-31",
    "delete_on": "2028-04-30",
    "replacement": "ubuntu-26.04-server",
}

#: Days since the last change of the images that the pictures are about, and of all others: the
#: first ones stand on the first page of the list, whatever other tests have left.
AGES_DAYS = {"postgres-16": 0.05, "windows-server-2022": 0.3, "ubuntu-24.04-server": 2}
OTHER_AGES_DAYS = (6, 15, 24, 40, 75, 130, 200, 290, 420)


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
    with aged_images(cloud):
        yield made
    for image in cloud.glance_client("admin").images.list(filters={"visibility": "all"}):
        if image["name"] in UPLOADED:
            remove(cloud, image["id"])


@contextmanager
def aged_images(cloud: Cloud) -> Iterator[None]:
    """Date the images back: all of them were made just now.

    Other tests get them with their own times again.
    """
    change = "UPDATE images SET created_at = ?, updated_at = ? WHERE id = ?"
    rows = "SELECT created_at, updated_at, id, name FROM images ORDER BY name DESC"
    with closing(sqlite3.connect(cloud.glance.database, timeout=30)) as connection:
        with connection:
            before = connection.execute(rows).fetchall()
            for (_created, _updated, image_id, name), age in zip(before, cycle(OTHER_AGES_DAYS)):
                changed = datetime.now(UTC) - timedelta(days=AGES_DAYS.get(name, age))
                times = [f"{time:%Y-%m-%d %H:%M:%S}" for time in (changed - timedelta(2), changed)]
                connection.execute(change, [*times, image_id])
        yield
        with connection:
            connection.executemany(change, [row[:3] for row in before])


class Camera:
    """Takes the pictures into the folder, and knows which it has taken."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.taken: list[str] = []

    def take(self, name: str, top: int = 0, is_moving: bool = False) -> None:
        """:param is_moving: a progress bar moves all the time"""
        # Without the pointer's traces, and when nothing moves any more.
        self.browser.run("document.activeElement.blur(); scrollTo(0, arguments[0])", top)
        still = "return document.getAnimations().every(each => each.playState !== 'running')"
        if not is_moving:
            self.browser.wait(lambda: self.browser.run(still), "the end of all movements")
        self.browser.driver.save_screenshot(str(Path(FOLDER) / f"{name}.png"))
        self.taken.append(name)


@pytest.mark.skipif(not FOLDER, reason="PICTURES=FOLDER takes the pictures")
def test_take_them(
    browser: Browser,
    cloud: Cloud,
    images: dict[str, Any],
    make_image: MakeImage,
    tmp_path: Path,
) -> None:
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SIZE)
    camera = Camera(browser)
    browser.log_in("alice")
    take_the_list(camera, images)
    take_new_images(camera, tmp_path)
    take_changes(camera, images)
    take_sharing(camera, images)
    take_admins(camera)
    take_official_images(camera, cloud, tmp_path)
    take_old_images(camera, cloud, make_image)
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert tuple(camera.taken) == PICTURES


def take_the_list(camera: Camera, images: dict[str, Any]) -> None:
    browser, page, ubuntu = (
        camera.browser,
        ImagesPage(camera.browser),
        images["ubuntu-24.04-server"],
    )
    row = page.open("?sort=-updated").row_of(ubuntu["id"])
    browser.wait(lambda: "2 projects" in row.texts()[".hip-access"], "the numbers")
    for name in ("postgres-16", "windows-server-2022"):
        page.row(name).tick()
    camera.take("project-images")

    page.open("?name=ubuntu")
    browser.click(lambda: browser.one(f"{row.selector} .hip-drawer-toggle"), "the drawer")
    browser.wait(lambda: browser.all(".hip-essentials .hip-copy"), "the essentials")
    camera.take("essentials", top=260)

    DetailPage(browser).open(ubuntu["id"])
    browser.wait(lambda: len(browser.all(".hip-copy")) == 3, "the buttons that copy")
    camera.take("image-details")

    page.open("?architecture=x86_64&tag=golden").open_filters()
    camera.take("filters", top=130)

    row = page.open("?sort=-updated").row_of(images["postgres-16"]["id"])
    menu = f"{row.selector} .dropdown-toggle"
    browser.click(lambda: browser.one(menu), "the menu")
    browser.wait(lambda: browser.one(f"{row.selector} .dropdown-menu").is_displayed(), "the menu")
    camera.take("image-menu", top=330)


def take_new_images(camera: Camera, folder: Path) -> None:
    browser, page = camera.browser, ImagesPage(camera.browser)
    files = [folder / f"{name}.qcow2" for name in UPLOADED]
    for file in files:
        file.write_bytes(imagefiles.qcow2(10 * GIB, os.urandom(6 * MIB)))
    page.open().drop(files[0])
    CreateImageDialog(browser).wait_until_open().wait_for_content("QCOW2")
    camera.take("create-image")

    dialog = page.open().create()
    dialog.fields.fill("name", "debian-12")
    dialog.choose_location("https://images.example.org/debian-12-amd64.qcow2")
    dialog.fields.choose("disk_format", "QCOW2 - QEMU Emulator")
    dialog.fields.fill("checksum", "4d1d5f1e" * 8)
    camera.take("create-from-url")

    several = page.open().drop_several(*files)
    browser.wait(lambda: several.values("format") == ["qcow2"] * 3, "the formats to be seen")
    camera.take("create-several")
    browser.throttle_uploads(MIB)
    several.create()
    several.wait_until_closed()
    page.dock.item(UPLOADED[0]).wait_until_sending()
    camera.take("uploads", is_moving=True)
    browser.throttle_uploads(-1)
    for name in UPLOADED:
        page.dock.item(name).wait_until_active()

    page.open().row(UPLOADED[0]).open()
    browser.wait(lambda: len(browser.all(".hip-copy")) == 3, "the buttons that copy")
    camera.take("verified", top=420)

    DetailPage(browser).open(seed.image_id("queued")).actions.choose("Upload Data")
    UploadDataDialog(browser).wait_until_open()
    camera.take("upload-data")


def take_changes(camera: Camera, images: dict[str, Any]) -> None:
    page = ImagesPage(camera.browser)
    page.open().row("ubuntu-24.04-server").edit()
    camera.take("edit-image")

    page.open().row("ubuntu-24.04-server").update_metadata()
    camera.take("update-metadata")

    page.open("?sort=-updated")
    for name in images:
        page.row(name).tick()
    dialog = page.begin_for_ticked("Delete Images")
    camera.browser.wait(lambda: "Checking" not in dialog.text, "the uses of the images")
    camera.take("delete-images")

    page.open().row("ubuntu-24.04-server").actions.choose("Set End Dates")
    Dialog(camera.browser).wait_until_open()
    for name, value in END_DATES.items():
        camera.browser.run(f"document.querySelector('.modal [name={name}]').value = '{value}'")
    camera.take("end-dates")

    page.open().row("windows-server-2022").begin("Delete Image").confirm()
    page.wait_for_message("Deleted Image: windows-server-2022")
    page.open("?view=deleted")
    camera.take("deleted-images")

    camera.browser.go(f"{PROJECT}storage/")
    camera.browser.wait(lambda: camera.browser.all("[data-hip-storage-whole]"), "the whole count")
    camera.take("storage")


def take_sharing(camera: Camera, images: dict[str, Any]) -> None:
    browser = camera.browser
    share_dialog(browser, ImagesPage(browser).open(), "postgres-16")
    camera.take("share-image")

    DetailPage(browser).open(images["ubuntu-24.04-server"]["id"])
    browser.click(lambda: browser.one("[data-target='#image_details__access']"), "the tab Access")
    browser.wait(lambda: browser.all("#members tbody tr"), "the members")
    camera.take("access")

    browser.log_in("bob")
    browser.go(f"{PROJECT}shared/")
    browser.wait(lambda: browser.all("#shared tbody tr[data-object-id]"), "the shared images")
    camera.take("shared-with-me")


def take_admins(camera: Camera) -> None:
    browser = camera.browser
    browser.log_in("acme-admin")
    dialog = ImagesPage(browser).open().create()
    dialog.fields.fill("name", "rocky-9-web")
    dialog.open_access()
    for name in ("acme-data", "acme-lab"):
        browser.one(SEARCH).send_keys(name, Keys.ENTER)
    camera.take("create-access")

    page = ImagesPage(browser, ADMIN).open()
    camera.take("admin-images")

    page.open("?name=web-server").row_of(seed.image_id("web-server")).actions.choose(
        "Publish Image"
    )
    PublishPage(browser).wait_until_shown()
    camera.take("publish-image")

    page.open("?name=web-server").row_of(seed.image_id("web-server")).change_owner()
    camera.take("change-owner")

    browser.log_in("admin")
    DetailPage(browser).open(seed.image_id("web-server"), ADMIN)
    browser.click(lambda: browser.one("[data-target='#image_details__stores']"), "the tab Stores")
    browser.wait(lambda: browser.all("#stores tbody tr"), "the stores")
    camera.take("stores")


def take_official_images(camera: Camera, cloud: Cloud, folder: Path) -> None:
    """With a dashboard that has read the lists of the tests' publishers."""
    browser, catalogue = camera.browser, folder / "catalogue.yaml"
    catalogue.write_text(publishers.catalogue_text())
    with Publishers().running() as server:
        settings = {
            "HELION_IMAGES_CATALOGUE": [str(catalogue)],
            "HELION_IMAGES_CATALOGUE_ACCESS": server.url,
        }
        with dashboard(cloud, "pictures", settings) as horizon:
            browser.url = horizon.url
            browser.log_in("alice", fresh=True)
            browser.go(f"{PROJECT}catalogue/")
            status = "[data-hip-builds-status]"
            browser.wait(
                lambda: browser.all(status) and browser.one(status).text.endswith("were read."),
                "the publishers' lists to be read",
            )
            browser.wait(lambda: "Nov. 17, 2026" in browser.one(".hip-cards").text, "the builds")
            camera.take("official-images")
            browser.url = cloud.horizon.url


def take_old_images(camera: Camera, cloud: Cloud, make_image: MakeImage) -> None:
    """Snapshots and versions, which no other picture is to show."""
    browser, snapshot = camera.browser, {"image_type": "snapshot"}
    made = {
        make_image(name, content=imagefiles.qcow2(size, name.encode()), **snapshot, **fields)[
            "id"
        ]: days
        for name, size, days, fields in (
            ("web-1-before-upgrade", 20 * GIB, 260, {}),
            ("web-2-before-upgrade", 20 * GIB, 260, {}),
            ("db-1-nightly-2026-02", 80 * GIB, 290, {}),
            ("build-agent-baseline", 10 * GIB, 400, {"protected": True}),
        )
    }
    for name, version, role, days in (
        ("debian-13", "2026-11-10", LATEST, 20),
        ("debian-13 (2026-10-04)", "2026-10-04", FORMER, 57),
        ("debian-13 (2026-08-23)", "2026-08-23", FORMER, 99),
        ("debian-13 (2026-11-29)", "2026-11-29", NEW, 1),
    ):
        image_id = str(uuid.uuid4())
        record = family_property(
            image_id, cloud.project_id("acme-web"), Family("debian-13", version, role)
        )
        content = imagefiles.qcow2(2 * GIB, name.encode())
        make_image(name, content=content, id=image_id, os_distro="debian", **record)
        made[image_id] = days
    date_back(cloud, made)
    browser.log_in("alice", fresh=True)
    page = RulesPage(browser).open()
    page.choose("snapshots")
    page.preview()
    camera.take("clean-up", top=130)

    latest = next(image_id for image_id, days in made.items() if days == 20)
    browser.go(f"{PROJECT}{latest}/?tab=image_details__versions")
    browser.wait(lambda: len(browser.all(".hip-timeline > li")) == 4, "all versions")
    camera.take("versions")
    take_uses(camera, cloud, make_image, latest)


def take_uses(camera: Camera, cloud: Cloud, make_image: MakeImage, latest: str) -> None:
    """The latest version of a family in a tree of images: two levels above it, two below."""
    origin = {"id": ""}
    for name in ("debian-13-minimal", "debian-13-agents"):
        origin = make_image(name, base_image_ref=origin["id"])
    cloud.glance_client("alice").images.update(latest, base_image_ref=origin["id"])
    snapshots = [
        make_image(name, base_image_ref=latest, image_type="snapshot")
        for name in ("web-3-before-upgrade", "web-4-before-upgrade", "build-agent-7")
    ]
    for name in ("web-3-with-profiler", "web-3-with-new-kernel"):
        make_image(name, base_image_ref=snapshots[0]["id"])
    browser = camera.browser
    browser.go(f"{PROJECT}{latest}/?tab=image_details__used_by")
    browser.wait(lambda: len(browser.all("[data-hip-tree] li")) == 8, "the whole tree")
    camera.take("used-by", top=220)


def date_back(cloud: Cloud, ages_days: dict[str, int]) -> None:
    change = "UPDATE images SET created_at = ?, updated_at = ? WHERE id = ?"
    with closing(sqlite3.connect(cloud.glance.database, timeout=30)) as connection, connection:
        for image_id, days in ages_days.items():
            then = f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d %H:%M:%S}"
            connection.execute(change, [then, then, image_id])
