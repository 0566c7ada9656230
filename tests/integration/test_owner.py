# SPDX-License-Identifier: Apache-2.0
"""Change Owner: inside the domain, confirmed, and by Glance's word afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from tests.integration.client import Dashboard, Form, Page
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT


def owner_form(dashboard: Dashboard, image_id: str) -> Form:
    return dashboard.get(ADMIN.change_owner(image_id)).form("project")


def choose(dashboard: Dashboard, image_id: str, project: str) -> Page:
    return dashboard.submit(owner_form(dashboard, image_id), project=project)


def errors(page: Page) -> str:
    return " ".join(page.form("project").errors)


@pytest.mark.parametrize("by", ["name", "id"])
def test_within_the_domain(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images, by: str
) -> None:
    image_id = images.make("given", "acme-web", tags=["a"], os_distro="debian")
    before, admin = images.unchanging(image_id), person("acme-admin")
    data = cloud.project_id("acme-data")
    question = choose(admin, image_id, "acme-data" if by == "name" else data)
    assert "The owner changes from acme-web to acme-data" in question.text
    assert "acme-web loses access to the image" in question.text
    assert images.unchanging(image_id) == before, "nothing happens before it is confirmed"
    page = admin.submit(question.form("confirmed"))
    assert any("now belongs to project acme-data" in text for text in page.messages)
    assert images.unchanging(image_id) == {**before, "owner": data}
    assert person("alice").get(PROJECT.detail(image_id)).status == 404
    assert person("bob").get(PROJECT.detail(image_id)).status == 200


def test_members_stay_and_are_spoken_of(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("shared", "acme-web", visibility="shared")
    images.share(image_id, "acme-data")
    members, admin = images.members(image_id), person("acme-admin")
    question = choose(admin, image_id, "acme-data")
    assert "acme-data is already a member" in question.text
    admin.submit(question.form("confirmed"))
    assert images.show(image_id)["owner"] == cloud.project_id("acme-data")
    assert images.members(image_id) == members


@pytest.mark.parametrize("confirmed", ["", "x", "{owner}:{other}", ":{lab}", "{other}:{lab}"])
def test_what_was_not_confirmed_is_asked(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images, confirmed: str
) -> None:
    """Also where somebody else has given the image away since the question."""
    image_id = images.make("asked", "acme-web")
    ids = {
        "owner": cloud.project_id("acme-web"),
        "other": cloud.project_id("acme-data"),
        "lab": cloud.project_id("acme-lab"),
    }
    fields = {"project": "acme-lab", "confirmed": confirmed.format(**ids)}
    page = person("acme-admin").post(ADMIN.change_owner(image_id), fields)
    assert "The owner changes from" in page.text
    assert images.show(image_id)["owner"] == ids["owner"]


@pytest.mark.parametrize("project", ["globex-research", "globex-ops", "admin", "no-such-project"])
@pytest.mark.parametrize("by", ["name", "id"])
def test_the_admin_of_a_domain_gives_nothing_out_of_it(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images, project: str, by: str
) -> None:
    image_id = images.make("kept", "acme-web")
    before = images.unchanging(image_id)
    known = by == "id" and project != "no-such-project"
    asked = cloud.project_id(project) if known else project
    page = choose(person("acme-admin"), image_id, asked)
    assert "Project not found." in errors(page)
    confirmed = f"{before['owner']}:{asked}"
    fields = {"project": asked, "project_id": asked, "confirmed": confirmed}
    person("acme-admin").post(ADMIN.change_owner(image_id), fields)
    assert images.unchanging(image_id) == before


def test_the_cloud_admin_gives_it_to_any_domain(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id, admin = images.make("abroad", "acme-web"), person("admin")
    question = choose(admin, image_id, "globex-ops")
    assert "globex-ops (globex)" in question.text
    admin.submit(question.form("confirmed"))
    assert images.show(image_id)["owner"] == cloud.project_id("globex-ops")


def test_what_is_published_to_a_domain_does_not_leave_it(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("published", "acme-web", visibility="shared")
    noted = Publication(DOMAIN, "private", cloud.domain_id("acme"))
    images.update(image_id, **publication_property(image_id, noted))
    page = choose(person("admin"), image_id, "globex-ops")
    assert "Unpublish the image first." in errors(page)
    question = choose(person("admin"), image_id, "acme-data")
    assert "The image stays published to its domain." in question.text


@pytest.fixture
def disabled(cloud: Cloud) -> Iterator[str]:
    """A project of acme that is disabled. It takes no part in the other tests."""
    session, url = cloud.session("admin"), f"{cloud.keystone.auth_url}/projects"
    body = {"name": unique("disabled"), "domain_id": cloud.domain_id("acme"), "enabled": False}
    project = session.post(url, json={"project": body}).json()["project"]
    yield str(project["id"])
    session.delete(f"{url}/{project['id']}")


def test_a_disabled_project_is_no_owner(
    person: Callable[[str], Dashboard], images: Images, disabled: str
) -> None:
    image_id = images.make("kept", "acme-web")
    page = choose(person("acme-admin"), image_id, disabled)
    assert "The project is disabled" in errors(page)
    found = person("acme-admin").get_json(ADMIN.owner_search(image_id), q="")["found"]
    assert disabled not in {each["value"] for each in found}


def test_the_owner_as_new_owner(person: Callable[[str], Dashboard], images: Images) -> None:
    page = choose(person("acme-admin"), images.make("same", "acme-web"), "acme-web")
    assert "The image already belongs to acme-web." in errors(page)


@pytest.mark.parametrize(
    ("who", "asked", "found"),
    [
        ("acme-admin", "", {"acme-data", "acme-lab"}),
        ("acme-admin", "LAB", {"acme-lab"}),
        ("acme-admin", "globex", set()),
        ("admin", "globex", {"globex-research (globex)", "globex-ops (globex)"}),
    ],
)
def test_search(
    person: Callable[[str], Dashboard], images: Images, who: str, asked: str, found: set[str]
) -> None:
    image_id = images.make("search", "acme-web")
    answer = person(who).get_json(ADMIN.owner_search(image_id), q=asked)["found"]
    assert {each["title"] for each in answer} == found


@pytest.mark.parametrize("who", ["acme-admin", "admin"])
def test_offered_in_the_admin_panel_alone(
    person: Callable[[str], Dashboard], images: Images, who: str
) -> None:
    owner = "acme-web" if who == "acme-admin" else "admin"
    image_id = images.make("offered", owner)
    name = images.name(image_id)
    assert "change_owner" in person(who).get(ADMIN.index, name=name).row_actions(image_id)
    assert "change_owner" not in person(who).get(PROJECT.index, name=name).row_actions(image_id)
    assert person(who).get(ADMIN.detail(image_id)).link("Change Owner")
    assert not person(who).get(PROJECT.detail(image_id)).link("Change Owner")
