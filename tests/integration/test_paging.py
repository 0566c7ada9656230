# SPDX-License-Identifier: Apache-2.0
"""Paging: every image once, in Glance's order, and the same pages on the way back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import create_engine, text

from demo import sqlite
from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT
from tests.thorough import only_thorough, some

ACME = ("acme-web", "acme-data", "acme-lab")

#: Names whose order is not the same in Python and in every database. Not the
#: empty name beside none at all: with both, Glance itself skips images.
UGLY = (
    *("Zebra", "zebra", "Äpfel", "apfel", "éclair", "eclair", "_x", "-x", " x", "0", "10", "9"),
    *("صورة", "日本", "Ω", None, None, "a" * 200, "a" * 199, "A" * 200, "same", "same", "same"),
)


@pytest.fixture
def reading(log_in: Callable[[str], Dashboard]) -> Callable[[str, int], Dashboard]:
    """A person who has chosen so many rows a page in Horizon's settings."""

    def log_in_with(who: str, size: int) -> Dashboard:
        dashboard = log_in(who)
        dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", str(size))
        return dashboard

    return log_in_with


def walk(dashboard: Dashboard, path: str) -> tuple[list[list[str]], list[list[str]]]:
    """Pages of image IDs to the end of the list, and then back to its start."""
    pages, page = [], dashboard.get(path)
    assert page.previous_url is None
    while True:
        assert (page.status, page.errors) == (200, [])
        pages.append(list(page.rows))
        assert len(pages) < 200, "no end of pages"
        if page.next_url is None:
            break
        page = dashboard.get(page.next_url)
    back = [list(page.rows)]
    while page.previous_url is not None:
        page = dashboard.get(page.previous_url)
        back.append(list(page.rows))
        assert len(back) <= len(pages), "no start of pages"
    return pages, back


def check(dashboard: Dashboard, path: str, expected: list[str], size: int) -> None:
    pages, back = walk(dashboard, path)
    shown = [image_id for page in pages for image_id in page]
    assert len(shown) == len(set(shown)), "an image twice"
    assert shown == expected
    assert all(len(page) <= size for page in pages)
    assert back == pages[::-1]


@pytest.fixture(scope="module")
def equals(kept_images: Images) -> str:
    """The name that 30 images of three projects share, and six of another domain."""
    name = unique("equal")
    for owner in ACME * 10:
        kept_images.make(name=name, owner=owner, data=None)
    for _ in range(6):
        kept_images.make(name=name, owner="globex-ops", data=None)
    return name


@pytest.mark.parametrize("size", some([1, 5, 30, 40], 5))
def test_equal_names(
    cloud: Cloud,
    reading: Callable[[str, int], Dashboard],
    kept_images: Images,
    equals: str,
    size: int,
) -> None:
    rows = kept_images.named(equals)
    owners = {project: cloud.project_id(project) for project in (*ACME, "globex-ops")}
    acme = [row["id"] for row in rows if row["owner"] != owners["globex-ops"]]
    web = [row["id"] for row in rows if row["owner"] == owners["acme-web"]]
    assert (len(rows), len(acme), len(web)) == (36, 30, 10)
    check(reading("alice", size), f"{PROJECT.index}?name={equals}", web, size)
    if size == 1:
        return
    check(reading("acme-admin", size), f"{PROJECT.index}?name={equals}", web, size)
    check(reading("acme-admin", size), f"{ADMIN.index}?name={equals}", acme, size)
    everything = [row["id"] for row in rows]
    check(reading("admin", size), f"{ADMIN.index}?name={equals}&domain=all", everything, size)
    domain = cloud.domain_id("acme")
    check(reading("admin", size), f"{ADMIN.index}?name={equals}&domain={domain}", acme, size)


def listed(cloud: Cloud, images: Images, *projects: str) -> list[str]:
    owners = {cloud.project_id(project) for project in projects}
    return [row["id"] for row in images.list() if row["owner"] in owners]


def test_order_is_that_of_glance(
    cloud: Cloud, reading: Callable[[str, int], Dashboard], images: Images
) -> None:
    """Lists of several projects merged, whatever the names."""
    for i, name in enumerate(UGLY):
        images.make(name=name, owner=ACME[i % 3], data=None)
    check(reading("acme-admin", 3), ADMIN.index, listed(cloud, images, *ACME), 3)
    everything = [row["id"] for row in images.list()]
    check(reading("admin", 20), f"{ADMIN.index}?domain=all", everything, 20)


def test_project_panel_of_an_admin(
    cloud: Cloud, reading: Callable[[str, int], Dashboard], images: Images
) -> None:
    """Their project's images and the public ones, which are two lists of Glance."""
    for i in range(7):
        images.make(name=f"debian-{i}", visibility="public" if i % 2 else "private", data=None)
    own = cloud.project_id("acme-web")
    rows = [
        row["id"] for row in images.list() if row["owner"] == own or row["visibility"] == "public"
    ]
    check(reading("acme-admin", 4), PROJECT.index, rows, 4)


def test_filter_is_kept(
    reading: Callable[[str, int], Dashboard], kept_images: Images, equals: str
) -> None:
    page = reading("admin", 5).get(ADMIN.index, name=equals, domain="all", status="queued")
    asked = parse_qs(urlsplit(page.next_url or "").query)
    assert asked["name"] == [equals]
    assert asked["domain"] == ["all"]
    assert asked["status"] == ["queued"]
    following = reading("admin", 5).get(page.next_url or "")
    assert following.form("name").fields["name"] == equals
    assert following.form("name").fields["status"] == "queued"
    assert {row["Status"] for row in following.rows.values()} == {"Queued"}


def test_marker_that_is_gone(reading: Callable[[str, int], Dashboard], images: Images) -> None:
    name = unique("gone")
    ids = [images.make(name=name, data=None) for _ in range(5)]
    dashboard = reading("alice", 2)
    first = dashboard.get(PROJECT.index, name=name)
    second = dashboard.get(first.next_url or "")
    images.delete(list(first.rows)[-1])
    begins_again = dashboard.get(first.next_url or "")
    assert any("The list has changed" in text for text in begins_again.messages)
    assert begins_again.form("name").fields["name"] == name
    assert len(begins_again.rows) == 2
    assert set(begins_again.rows) < set(ids)
    images.delete(next(iter(second.rows)))
    back = dashboard.get(second.previous_url or "")
    assert (back.status, back.errors) == (200, [])
    assert any("The list has changed" in text for text in back.messages)


def test_marker_that_is_gone_for_an_admin(
    reading: Callable[[str, int], Dashboard], images: Images
) -> None:
    """Glance still knows where a deleted image stood: the list goes on there."""
    name = unique("gone")
    ids = sorted(images.make(name=name, data=None, owner=ACME[i % 3]) for i in range(6))
    dashboard = reading("acme-admin", 2)
    first = dashboard.get(ADMIN.index, name=name)
    images.delete(list(first.rows)[-1])
    following = dashboard.get(first.next_url or "")
    assert (following.status, following.errors) == (200, [])
    assert list(following.rows) in (ids[2:4], [ids[0], ids[2]])


@pytest.mark.parametrize(("who", "index"), [("alice", PROJECT.index), ("acme-admin", ADMIN.index)])
def test_page_whose_rows_are_all_gone(
    reading: Callable[[str, int], Dashboard], images: Images, who: str, index: str
) -> None:
    """An empty table has no link back: the list begins again, and says so."""
    name = unique("empty")
    for _ in range(4):
        images.make(name=name, data=None)
    dashboard = reading(who, 2)
    first = dashboard.get(index, name=name)
    second = dashboard.get(first.next_url or "")
    for image_id in second.rows:
        images.delete(image_id)
    again = dashboard.get(first.next_url or "")
    assert any("The list has changed" in text for text in again.messages)
    assert list(again.rows) == list(first.rows)
    assert again.next_url is None


@only_thorough
def test_a_page_of_a_thousand_rows(cloud: Cloud, log_in: Callable[[str], Dashboard]) -> None:
    """As many as Glance returns at once, and one more."""
    tag, owner = unique("thousand"), cloud.project_id("acme-web")
    # As Glance writes it to SQLite, which compares times as text.
    row = {"owner": owner, "tag": tag, "time": "2026-01-01 00:00:00.000000"}
    rows = [{"id": str(uuid.uuid4()), **row} for _ in range(1001)]
    # By the API each takes a while.
    add_image = text(
        "INSERT INTO images (id, name, status, created_at, updated_at, deleted, owner, min_disk,"
        " min_ram, protected, visibility, os_hidden) VALUES (:id, 'one of many', 'queued',"
        " :time, :time, false, :owner, 0, 0, false, 'private',"
        " false)"
    )
    add_tag = text(
        "INSERT INTO image_tags (image_id, value, created_at, updated_at, deleted)"
        " VALUES (:id, :tag, :time, :time, false)"
    )
    engine = create_engine(cloud.glance.database_url or sqlite.url(cloud.glance.database))
    try:
        with engine.begin() as connection:
            connection.execute(add_image, rows)
            connection.execute(add_tag, rows)
        dashboard = log_in("alice")
        dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "1000")
        first = dashboard.get(PROJECT.index, tag=tag, sort="name")
        assert (first.status, first.errors, len(first.rows)) == (200, [], 1000)
        second = dashboard.get(first.next_url or "")
        assert list(first.rows) + list(second.rows) == sorted(row["id"] for row in rows)
        assert list(dashboard.get(second.previous_url or "").rows) == list(first.rows)
    finally:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM image_tags WHERE value = :tag"), {"tag": tag})
            connection.execute(text("DELETE FROM images WHERE id = :id"), rows)
        engine.dispose()
