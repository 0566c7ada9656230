# SPDX-License-Identifier: Apache-2.0
"""An image for every project of a domain: given, kept up, and taken back exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel
from tests.integration.publishing import create, publish
from tests.thorough import crossed, only_thorough

PUBLISHED = "helion_images_published"


@pytest.fixture
def acme_admin(person: Callable[[str], Dashboard]) -> Dashboard:
    return person("acme-admin")


@pytest.fixture
def members(cloud: Cloud, images: Images) -> Callable[[str], dict[str, str]]:
    """Project name to its answer; of an image that is not shared, by making it so."""
    names = {cloud.project_id(name): name for name in ("acme-web", "acme-data", "acme-lab", "demo")}

    def of(image_id: str) -> dict[str, str]:
        if images.show(image_id)["visibility"] != "shared":
            images.update(image_id, visibility="shared")
        return {names.get(id_, id_): status for id_, status in images.members(image_id).items()}

    return of


Members = Callable[[str], dict[str, str]]
EVERYBODY_ELSE = {"acme-data": "accepted", "acme-lab": "accepted"}


def test_every_project_of_the_domain_has_it(
    person: Callable[[str], Dashboard], acme_admin: Dashboard, images: Images, members: Members
) -> None:
    image_id = images.make("for-acme")
    run = publish(acme_admin, ADMIN, image_id, "domain")
    assert (run.status, run.projects, run.reached, run.total) == (200, [], 3, 3)
    assert run.done == ["acme-data", "acme-lab"]
    assert members(image_id) == EVERYBODY_ELSE
    name = images.name(image_id)
    assert image_id in person("bob").get(PROJECT.index, name=name).rows
    assert image_id not in person("gina").get(PROJECT.index, name=name).rows


def test_again_changes_nothing(acme_admin: Dashboard, images: Images) -> None:
    image_id = images.make("twice")
    publish(acme_admin, ADMIN, image_id, "domain")
    before, given = images.unchanging(image_id), images.members(image_id)
    run = publish(acme_admin, ADMIN, image_id, "domain")
    assert (run.steps, run.tried) == (1, [])
    assert (images.unchanging(image_id), images.members(image_id)) == (before, given)


def test_unpublish_takes_back_exactly_what_was_given(
    acme_admin: Dashboard, images: Images, members: Members
) -> None:
    image_id = images.make("exact", visibility="shared")
    images.share(image_id, "demo")
    images.share(image_id, "acme-lab", "pending")
    before = images.unchanging(image_id)
    publish(acme_admin, ADMIN, image_id, "domain")
    assert members(image_id) == {**EVERYBODY_ELSE, "demo": "accepted"}
    page = acme_admin.act(ADMIN.index, "unpublish", image_id)
    assert not page.errors
    assert images.unchanging(image_id) == before
    assert members(image_id) == {"demo": "accepted", "acme-lab": "pending"}


def test_private_is_private_again(acme_admin: Dashboard, images: Images, members: Members) -> None:
    image_id = images.make("private")
    before = images.unchanging(image_id)
    publish(acme_admin, ADMIN, image_id, "domain")
    publish(acme_admin, ADMIN, image_id, "own")
    assert images.unchanging(image_id) == before
    assert members(image_id) == {}


def test_a_rejection_stays(acme_admin: Dashboard, images: Images, members: Members) -> None:
    image_id = images.make("rejected", visibility="shared")
    images.share(image_id, "acme-lab", "rejected")
    for _time in range(2):
        run = publish(acme_admin, ADMIN, image_id, "domain")
        assert (run.reached, run.total) == (2, 3)
        assert members(image_id) == {"acme-data": "accepted", "acme-lab": "rejected"}
    publish(acme_admin, ADMIN, image_id, "own")
    assert members(image_id) == {"acme-lab": "rejected"}


def test_from_the_domain_to_the_cloud_and_back(
    acme_admin: Dashboard, images: Images, members: Members
) -> None:
    image_id = images.make("moves")
    before = images.unchanging(image_id)
    publish(acme_admin, ADMIN, image_id, "domain")
    publish(acme_admin, ADMIN, image_id, "cloud")
    assert images.show(image_id)["visibility"] == "public"
    publish(acme_admin, ADMIN, image_id, "domain")
    assert images.show(image_id)["visibility"] == "shared"
    assert members(image_id) == EVERYBODY_ELSE
    publish(acme_admin, ADMIN, image_id, "cloud")
    acme_admin.act(ADMIN.index, "unpublish", image_id)
    assert images.unchanging(image_id) == before
    assert members(image_id) == {}


@pytest.fixture
def once_shared(images: Images) -> str:
    """A private image that was shared before, with a project of another domain too."""
    image_id = images.make("revived", visibility="shared")
    images.share(image_id, "acme-data")
    images.share(image_id, "demo")
    images.update(image_id, visibility="private")
    return image_id


def test_members_of_long_ago_are_not_what_publishing_gave(
    cloud: Cloud, acme_admin: Dashboard, images: Images, members: Members, once_shared: str
) -> None:
    image_id = once_shared
    page = acme_admin.get(f"{ADMIN.publish}?id={image_id}")
    assert "Remove earlier shares that would become active again" in page.text
    run = publish(acme_admin, ADMIN, image_id, "domain")
    assert [(each["project"], each["kind"]) for each in run.projects] == [
        (cloud.project_id("demo"), "noted")
    ]
    label = "All projects in acme (3 of 3) and 1 other project"
    assert label in acme_admin.get(ADMIN.detail(image_id)).text
    publish(acme_admin, ADMIN, image_id, "own")
    assert images.show(image_id)["visibility"] == "private"
    assert members(image_id) == {"acme-data": "accepted", "demo": "accepted"}


def test_members_of_long_ago_are_removed_where_that_is_wanted(
    acme_admin: Dashboard, images: Images, members: Members, once_shared: str
) -> None:
    run = publish(acme_admin, ADMIN, once_shared, "domain", remove_old="on")
    assert run.projects == []
    assert members(once_shared) == EVERYBODY_ELSE
    publish(acme_admin, ADMIN, once_shared, "own")
    assert images.show(once_shared)["visibility"] == "private"
    assert members(once_shared) == {}


def test_whom_a_person_adds_to_a_published_image_keeps_it(
    cloud: Cloud, acme_admin: Dashboard, images: Images, members: Members
) -> None:
    image_id = images.make("shared-as-well")
    publish(acme_admin, ADMIN, image_id, "domain")
    page = acme_admin.post(PROJECT.share(image_id), {"projects": cloud.project_id("demo")})
    assert not page.form_errors
    page = acme_admin.act(ADMIN.index, "unpublish", image_id)
    assert not page.errors
    assert images.show(image_id)["visibility"] == "shared"
    assert members(image_id) == {"demo": "pending"}


def test_whom_a_person_shares_it_with_once_more_keeps_it(
    cloud: Cloud, acme_admin: Dashboard, images: Images, members: Members
) -> None:
    image_id = images.make("shared-again")
    publish(acme_admin, ADMIN, image_id, "domain")
    page = acme_admin.post(PROJECT.share(image_id), {"projects": cloud.project_id("acme-data")})
    assert not page.form_errors
    publish(acme_admin, ADMIN, image_id, "own")
    assert images.show(image_id)["visibility"] == "shared"
    assert members(image_id) == {"acme-data": "accepted"}


def test_a_rejection_outlives_unpublishing(
    cloud: Cloud,
    person: Callable[[str], Dashboard],
    acme_admin: Dashboard,
    images: Images,
    members: Members,
) -> None:
    """A project that does not want the image is not given it by doing it all again."""
    image_id = images.make("unwanted")
    publish(acme_admin, ADMIN, image_id, "domain")
    person("bob").post(PROJECT.shared, {"action": f"shared__reject__{image_id}"})
    assert images.members(image_id)[cloud.project_id("acme-data")] == "rejected"
    publish(acme_admin, ADMIN, image_id, "own")
    assert images.show(image_id)["visibility"] == "private"
    publish(acme_admin, ADMIN, image_id, "domain")
    assert members(image_id) == {"acme-data": "rejected", "acme-lab": "accepted"}


def test_an_owner_of_another_domain_does_not_take_it_along(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """Glance lets any admin replace owners; what the old domain was given is taken back first."""
    image_id = images.make("moved")
    publish(person("acme-admin"), ADMIN, image_id, "domain")
    images.update(image_id, owner=cloud.project_id("globex-ops"))
    run = publish(person("admin"), ADMIN, image_id, "domain")
    assert run.status == 409
    assert "Unpublish it first." in run.reason
    assert "Unpublish it first." in person("admin").get(ADMIN.detail(image_id)).text
    publish(person("admin"), ADMIN, image_id, "own")
    assert images.show(image_id)["visibility"] == "private"
    assert publish(person("admin"), ADMIN, image_id, "domain").status == 200
    assert cloud.project_id("acme-data") not in images.members(image_id)


def created(dashboard: Dashboard, images: Images, **fields: str) -> dict[str, Any]:
    """What the page's script is told of a new image."""
    page = create(dashboard, **fields)
    assert page.status == 201, page.errors
    steps: dict[str, Any] = page.response.json()
    images.adopt(steps["id"])
    return steps


def test_a_new_image_may_be_every_projects(
    acme_admin: Dashboard, images: Images, members: Members
) -> None:
    steps = created(acme_admin, images, audience="domain")
    published = steps["publish"]
    assert (published["left"], published["reached"], published["total"]) == (0, 3, 3)
    assert [each["kind"] for each in published["projects"]] == ["done", "done"]
    assert members(steps["id"]) == EVERYBODY_ELSE
    publish(acme_admin, PROJECT, steps["id"], "own")
    assert members(steps["id"]) == {}


def test_a_members_new_image_is_for_nobody_else_whatever_is_posted(
    person: Callable[[str], Dashboard], images: Images, members: Members
) -> None:
    steps = created(person("alice"), images, audience="domain")
    assert "publish" not in steps
    assert members(steps["id"]) == {}


def test_edit_leads_to_where_it_is_published(
    acme_admin: Dashboard, images: Images, members: Members
) -> None:
    image_id = images.make("edited")
    page = acme_admin.get(ADMIN.update(image_id))
    page = acme_admin.submit(page.form("min_disk"), visibility="domain", description="For all")
    assert page.form("audience").fields["audience"] == "domain"
    image = images.show(image_id)
    assert (image["description"], image["visibility"]) == ("For all", "private")
    publish(acme_admin, ADMIN, image_id, "domain")
    form = acme_admin.get(ADMIN.update(image_id)).form("min_disk")
    assert form.options("visibility") == ["private", "domain", "public"]
    page = acme_admin.submit(form, visibility="private")
    assert page.form("audience").fields["audience"] == "own"
    assert members(image_id) == EVERYBODY_ELSE


@pytest.fixture
def new_project(cloud: Cloud) -> Iterator[Callable[[], str]]:
    """Makes projects of acme, which are gone afterwards."""
    session, made = cloud.session("admin"), []

    def make() -> str:
        body = {"project": {"name": unique("project"), "domain_id": cloud.domain_id("acme")}}
        url = f"{cloud.keystone.auth_url}/projects"
        made.append(str(session.post(url, json=body).json()["project"]["id"]))
        return made[-1]

    yield make
    for project_id in made:
        session.delete(f"{cloud.keystone.auth_url}/projects/{project_id}")


def test_drift_is_shown_and_mended(
    cloud: Cloud, acme_admin: Dashboard, images: Images, new_project: Callable[[], str]
) -> None:
    image_id = images.make("drift")
    publish(acme_admin, ADMIN, image_id, "domain")
    project_id = new_project()
    page = acme_admin.get(ADMIN.detail(image_id))
    assert "3 of 4 projects in the domain have the image in their list." in page.text
    assert "Re-sync" in page.text
    run = publish(acme_admin, ADMIN, image_id, "domain")
    assert (run.reached, run.total) == (4, 4)
    assert images.members(image_id)[project_id] == "accepted"
    url = f"{cloud.keystone.auth_url}/projects/{project_id}"
    cloud.session("admin").patch(url, json={"project": {"enabled": False}})
    run = publish(acme_admin, ADMIN, image_id, "domain")
    assert (run.reached, run.total) == (3, 3)
    assert project_id not in images.members(image_id)


def test_the_list_says_how_far_it_has_come(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("far")
    publish(person("acme-admin"), ADMIN, image_id, "domain")

    def told(who: str, panel: Panel) -> dict[str, str]:
        (found,) = person(who).get_json(f"{panel.index}access/", id=image_id)["images"]
        return dict(found)

    whole = {"id": image_id, "label": "All projects in acme (3 of 3)"}
    assert told("acme-admin", ADMIN) == told("admin", ADMIN) == whole
    cloud.glance_client("admin").image_members.delete(image_id, cloud.project_id("acme-lab"))
    for who in ("acme-admin", "admin"):
        found = told(who, ADMIN)
        assert found["label"] == "All projects in acme (2 of 3)"
        form = person(who).get(found["sync_url"]).form("audience")
        assert form.fields["audience"] == "domain"
    assert told("alice", PROJECT) == {"id": image_id, "label": "All projects in acme"}


def test_the_managers_list_says_it_too(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("managed", "acme-lab")
    publish(person("mona"), DOMAIN, image_id, "domain")

    def told() -> dict[str, str]:
        (found,) = person("mona").get_json(f"{DOMAIN.index}access/", id=image_id)["images"]
        return dict(found)

    # Her active project is another.
    assert person("mona").get(DOMAIN.index).row(image_id).all(data_hip_access=image_id)
    # The third one, in which she has no role, has to accept by itself.
    assert told() == {"id": image_id, "label": "All projects in acme (2 of 3)"}
    assert "Not accepted yet: acme-web" in person("mona").get(DOMAIN.detail(image_id)).text
    assert "Re-sync" not in person("mona").get(DOMAIN.detail(image_id)).text
    members = cloud.glance_client("admin").image_members
    members.delete(image_id, cloud.project_id("acme-web"))
    form = person("mona").get(told()["sync_url"]).form("audience")
    assert form.fields["audience"] == "domain"


@pytest.mark.parametrize(
    ("person_and_image", "audience"),
    crossed(
        [
            ("alice", PROJECT, "acme-web", 403),
            ("bob", PROJECT, "acme-web", 404),
            ("reader", PROJECT, "demo", 403),
            ("alice", ADMIN, "acme-web", 403),
            ("acme-admin", ADMIN, "globex-ops", 404),
            ("acme-admin", DOMAIN, "acme-web", 403),
            ("mona", DOMAIN, "acme-web", 404),
        ],
        ["own", "domain", "cloud", "everybody", ""],
    ),
)
def test_who_may_not(
    person: Callable[[str], Dashboard],
    images: Images,
    person_and_image: tuple[str, Panel, str, int],
    audience: str,
) -> None:
    who, panel, owner, status = person_and_image
    image_id = images.make("not-theirs", owner)
    before = images.unchanging(image_id)
    run = publish(person(who), panel, image_id, audience)
    assert run.status == status
    assert images.unchanging(image_id) == before


def test_a_note_of_another_image_gives_nothing(
    acme_admin: Dashboard, images: Images, members: Members
) -> None:
    """A member of a project can write any property of its images."""
    published, forged = images.make("published"), images.make("forged", visibility="shared")
    publish(acme_admin, ADMIN, published, "domain")
    images.share(forged, "acme-data")
    images.update(forged, **{PUBLISHED: images.show(published)[PUBLISHED]})
    page = acme_admin.act(ADMIN.index, "unpublish", forged)
    assert page.errors
    assert members(forged) == {"acme-data": "accepted"}


def test_its_manager_publishes_as_far_as_she_may(
    person: Callable[[str], Dashboard], images: Images, members: Members
) -> None:
    image_id = images.make("mona", "acme-lab")
    before = images.unchanging(image_id)
    run = publish(person("mona"), DOMAIN, image_id, "domain")
    assert [each["project"] for each in run.projects] == ["acme-web"]
    assert members(image_id) == {"acme-data": "accepted", "acme-web": "pending"}
    publish(person("mona"), DOMAIN, image_id, "own")
    assert images.unchanging(image_id) == before
    assert publish(person("mona"), DOMAIN, image_id, "cloud").status == 403


def test_its_manager_takes_back_the_answer_that_she_gave(
    person: Callable[[str], Dashboard], images: Images, members: Members
) -> None:
    """A person's member, for which she accepts where she has a role."""
    image_id = images.make("answered", "acme-lab", visibility="shared")
    images.share(image_id, "acme-data", "pending")
    before = images.unchanging(image_id)
    publish(person("mona"), DOMAIN, image_id, "domain")
    assert members(image_id)["acme-data"] == "accepted"
    page = person("mona").act(DOMAIN.index, "unpublish", image_id)
    assert not page.errors
    assert images.unchanging(image_id) == before
    assert members(image_id) == {"acme-data": "pending"}


def test_the_role_admin_on_a_project_gives_nothing_of_its_domain(
    cloud: Cloud, grant: Callable[[str, str], None], images: Images
) -> None:
    """In the Project panel too: who comes from elsewhere publishes to none of its projects."""
    image_id = images.make("of-globex", "globex-ops")
    before = images.unchanging(image_id)
    project_id = cloud.project_id("globex-ops")
    grant("acme-admin", f"projects/{project_id}")
    guest = Dashboard(cloud.horizon.url).log_in(cloud.user("acme-admin"), project_id)
    run = publish(guest, PROJECT, image_id, "domain")
    assert run.status == 403
    assert images.unchanging(image_id) == before
    form = guest.get(f"{PROJECT.publish}?id={image_id}").form("audience")
    assert [each["value"] for each in form.element.all("input", name="audience")] == ["cloud"]
    assert create(guest, audience="domain").form("audience").errors


def test_several_images_of_several_owners(
    acme_admin: Dashboard, images: Images, members: Members
) -> None:
    ids = [images.make("several", owner) for owner in ("acme-web", "acme-lab", "acme-lab")]
    page = acme_admin.act(ADMIN.index, "publish", *ids)
    assert "The domain has 3 projects." in page.text
    fields = [("audience", "domain"), *(("id", image_id) for image_id in ids)]
    assert not acme_admin.post(page.form("audience").action, fields).errors
    assert members(ids[0]) == EVERYBODY_ELSE
    for image_id in ids[1:]:
        assert members(image_id) == {"acme-data": "accepted", "acme-web": "accepted"}


@only_thorough
def test_more_rows_than_an_address_holds(acme_admin: Dashboard, images: Images) -> None:
    ids = [images.make("many", data=None) for _number in range(101)]
    page = acme_admin.act(ADMIN.index, "publish", *ids)
    assert page.path == ADMIN.publish
    assert len(page.tree.all("input", name="id")) == 101
    form = page.form("audience")
    fields = [("audience", "cloud"), *(("id", image_id) for image_id in ids)]
    acme_admin.post(form.action, fields)
    found = {image["id"]: image["visibility"] for image in images.list()}
    assert {found[image_id] for image_id in ids} == {"public"}
