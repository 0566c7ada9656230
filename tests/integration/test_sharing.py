# SPDX-License-Identifier: Apache-2.0
"""Sharing an image, the answers of those it is shared with, and who may do neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.panels import ADMIN, DOMAIN, PANELS, PROJECT

Person = Callable[[str], Dashboard]
UNKNOWN = "0123456789abcdef0123456789abcdef"
INBOX = "/project/images/shared/"


def share(
    dashboard: Dashboard, image_id: str, *projects: str, panel: Any = PROJECT, **fields: str
) -> Page:
    path = f"{panel.index}{image_id}/share/"
    return dashboard.post(path, {"projects": "\n".join(projects), **fields})


def test_several_at_once_and_a_result_for_each(
    cloud: Cloud, person: Person, images: Images
) -> None:
    image_id = images.make("several", visibility="shared")
    data, lab = cloud.project_id("acme-data"), cloud.project_id("acme-lab")
    images.share(image_id, "acme-lab", "rejected")
    page = share(person("acme-admin"), image_id, "acme-data", lab, UNKNOWN, "acme-web", data)
    said = " ".join(page.messages)
    assert "with acme-data." in said
    assert "was rejected by acme-lab. Their members can still accept it" in said
    assert "already shared" not in said
    assert f"{UNKNOWN} – Project not found" in said
    assert "acme-web – The project owns the image" in said
    assert images.members(image_id) == {data: "pending", lab: "rejected"}


def test_a_private_image_becomes_shared(cloud: Cloud, person: Person, images: Images) -> None:
    image_id = images.make("private")
    page = person("alice").get(f"{PROJECT.index}{image_id}/share/")
    assert "Sharing changes its visibility to Shared." in page.text
    data = cloud.project_id("acme-data")
    share(person("alice"), image_id, data)
    assert images.show(image_id)["visibility"] == "shared"
    assert images.members(image_id) == {data: "pending"}


@pytest.mark.parametrize("remove", [True, False])
def test_old_members(cloud: Cloud, person: Person, images: Images, remove: bool) -> None:
    image_id = images.make("revived", visibility="shared")
    images.share(image_id, "acme-lab")
    images.update(image_id, visibility="private")
    data, lab = cloud.project_id("acme-data"), cloud.project_id("acme-lab")
    page = share(person("acme-admin"), image_id, data, **({"remove_old": "on"} if remove else {}))
    if remove:
        assert images.members(image_id) == {data: "pending"}
    else:
        assert images.members(image_id) == {data: "pending", lab: "accepted"}
        assert f"is now shared again with {lab}" in " ".join(page.messages)


@pytest.mark.parametrize("remove", [True, False])
def test_members_are_removed_before_an_image_becomes_private(
    cloud: Cloud, person: Person, images: Images, remove: bool
) -> None:
    image_id = images.make("privately", visibility="shared")
    images.share(image_id, "acme-lab")
    form = person("alice").get(PROJECT.update(image_id)).form("visibility")
    assert "Remove 1 member first" in form.element.text
    fields = {"remove_members": "on"} if remove else {}
    person("alice").submit(form, visibility="private", **fields)
    assert images.show(image_id)["visibility"] == "private"
    images.update(image_id, visibility="shared")
    lab = cloud.project_id("acme-lab")
    assert images.members(image_id) == ({} if remove else {lab: "accepted"})


def test_what_a_member_cannot_list_takes_its_id(
    cloud: Cloud, person: Person, images: Images
) -> None:
    image_id = images.make("by-id", visibility="shared")
    page = share(person("alice"), image_id, "globex-ops")
    assert "Enter the project ID" in page.text
    assert images.members(image_id) == {}
    globex = cloud.project_id("globex-ops")
    share(person("alice"), image_id, globex)
    assert images.members(image_id) == {globex: "pending"}


def test_the_admin_panel_stays_in_the_domain(cloud: Cloud, person: Person, images: Images) -> None:
    """A foreign project is refused as one that is not there, and not named."""
    image_id = images.make("confined", visibility="shared")
    globex = cloud.project_id("globex-ops")
    for written in (globex, UNKNOWN, "globex-ops"):
        page = share(person("acme-admin"), image_id, written, panel=ADMIN)
        assert images.members(image_id) == {}
        assert "Not found in your domain." in page.text
    assert "globex-ops" not in share(person("acme-admin"), image_id, globex, panel=ADMIN).html
    found = person("acme-admin").get_json("/admin/images/projects/", q="")
    names = {project["name"] for project in found["projects"]}
    assert names == {"acme-data", "acme-lab", "acme-web"}
    share(person("admin"), image_id, "globex-ops", panel=ADMIN)
    assert images.members(image_id) == {globex: "pending"}


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("alice", {"acme-web"}),
        ("acme-admin", {"acme-web", "acme-data", "acme-lab"}),
        # She has no role in acme-web, but manages its domain.
        ("mona", {"acme-web", "acme-data", "acme-lab"}),
    ],
)
def test_search(person: Person, who: str, names: set[str]) -> None:
    found = person(who).get_json("/project/images/projects/", q="ACME")
    assert {project["name"] for project in found["projects"]} == names


def test_a_manager_shares_by_name_with_any_project_of_the_domain(
    cloud: Cloud, person: Person, images: Images
) -> None:
    image_id = images.make("managed", "acme-lab")
    share(person("mona"), image_id, "acme-web", "globex-ops", panel=DOMAIN)
    assert images.members(image_id) == {cloud.project_id("acme-web"): "pending"}


def test_the_owners_domain_comes_first_for_the_cloud_admin(person: Person, images: Images) -> None:
    image_id = images.make("first", "globex-ops", visibility="shared")
    found = person("admin").get_json("/admin/images/projects/", image=image_id)["projects"]
    assert (found[0]["name"], found[0]["domain"]) == ("globex-research", "globex")
    assert "globex-ops" not in {project["name"] for project in found}


@pytest.mark.parametrize(
    ("panel", "who", "status"),
    [
        ("project", "alice", 200),
        ("project", "bob", 403),
        ("project", "gina", 404),
        ("admin", "acme-admin", 200),
        ("admin", "alice", 403),
        ("admin", "admin", 200),
    ],
)
def test_who_may_share_and_remove(
    cloud: Cloud, person: Person, images: Images, panel: str, who: str, status: int
) -> None:
    image_id = images.make("may", visibility="shared")
    images.share(image_id, "acme-data")
    data, lab = cloud.project_id("acme-data"), cloud.project_id("acme-lab")
    path = PANELS[panel].index
    assert person(who).get(f"{path}{image_id}/share/").status == status
    page = share(person(who), image_id, lab, panel=PANELS[panel])
    assert page.status == status
    assert (lab in images.members(image_id)) == (status == 200)
    action = [("action", f"members__remove__{data}")]
    page = person(who).post(PANELS[panel].detail(image_id), action)
    assert page.status == status
    assert (data not in images.members(image_id)) == (status == 200)


def test_a_reader_and_nobody_change_nothing(person: Person, images: Images, cloud: Cloud) -> None:
    image_id = images.make("reader", "demo", visibility="shared")
    lab = cloud.project_id("acme-lab")
    images.share(image_id, "acme-lab")
    assert lab in person("reader").get(PROJECT.detail(image_id)).html, "seen, by a reader too"
    for who, status in (("reader", 403), ("anonymous", 200)):
        assert person(who).get(f"{PROJECT.index}{image_id}/share/").status == status
        share(person(who), image_id, cloud.project_id("acme-data"))
        action = [("action", f"members__remove__{lab}")]
        person(who).post(PROJECT.detail(image_id), action)
        assert images.members(image_id) == {lab: "accepted"}


def test_removing_several(cloud: Cloud, person: Person, images: Images) -> None:
    image_id = images.make("removing", visibility="shared")
    images.share(image_id, "acme-data")
    images.share(image_id, "acme-lab", "pending")
    data, lab = cloud.project_id("acme-data"), cloud.project_id("acme-lab")
    action = [("action", "members__remove"), *(("object_ids", i) for i in (data, UNKNOWN, lab))]
    said = " ".join(person("alice").post(PROJECT.detail(image_id), action).messages)
    assert images.members(image_id) == {}
    assert f"{UNKNOWN} – The project is no longer a member." in said


def inbox(dashboard: Dashboard) -> dict[str, str]:
    """Image ID to its row's text."""
    rows = dashboard.get(INBOX).tree.first("table", id="shared").all("tr")
    return {row["data-object-id"]: row.text for row in rows if row.get("data-object-id")}


@pytest.mark.parametrize("who", ["bob", "acme-admin"])
def test_inbox(cloud: Cloud, person: Person, images: Images, who: str) -> None:
    """For an admin too, whose token Glance answers otherwise."""
    project = cloud.user(who).project
    owner = "acme-lab"
    ids = [images.make(f"inbox-{who}", owner, visibility="shared") for _ in range(2)]
    foreign = images.make("others", owner, visibility="shared")
    images.share(foreign, "demo", "pending")
    for image_id in ids:
        images.share(image_id, project, "pending")
    dashboard, member = person(who), cloud.project_id(project)
    rows = inbox(dashboard)
    assert all("Pending" in rows[image_id] for image_id in ids)
    assert foreign not in rows

    dashboard.post(INBOX, [("action", f"shared__accept__{ids[0]}")])
    assert images.members(ids[0]) == {member: "accepted"}
    assert "Accepted" in inbox(dashboard)[ids[0]]
    own = images.make("own", project, visibility="shared")
    both = [("action", "shared__reject"), *(("object_ids", i) for i in (*ids, own, foreign))]
    page = dashboard.post(INBOX, both)
    assert [images.members(image_id) for image_id in ids] == [{member: "rejected"}] * 2
    said = " ".join(page.messages)
    assert images.name(ids[1]) in said
    assert "The project owns the image;" in said
    assert f"{foreign} – Image not found." in said
    dashboard.post(INBOX, [("action", f"shared__accept__{ids[1]}")])
    assert images.members(ids[1]) == {member: "accepted"}


def test_the_count_of_what_waits(cloud: Cloud, person: Person, images: Images) -> None:
    before = person("bob").get_json(f"{INBOX}count/")["pending"]
    images.share(images.make("waits", visibility="shared"), "acme-data", "pending")
    assert person("bob").get_json(f"{INBOX}count/") == {"pending": before + 1, "more": False}
    assert person("admin").get_json(f"{INBOX}count/")["pending"] is None


def test_only_the_member_answers(cloud: Cloud, person: Person, images: Images) -> None:
    image_id = images.make("answers", visibility="shared")
    images.share(image_id, "demo", "pending")
    demo = cloud.project_id("demo")
    for who in ("reader", "gina", "alice", "anonymous"):
        person(who).post(INBOX, [("action", f"shared__accept__{image_id}")])
        assert images.members(image_id) == {demo: "pending"}
    page = person("demo").get(PROJECT.detail(image_id))
    assert "Shared with demo by" in page.text
    assert "Accept Image" in page.text
    assert "Accept Image" not in person("reader").get(PROJECT.detail(image_id)).text


def test_the_column_and_its_numbers(cloud: Cloud, person: Person, images: Images) -> None:
    image_id = images.make("column", visibility="shared")
    foreign = images.make("foreign", "globex-ops", visibility="shared")
    images.share(image_id, "acme-data")
    images.share(image_id, "acme-lab", "pending")
    page = person("alice").get(PROJECT.index, name=images.name(image_id))
    assert page.rows[image_id]["Access"] == "Shared"
    for panel, who in ((PROJECT, "alice"), (ADMIN, "acme-admin")):
        query = f"?id={image_id}&id={foreign}"
        told = person(who).get(f"{panel.index}access/{query}").response.json()["images"]
        assert told == [{"id": image_id, "label": "Shared with 2 projects (1 pending)"}]
    assert person("alice").get(f"{ADMIN.index}access/?id={image_id}").status == 403


def test_an_image_with_all_the_members_it_may_have(person: Person, images: Images) -> None:
    """Whoever asks last is told why, and nothing is lost."""
    image_id = images.make("full", visibility="shared")
    for number in range(128):
        images._call("POST", f"/images/{image_id}/members", json={"member": f"{number:032x}"})
    page = share(person("alice"), image_id, UNKNOWN)
    assert f"{UNKNOWN} – The image has reached this cloud's limit of members." in page.text
    assert UNKNOWN not in images.members(image_id)
