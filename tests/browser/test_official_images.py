# SPDX-License-Identifier: Apache-2.0
"""Official Images by keys alone, with lists that are read while the page is open."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from demo.cloud import Cloud
from helion_images_panel.core.family import LATEST, Family, family_property
from tests import publishers
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.conftest import remove
from tests.browser.dialogs import CreateImageDialog
from tests.browser.dock import Dock
from tests.browser.keyboard import Keyboard
from tests.browser.pages import PROJECT, ImagesPage
from tests.dashboards import dashboard
from tests.publishers import Publishers

STATUS = "[data-hip-builds-status]"
SPOILED, OTHER = "Spoiled Linux", "a" * 64


@pytest.fixture(scope="module")
def url(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard that reaches all publishers, and whose catalogue has the demo's image, also
    with a checksum that is not its own.
    """
    folder: Path = tmp_path_factory.mktemp("catalogue")
    file = folder / "publishers.yaml"
    file.write_text(publishers.catalogue_text())
    own = cloud.horizon.folder / "catalogue.yaml"
    tiny, _small = yaml.safe_load(own.read_text())["images"]
    (version,) = tiny["versions"]
    meta = {**tiny["meta"], "os_distro": "spoiled"}
    spoiled = {**tiny, "name": SPOILED, "meta": meta}
    spoiled["versions"] = [{**version, "checksum": f"sha256:{OTHER}"}]
    (folder / "spoiled.yaml").write_text(yaml.safe_dump({"images": [spoiled]}))
    with Publishers().running() as server:
        settings = {
            "HELION_IMAGES_CATALOGUE": [str(file), str(own), str(folder / "spoiled.yaml")],
            "HELION_IMAGES_CATALOGUE_ACCESS": server.url,
        }
        with dashboard(cloud, "official-images", settings) as horizon:
            yield horizon.url


def card(browser: Browser, title: str) -> str:
    """The text of a card; empty while the page is shown anew."""
    texts = browser.texts(".hip-cards > li")
    return next((text for text in texts if text.startswith(title)), "")


def test_an_image_is_added_by_keys(
    browser: Browser, cloud: Cloud, url: str, set_width: Callable[[int], None]
) -> None:
    browser.url = url
    browser.log_in("alice", fresh=True)
    keys = Keyboard(browser)
    ImagesPage(browser).open().wait_until_shown()
    keys.press_button("Official Images")
    browser.wait(
        lambda: browser.all(STATUS) and browser.one(STATUS).text.endswith("lists were read."),
        "the publishers' lists to be read",
    )
    browser.wait(lambda: "Nov. 17, 2026" in card(browser, "Debian 13"), "the newest build")
    assert "is compressed (xz)" in card(browser, "FreeBSD")
    keys.tab_to("Name or distribution")
    keys.press("tiny", Keys.ENTER)
    browser.wait(lambda: len(browser.all(".hip-cards > li")) == 1, "the filter to apply")
    keys.press_button("Add to this cloud…")
    dialog = keys.wait_for_dialog("Add Official Image")
    assert f"{cloud.files.url}/tiny.qcow2" in dialog.text
    for width in (1400, 390):
        set_width(width)
        assert violations(browser, ".modal.in") == []
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    keys.press_button("Add Image")
    item = Dock(browser).item("Tiny Linux")
    try:
        item.wait_until_active()
        browser.wait(
            lambda: "up to date: Tiny Linux" in card(browser, "Tiny Linux"), "the card to say so"
        )
        image = cloud.glance_client("alice").images.get(item.image_id)
        assert (image["os_distro"], image["tags"]) == ("tiny", ["demo"])
    finally:
        remove(cloud, item.image_id)


def test_a_version_of_a_family_by_keys(
    browser: Browser,
    cloud: Cloud,
    url: str,
    make_image: Callable[..., Any],
    unique: Callable[[str], str],
) -> None:
    """The next step is offered once the image is verified."""
    image_id, name = str(uuid.uuid4()), unique("Tiny")
    record = family_property(
        image_id, cloud.project_id("acme-web"), Family(unique("f"), "", LATEST)
    )
    own = cloud.horizon.folder / "catalogue.yaml"
    meta = yaml.safe_load(own.read_text())["images"][0]["meta"]
    make_image(name, id=image_id, **record, **meta, tags=["lts"])
    glance = cloud.glance_client("alice").images
    browser.url = url
    browser.log_in("alice", fresh=True)
    keys = Keyboard(browser)
    browser.go("/project/images/catalogue/?search=tiny&versions=all")
    keys.press_button("Add to this cloud…")
    dialog = keys.wait_for_dialog("Add Official Image")
    assert "As a Version Of" in dialog.text
    keys.tab_to("Name")
    dated = str(keys.focused.get_property("value"))
    assert dated.startswith(f"{name} (")
    keys.press_button("Add Image")
    item = Dock(browser).item(dated)
    try:
        item.wait_until_active()
        keys.press_button(f"Make It the Latest: {dated}")
        keys.wait_for_dialog("Make It the Latest")
        keys.press_button("Make It the Latest")
        browser.wait(lambda: glance.get(item.image_id)["name"] == name, "the name of the latest")
        assert set(glance.get(item.image_id)["tags"]) == {"demo", "lts"}
    finally:
        remove(cloud, item.image_id)


def test_what_is_not_the_publishers_goes_and_the_dock_says_why(
    browser: Browser, cloud: Cloud, url: str
) -> None:
    browser.url = url
    browser.log_in("alice", fresh=True)
    keys = Keyboard(browser)
    ImagesPage(browser).open().wait_until_shown()
    keys.press_button("Official Images")
    keys.tab_to("Name or distribution")
    keys.press("spoiled", Keys.ENTER)
    browser.wait(lambda: len(browser.all(".hip-cards > li")) == 1, "the filter to apply")
    keys.press_button("Add to this cloud…")
    keys.wait_for_dialog("Add Official Image")
    keys.press_button("Add Image")
    item = Dock(browser).item(SPOILED)
    try:
        said = item.wait_for_failure()
        assert "does not match the publisher's checksum" in said
        assert "the image is being deleted. Add it again from Official Images." in said
        digest = hashlib.sha256((cloud.files.offer / "tiny.qcow2").read_bytes()).hexdigest()
        assert item.checksums == [f"sha256:{OTHER}", f"sha256:{digest}"]
        client = cloud.glance_client("alice")
        browser.wait(
            lambda: not list(client.images.list(filters={"name": SPOILED})), "the image to go"
        )
    finally:
        remove(cloud, item.image_id)


@pytest.mark.parametrize("is_right", [True, False], ids=["verified", "not the publisher's"])
def test_an_admin_publishes_to_the_domain(
    browser: Browser, cloud: Cloud, url: str, is_right: bool
) -> None:
    """In one flow; what is not the publisher's is never published."""
    title, name = ("Tiny Linux", "tiny") if is_right else (SPOILED, "spoiled")
    bob = cloud.glance_client("bob").images
    seen: set[str] = set()

    def seen_by_bob() -> set[str]:
        seen.update(each["id"] for each in bob.list())
        return seen

    browser.url = url
    browser.log_in("acme-admin", fresh=True)
    keys = Keyboard(browser)
    browser.go(f"/admin/images/catalogue/?search={name}")
    keys.press_button("Add to this cloud…")
    dialog = keys.wait_for_dialog("Add Official Image")
    assert "stays private until its data is compared" in dialog.text
    assert violations(browser, ".modal.in") == []
    Select(browser.one(".modal.in [name=audience]")).select_by_value("domain")
    keys.press_button("Add Image")
    item = Dock(browser).item(title)
    try:
        if not is_right:
            browser.wait(lambda: seen_by_bob() and item.badges == ["Failed"], "the mismatch")
            said = item.wait_for_failure()
            assert "does not match the publisher's checksum" in said
            assert item.published == ""
            assert item.image_id not in seen
            return
        item.wait_until_active()
        browser.wait(
            lambda: re.fullmatch(r"Published to (\d+) of \1 projects\.", item.published),
            "the publication",
        )
        assert item.badges == ["Active", "Verified"]
        assert item.warnings == []
        assert item.image_id in seen_by_bob()
    finally:
        remove(cloud, item.image_id)


def test_a_compressed_file_is_downloaded_and_uploaded(
    browser: Browser, cloud: Cloud, url: str, set_width: Callable[[int], None]
) -> None:
    """With the values of the catalogue in the dialog."""
    browser.url = url
    browser.log_in("alice", fresh=True)
    browser.go(f"{PROJECT}catalogue/?search=small")
    file = cloud.files.offer / "tiny.qcow2.xz"
    link = browser.one(".hip-cards a[target=_blank]")
    assert link.get_property("href") == f"{cloud.files.url}/{file.name}"
    for width in (390, 1400):
        set_width(width)
        assert violations(browser, ".hip-cards") == []
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    browser.click(lambda: browser.one(".hip-cards [id$=_upload]"), "Upload the file…")
    dialog = CreateImageDialog(browser)
    dialog.wait_until_open()
    checksum = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    assert dialog.fields.value("checksum") == checksum
    dialog.choose_file(file)
    dialog.wait_for_content("Compressed file (xz).")
    assert dialog.fields.value("name") == "Small BSD"
    item = dialog.create_and_follow()
    try:
        item.wait_until_active()
        assert item.badges == ["Active", "Verified"]
        image = cloud.glance_client("alice").images.get(item.image_id)
        expected = {
            "disk_format": "qcow2",
            "min_disk": 1,
            "min_ram": 64,
            "architecture": "x86_64",
            "os_distro": "smallbsd",
            "image_source": f"{cloud.files.url}/{file.name}",
            "tags": ["demo"],
        }
        assert {name: image.get(name) for name in expected} == expected
        browser.wait(
            lambda: "up to date: Small BSD" in card(browser, "Small BSD"), "the card to say so"
        )
    finally:
        remove(cloud, item.image_id)
