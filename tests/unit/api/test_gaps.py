# SPDX-License-Identifier: Apache-2.0
"""Stretches of others' images that are not read again: no image is left out for that."""

import random
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from helion_images_panel.api import gaps, image_pages
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import KEYS, Order, Row
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from tests import factories

ORDERS = [Order(key, descending) for key in KEYS for descending in (False, True)]
OWN = tuple(f"{number:032x}" for number in range(1, 41))
FOREIGN = "f" * 32
#: Neither a run of images nor a change of one takes less, by Glance's clock.
PAUSE_S = 1000


@pytest.fixture
def request_():
    return factories.request(factories.cloud_admin())


@pytest.fixture(autouse=True)
def small(settings):
    """Each response looks at few images; stretches of few images count then."""
    settings.HELION_IMAGES_SEARCH_ROWS = 5


class Cloud:
    """Images of others, and few of a domain, with Glance's clock."""

    def __init__(self, glance, seed):
        self.glance = glance
        self.rng = random.Random(seed)  # noqa: S311
        self.now = 1.7e9
        self.owners = OWN
        for number in range(60):
            self.add(FOREIGN if number % 15 else None)
        self.now += PAUSE_S

    @property
    def source(self):
        return Source(visibility="all", owners=frozenset(self.owners))

    def _time(self):
        self.now += 1
        return datetime.fromtimestamp(self.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, owner=None):
        size = self.rng.choice((None, 1, 2, 3))
        formats = {} if self.rng.random() < 0.8 else {"disk_format": None}
        self.glance.add(
            name=self._name(),
            owner=owner or self.rng.choice(OWN),
            size=size,
            status="queued" if size is None else "active",
            created_at=self._time(),
            updated_at=self._time(),
            **formats,
        )

    def _name(self):
        return self.rng.choice((None, "", *(f"n{number}" for number in range(50))))

    def change(self):
        """One of what happens to images; a deletion is no change of an image that is left."""
        image = self.rng.choice(list(self.glance.images.values()))
        kind = self.rng.choice(("rename", "own", "give away", "delete", "hide", "add", "project"))
        if kind == "add":
            self.add(self.rng.choice((FOREIGN, None)))
        elif kind == "delete":
            del self.glance.images[image["id"]]
        elif kind == "project":
            self.owners = self.owners[1:] if len(self.owners) == len(OWN) else OWN
        else:
            changes = {
                "rename": {"name": self._name(), "size": self.rng.randrange(5)},
                "own": {"owner": self.rng.choice(OWN)},
                "give away": {"owner": FOREIGN},
                "hide": {"os_hidden": not image["os_hidden"]},
            }
            image.update(changes[kind], updated_at=self._time())
        self.now += self.rng.choice((0, PAUSE_S))

    def expected(self, order):
        order = replace(order, nulls_last=self.glance.nulls_last)
        images = [
            Image.from_glance(body)
            for body in self.glance.images.values()
            if body["owner"] in self.owners and not body["os_hidden"]
        ]
        rows = [Row(image, order.part_of(image)) for image in images]
        return [row.image.id for row in order.arranged(rows)]

    def found(self, request, order, backwards=False):
        """All images of the domain, page by page, and the number of requests for them."""
        self.glance.calls.clear()
        found, cursor = [], Cursor(None, backwards)
        for _ in range(200):
            page = image_pages.image_list(
                request, [self.source], ImageQuery(), cursor, self.rng.choice((1, 3)), order
            )
            ids = [image.id for image in page.images]
            found = [*ids, *found] if backwards else [*found, *ids]
            if backwards and page.first_id and (page.has_previous or page.is_partial):
                cursor = Cursor(page.first_id, True, page.first_part)
            elif not backwards and page.has_next:
                cursor = Cursor(page.last_id, part=page.last_part)
            else:
                return found, len(self.glance.calls)
        raise AssertionError("The pages do not end.")


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("nulls_last", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_each_image_once_whatever_changes_between_two_walks(
    glance, request_, order, nulls_last, seed
):
    glance.nulls_last = nulls_last
    cloud = Cloud(glance, seed)
    for _ in range(12):
        assert cloud.found(request_, order)[0] == cloud.expected(order)
        if cloud.rng.random() < 0.5:
            assert cloud.found(request_, order, backwards=True)[0] == cloud.expected(order)
        for _ in range(cloud.rng.randrange(3)):
            cloud.change()
        if cloud.rng.random() < 0.2:
            cache.clear()


class AtEnd:
    """A domain whose images are behind all others of the cloud."""

    def __init__(self, glance, request):
        self.glance, self.request = glance, request
        self.owners = OWN
        for number in range(200):
            self.add(f"a{number:03}", FOREIGN, "2026-11-01T09:00:00Z")
        self.own = [self.add(f"z{n}", OWN[n], "2026-11-01T09:00:00Z") for n in range(3)]

    def add(self, name, owner, updated_at):
        image = self.glance.add(name=name, owner=owner, updated_at=updated_at)
        return image["id"]

    def first_page(self):
        source = Source(visibility="all", owners=frozenset(self.owners))
        self.glance.calls.clear()
        return image_pages.image_list(self.request, [source], ImageQuery(), Cursor(), 3)

    def read_all(self):
        page, cursor, found = Page(has_next=True), Cursor(), []
        source = Source(visibility="all", owners=frozenset(self.owners))
        while page.has_next:
            page = image_pages.image_list(self.request, [source], ImageQuery(), cursor, 3)
            cursor = Cursor(page.last_id, part=page.last_part)
            found += ids(page)
        return found


@pytest.fixture
def at_end(glance, request_):
    cloud = AtEnd(glance, request_)
    # What has just changed may have changed after it was read.
    cloud.add("b", FOREIGN, "2026-11-01T09:30:00Z")
    assert not cloud.first_page().images
    assert cloud.read_all() == cloud.own
    return cloud


def ids(page):
    return [image.id for image in page.images]


LATER = "2026-11-01T10:00:00Z"


def test_what_was_read_once_is_not_read_again(at_end, glance):
    assert ids(at_end.first_page()) == at_end.own
    assert len(glance.calls) <= 4


def test_an_image_that_comes_into_a_stretch_is_found(at_end):
    new = at_end.add("a100", OWN[0], LATER)
    for _ in range(2):
        assert at_end.read_all() == [new, *at_end.own]


def test_an_image_that_comes_elsewhere_changes_nothing(at_end, glance):
    at_end.add("zz", OWN[0], LATER)
    at_end.add("a100", FOREIGN, LATER)
    assert ids(at_end.first_page()) == at_end.own
    assert len(glance.calls) <= 5


@pytest.mark.parametrize("number", range(190, 200))
def test_an_end_that_has_moved_or_is_deleted_is_no_end(at_end, glance, number):
    """The images between its old place and its new one were never read."""
    (end,) = (row for row in glance.images.values() if row["name"] == f"a{number}")
    name = end["name"]
    end.update(name="zzz", updated_at=LATER)
    new = at_end.add(f"{name} b", OWN[0], LATER)
    for _ in range(2):
        assert at_end.read_all() == [new, *at_end.own]
    del glance.images[end["id"]]
    for _ in range(2):
        assert at_end.read_all() == [new, *at_end.own]


def test_other_projects_of_the_domain_make_another_list(at_end):
    at_end.owners = (*OWN, FOREIGN)
    assert [image.name for image in at_end.first_page().images] == ["a000", "a001", "a002"]


def test_very_many_changes_are_not_looked_through(at_end, monkeypatch):
    monkeypatch.setattr(gaps, "MAX_CHANGED", 5)
    for number in range(6):
        at_end.add(f"b{number}", FOREIGN, LATER)
    assert not at_end.first_page().images


def test_an_entry_lasts_its_time_however_often_it_is_joined(at_end, monkeypatch):
    now = time.time()
    monkeypatch.setattr(gaps.time, "time", lambda: now + gaps.CACHED_S - 1)
    assert at_end.first_page().images
    monkeypatch.setattr(gaps.time, "time", lambda: now + gaps.CACHED_S + 1)
    assert not at_end.first_page().images


@pytest.mark.parametrize("query", [ImageQuery(name="z"), ImageQuery(status="active")], ids=str)
def test_a_list_with_filters_is_read_anew(at_end, glance, query):
    """Not every change that matters to a filter is one of the image."""
    source = Source(visibility="all", owners=frozenset(OWN))
    page = image_pages.image_list(at_end.request, [source], query, Cursor(), 3)
    assert not page.images
    assert page.is_partial
