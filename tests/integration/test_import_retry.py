# SPDX-License-Identifier: Apache-2.0
"""An import that failed for a passing cause is started again, once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import PROJECT
from tests.integration.reconfigured import reconfigured
from tests.integration.test_imports import begin, ended, told
from tests.integration.waiting import wait_until

#: Seconds after which the demo's dashboard starts an import again, and a bit.
RETRIED_WITHIN_S = 5 + 2

#: Hours after which Glance lets go of an import that it has not begun.
LAPSED_H = 3


def tasks(cloud: Cloud, image_id: str) -> list[dict[str, Any]]:
    """Glance's own tasks of the image, oldest first."""
    found = cloud.session("alice").get(f"{cloud.glance.url}/v2/images/{image_id}/tasks")
    return sorted(found.json()["tasks"], key=lambda task: str(task["created_at"]))


def followed(dashboard: Dashboard, image_id: str) -> list[dict[str, Any]]:
    """What a page is told until the import has ended, without repetitions."""
    seen: list[dict[str, Any]] = []

    def look() -> dict[str, Any]:
        state = told(dashboard, image_id)
        if not seen or (state["retry"], state["status"]) != (seen[-1]["retry"], seen[-1]["status"]):
            seen.append(state)
        return state

    wait_until(
        look,
        lambda state: (
            state["status"] == "active" or (state["failure"] and not state["in_progress"])
        ),
        f"the import of {image_id} to end",
        60,
    )
    return seen


def stays_at(cloud: Cloud, dashboard: Dashboard, image_id: str, count: int) -> None:
    """However long a page asks, there are so many imports."""
    deadline = time.monotonic() + RETRIED_WITHIN_S
    while time.monotonic() < deadline:
        assert told(dashboard, image_id)["retry"] == ""
        time.sleep(0.5)
    assert len(tasks(cloud, image_id)) == count


def test_a_download_that_was_cut_off_is_started_again_into_the_same_store(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    alice, url = person("alice"), f"{cloud.files.url}/once/{unique('key')}/tiny.qcow2"
    image_id = begin(alice, images, url, store="archive")
    seen = followed(alice, image_id)
    assert [state["status"] for state in seen][-1] == "active"
    waiting = next(state for state in seen if state["retry"] == "waiting")
    assert "started again after 5 seconds" in waiting["retry_note"]
    assert url in waiting["retry_details"]
    assert (waiting["in_progress"], waiting["failure"]) == (True, "")
    first, second = tasks(cloud, image_id)
    assert (first["status"], second["status"]) == ("failure", "success")
    for name in ("import_req", "backend"):
        assert second["input"][name] == first["input"][name]
    assert second["input"]["backend"] == ["archive"]
    assert images.show(image_id)["stores"] == "archive"
    assert images.data(image_id) == (cloud.files.offer / "tiny.qcow2").read_bytes()


def test_a_server_that_is_busy_for_a_moment(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    """Also of an image whose page was left: the details say it, and the next page starts it."""
    alice = person("alice")
    image_id = begin(alice, images, f"{cloud.files.url}/busy/{unique('key')}/tiny.qcow2")
    wait_until(
        lambda: tasks(cloud, image_id)[0]["status"], lambda s: s == "failure", "the import to fail"
    )
    assert "The import failed. The dashboard is checking its URL." in (
        alice.get(PROJECT.detail(image_id)).text
    )
    wait_until(
        lambda: told(alice, image_id), lambda s: s["retry"] == "waiting", "the check of the URL"
    )
    page = alice.get(PROJECT.detail(image_id))
    assert "started again after 5 seconds" in page.text
    assert 'data-hip-retry="waiting"' in page.response.text
    assert len(tasks(cloud, image_id)) == 1  # Looking at a page starts nothing.
    seen = followed(alice, image_id)
    assert (seen[-1]["status"], len(tasks(cloud, image_id))) == ("active", 2)


def test_it_is_started_twice_at_most(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    alice = person("alice")
    image_id = begin(alice, images, f"{cloud.files.url}/status/500")
    seen = followed(alice, image_id)
    assert {"waiting", "started"} <= {state["retry"] for state in seen}
    assert seen[-1]["failure"].endswith("The import was tried twice.")
    assert seen[-1]["takes_url"]
    assert "The import was tried twice." in alice.get(PROJECT.detail(image_id)).text
    stays_at(cloud, alice, image_id, 2)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.qcow2",
        "/status/403",
        "/status/404",
        "/tiny.iso",
        "/page.html",
        "/elsewhere/tiny.qcow2",
        # The rest of such a URL grants access, and nobody knows it any more.
        "/cut/tiny.qcow2?signature=x",
    ],
)
def test_no_other_cause_starts_it_again(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, path: str
) -> None:
    alice = person("alice")
    image_id = begin(alice, images, cloud.files.url + path)
    state = ended(alice, image_id)
    assert "twice" not in state["failure"]
    stays_at(cloud, alice, image_id, 1)


def test_many_pages_start_it_once(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    """Four sessions ask as fast as they can."""
    alice = person("alice")
    url = f"{cloud.files.url}/once/{unique('key')}/tiny.qcow2"
    image_id = begin(alice, images, url)
    user = cloud.user("alice")
    pages = [
        Dashboard(cloud.horizon.url).log_in(user, cloud.project_id(user.project)) for _ in range(4)
    ]
    with ThreadPoolExecutor(len(pages)) as pool:
        all_seen = list(pool.map(lambda page: followed(page, image_id), pages))
    assert [seen[-1]["status"] for seen in all_seen] == ["active"] * len(pages)
    assert len(tasks(cloud, image_id)) == 2


def test_whoever_may_only_look_starts_nothing(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    image_id = images.make("readers", owner="demo", data=None, disk_format="qcow2")
    url = f"{cloud.files.url}/once/{unique('key')}/tiny.qcow2"
    admin = cloud.session("admin")
    body = {
        "method": {"name": "web-download", "uri": url},
        "stores": ["fast"],
        "all_stores_must_succeed": False,
    }
    admin.post(f"{cloud.glance.url}/v2/images/{image_id}/import", json=body)
    wait_until(
        lambda: admin.get(f"{cloud.glance.url}/v2/images/{image_id}/tasks").json()["tasks"],
        lambda found: found[0]["status"] == "failure",
        "the import to fail",
    )
    deadline = time.monotonic() + RETRIED_WITHIN_S
    while time.monotonic() < deadline:
        assert told(person("reader"), image_id)["retry"] == ""
        time.sleep(0.5)
    found = admin.get(f"{cloud.glance.url}/v2/images/{image_id}/tasks").json()["tasks"]
    assert len(found) == 1


@pytest.fixture
def one_import_at_a_time(cloud: Cloud) -> Iterator[None]:
    with reconfigured(cloud, more_config="[wsgi]\ntask_pool_threads = 1\n"):
        yield


def age(cloud: Cloud, image_id: str, hours: float) -> None:
    """Let so much time pass for Glance since it has worked on the image's imports."""
    with closing(sqlite3.connect(cloud.glance.database, timeout=30)) as connection, connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM tasks WHERE image_id = ?", (image_id,)
        ).fetchone()
        assert count
        connection.execute(
            "UPDATE tasks SET updated_at = datetime(updated_at, ?) WHERE image_id = ?",
            (f"-{hours} hours", image_id),
        )


def test_glance_that_hangs(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, one_import_at_a_time: None
) -> None:
    """A server that stops sending holds Glance's only thread for imports. Then Glance is killed.

    The image whose download had begun takes nothing any more: Glance refuses another import and
    a file for good, whatever time has passed. The import that waited is started again.
    """
    alice = person("alice")
    stalled = begin(alice, images, f"{cloud.files.url}/stall/tiny.qcow2")
    images.wait_for_status(stalled, "importing")
    pending = begin(alice, images, f"{cloud.files.url}/tiny.qcow2")
    assert tasks(cloud, pending)[0]["status"] == "pending"
    age(cloud, pending, 0.5)
    assert (
        "It accepts another import into this image in 89 minutes"
        in (told(alice, pending)["standstill"])
    )
    cloud.glance.kill()
    cloud.glance.start()
    wait_until(cloud.glance.answers, bool, "Glance to answer")
    for image_id in (stalled, pending):
        age(cloud, image_id, LAPSED_H)

    state = told(alice, stalled)
    assert (state["status"], state["in_progress"], state["retry"]) == ("importing", True, "")
    assert "delete it and create it again" in state["standstill"]
    assert state["standstill"] in alice.get(PROJECT.detail(stalled)).text
    api, image_url = cloud.session("alice"), f"{cloud.glance.url}/v2/images/{stalled}"
    method = {"name": "web-download", "uri": f"{cloud.files.url}/tiny.qcow2"}
    refused = api.post(f"{image_url}/import", json={"method": method}, raise_exc=False)
    assert (refused.status_code, "'queued' state" in unescape(refused.text)) == (409, True)
    headers = {"Content-Type": "application/octet-stream"}
    for path in ("file", "stage"):
        refused = api.put(f"{image_url}/{path}", data=b"x", headers=headers, raise_exc=False)
        assert refused.status_code == 409
    assert api.delete(image_url).status_code == 204

    seen = followed(alice, pending)
    assert seen[-1]["status"] == "active"
    assert [task["status"] for task in tasks(cloud, pending)][-1] == "success"
    assert len(tasks(cloud, pending)) == 2
    assert quote(pending) in alice.get(PROJECT.index).response.text
