# SPDX-License-Identifier: Apache-2.0
"""The Admin panel's list of a domain with many projects, which is picked out of all images."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from demo.cloud import Cloud
from tests.integration.client import Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN

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


@pytest.mark.parametrize("sort", ["name", "-name", "-created", "size", "status"])
@pytest.mark.parametrize("size", [2, 20])
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
