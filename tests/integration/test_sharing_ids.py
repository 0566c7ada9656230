# SPDX-License-Identifier: Apache-2.0
"""Projects that are named by their ID: where a person finds it, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel

Person = Callable[[str], Dashboard]
UNKNOWN = "0123456789abcdef0123456789abcdef"


def share(dashboard: Dashboard, image_id: str, project: str, panel: Panel = PROJECT) -> Page:
    return dashboard.post(panel.share(image_id), {"projects": project})


@pytest.fixture
def disabled(cloud: Cloud) -> Iterator[tuple[str, str]]:
    """Name and ID of a project of acme."""
    session, url, name = cloud.session("admin"), f"{cloud.keystone.auth_url}/projects", unique()
    body = {"project": {"name": name, "domain_id": cloud.domain_id("acme"), "enabled": False}}
    project_id = str(session.post(url, json=body).json()["project"]["id"])
    yield name, project_id
    session.delete(f"{url}/{project_id}")


def test_the_dialog_of_a_member_says_what_it_takes(person: Person, images: Images) -> None:
    image_id = images.make("takes", visibility="shared")
    page = person("alice").get(PROJECT.share(image_id))
    assert "Names of your own projects, or IDs of other projects" in page.html
    assert page.tree.first("textarea", name="projects")["placeholder"] == (
        "Project ID, or name of your own project"
    )
    page = person("acme-admin").get(PROJECT.share(image_id))
    assert "Project names or IDs, one per line." in page.html


def test_an_id_that_nobody_can_look_up_is_warned_of(
    cloud: Cloud, person: Person, images: Images
) -> None:
    image_id = images.make("unverified", visibility="shared")
    said = share(person("alice"), image_id, UNKNOWN).messages
    assert any(
        text.startswith("Warning:") and "could not be checked" in text and UNKNOWN in text
        for text in said
    )
    assert images.members(image_id) == {UNKNOWN: "pending"}
    own = cloud.project_id("acme-data")
    said = share(person("acme-admin"), image_id, own).messages
    assert not any("could not be checked" in text for text in said)


@pytest.mark.parametrize(
    ("who", "panel"), [("acme-admin", ADMIN), ("acme-admin", PROJECT), ("mona", DOMAIN)]
)
@pytest.mark.parametrize("written", [0, 1], ids=["name", "id"])
def test_a_disabled_project_of_the_own_domain_is_called_that(
    person: Person,
    images: Images,
    disabled: tuple[str, str],
    who: str,
    panel: Panel,
    written: int,
) -> None:
    owner = "acme-lab" if who == "mona" else "acme-web"
    image_id = images.make("disabled", owner, visibility="shared")
    page = share(person(who), image_id, disabled[written], panel)
    assert "The project is disabled. Enable it before you share images with it" in page.text
    assert images.members(image_id) == {}


def test_shared_with_me_shows_the_id_of_the_own_project(cloud: Cloud, person: Person) -> None:
    page = person("alice").get(PROJECT.shared)
    mine = cloud.project_id("acme-web")
    assert page.tree.first("button", data_hip_copy=mine).text == "Copy"
    assert "Your project's ID:" in page.text
    assert mine in page.text


@pytest.mark.parametrize(
    ("who", "owner", "named"),
    [
        ("alice", "globex-ops", False),
        ("alice", "acme-lab", False),
        # He manages the domain of the owner.
        ("acme-admin", "acme-lab", True),
    ],
)
def test_who_shares_is_named_where_the_name_is_known(
    cloud: Cloud, person: Person, images: Images, who: str, owner: str, named: bool
) -> None:
    image_id = images.make("received", owner, visibility="shared")
    images.share(image_id, "acme-web", "pending")
    page = person(who).get(PROJECT.shared)
    row = page.tree.first("tr", data_object_id=image_id)
    assert (owner if named else cloud.project_id(owner)) in row.text
    if not named:
        assert "ask the members of the projects that you work with" in page.text
    details = person(who).get(PROJECT.detail(image_id)).text
    assert f"Shared with acme-web by {owner if named else cloud.project_id(owner)}" in details
