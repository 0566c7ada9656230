# SPDX-License-Identifier: Apache-2.0
"""Instances in the projects of a domain, as its manager hears of them."""

import copy

import pytest

from helion_images_panel.api import instances, projects, rescope
from helion_images_panel.api.projects import Domain, Project
from helion_images_panel.exceptions import ImageServiceUnavailable
from helion_images_panel.ui.uses import domain_projects, labels
from helion_images_panel.ui.uses.domain_projects import MAX_PROJECTS
from helion_images_panel.ui.uses.queries import ImageUses
from tests import factories

LIMIT = 100


class Acme:
    """A domain whose manager has a role in some projects; numbers by project and image ID."""

    def __init__(self):
        self.managed = [
            Project(factories.PROJECT, "web", factories.DOMAIN),
            Project(factories.SIBLING, "shop", factories.DOMAIN),
        ]
        self.own = [*self.managed, Project(factories.FOREIGN, "lab", factories.OTHER_DOMAIN)]
        self.numbers, self.failing, self.queried = {}, set(), []

    def add(self, project, *, has_role=True, enabled=True):
        added = Project(project, project, factories.DOMAIN, enabled)
        self.managed.append(added)
        if has_role:
            self.own.append(added)

    def using(self, request, image_id, *, everywhere=False):
        assert not everywhere
        project_id = request.project_id
        self.queried.append((project_id, image_id))
        if project_id in self.failing:
            raise ImageServiceUnavailable("It is down.")
        number = self.numbers.get((project_id, image_id), 0)
        return factories.uses(*[project_id] * number, limit=LIMIT)

    def of(self, *images):
        return domain_projects.uses_in_domain(factories.request(), images, self.using)

    def label(self, found, image):
        """The label of instances; empty for none."""
        uses = ImageUses(instances=found.by_image[image.id])
        return "".join(labels.of_image(uses, {each.id: each.name for each in self.managed}))


def acting(request, project_id):
    """The request with a token of another project."""
    copied = copy.copy(request)
    copied.project_id = project_id
    return copied


@pytest.fixture
def acme(monkeypatch):
    fake = Acme()
    domain = Domain(factories.DOMAIN, "acme")
    monkeypatch.setattr(projects, "managed_domain", lambda _request: domain)
    monkeypatch.setattr(projects, "managed_project_list", lambda _request: fake.managed)
    monkeypatch.setattr(projects, "own_projects", lambda _request: fake.own)
    monkeypatch.setattr(
        rescope, "in_projects", lambda request, ids: {id_: acting(request, id_) for id_ in ids}
    )
    monkeypatch.setattr(instances, "using", fake.using)
    return fake


def test_instances_are_counted_by_project(acme):
    image, unused = factories.image(visibility="public"), factories.image()
    acme.numbers = {(factories.PROJECT, image.id): 2, (factories.SIBLING, image.id): 1}
    found = acme.of(image, unused)
    assert acme.label(found, image) == "In use by 3 instances: web (2), shop (1)"
    assert acme.label(found, unused) == ""
    assert found.note() == ""


def test_a_project_of_another_domain_is_not_queried(acme):
    """The manager has a role there as well."""
    image = factories.image(visibility="public")
    acme.numbers = {(factories.FOREIGN, image.id): 5}
    found = acme.of(image)
    assert acme.label(found, image) == ""
    assert {project_id for project_id, _image in acme.queried} == {
        factories.PROJECT,
        factories.SIBLING,
    }


def test_projects_without_a_role_are_missing(acme):
    image = factories.image()
    acme.numbers = {(factories.PROJECT, image.id): 1}
    acme.add("data", has_role=False)
    acme.add("closed", enabled=False)
    found = acme.of(image)
    assert acme.label(found, image) == "In use by at least 1 instance: web (1)"
    assert found.note() == (
        "Instances and volumes in 2 projects of acme are not included: you have no role there, or "
        "they are disabled. An admin of the domain sees all of them."
    )


def test_no_more_projects_are_queried_than_the_maximum(acme):
    """Those of the images always are."""
    for number in range(MAX_PROJECTS + 4):
        acme.add(f"p{number}")
    last = f"p{MAX_PROJECTS + 3}"
    image = factories.image(owner=last)
    acme.numbers = {(last, image.id): 1, ("p0", image.id): 1, (f"p{MAX_PROJECTS}", image.id): 9}
    found = acme.of(image)
    assert len(acme.queried) == MAX_PROJECTS + 1
    assert acme.queried[0] == (last, image.id)
    assert acme.label(found, image) == f"In use by at least 2 instances: p0 (1), {last} (1)"
    assert found.note() == (
        "Instances or volumes in 5 of your projects are not included: you have more than 30, or "
        "the services did not return them in time. An admin of the domain sees all of them."
    )


def test_after_some_seconds_only_the_own_project_is_queried(acme, monkeypatch):
    monkeypatch.setattr(domain_projects, "SECONDS", 0.0)
    images = [factories.image(), factories.image(owner=factories.SIBLING)]
    found = acme.of(*images)
    assert acme.queried == [(image.owner, image.id) for image in images]
    assert found.skipped == 2


def test_where_compute_does_not_answer_it_is_asked_once_and_that_is_said(acme):
    image = factories.image()
    acme.add("data", has_role=False)
    acme.failing = {factories.PROJECT}
    found = acme.of(image, factories.image())
    assert str(found.failure) == "It is down."
    assert found.note().startswith("Instances and volumes in 1 project of acme are not included")
    assert len(acme.queried) == 1


def test_a_project_that_fails_is_missing(acme):
    image = factories.image()
    acme.numbers = {(factories.PROJECT, image.id): 2}
    acme.failing = {factories.SIBLING}
    found = acme.of(image)
    assert acme.label(found, image) == "In use by at least 2 instances: web (2)"
    assert found.note().startswith("Instances or volumes in 1 of your projects are not included")


def test_very_many_are_not_counted_to_the_end(acme):
    image = factories.image()
    acme.numbers = {(factories.PROJECT, image.id): 200}
    label = acme.label(acme.of(image), image)
    assert label == "In use by at least 100 instances: web (100)"


def test_a_confirmation_of_a_cloud_without_these_services(browser, glance, acme):
    image = glance.add()["id"]
    acme.add("data", has_role=False)
    browser.login_as(factories.member(services=("image", "identity")))
    found = browser.get("/project/images/domain/uses/", {"id": [image]}).json()
    assert found == {"uses": {image: []}, "note": ""}
    assert acme.queried == []


def test_a_confirmation_says_which_service_failed_and_why(browser, glance, acme):
    image = glance.add()["id"]
    acme.failing = {factories.PROJECT}
    browser.login_as(factories.member())
    found = browser.get("/project/images/domain/uses/", {"id": [image]}).json()
    assert found == {"uses": {image: []}, "note": "Unable to retrieve the instances. It is down."}


def test_a_confirmation_shows_both(browser, glance, acme):
    """The page of a user who manages the domain, and is no admin."""
    image = glance.add(visibility="shared")["id"]
    acme.numbers = {(factories.SIBLING, image): 2}
    acme.add("data", has_role=False)
    browser.login_as(factories.member())
    answer = browser.get("/project/images/domain/uses/", {"id": [image]}).json()
    assert answer["uses"] == {image: ["In use by at least 2 instances: shop (2)"]}
    assert answer["note"].startswith("Instances and volumes in 1 project of acme are not included")
