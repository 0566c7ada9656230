# SPDX-License-Identifier: Apache-2.0
"""Copies of an image's data in Glance's stores: made, seen, removed, and refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.markup import Element
from tests.integration.panels import ADMIN, PANELS, PROJECT
from tests.integration.waiting import wait_until

DATA = bytes(range(256)) * 4096


def stores_of(images: Images, image_id: str) -> set[str]:
    return set(images.show(image_id)["stores"].split(","))


def row(page: Page, store: str) -> Element:
    return page.tree.first("table", id="stores").first("tr", data_object_id=store)


def state(page: Page, store: str) -> str:
    cells = [cell for cell in row(page, store).children if isinstance(cell, Element)]
    return next(cell.text for cell in cells if "hip-store-state" in cell.classes)


def offered(page: Page, store: str) -> set[str]:
    marker = f"stores__row_{store}__action_"
    found = (element.get("id") for element in row(page, store).walk())
    return {id_.removeprefix(marker) for id_ in found if id_.startswith(marker)}


def act(dashboard: Dashboard, path: str, action: str, *stores: str) -> Page:
    if len(stores) == 1:
        return dashboard.post(path, [("action", f"stores__{action}__{stores[0]}")])
    ticked = [("object_ids", store) for store in stores]
    return dashboard.post(path, [("action", f"stores__{action}"), *ticked])


@pytest.fixture
def in_the_way(cloud: Cloud) -> Callable[[str], Path]:
    """A file where the second store would put an image's data, so that a copy fails."""

    def put(image_id: str) -> Path:
        path = cloud.glance.folder / "archive" / image_id
        path.write_bytes(b"in the way")
        return path

    return put


def copied(images: Images, image_id: str) -> None:
    wait_until(lambda: stores_of(images, image_id), lambda s: "archive" in s, "the copy to arrive")


def settled(images: Images, image_id: str) -> None:
    wait_until(
        lambda: images.show(image_id),
        lambda image: "os_glance_import_task" not in image,
        "Glance to end its task",
    )


@pytest.mark.parametrize(("who", "panel"), [("acme-admin", "project"), ("acme-admin", "admin")])
def test_copy_and_remove(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, who: str, panel: str
) -> None:
    dashboard, image_id = person(who), images.make("copied", data=DATA)
    path = PANELS[panel].detail(image_id)
    page = dashboard.get(path)
    assert (state(page, "fast"), state(page, "archive")) == ("Stored", "Not stored")
    assert (offered(page, "fast"), offered(page, "archive")) == (set(), {"copy"})

    page = act(dashboard, path, "copy", "archive")
    assert page.messages == [f"Success: Started to copy image {images.name(image_id)} to archive."]
    copied(images, image_id)
    settled(images, image_id)
    page = dashboard.get(path)
    assert state(page, "archive") == "Stored"
    assert (offered(page, "fast"), offered(page, "archive")) == ({"remove"}, {"remove"})
    assert (cloud.glance.folder / "archive" / image_id).read_bytes() == DATA

    page = act(dashboard, path, "remove", "fast")
    assert page.messages == [f"Success: Removed image {images.name(image_id)} from fast."]
    assert stores_of(images, image_id) == {"archive"}
    assert not (cloud.glance.folder / "fast" / image_id).exists()
    assert images.data(image_id) == DATA


def test_the_page_is_told_while_it_is_copied(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """From the answer of the action on: there is no moment at which all looks quiet."""
    dashboard, image_id = person("acme-admin"), images.make("watched", data=DATA * 40)
    page = act(dashboard, PROJECT.detail(image_id), "copy", "archive")
    mark = row(page, "archive").all(data_hip_store="archive")
    assert state(page, "archive").startswith("Copying") == bool(mark)
    assert mark or state(page, "archive") == "Stored"

    def look() -> dict[str, object]:
        return dict(dashboard.get_json(PROJECT.progress, id=image_id)["images"][0])

    seen = wait_until(
        look,
        lambda found: not found["in_progress"] and not found["copying_to"],
        "the page to be told that the copy has ended",
    )
    assert (seen["status"], seen["failed_stores"]) == ("active", [])
    assert stores_of(images, image_id) == {"fast", "archive"}


def test_the_only_copy_stays(person: Callable[[str], Dashboard], images: Images) -> None:
    dashboard, image_id = person("acme-admin"), images.make("only", data=DATA)
    page = act(dashboard, PROJECT.detail(image_id), "remove", "fast")
    assert "is the only copy" in page.errors[0]
    assert images.data(image_id) == DATA

    act(dashboard, PROJECT.detail(image_id), "copy", "archive")
    copied(images, image_id)
    settled(images, image_id)
    page = act(dashboard, PROJECT.detail(image_id), "remove", "fast", "archive")
    assert "archive – This is the only copy" in page.errors[0]
    assert stores_of(images, image_id) == {"archive"}
    assert images.data(image_id) == DATA


def test_a_copy_that_fails(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, in_the_way: Callable
) -> None:
    """The image is as it was, the page says so, and the next try succeeds."""
    dashboard, image_id = person("acme-admin"), images.make("failing", data=DATA)
    path, obstacle = PROJECT.detail(image_id), in_the_way(image_id)
    act(dashboard, path, "copy", "archive")
    wait_until(
        lambda: images.show(image_id),
        lambda image: image.get("os_glance_failed_import") == "archive",
        "the copy to fail",
    )
    settled(images, image_id)
    page = dashboard.get(path)
    assert "Copy failed" in state(page, "archive")
    assert offered(page, "archive") == {"copy"}
    told = dashboard.get_json(PROJECT.progress, id=image_id)["images"][0]
    assert (told["in_progress"], told["failed_stores"]) == (False, ["archive"])
    assert images.status(image_id) == "active"
    assert images.data(image_id) == DATA
    # Glance has taken its staged copy away.
    assert not (cloud.glance.folder / "staging" / image_id).exists()

    obstacle.unlink()
    act(dashboard, path, "copy", "archive")
    copied(images, image_id)
    settled(images, image_id)
    assert state(dashboard.get(path), "archive") == "Stored"


def test_a_copy_that_cannot_even_be_staged(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    """Glance then goes on to name the store as one that it is copying to."""
    dashboard, image_id = person("acme-admin"), images.make("unstaged", data=DATA)
    obstacle = cloud.glance.folder / "staging" / image_id
    obstacle.mkdir()
    try:
        act(dashboard, PROJECT.detail(image_id), "copy", "archive")
        settled(images, image_id)
    finally:
        obstacle.rmdir()
    assert images.show(image_id)["os_glance_importing_to_stores"] == "archive"
    told = dashboard.get_json(PROJECT.progress, id=image_id)["images"][0]
    assert (told["in_progress"], told["copying_to"]) == (False, [])
    assert told["failed_stores"] == ["archive"]
    page = dashboard.get(PROJECT.detail(image_id))
    assert "Copy failed" in state(page, "archive")
    act(dashboard, PROJECT.detail(image_id), "copy", "archive")
    copied(images, image_id)
    settled(images, image_id)


@pytest.mark.parametrize("action", ["copy", "remove"])
@pytest.mark.parametrize(
    ("who", "panel", "status"),
    [
        ("alice", "project", 403),
        ("bob", "project", 404),
        ("gina", "project", 404),
        ("alice", "admin", 403),
        ("reader", "project", 404),
        ("admin", "project", 404),
    ],
)
def test_who_may_not(
    person: Callable[[str], Dashboard],
    images: Images,
    who: str,
    panel: str,
    status: int,
    action: str,
) -> None:
    """By default policy, copies are for admins: of the domain, or of the cloud."""
    image_id = images.make("guarded", data=DATA)
    before = images.unchanging(image_id)
    page = act(person(who), PANELS[panel].detail(image_id), action, "archive")
    assert page.status == status
    assert images.unchanging(image_id) == before


@pytest.mark.parametrize("action", ["copy", "remove"])
def test_not_in_another_domain(
    person: Callable[[str], Dashboard], images: Images, action: str
) -> None:
    image_id = images.make("elsewhere", owner="globex-ops", data=DATA)
    before = images.unchanging(image_id)
    for panel in (PROJECT, ADMIN):
        page = act(person("acme-admin"), panel.detail(image_id), action, "archive")
        assert page.status == 404
    assert images.unchanging(image_id) == before


def test_an_image_of_others_that_one_may_see(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("public", owner="admin", data=DATA, visibility="public")
    dashboard = person("acme-admin")
    page = dashboard.get(PROJECT.detail(image_id))
    assert offered(page, "fast") | offered(page, "archive") == set()
    assert act(dashboard, PROJECT.detail(image_id), "copy", "archive").status == 403
    assert stores_of(images, image_id) == {"fast"}


def test_a_member_sees_where_it_lies(person: Callable[[str], Dashboard], images: Images) -> None:
    page = person("alice").get(PROJECT.detail(images.make("seen", data=DATA)))
    assert (state(page, "fast"), state(page, "archive")) == ("Stored", "Not stored")
    assert offered(page, "fast") | offered(page, "archive") == set()


def test_an_image_without_data_has_no_stores(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    page = person("alice").get(PROJECT.detail(images.make("empty", data=None)))
    assert not page.tree.all("table", id="stores")
