# SPDX-License-Identifier: Apache-2.0
"""Who uses images, as the confirmation asks."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import instances, volumes
from helion_images_panel.ui.uses import cached
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import PANEL, PermissionMatrix, path


@pytest.fixture
def nova(monkeypatch):
    """The project of each instance by image ID; `asked` has the questions."""
    return install(monkeypatch, instances)


@pytest.fixture
def cinder(monkeypatch):
    """The same of volumes."""
    return install(monkeypatch, volumes)


def install(monkeypatch, service):
    answers = {"down": False, "asked": [], "limit": 100}

    def using(_request, image_id, *, everywhere):
        answers["asked"].append((image_id, everywhere))
        if answers["down"]:
            raise exceptions.ImageServiceUnavailable("It is down.")
        return factories.uses(*answers.get(image_id, []), limit=answers["limit"])

    monkeypatch.setattr(service, "using", using)
    return answers


class TestUsesPermissions(PermissionMatrix):
    page, expected, of_an_image = "uses", PANEL, False


def uses(browser, *ids, person="member", panel="project"):
    return answer(browser, *ids, person=person, panel=panel)["uses"]


def answer(browser, *ids, person="member", panel="project"):
    browser.login_as(factories.PEOPLE[person]())
    return browser.get(path(panel, "uses"), {"id": list(ids)}).json()


def test_instances_volumes_snapshots_and_members(browser, glance, nova, cinder):
    image = glance.add(visibility="shared")
    glance.members[image["id"]] = {"p1": "pending", "p2": "accepted"}
    glance.add(base_image_ref=image["id"])
    nova[image["id"]] = [factories.PROJECT] * 3
    cinder[image["id"]] = [factories.PROJECT]
    assert answer(browser, image["id"]) == {
        "uses": {
            image["id"]: [
                "In use by 3 instances",
                "1 volume created from it",
                "1 image made from it",
                "Shared with 2 projects",
            ]
        },
        "note": "",
    }


def test_an_origin_by_another_property_is_counted_once(browser, glance, nova):
    image = glance.add()
    glance.add(image_id=image["id"])
    glance.add(image_id=image["id"], base_image_ref=image["id"])
    assert uses(browser, image["id"]) == {image["id"]: ["2 images made from it"]}


def test_an_image_that_nobody_uses(browser, glance, nova):
    image = glance.add()
    assert uses(browser, image["id"]) == {image["id"]: []}


def test_the_snapshot_of_a_shelved_instance(browser, glance, nova):
    image = glance.add(name="web-shelved", instance_uuid=factories.image_id(7))
    expected = ["May have the data of a shelved instance"]
    assert uses(browser, image["id"]) == {image["id"]: expected}


def test_very_many_are_not_counted_to_the_end(browser, glance, nova):
    image = glance.add()
    nova[image["id"]] = [factories.PROJECT] * 200
    assert uses(browser, image["id"])[image["id"]] == ["In use by 100 or more instances"]


def test_where_compute_does_not_answer_it_is_asked_once_and_nothing_is_claimed(
    browser, glance, nova
):
    ids = [glance.add()["id"] for _ in range(5)]
    nova["down"] = True
    assert answer(browser, *ids) == {
        "uses": {id_: [] for id_ in ids},
        "note": "Unable to retrieve the instances. It is down.",
    }
    assert len(nova["asked"]) == 1


def test_where_there_may_be_others_that_is_said(browser, glance, nova):
    """All that Nova has returned are of other domains."""
    image = glance.add(visibility="public")
    nova[image["id"]] = [factories.FOREIGN] * 100
    found = answer(browser, image["id"], person="domain_admin", panel="admin")
    assert found["uses"] == {image["id"]: []}
    assert found["note"] == "There may be more uses: the services return a limited number."


def test_where_the_image_service_refuses_nothing_is_claimed(browser, glance, nova):
    image = glance.add(visibility="shared")
    glance.failing[f"GET /v2/images/{image['id']}/members"] = fakes.refusal(403, "no")
    assert uses(browser, image["id"]) == {image["id"]: []}


def test_only_images_that_the_person_manages(browser, glance, nova):
    public = glance.add(owner=factories.SIBLING, visibility="public")["id"]
    foreign = glance.add(owner=factories.FOREIGN)["id"]
    assert uses(browser, public, foreign, "no-id") == {}
    assert uses(browser, public, foreign, person="domain_admin", panel="admin") == {public: []}
    assert foreign not in {image_id for image_id, _everywhere in nova["asked"]}


def test_an_admin_hears_of_their_own_domain_alone(browser, glance, nova):
    image = glance.add(visibility="public")
    nova[image["id"]] = [factories.SIBLING, factories.FOREIGN, factories.FOREIGN]
    glance.add(base_image_ref=image["id"], owner=factories.FOREIGN)
    glance.add(base_image_ref=image["id"], owner=factories.SIBLING)
    found = uses(browser, image["id"], person="domain_admin", panel="admin")
    assert found[image["id"]] == ["In use by 1 instance", "1 image made from it"]
    found = uses(browser, image["id"], person="cloud_admin", panel="admin")
    assert found[image["id"]] == ["In use by 3 instances", "2 images made from it"]


def test_the_project_panel_counts_its_own_project(browser, glance, nova):
    """Also to an admin's token, which sees everybody's."""
    image = glance.add(owner=factories.SIBLING)
    glance.add(base_image_ref=image["id"], owner=factories.FOREIGN)
    assert uses(browser, image["id"], person="domain_admin") == {image["id"]: []}


@pytest.mark.parametrize("disk_format", ["aki", "ari", "raw", None])
def test_images_that_boot_with_it(browser, glance, nova, disk_format):
    """Hidden ones, too, but not those that are deleted."""
    kernel = glance.add(disk_format=disk_format)
    glance.add(kernel_id=kernel["id"], ramdisk_id=kernel["id"])
    glance.add(ramdisk_id=kernel["id"], os_hidden=True)
    glance.add(**factories.deleted(kernel_id=kernel["id"]))
    glance.add(kernel_id=kernel["id"], owner=factories.FOREIGN)
    assert uses(browser, kernel["id"]) == {kernel["id"]: ["Kernel or ramdisk of 2 images"]}


@pytest.mark.parametrize("image", [{"disk_format": "qcow2"}, {"disk_format": "raw", "size": 2**32}])
def test_a_disk_is_no_kernel(browser, glance, nova, image):
    image = glance.add(**image)
    glance.add(kernel_id=image["id"])
    assert uses(browser, image["id"]) == {image["id"]: []}
    # Those for what was made from it.
    assert len(glance.listed()) == 2


def test_what_was_seen_a_moment_ago_is_shown_with_its_age(browser, glance, nova, monkeypatch):
    image, other = glance.add(), glance.add()
    nova[image["id"]] = [factories.PROJECT]
    first = answer(browser, image["id"])
    assert first["note"] == ""
    nova[image["id"]] = []
    moved(monkeypatch, 12)
    again = answer(browser, image["id"], other["id"])
    assert again["uses"] == {**first["uses"], other["id"]: []}
    assert re.fullmatch(r"Checked 1[23] seconds ago\.", again["note"])
    assert [id_ for id_, _everywhere in nova["asked"]] == [image["id"], other["id"]]
    # It is one user's, and does not last.
    assert uses(browser, image["id"], person="domain_admin", panel="admin") == {image["id"]: []}
    moved(monkeypatch, 45)
    assert answer(browser, image["id"]) == {"uses": {image["id"]: []}, "note": ""}


def test_a_failure_is_not_cached(browser, glance, nova):
    image = glance.add()
    nova["down"] = True
    assert "Unable to retrieve the instances." in answer(browser, image["id"])["note"]
    nova["down"] = False
    assert answer(browser, image["id"]) == {"uses": {image["id"]: []}, "note": ""}


def test_the_members_of_an_image_that_was_shared_since(browser, glance, nova):
    image = glance.add()
    assert uses(browser, image["id"]) == {image["id"]: []}
    glance.images[image["id"]]["visibility"] = "shared"
    glance.members[image["id"]] = {factories.SIBLING: "accepted"}
    assert uses(browser, image["id"]) == {image["id"]: ["Shared with 1 project"]}


def test_uses_in_the_projects_that_lose_the_image(browser, glance, nova, cinder):
    image = glance.add(visibility="shared")
    glance.members[image["id"]] = {factories.SIBLING: "accepted"}
    nova[image["id"]] = [factories.PROJECT, factories.SIBLING, factories.SIBLING]
    cinder[image["id"]] = [factories.PROJECT]

    def of(person, panel, *projects):
        browser.login_as(factories.PEOPLE[person]())
        query = {"id": image["id"], "project": projects}
        return browser.get(path(panel, "uses"), query).json()

    found = of("domain_admin", "admin", factories.SIBLING)
    assert found == {"uses": {image["id"]: ["In use by 2 instances"]}, "note": ""}
    found = of("domain_admin", "admin", factories.SIBLING, factories.FOREIGN)
    assert found["uses"] == {image["id"]: ["In use by 2 instances"]}
    assert found["note"] == "You cannot see how 1 of these projects uses the image."
    found = of("member", "project", factories.SIBLING)
    assert found["uses"] == {image["id"]: []}
    assert found["note"].startswith("You cannot see how the project uses the image.")


def moved(monkeypatch, seconds):
    """As if it were so much later."""
    then = datetime.now(UTC) + timedelta(seconds=seconds)
    clock = SimpleNamespace(now=lambda _zone: then)
    monkeypatch.setattr(cached, "datetime", clock)


def test_no_more_images_than_one_request_holds(browser, glance, nova):
    ids = [glance.add()["id"] for _ in range(80)]
    assert len(uses(browser, *ids)) == 80
    response = browser.get(path("project", "uses"), {"id": [*ids, factories.image_id(99)]})
    assert (response.status_code, "80" in response.json()["reason"]) == (400, True)


def test_no_more_projects_than_one_request_holds(browser, glance, nova):
    """A project that is left out would be one that does not use the image."""
    browser.login_as(factories.domain_admin())
    query = {"id": glance.add(visibility="shared")["id"]}
    for count, status in ((80, 200), (81, 400)):
        projects = [f"p{number}" for number in range(count)]
        response = browser.get(path("admin", "uses"), {**query, "project": projects})
        assert response.status_code == status
    for count, status in ((81, 200), (900, 200), (901, 400)):
        projects = [f"p{number}" for number in range(count)]
        response = browser.post(path("admin", "uses"), {**query, "project": projects})
        assert response.status_code == status


def test_many_projects_have_one_label(browser, glance, nova):
    """Removing all members at once is one confirmation, of all that they use."""
    browser.login_as(factories.domain_admin())
    image_id = glance.add(visibility="shared")["id"]
    nova[image_id] = [factories.PROJECT, factories.SIBLING]
    others = [f"p{number}" for number in range(128)]
    fields = {"id": image_id, "project": [factories.PROJECT, *others, factories.SIBLING]}
    assert browser.post(path("admin", "uses"), fields).json() == {
        "uses": {image_id: ["In use by 2 instances"]},
        "note": "You cannot see how 128 of these projects use the image.",
    }
