# SPDX-License-Identifier: Apache-2.0
"""All images that match: read and changed within the panel, whatever is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.client import Dashboard
from tests.integration.declared import ACTIONS
from tests.integration.images import Images, unique
from tests.integration.matrix import Case
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel
from tests.integration.relations import RELATIONS
from tests.integration.specimens import Specimens
from tests.thorough import only_thorough

Person = Callable[[str], Dashboard]


@pytest.fixture
def tag(images: Images) -> str:
    return unique("selection")


def read(dashboard: Dashboard, panel: Panel, action: str, **filters: str) -> dict[str, str]:
    """The refusal of each image that matches, by its ID, as the page's script reads them."""
    found: dict[str, str] = {}
    position: dict[str, str] | None = {}
    while position is not None:
        page = dashboard.get(f"{panel.index}selection/", action=action, **filters, **position)
        assert page.status == 200
        answer = page.response.json()
        found |= {image["id"]: image["refusal"] for image in answer["images"]}
        position = answer["next"]
    return found


def send(
    dashboard: Dashboard, panel: Panel, action: str, *ids: str, name: str = ""
) -> dict[str, str]:
    """The failure of each image; `name` confirms the deletion of several."""
    headers = {"X-CSRFToken": dashboard.csrf_token, "X-Requested-With": "XMLHttpRequest"}
    fields: Any = [("action", action), *(("id", image_id) for image_id in ids)]
    fields.append(("confirmed_name", name))
    page = dashboard.request("POST", f"{panel.index}selection/", data=fields, headers=headers)
    assert page.status == 200
    return {each["id"]: each["failure"] for each in page.response.json()["results"]}


@only_thorough
def test_all_of_a_domain_and_no_other(person: Person, images: Images, tag: str) -> None:
    """More than are read at once, of two projects, also of equal and of no name."""
    made = {
        images.make("same", f"acme-{('web', 'data')[n % 2]}", data=None, tags=[tag], name=name)
        for n in range(51)
        for name in ("same", None)
    }
    foreign = images.make("foreign", "globex-ops", data=None, tags=[tag])
    found = read(person("acme-admin"), ADMIN, "delete", tag=tag)
    assert found.keys() == made
    assert set(found.values()) == {""}
    everything = read(person("admin"), ADMIN, "delete", tag=tag, domain="all")
    assert everything.keys() == made | {foreign}


def test_a_wrong_filter_selects_nothing(person: Person, images: Images, tag: str) -> None:
    """Without it, more images than the user means would match."""
    images.make("filtered", tags=[tag])
    page = person("alice").get(
        f"{PROJECT.index}selection/", action="delete", tag=tag, size_from="a lot"
    )
    assert (page.status, "images" in page.response.json()) == (400, False)


@pytest.mark.parametrize("action", ["delete", "protect", "hide", "deactivate", "unpublish"])
def test_nothing_of_another_domain(person: Person, images: Images, tag: str, action: str) -> None:
    own = images.make("own", "acme-data", tags=[tag])
    foreign = images.make("foreign", "globex-ops", tags=[tag])
    public = images.make("public", "globex-ops", tags=[tag], visibility="public")
    before = [images.state(image_id) for image_id in (foreign, public)]
    acme_admin = person("acme-admin")
    project_id = images.cloud.project_id("globex-ops")
    for filters in ({}, {"domain": "all"}):
        assert read(acme_admin, ADMIN, action, tag=tag, **filters).keys() <= {own}, filters
    page = acme_admin.get(f"{ADMIN.index}selection/", action=action, tag=tag, owner=project_id)
    assert (page.status, "images" in page.response.json()) == (400, False)
    failures = send(acme_admin, ADMIN, action, foreign, public)
    assert set(failures.values()) == {"Image not found."}
    failures = send(acme_admin, PROJECT, action, foreign, public)
    assert failures[foreign] == "Image not found."
    assert failures[public]
    assert [images.state(image_id) for image_id in (foreign, public)] == before


def test_each_image_by_its_own_right_and_state(person: Person, images: Images, tag: str) -> None:
    free = images.make("free", "acme-web", data=None, tags=[tag])
    protected = images.make("protected", "acme-web", data=None, tags=[tag], protected=True)
    foreign = images.make("public", "globex-ops", tags=[tag], visibility="public")
    alice = person("alice")
    expected = {
        free: "",
        protected: "The image is protected. Unprotect it first.",
        foreign: "You are not allowed to change this image.",
    }
    assert read(alice, PROJECT, "delete", tag=tag) == expected
    assert send(alice, PROJECT, "delete", *expected) == expected
    assert read(alice, PROJECT, "delete", tag=tag).keys() == {protected, foreign}


@pytest.mark.parametrize("action", [name for name in ACTIONS if name != "publish"])
def test_every_action(person: Person, images: Images, tag: str, action: str) -> None:
    """On images in a state that it is for. Publish has a dialog of its own, which takes them."""
    refused_for = ACTIONS[action].refused_for
    relation = next(
        each for each in RELATIONS.values() if each.whose == "own" and each.name not in refused_for
    )
    case = Case("admin", relation.name, "domain-admin", "admins")
    before = {}
    for _ in range(2):
        image_id = Specimens(images).make(case)
        images.update(image_id, tags=[tag])
        before[image_id] = images.state(image_id)
    admin, filters = person("acme-admin"), {"hidden": "true"} if relation.is_("os_hidden") else {}
    if relation.is_deleted:
        filters = {"view": "deleted"}
    found = read(admin, ADMIN, action, tag=tag, **filters)
    assert found == dict.fromkeys(before, "")
    assert send(admin, ADMIN, action, *found, name="acme") == found
    assert [each for each, state in before.items() if images.state(each) == state] == []


def test_several_are_deleted_permanently_by_the_name_of_their_domain(
    person: Person, images: Images, tag: str
) -> None:
    """Whatever the page has asked for: nothing is deleted without it."""
    ids = [images.make("to be emptied", owner) for owner in ("acme-web", "acme-data")]
    admin = person("acme-admin")
    for panel, who, name in ((ADMIN, "acme-admin", "acme"), (PROJECT, "alice", "acme-web")):
        wanted = ids if panel is ADMIN else [images.make("own") for _ in range(2)]
        before = [images.state(image_id) for image_id in wanted]
        for fields in ([], [("confirmed_name", "")], [("confirmed_name", "globex")]):
            posted = [
                ("action", "images__delete_permanently"),
                *(("object_ids", image_id) for image_id in wanted),
                *fields,
            ]
            page = person(who).post(panel.index, posted)
            assert f'only after you enter "{name}"' in " ".join(page.messages)
            headers = {"X-CSRFToken": person(who).csrf_token, "X-Requested-With": "XMLHttpRequest"}
            sent = [
                ("action", "delete_permanently"),
                *(("id", image_id) for image_id in wanted),
                *fields,
            ]
            url = f"{panel.index}selection/"
            answer = person(who).request("POST", url, data=sent, headers=headers)
            assert answer.status == 400
        assert [images.state(image_id) for image_id in wanted] == before
    failures = send(admin, ADMIN, "delete_permanently", *ids, name="acme")
    assert set(failures.values()) == {""}
    assert [images.state(image_id) for image_id in ids] == [None, None]


def test_the_images_of_a_domain_manager(person: Person, images: Images, tag: str) -> None:
    """Each with a token of its own project."""
    own = [images.make("own", owner, tags=[tag], data=None) for owner in ("acme-lab", "acme-data")]
    images.make("other", "acme-web", tags=[tag], data=None)
    foreign = images.make("foreign", "globex-ops", tags=[tag])
    mona = person("mona")
    found = read(mona, DOMAIN, "protect", tag=tag)
    assert found == dict.fromkeys(own, "")
    failures = send(mona, DOMAIN, "protect", *found, foreign)
    assert failures == {**dict.fromkeys(found, ""), foreign: "Image not found."}
    assert all(images.show(image_id)["protected"] for image_id in found)
    assert not images.show(foreign)["protected"]


def test_who_may_not_open_the_panel(person: Person, images: Images, tag: str) -> None:
    image_id = images.make("own", "acme-web", tags=[tag], data=None)
    assert person("alice").get(f"{ADMIN.index}selection/", action="delete").status == 403
    assert person("anonymous").get(f"{PROJECT.index}selection/", action="delete").is_login
    # Another site's page has no token.
    page = person("alice").request(
        "POST", f"{PROJECT.index}selection/", data={"action": "delete", "id": image_id}
    )
    assert page.status == 403
    assert images.show(image_id)["status"] == "queued"
