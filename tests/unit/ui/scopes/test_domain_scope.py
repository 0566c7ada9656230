# SPDX-License-Identifier: Apache-2.0
"""An image that is opened by a link, of which nobody knows the project."""

import threading

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import images
from helion_images_panel.ui.scopes.domain_scope import _search_all
from tests import factories

PLACES = {f"p{number}": f"p{number}" for number in range(6)}


class Glance:
    """Answers when `together` requests are in flight; `where` has the owner of each image."""

    def __init__(self, together=1):
        self.barrier = threading.Barrier(together)
        self.where = {}
        self.errors = {}
        self.calls = []

    def image_get(self, project_id, image_id):
        self.calls.append((project_id, image_id))
        self.barrier.wait(timeout=10)
        if project_id in self.errors:
            raise self.errors[project_id]
        if self.where.get(image_id) != project_id:
            raise exceptions.ImageNotFound("not here")
        return factories.image(id=image_id, owner=project_id)


@pytest.fixture
def glance(monkeypatch, settings):
    def start(together, at_once=0):
        settings.HELION_IMAGES_CONCURRENCY = at_once or together
        fake = Glance(together)
        monkeypatch.setattr(images, "image_get", fake.image_get)
        return fake

    return start


def test_one_image_is_sought_in_several_projects_at_once(glance):
    fake = glance(3)
    fake.where["image"] = "p4"
    assert _search_all(PLACES, ["image"])["image"].owner == "p4"
    assert len(fake.calls) == 6


def test_it_is_sought_no_further_than_it_is_found(glance):
    fake = glance(2)
    fake.where["image"] = "p1"
    assert _search_all(PLACES, ["image"])["image"].owner == "p1"
    assert len(fake.calls) == 2


def test_many_images_are_sought_beside_each_other(glance):
    fake = glance(1, at_once=2)
    fake.where |= {"one": "p0", "two": "p1"}
    found = _search_all(PLACES, ["one", "two", "three", "four"])
    assert (found["one"].owner, found["two"].owner) == ("p0", "p1")
    assert isinstance(found["three"], exceptions.ImageNotFound)
    # Of each image at most one question to a project.
    assert len(fake.calls) == len(set(fake.calls))


def test_what_is_found_counts_more_than_a_project_that_does_not_answer(glance):
    fake = glance(2)
    fake.where["image"] = "p1"
    fake.errors["p0"] = exceptions.ImageServiceUnavailable("down")
    assert _search_all(PLACES, ["image"])["image"].owner == "p1"
    assert _search_all(PLACES, ["gone"])["gone"] is fake.errors["p0"]


def test_an_image_that_others_share_is_not_theirs(glance, monkeypatch):
    glance(1)
    foreign = factories.image(owner="somebody")
    monkeypatch.setattr(images, "image_get", lambda _request, _id: foreign)
    found = _search_all(PLACES, [foreign.id])[foreign.id]
    assert isinstance(found, exceptions.ImageNotFound)


def test_nowhere_to_look(glance):
    assert isinstance(_search_all({}, ["image"])["image"], exceptions.ImageNotFound)
