# SPDX-License-Identifier: Apache-2.0
"""The Admin panel's list of a domain with many projects, which is picked out of all images."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import create_engine, text

from demo import sqlite
from demo.cloud import Cloud
from tests.big_domain import BigDomain
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN
from tests.thorough import crossed, only_thorough

PROJECTS = 31
#: Images that one response looks at in these tests.
ROWS = 4


@dataclass(frozen=True)
class Many:
    """A domain, the tag of its images and of as many others, and the IDs of both."""

    domain: str
    tag: str
    own: tuple[str, ...]
    foreign: tuple[str, ...]


@pytest.fixture(scope="module")
def many(cloud: Cloud, kept_images: Images) -> Iterator[Many]:
    session, auth_url = cloud.session("admin"), cloud.keystone.auth_url
    name, tag = unique("many"), unique("tag")
    domain = session.post(f"{auth_url}/domains", json={"domain": {"name": name}}).json()["domain"]
    projects = []
    for number in range(PROJECTS):
        body = {"project": {"name": f"{name}-{number}", "domain_id": domain["id"]}}
        projects.append(session.post(f"{auth_url}/projects", json=body).json()["project"]["id"])
    own, foreign = [], []
    for number in range(9):
        fields: dict[str, Any] = {"name": f"{number:02} image" if number else None, "tags": [tag]}
        data = b"x" * number if number % 3 else None
        if number == 4:
            fields["env"] = "test"
        foreign.append(kept_images.make(owner="acme-web", data=data, **fields))
        own_id = kept_images.make(owner="globex-ops", data=data, **fields)
        kept_images.update(own_id, owner=projects[number * 3])
        own.append(own_id)
    yield Many(domain["id"], tag, tuple(own), tuple(foreign))
    kept_images.clean()
    session.patch(f"{auth_url}/domains/{domain['id']}", json={"domain": {"enabled": False}})
    session.delete(f"{auth_url}/domains/{domain['id']}")


@pytest.fixture(scope="module")
def at(cloud: Cloud) -> Iterator[LogIn]:
    yield from running(
        cloud, "many", {"HELION_IMAGES_SEARCH_ROWS": ROWS, "HELION_IMAGES_PROJECT_CACHE_S": 0}
    )


def on(page: Page) -> str | None:
    return page.link("Go on") or page.next_url


@pytest.mark.parametrize(
    ("size", "sort"), crossed([2, 20], ["name", "-name", "-created", "size", "status"])
)
def test_every_image_of_the_domain_once_and_no_other(
    at: LogIn, kept_images: Images, many: Many, sort: str, size: int
) -> None:
    dashboard = at("admin")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", str(size))
    path = f"{ADMIN.index}?domain={many.domain}&tag={many.tag}&sort={sort}"
    pages = [dashboard.get(path)]
    while url := on(pages[-1]):
        pages.append(dashboard.get(url))
        assert len(pages) < 60, "the list does not end"
    found = [image_id for page in pages for image_id in page.rows]
    assert len(found) == len(set(found))
    assert set(found) == set(many.own)
    if sort.lstrip("-") in ("name", "created"):
        glances = {"name": "name", "created": "created_at"}[sort.lstrip("-")]
        direction = "desc" if sort.startswith("-") else "asc"
        order = kept_images.list(tag=many.tag, sort=f"{glances}:{direction},id:{direction}")
        assert found == [row["id"] for row in order if row["id"] in many.own]
    for page in pages:
        assert (page.status, page.errors) == (200, [])
        assert not [id_ for id_ in many.foreign if id_ in page.html]

    back = list(pages[-1].rows)
    page = pages[-1]
    while url := page.previous_url or page.link("Go on"):
        page = dashboard.get(url)
        if "prev_marker" not in page.url:
            break  # Nothing was left before it: the list begins again.
        back = [*page.rows, *back]
        assert len(back) <= len(found)
    assert back == found[len(found) - len(back) :]
    assert len(back) == len(found) or not pages[-1].rows


def test_the_number_of_the_others_does_not_show(at: LogIn, many: Many) -> None:
    dashboard = at("admin")
    page = dashboard.get(
        ADMIN.index, domain=many.domain, tag=many.tag, name="no such name", sort="name"
    )
    while url := page.link("Go on"):
        page = dashboard.get(url)
    assert f"Looked at {len(many.own)} images" in page.text


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"size_from": "2", "size_to": "5 B", "sort": "size"}, {2, 4, 5}),
        ({"size_from": "1", "sort": "-size", "protected": "false"}, {1, 2, 4, 5, 7, 8}),
        ({"type": "image", "status": "queued"}, {0, 3, 6}),
        ({"type": "snapshot"}, set()),
        ({"checksum": hashlib.md5(b"x" * 7, usedforsecurity=False).hexdigest()}, {7}),
        ({"checksum": hashlib.sha512(b"x" * 8).hexdigest()}, {8}),
        ({"property": "env=test"}, {4}),
    ],
    ids=str,
)
def test_each_filter_finds_in_the_domain_only(
    at: LogIn, many: Many, filters: dict[str, str], numbers: set[int]
) -> None:
    """As many images of another domain match, and neither they nor their number show."""
    dashboard = at("admin")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "20")
    pages = [dashboard.get(ADMIN.index, domain=many.domain, tag=many.tag, **filters)]
    while url := on(pages[-1]):
        pages.append(dashboard.get(url))
        assert len(pages) < 30, "the list does not end"
    found = [image_id for page in pages for image_id in page.rows]
    assert sorted(found) == sorted(many.own[number] for number in numbers)
    for page in pages:
        assert (page.status, page.errors) == (200, [])
        assert not [id_ for id_ in many.foreign if id_ in page.html]
        looked_at = re.search(r"Looked at (\d+)", page.text)
        assert looked_at is None or int(looked_at[1]) <= len(many.own)


def test_a_marker_is_good_for_its_own_list_only(cloud: Cloud, at: LogIn, many: Many) -> None:
    dashboard = at("admin")
    page = dashboard.get(
        ADMIN.index, domain=many.domain, tag=many.tag, name="no such name", sort="name"
    )
    (marker,) = parse_qs(urlsplit(page.link("Go on") or "").query)["marker"]
    assert marker.startswith("~")
    for domain in (cloud.domain_id("acme"), "all"):
        other = dashboard.get(ADMIN.index, domain=domain, tag=many.tag, marker=marker)
        assert any("The list has changed" in text for text in other.messages)
    # In another order its place would tell more about the image at which the search stopped.
    for more in (
        {"sort": "-created"},
        {"sort": "name", "status": "active"},
        {"part": "no_name"},
        {"type": "image"},
        {"size_from": "1"},
        {"property": "a=b"},
    ):
        query = {"domain": many.domain, "tag": many.tag, "name": "no such name", "sort": "name"}
        other = dashboard.get(ADMIN.index, **{**query, **more}, marker=marker)
        assert any("The list has changed" in text for text in other.messages), more


@dataclass(frozen=True)
class Sparse:
    """A domain with few images, which many of others precede and follow in each order."""

    domain: str
    projects: tuple[str, ...]
    own: tuple[str, ...]
    foreign: tuple[str, ...]


@pytest.fixture(scope="module")
def sparse(cloud: Cloud, kept_images: Images) -> Iterator[Sparse]:
    domain = BigDomain(cloud)
    domain.add(PROJECTS)
    own, foreign = [], []
    for number in range(1, 33):
        # Of as many images as one response looks at, one is the domain's at most.
        ids = own if number in (10, 15, 20) else foreign
        ids.append(kept_images.make(data=b"x" * number, name=f"{number:02} sparse"))
    for image_id, project in zip(own, domain.projects, strict=False):
        kept_images.update(image_id, owner=project)
    # The last one that was changed: by name it is the first, at which no part of a list ends.
    first_id = f"00000000-0000-4000-8000-{uuid.uuid4().hex[:12]}"
    foreign.append(kept_images.make(data=None, name=None, id=first_id))
    yield Sparse(domain.id, tuple(domain.projects), tuple(own), tuple(foreign))
    kept_images.clean()
    domain.remove()


@pytest.fixture
def old_images(cloud: Cloud, sparse: Sparse) -> None:
    """One image was changed an hour ago, all others before that."""
    engine = create_engine(cloud.glance.database_url or sqlite.url(cloud.glance.database))
    now = datetime.now(UTC).replace(tzinfo=None)
    change = text("UPDATE images SET updated_at = :time WHERE id = :id OR :id = ''")
    with engine.begin() as connection:
        for hours, image_id in ((2, ""), (1, sparse.foreign[-1])):
            connection.execute(change, {"time": now - timedelta(hours=hours), "id": image_id})
    engine.dispose()


def walk(dashboard: Dashboard, path: str, backwards: bool = False) -> list[list[str]]:
    """The images of each part of the list, to its end; backwards from its last image."""
    page = last = dashboard.get(path)
    parts = [list(page.rows)]
    while url := on(page):
        page = dashboard.get(url)
        assert (page.status, page.errors) == (200, [])
        parts.append(list(page.rows))
        assert len(parts) < 60, "the list does not end"
        last = page if page.rows else last
    if not backwards:
        return parts
    parts, previous = [list(last.rows)], last.previous_url
    while previous:
        page = dashboard.get(previous)
        if "prev_marker" not in page.url:
            break  # Nothing was left before it: the list begins again.
        parts.insert(0, list(page.rows))
        previous = page.previous_url or page.link("Go on")
    return parts


def images_of(parts: list[list[str]]) -> list[str]:
    return [image_id for part in parts for image_id in part]


@only_thorough
@pytest.mark.usefixtures("old_images")
@pytest.mark.parametrize("sort", ["name", "created"])
def test_what_was_read_is_not_read_again_and_no_change_is_missed(
    at: LogIn, kept_images: Images, images: Images, sparse: Sparse, sort: str
) -> None:
    dashboard = at("admin")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "20")
    path = f"{ADMIN.index}?domain={sparse.domain}&sort={sort}"
    first, second = walk(dashboard, path), walk(dashboard, path)
    found = images_of(first)
    assert found == list(sparse.own)
    assert first[0] != found
    assert second[0] == found, "what is known is on the first page at once"
    if sort == "name":
        # The other direction was read with this one.
        assert walk(dashboard, path.replace("sort=name", "sort=-name"))[0] == found[::-1]
    assert walk(dashboard, f"{path}&name=sparse")[0] == found

    # Images come into what was read, move in it and leave it.
    new = [
        images.make(name=name, data=data)
        for name, data in (("", b"x"), ("00 t", None), ("12 p", b"x" * 12), ("zzz", b"x" * 99))
    ]
    for image_id in new:
        images.update(image_id, owner=sparse.projects[7])
    taken, moved = sparse.foreign[4], sparse.foreign[17]
    kept_images.update(taken, owner=sparse.projects[8])
    kept_images.update(moved, name="01 sparse")
    kept_images.update(sparse.own[0], name="zz sparse")
    kept_images.update(sparse.own[1], os_hidden=True)
    owners = set(sparse.projects)
    glances = kept_images.list(sort="name:asc,id:asc")
    expected = [row["id"] for row in glances if row["owner"] in owners]
    assert set(expected) == {*new, taken, sparse.own[0], sparse.own[2]}
    for _ in range(2):
        now = images_of(walk(dashboard, path))
        assert (now == expected) if sort == "name" else (sorted(now) == sorted(expected))
        assert images_of(walk(dashboard, path, backwards=True)) == now

    kept_images.update(taken, owner=kept_images.show(sparse.foreign[0])["owner"])
    kept_images.update(sparse.own[0], name="10 sparse")
    kept_images.update(sparse.own[1], os_hidden=False)
    images.clean()
    assert images_of(walk(dashboard, path)) == found


@only_thorough
def test_no_project_of_a_large_domain_is_left_out(cloud: Cloud, at: LogIn, images: Images) -> None:
    """Keystone ends its list after 1,000 projects, and says so only to who asks for pages."""
    domain = BigDomain(cloud)
    # By the API each takes a while.
    projects = sorted(uuid.uuid4().hex for _ in range(1001))
    row = "INSERT INTO project (id, name, domain_id, parent_id, enabled, is_domain, extra)"
    engine = create_engine(sqlite.url(cloud.keystone.database))
    with engine.begin() as connection:
        connection.execute(
            text(f"{row} VALUES (:id, :id, :domain, :domain, true, false, '{{}}')"),
            [{"id": project_id, "domain": domain.id} for project_id in projects],
        )
    own = [images.make(data=b"x", name=name) for name in ("of the first", "of the last")]
    try:
        for image_id, project_id in zip(own, (projects[0], projects[-1]), strict=True):
            images.update(image_id, owner=project_id)
        dashboard = at("admin")
        assert images_of(walk(dashboard, f"{ADMIN.index}?domain={domain.id}&sort=name")) == own
        page = dashboard.get(ADMIN.publish, id=own[-1])
        assert "The domain has 1001 projects." in page.text
    finally:
        images.clean()
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM project WHERE domain_id = :id"), {"id": domain.id})
        engine.dispose()
        domain.remove()
