# SPDX-License-Identifier: Apache-2.0
"""The list as a file, of more images than Horizon shows on a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT, Panel
from tests.thorough import only_thorough

Person = Callable[[str], Dashboard]

#: More than the page of the list, and than an export reads at once: 200.
COUNT = 205


@pytest.fixture
def tag(images: Images) -> str:
    return unique("export")


def exported(
    dashboard: Dashboard, panel: Panel, **filters: str
) -> list[dict[str, str | bool | list[str]]]:
    page = dashboard.get(f"{panel.index}export/json/", **filters)
    assert page.status == 200
    assert page.response.headers["Content-Disposition"].startswith('attachment; filename="images-')
    return list(page.response.json()["images"])


@only_thorough
def test_every_image_once_and_no_other(person: Person, images: Images, tag: str) -> None:
    owners = ("acme-web", "acme-data")
    made = {
        images.make("same", owners[n % 2], data=None, tags=[tag], name="same") for n in range(COUNT)
    }
    foreign = images.make("foreign", "globex-ops", data=None, tags=[tag])
    found = exported(person("acme-admin"), ADMIN, tag=tag)
    assert len(found) == COUNT
    assert {image["id"] for image in found} == made
    assert {image["owner_name"] for image in found} == set(owners)

    everything = exported(person("admin"), ADMIN, tag=tag, domain="all")
    assert {image["id"] for image in everything} == made | {foreign}

    own = exported(person("alice"), PROJECT, tag=tag)
    assert {image["owner_name"] for image in own} == {owners[0]}
    assert len(own) == (COUNT + 1) // 2


def test_nothing_of_another_domain(person: Person, images: Images, tag: str) -> None:
    images.make("foreign", "globex-ops", data=None, tags=[tag])
    foreign_project = images.cloud.project_id("globex-ops")
    for filters in ({}, {"domain": "all"}):
        assert exported(person("acme-admin"), ADMIN, tag=tag, **filters) == []
    # No file either of a project that the list does not have.
    page = person("acme-admin").get(f"{ADMIN.index}export/json/", owner=foreign_project)
    assert (page.path, page.rows) == (ADMIN.index, {})
    assert exported(person("alice"), PROJECT, tag=tag) == []


def test_spreadsheet(person: Person, images: Images, tag: str) -> None:
    image_id = images.make(name=f'=HYPERLINK("{tag}";"ü")', tags=[tag], protected=True)
    page = person("alice").get(f"{PROJECT.index}export/csv/", tag=tag)
    text = page.response.content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["id"], row["name"]) == (image_id, f'\'=HYPERLINK("{tag}";"ü")')
    assert (row["protected"], row["size"], row["status"]) == ("true", "4096", "active")


@pytest.mark.parametrize("panel", [PROJECT, ADMIN])
def test_the_page_has_the_links(person: Person, images: Images, tag: str, panel: Panel) -> None:
    image_id = images.make("linked", "acme-web", tags=[tag])
    page = person("acme-admin").get(panel.index, tag=tag)
    url = page.link("JSON")
    assert url
    (image,) = person("acme-admin").get_json(url)["images"]
    assert image["id"] == image_id


def test_nobody_without_a_session(person: Person) -> None:
    assert person("anonymous").get(f"{PROJECT.index}export/csv/").is_login


def test_admins_only(person: Person) -> None:
    assert person("alice").get(f"{ADMIN.index}export/csv/").status == 403
