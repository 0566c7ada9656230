# SPDX-License-Identifier: Apache-2.0
"""An import that is started again by itself, and how far an import is."""

from __future__ import annotations

from collections.abc import Callable

from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import DetailPage
from tests.browser.test_create import Unique, image_named, start_from_location

WAITS = "The import failed. It is started again after 5 seconds while this page is open."
GOES_ON = "The import failed and was started again."
ALERT = "[data-hip-failure]"

#: Keeps what an alert has said: some of it stands there for a moment.
RECORD = """
const selector = arguments[0], seen = window.hipSeen = [];
function look() {
  document.querySelectorAll(selector).forEach((alert) => {
    const text = alert.textContent.replace(/\\s+/g, ' ').trim();
    if (seen.at(-1) !== text) { seen.push(text); }
  });
}
new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
look();
"""


def seen(browser: Browser) -> list[str]:
    return list(browser.run("return window.hipSeen"))


def test_an_import_that_was_cut_off_arrives_without_a_click(
    browser: Browser, cloud: Cloud, unique: Unique
) -> None:
    name = unique("cut off")
    url = f"{cloud.files.url}/once/{unique('key').replace(' ', '-')}/tiny.qcow2"
    dialog = start_from_location(browser, name, url)
    browser.run(RECORD, "[data-hip-dock] .alert-info")
    item = dialog.create_and_follow()
    item.wait_until_active(60)
    said = seen(browser)
    assert [text.partition(" Details")[0].partition("Details")[0] for text in said] == [
        WAITS,
        GOES_ON,
    ]
    assert all(url in text for text in said)
    assert item.notes == ""
    assert image_named(cloud, name)["status"] == "active"


def test_an_import_that_fails_twice_says_so(
    browser: Browser, cloud: Cloud, unique: Unique, set_width: Callable[[int], None]
) -> None:
    set_width(390)
    item = start_from_location(
        browser, unique("twice"), f"{cloud.files.url}/status/500"
    ).create_and_follow()
    browser.wait(lambda: WAITS in item.notes, "the failure and what follows", 30)
    assert (item.badges, item.buttons(), item.line) == ([], ["Cancel"], "")
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert violations(browser, "[data-hip-dock]") == []
    reason = item.wait_for_failure(60)
    assert "The import was tried twice." in reason
    assert item.buttons() == ["Try Another URL", "Upload a File Instead", "Delete Image"]


def test_the_details_start_it_and_follow_it(browser: Browser, cloud: Cloud, unique: Unique) -> None:
    """Of an image whose page was left when the import failed."""
    browser.log_in("alice")
    alice = cloud.glance_client("alice")
    image = alice.images.create(
        name=unique("left"), disk_format="qcow2", container_format="bare", visibility="private"
    )
    url = f"{cloud.files.url}/once/{unique('key').replace(' ', '-')}/tiny.qcow2"
    image_url = f"{cloud.glance.url}/v2/images/{image.id}"
    # As the panel starts it: otherwise Glance does not show that it has refused nothing.
    body = {
        "method": {"name": "web-download", "uri": url},
        "stores": ["fast"],
        "all_stores_must_succeed": False,
    }
    cloud.session("alice").post(f"{image_url}/import", json=body)
    browser.wait(
        lambda: (
            cloud.session("alice").get(f"{image_url}/tasks").json()["tasks"][0]["status"]
            == "failure"
        ),
        "the import to fail",
        30,
    )
    DetailPage(browser).open(image.id)
    browser.run(RECORD, ALERT)
    browser.wait(lambda: alice.images.get(image.id).status == "active", "the image", 60)
    browser.wait(lambda: not browser.all(ALERT), "the page to show it", 30)
    assert seen(browser)[0].startswith("The import failed. ")
    assert len(cloud.session("alice").get(f"{image_url}/tasks").json()["tasks"]) == 2


def test_the_size_that_the_check_has_found_is_shown(
    browser: Browser, cloud: Cloud, unique: Unique
) -> None:
    """Glance says nothing of its own while it downloads, and nothing is invented."""
    url = f"{cloud.files.url}/slow/cirros-like.qcow2?seconds=8"
    dialog = start_from_location(browser, unique("slow"), url)
    browser.click(lambda: browser.one(".input-group-btn button"), "Check URL")
    browser.wait(lambda: "virtual size" in browser.one(".hip-url-check").text, "the check", 20)
    item = dialog.create_and_follow()
    line = item.wait_for_line("is downloading the data (1 MiB). You can leave this page.")
    assert "/s" not in line
    item.wait_until_active()
