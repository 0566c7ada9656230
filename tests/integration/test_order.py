# SPDX-License-Identifier: Apache-2.0
"""Every order of the list, page by page: each image once, in Glance's own order, and the same
pages on the way back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, DOMAIN, PROJECT
from tests.integration.test_paging import walk
from tests.thorough import crossed, only_thorough

GLANCE_KEYS = {
    "name": ("name",),
    "status": ("status",),
    "format": ("disk_format", "container_format"),
    "size": ("size",),
    "created": ("created_at",),
    "updated": ("updated_at",),
}

#: What the database may sort otherwise than Python, and what Glance's marker takes for
#: equal: no name and an empty one; no size and an empty text; no format.
MADE: tuple[dict[str, Any], ...] = (
    {"name": None, "data": None, "disk_format": None, "container_format": None},
    {"name": "", "data": None},
    {"name": None, "data": b"12"},
    {"name": "", "data": b""},
    {"name": None, "data": b"123"},
    {"name": "", "data": b"12"},
    {"name": "same", "data": None, "disk_format": "iso"},
    {"name": "same", "data": None, "disk_format": "vmdk", "container_format": "ova"},
    {"name": "Same", "data": None, "disk_format": None},
    {"name": "éclair", "data": b"1"},
    {"name": "eclair", "data": b"1", "container_format": "docker"},
    {"name": "Zebra", "data": b"1234567890"},
    {"name": " ", "data": b"1"},
    {"name": "  ", "data": None, "disk_format": "raw", "container_format": None},
    {"name": "\N{ZERO WIDTH SPACE}", "data": None, "disk_format": None},
    {"name": "--", "data": None, "disk_format": "vmdk", "container_format": None},
)


@pytest.fixture(scope="module")
def tag(kept_images: Images) -> str:
    """The tag of images in three projects of one domain, and in another domain."""
    tag = unique("order")
    for number, fields in enumerate(MADE):
        owner = ("acme-web", "acme-data", "acme-web", "acme-lab")[number % 4]
        visibility = "public" if fields["name"] == "Zebra" else "private"
        kept_images.make(owner=owner, tags=[tag], visibility=visibility, **fields)
    for name in (None, "same", "Zebra"):
        kept_images.make(name=name, owner="globex-ops", tags=[tag], data=None)
    return tag


@pytest.fixture(scope="module")
def nulls_last(request: pytest.FixtureRequest) -> bool:
    """Whether Glance's database puts images without a value behind the others."""
    return bool(request.config.getoption("--glance-database") == "postgresql")


def glances_order(
    images: Images, tag: str, sort: str, nulls_last: bool = False
) -> list[dict[str, Any]]:
    """All of the images in one response of Glance.

    Those without a size are the last ones; those without a format are lists of their own
    where the database puts them last.
    """
    key, direction = sort.removeprefix("-"), "desc" if sort.startswith("-") else "asc"
    terms = [f"{each}:{direction}" for each in (*GLANCE_KEYS[key], "id")]
    rows = images.list(tag=tag, sort=",".join(terms))
    if key == "format" and nulls_last:
        by_id = images.list(tag=tag, sort=f"id:{direction}")
        parts = [
            [row for row in rows if row["disk_format"] and row["container_format"]],
            [row for row in by_id if row["disk_format"] and not row["container_format"]],
            [row for row in by_id if not row["disk_format"]],
        ]
        return [row for part in parts[:: -1 if direction == "desc" else 1] for row in part]
    if key != "size":
        return rows
    unsized = [row["id"] for row in images.list(tag=tag, sort="status:desc,id:desc")]
    sized = [row for row in rows if row["size"] is not None]
    others = [row for row in rows if row["size"] is None]
    return [*sized, *sorted(others, key=lambda row: unsized.index(row["id"]))]


SORTS = [f"{sign}{key}" for key in GLANCE_KEYS for sign in ("", "-")]

#: Kinds of people, each with the list that they see.
READERS = {
    "alice": PROJECT.index,
    "acme-admin in the project": PROJECT.index,
    "acme-admin": ADMIN.index,
    "admin": f"{ADMIN.index}?domain=all",
    "mona": DOMAIN.index,
}


def expected(cloud: Cloud, who: str, rows: list[dict[str, Any]]) -> list[str]:
    owners = {name: cloud.project_id(name) for name in ("acme-web", "acme-data", "acme-lab")}
    if who == "admin":
        return [row["id"] for row in rows]
    if who == "acme-admin":
        return [row["id"] for row in rows if row["owner"] in owners.values()]
    if who == "mona":
        # No token lists the images of both projects: one project after the other.
        by_project = [
            [row["id"] for row in rows if row["owner"] == owners[name]]
            for name in ("acme-data", "acme-lab")
        ]
        return [*by_project[0], *by_project[1]]
    return [
        row["id"]
        for row in rows
        if row["owner"] == owners["acme-web"] or row["visibility"] == "public"
    ]


@pytest.mark.parametrize(("who", "sort"), crossed(READERS, SORTS))
def test_every_order_to_the_end_and_back(
    cloud: Cloud,
    log_in: Callable[[str], Dashboard],
    kept_images: Images,
    tag: str,
    nulls_last: bool,
    who: str,
    sort: str,
) -> None:
    dashboard = _reader(log_in, who)
    wanted = expected(cloud, who, glances_order(kept_images, tag, sort, nulls_last))
    assert len(wanted) >= 3
    path = READERS[who]
    path += f"{'&' if '?' in path else '?'}tag={tag}&sort={sort}"
    sizes = (1, 2, 3)
    # One page size per order and reader keeps the run short; together they are all tried.
    size = sizes[(SORTS.index(sort) + list(READERS).index(who)) % 3]
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", str(size))
    pages, back = walk(dashboard, path)
    assert [image_id for page in pages for image_id in page] == wanted
    assert [image_id for page in back[::-1] for image_id in page] == wanted
    assert all(1 <= len(page) <= size for page in (*pages, *back))


_known: dict[str, Dashboard] = {}


def _reader(log_in: Callable[[str], Dashboard], who: str) -> Dashboard:
    name = who.split()[0]
    if name not in _known:
        _known[name] = log_in(name)
    return _known[name]


def test_the_last_choice_is_remembered(log_in: Callable[[str], Dashboard], tag: str) -> None:
    dashboard = log_in("alice")
    by_name = list(dashboard.get(PROJECT.index, tag=tag).rows)
    newest = list(dashboard.get(PROJECT.index, tag=tag, sort="-created").rows)
    assert sorted(newest) == sorted(by_name)
    assert newest != by_name
    page = dashboard.get(PROJECT.index, tag=tag)
    assert list(page.rows) == newest
    assert page.form("name").fields["sort"] == "-created"
    # What is no order changes nothing.
    assert list(dashboard.get(PROJECT.index, tag=tag, sort="owner").rows) == newest
    assert list(dashboard.get(PROJECT.index, tag=tag, sort="name").rows) == by_name


def test_headings_sort_the_list(log_in: Callable[[str], Dashboard], tag: str) -> None:
    dashboard = log_in("alice")
    page = dashboard.get(PROJECT.index, tag=tag)
    newest = dashboard.get(page.link("Updated") or "")
    assert newest.form("name").fields["sort"] == "-updated"
    assert newest.form("tag").element.all("input", name="tag", value=tag)
    assert newest.tree.first("th", aria_sort="descending").text == "Updated"
    oldest = dashboard.get(newest.link("Updated") or "")
    assert oldest.form("name").fields["sort"] == "updated"
    assert list(oldest.rows) == list(newest.rows)[::-1]
    assert oldest.tree.first("th", aria_sort="ascending").text == "Updated"


def test_an_order_of_another_tab_does_not_mix_the_pages(
    log_in: Callable[[str], Dashboard], tag: str
) -> None:
    dashboard = log_in("alice")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "3")
    first = dashboard.get(PROJECT.index, tag=tag)
    dashboard.another_tab().get(PROJECT.index, sort="-size")
    second = dashboard.get(first.next_url or "")
    assert list(dashboard.get(second.previous_url or "").rows) == list(first.rows)
    assert not set(first.rows) & set(second.rows)


@only_thorough
def test_a_marker_of_another_domain_is_refused_in_every_order(
    log_in: Callable[[str], Dashboard], kept_images: Images, tag: str
) -> None:
    foreign = kept_images.make("foreign", owner="globex-ops", data=None)
    dashboard = _reader(log_in, "acme-admin")
    for sort in SORTS:
        for part in ("", "no_size", "no_name", "empty_name", "other"):
            page = dashboard.get(ADMIN.index, tag=tag, sort=sort, marker=foreign, part=part)
            assert any("The list has changed" in text for text in page.messages), (sort, part)
            assert foreign not in page.html
