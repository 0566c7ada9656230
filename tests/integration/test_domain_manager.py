# SPDX-License-Identifier: Apache-2.0
"""The manager of a domain, who is no admin: mona has a role on two of acme's three projects."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demo.cloud import Cloud
from tests.dashboards import dashboard
from tests.integration.client import NOT_FOUND, Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, DOMAIN, PROJECT
from tests.integration.sessions import stored
from tests.thorough import only_thorough

MINE = ("acme-data", "acme-lab")


@pytest.fixture
def mona(person: Callable[[str], Dashboard]) -> Dashboard:
    return person("mona")


def test_list_has_the_images_of_her_projects(mona: Dashboard, images: Images) -> None:
    mine = [images.make("mine", project) for project in MINE]
    others = [images.make("other", project) for project in ("acme-web", "globex-ops")]
    public = images.make("public", "admin", visibility="public")
    mona.session.cookies.set("API_RESULT_PAGE_SIZE", "500")
    page = mona.get(DOMAIN.index)
    assert set(mine) <= set(page.rows)
    assert not {*others, public} & set(page.rows)
    assert {row["Owner"] for row in page.rows.values()} == set(MINE)
    for image_id, project in zip(mine, MINE, strict=True):
        # Of whichever of them she is at work in now.
        assert page.rows[image_id]["Access"] == f"Only {project}"
        assert f"Only {project}" in mona.get(DOMAIN.detail(image_id)).text
    assert "acme-data, acme-lab" in page.text
    assert "Not shown: acme-web (you have no role there)." in page.text


def test_access_names_the_owner_and_no_this_project(
    mona: Dashboard, cloud: Cloud, images: Images
) -> None:
    kinds = ("private", "shared", "community")
    made = {
        (project, kind): images.make(kind, project, visibility=kind)
        for project in MINE
        for kind in kinds
    }
    ids = list(made.values())
    numbers = {each["id"]: each["label"] for each in mona.get_json(DOMAIN.access, id=ids)["images"]}
    rows = mona.get(DOMAIN.index).rows
    for (project, kind), image_id in made.items():
        label = numbers.get(image_id, rows[image_id]["Access"])
        assert label == ("Community" if kind == "community" else f"Only {project}")
        for text in (rows[image_id]["Access"], mona.get(DOMAIN.detail(image_id)).text):
            assert "this project" not in text.lower(), text


def test_pages_go_on_from_project_to_project_and_back(mona: Dashboard, images: Images) -> None:
    tag = "mona-paging"
    for project in MINE:
        for _number in range(3):
            images.make(tag, project, architecture="mona")
    mona.session.cookies.set("API_RESULT_PAGE_SIZE", "500")
    everything = list(mona.get(DOMAIN.index).rows)
    mona.session.cookies.set("API_RESULT_PAGE_SIZE", "2")
    try:
        seen, page = [], mona.get(DOMAIN.index)
        pages = [list(page.rows)]
        while page.next_url:
            page = mona.get(page.next_url)
            pages.append(list(page.rows))
        seen = [image_id for rows in pages for image_id in rows]
        assert seen == everything
        back = [list(page.rows)]
        while page.previous_url:
            page = mona.get(page.previous_url)
            back.append(list(page.rows))
        assert [image_id for rows in reversed(back) for image_id in rows] == everything
    finally:
        mona.session.cookies.set("API_RESULT_PAGE_SIZE", "500")


@pytest.mark.parametrize("project", MINE)
def test_she_changes_what_is_in_her_projects(mona: Dashboard, images: Images, project: str) -> None:
    image_id = images.make("hers", project)
    name = images.name(image_id)
    assert name in mona.get(DOMAIN.detail(image_id)).text
    form = mona.get(DOMAIN.update(image_id)).form("description")
    mona.submit(form, description="by its manager")
    assert images.show(image_id)["description"] == "by its manager"
    mona.act(DOMAIN.index, "protect", image_id)
    assert images.show(image_id)["protected"]
    assert "unprotect" in mona.get(DOMAIN.index).row_actions(image_id)
    mona.act(DOMAIN.index, "unprotect", image_id)
    mona.act(DOMAIN.index, "delete", image_id)
    assert not images.exists(image_id)


def test_her_active_project_stays_what_it_was(
    cloud: Cloud, mona: Dashboard, images: Images
) -> None:
    image_id = images.make("elsewhere", "acme-lab")
    mona.get(DOMAIN.detail(image_id))
    assert image_id not in mona.get(PROJECT.index, owner=cloud.project_id("acme-lab")).rows
    assert mona.get(PROJECT.detail(image_id)).status == 404


@pytest.mark.parametrize(
    ("owner", "fields"),
    [
        ("acme-web", {}),
        ("acme-web", {"visibility": "public"}),
        ("globex-ops", {}),
        ("globex-ops", {"visibility": "community"}),
        ("admin", {"visibility": "public"}),
    ],
)
def test_what_is_not_in_her_projects_is_not_there(
    mona: Dashboard, images: Images, owner: str, fields: dict[str, str]
) -> None:
    image_id = images.make("not-hers", owner, **fields)
    before = images.unchanging(image_id)
    for path in (DOMAIN.detail, DOMAIN.update, DOMAIN.metadata, DOMAIN.download):
        assert mona.get(path(image_id)).status == 404
    assert mona.get(DOMAIN.publish, id=image_id).status == 404
    for action in ("protect", "delete", "unpublish", "hide"):
        page = mona.act(DOMAIN.index, action, image_id)
        assert (page.path, page.errors) == (DOMAIN.index, [f"Error: {NOT_FOUND}"])
    assert images.unchanging(image_id) == before


@pytest.mark.parametrize("who", ["alice", "gina", "acme-admin", "admin", "reader"])
def test_nobody_else_has_the_page(
    person: Callable[[str], Dashboard], images: Images, who: str
) -> None:
    image_id = images.make("hers", "acme-data")
    assert person(who).get(DOMAIN.index).status == 403
    assert person(who).get(DOMAIN.detail(image_id)).status == 403
    assert person("anonymous").get(DOMAIN.index).is_login


def test_she_is_no_admin(mona: Dashboard) -> None:
    assert mona.get(ADMIN.index).status == 403


def test_what_cannot_be_done_is_not_offered(mona: Dashboard, images: Images) -> None:
    image_id = images.make("offers", "acme-lab")
    page = mona.get(DOMAIN.index)
    assert "create" not in page.table_actions
    assert not {"unpublish", "upload_data", "reactivate"} & page.row_actions(image_id)
    assert {"edit", "protect", "publish", "delete"} <= page.row_actions(image_id)
    form = mona.get(DOMAIN.publish, id=image_id).form("audience")
    assert [radio["value"] for radio in form.element.all("input", name="audience")] == ["domain"]


@only_thorough
def test_the_session_does_not_grow_with_the_projects(cloud: Cloud, images: Images) -> None:
    """Past a megabyte memcached drops a session: a token for each project would be too much."""
    admin, keystone = cloud.session("admin"), cloud.keystone.auth_url
    roles = admin.get(f"{keystone}/roles", params={"name": "member"}).json()["roles"]
    user = cloud.session("mona").get_user_id()
    made = []
    try:
        for number in range(12):
            body = {"name": unique(f"many-{number}"), "domain_id": cloud.domain_id("acme")}
            project = admin.post(f"{keystone}/projects", json={"project": body}).json()["project"]
            made.append(project["id"])
            admin.put(f"{keystone}/projects/{project['id']}/users/{user}/roles/{roles[0]['id']}")
        image_id = images.make("in-many")
        images.update(image_id, owner=made[-1])
        with dashboard(cloud, "many-projects", {"HELION_IMAGES_PROJECT_CACHE_S": 0}) as horizon:
            mona = Dashboard(horizon.url).log_in(cloud.user("mona"))
            mona.get(PROJECT.index)
            before = len(stored(horizon, mona))
            page = mona.get(DOMAIN.index, name=images.name(image_id))
            assert list(page.rows) == [image_id], page.text[:1000]
            assert len(stored(horizon, mona)) - before < 500
    finally:
        images.clean()
        for project_id in made:
            admin.delete(f"{keystone}/projects/{project_id}")
