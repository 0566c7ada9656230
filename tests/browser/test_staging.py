# SPDX-License-Identifier: Apache-2.0
"""A file that is staged and then converted by the cloud: both halves, in the dock and after."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.browser.browser import Browser
from tests.browser.pages import DetailPage, ImagesPage
from tests.converting import converting, make_disk, require_qemu
from tests.dashboards import dashboard

Unique = Callable[[str], str]

#: Notes each state of a transfer, with the sentence that the dock shows then.
LISTEN = """
window.seen = [];
document.addEventListener('hip:transfer', function (event) {
  window.seen.push([event.detail.state, horizon.helionImages.dockWords.line(event.detail)]);
});
"""


@pytest.fixture(scope="module")
def stager(cloud: Cloud) -> Iterator[Horizon]:
    require_qemu()
    settings = {"HELION_IMAGES_UPLOAD_METHOD": "stage"}
    with converting(cloud, requires=False), dashboard(cloud, "stage", settings) as horizon:
        yield horizon


def test_a_file_is_sent_and_then_imported(
    browser: Browser, cloud: Cloud, unique: Unique, stager: Horizon, tmp_path: Path
) -> None:
    disk = make_disk(tmp_path / "disk.qcow2")
    browser.url = stager.url
    browser.log_in("alice", fresh=True)
    page = ImagesPage(browser).open()
    dialog = page.create()
    dialog.choose_file(disk)
    dialog.wait_for_content("QCOW2")
    name = unique("staged")
    dialog.fields.fill("name", name)
    dialog.fields.fill("checksum", hashlib.sha256(disk.read_bytes()).hexdigest())
    browser.run(LISTEN)
    item = dialog.create_and_follow().wait_until_active(within_s=60)
    assert item.badges == ["Active", "Converted"]
    assert item.line == "4 MiB"
    assert "and matched. The virtual size of 4 MiB agrees" in item.warnings[0]
    seen = [tuple(each) for each in browser.run("return window.seen")]
    states = list(dict.fromkeys(state for state, _line in seen))
    assert [state for state in states if state in ("sending", "importing", "done")] == [
        "sending",
        "importing",
        "done",
    ]
    line = "The image service is importing the file. You can leave this page."
    assert ("importing", line) in seen
    page.wait_for_status(name, "Active Converted")
    assert page.row(name).cells()["Format"] == "Raw"
    (image,) = cloud.glance_client("alice").images.list(filters={"name": name})
    facts = DetailPage(browser).open(image["id"]).facts()
    assert facts["Verified"].startswith("The uploaded file was")
