# SPDX-License-Identifier: Apache-2.0
"""What was read of a large domain's list is not read again: no image is left out for that."""

import random
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from helion_images_panel.api import image_pages, stretches
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import KEYS, Order, Row
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.exceptions import ImageServiceError
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
def small(settings, monkeypatch):
    """Each response looks at few images; stretches of few images count then."""
    settings.HELION_IMAGES_SEARCH_ROWS = 5
    monkeypatch.setattr("helion_images_panel.core.stretch.MIN_SPARSENESS", 0)
    monkeypatch.setattr(stretches, "MAX_CHANGED", 3)
    monkeypatch.setattr(stretches, "MAX_KNOWN", 3)


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
        self.add(FOREIGN)

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

    def pages(self, request, order, backwards=False):
        """The pages of the list of the domain, to its end."""
        cursor = Cursor(None, backwards)
        for _ in range(200):
            page = image_pages.image_list(
                request, [self.source], ImageQuery(), cursor, self.rng.choice((1, 3)), order
            )
            yield page
            if backwards and page.first_id and (page.has_previous or page.is_partial):
                cursor = Cursor(page.first_id, True, page.first_part)
            elif not backwards and page.has_next:
                cursor = Cursor(page.last_id, part=page.last_part)
            else:
                return
        raise AssertionError("The pages do not end.")

    def found(self, request, order, backwards=False):
        found = []
        for page in self.pages(request, order, backwards):
            ids = [image.id for image in page.images]
            found = [*ids, *found] if backwards else [*found, *ids]
        return found


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("nulls_last", [False, True])
def test_each_image_once_whatever_changes_between_two_walks(glance, request_, order, nulls_last):
    glance.nulls_last = nulls_last
    cloud = Cloud(glance, seed=ORDERS.index(order))
    for _ in range(10):
        assert cloud.found(request_, order) == cloud.expected(order)
        if cloud.rng.random() < 0.5:
            assert cloud.found(request_, order, backwards=True) == cloud.expected(order)
        if cloud.rng.random() < 0.2:
            cache.clear()
        for _ in range(cloud.rng.randrange(3)):
            cloud.change()
        if cloud.rng.random() < 0.5:
            change_during_a_walk(cloud, request_, order)


@pytest.mark.parametrize("key", KEYS)
def test_both_directions_of_an_order_and_of_reading(glance, request_, key):
    cloud = Cloud(glance, 7)
    for descending in (False, True, False, True):
        order = Order(key, descending)
        for backwards in (False, True):
            assert cloud.found(request_, order, backwards) == cloud.expected(order)


def change_during_a_walk(cloud, request, order):
    """The image at which a page ends may be the one that changes, or is deleted."""
    # Glance refuses a marker that was deleted, and the list then begins again.
    with suppress(ImageServiceError):
        for _page in cloud.pages(request, order, cloud.rng.random() < 0.5):
            if cloud.rng.random() < 0.3:
                cloud.change()


EARLIER, LATER = "2026-11-01T09:00:00Z", "2026-11-01T10:00:00Z"


class Clustered:
    """A domain whose images stand together, with others' before and behind them."""

    def __init__(self, glance, request):
        self.glance, self.request = glance, request
        for number in range(30):
            self.add(f"a{number:02}", FOREIGN)
        self.own = [self.add(f"m{number}", OWN[number]) for number in range(6)]
        for number in range(30):
            self.add(f"z{number:02}", FOREIGN)
        # What has just changed may have changed after it was read.
        self.add("b", FOREIGN, "2026-11-01T09:30:00Z")

    def add(self, name, owner, updated_at=EARLIER):
        return self.glance.add(name=name, owner=owner, updated_at=updated_at)["id"]

    def change(self, image_id, **changes):
        self.glance.images[image_id].update(changes, updated_at=LATER)

    def page(self, marker=None, query=ImageQuery(), size=3, owners=OWN):  # noqa: B008
        source = Source(visibility="all", owners=frozenset(owners))
        self.glance.calls.clear()
        cursor = Cursor(marker)
        return image_pages.image_list(self.request, [source], query, cursor, size)

    def walk(self, query=ImageQuery(), size=3):  # noqa: B008
        page = self.page(query=query, size=size)
        found = ids(page)
        while page.has_next:
            page = self.page(page.last_id, query, size)
            found += ids(page)
        return found


@pytest.fixture
def clustered(glance, request_):
    return Clustered(glance, request_)


@pytest.fixture
def known(clustered):
    assert clustered.walk() == clustered.own
    return clustered


def ids(page):
    return [image.id for image in page.images]


def test_a_page_of_what_was_read_takes_few_calls(known, glance, monkeypatch):
    monkeypatch.setattr(stretches, "MAX_KNOWN", 54)
    assert ids(known.page()) == known.own[:3]
    assert len(glance.calls) == 2
    assert ids(known.page(known.own[2])) == known.own[3:]
    # One more tells how the database sorts images without a name, as no image lacks one.
    assert len(glance.calls) == 3


def test_a_domain_without_images_is_known_to_have_none(clustered):
    owners = ["e" * 32]
    page = clustered.page(owners=owners)
    assert page.is_partial
    while page.has_next:
        page = clustered.page(page.last_id, owners=owners)
    page = clustered.page(owners=owners)
    assert (page.images, page.is_partial, page.has_next) == ((), False, False)


def test_a_page_begins_behind_the_new_place_of_its_marker(known):
    known.change(known.own[1], name="m4 and a half")
    assert ids(known.page(known.own[1])) == [known.own[5]]
    known.change(known.own[1], name="a")
    assert ids(known.page(known.own[1], size=5)) == []
    assert known.walk() == [known.own[1], known.own[0], *known.own[2:]]


def test_a_search_that_goes_on_behind_an_image_that_has_moved_has_not_read_the_rest(clustered):
    first = clustered.page()
    assert first.is_partial
    clustered.change(first.last_id, name="y")
    page = clustered.page(first.last_id)
    while page.has_next:
        page = clustered.page(page.last_id)
    assert clustered.walk() == clustered.own


@pytest.mark.parametrize("size", [3, 50])
def test_more_changed_images_than_are_sorted_together(known, settings, size):
    settings.HELION_IMAGES_SEARCH_ROWS = 1000
    at_start, within, at_end = (
        [known.add(f"{place}{number}", OWN[7], LATER) for number in range(5)]
        for place in ("a0", "m0", "zz")
    )
    first, *others = known.own
    assert known.walk(size=size) == [*at_start, first, *within, *others, *at_end]


def test_very_many_changes_are_read_as_part_of_the_list(known, monkeypatch):
    monkeypatch.setattr(image_pages, "ROWS_PER_CALL", 5)
    for number in range(20):
        known.add(f"b{number:02}", FOREIGN, LATER)
    assert known.walk() == known.own


@pytest.mark.parametrize("deleted", [(0,), (2, 3), (0, 1, 2, 3, 4, 5), (5,)])
def test_deleted_images_are_left_out(known, glance, deleted):
    for number in deleted:
        del glance.images[known.own[number]]
    assert known.walk() == [each for n, each in enumerate(known.own) if n not in deleted]


def test_other_projects_of_the_domain_make_another_list(known):
    page = known.page(owners=(*OWN, FOREIGN))
    assert [image.name for image in page.images] == ["a00", "a01", "a02"]
    assert ids(known.page(owners=OWN[2:])) == []


def test_a_name_is_searched_for_among_the_known_images(known, glance, monkeypatch):
    monkeypatch.setattr(stretches, "MAX_KNOWN", 54)
    query = ImageQuery(name="M3")
    page = known.page(query=query)
    assert (ids(page), page.looked_at, page.has_next) == ([known.own[3]], 6, False)
    assert len(glance.calls) == 2


def test_a_list_that_glance_filters_is_read_anew(known, glance):
    """Not every change that matters to a filter is one of the image."""
    assert known.walk(ImageQuery(status="active")) == known.own
    assert not known.page(query=ImageQuery(status="active")).images
    assert all("id" not in call.query for call in glance.calls)


def test_an_entry_lasts_its_time_however_often_it_is_joined(known, glance, monkeypatch):
    now = time.time()
    monkeypatch.setattr(stretches.time, "time", lambda: now + stretches.CACHED_S - 1)
    assert known.page().images
    monkeypatch.setattr(stretches.time, "time", lambda: now + stretches.CACHED_S + 1)
    assert not known.page().images


def test_an_image_that_no_longer_is_the_domains_is_not_shown(known):
    known.change(known.own[0], owner=FOREIGN)
    known.glance.images[known.own[1]].update(owner=FOREIGN)
    assert known.walk() == known.own[2:]


@pytest.mark.parametrize("broken", ["text", ("text",), 5])
def test_whatever_is_in_the_cache_no_image_is_lost(known, monkeypatch, broken):
    monkeypatch.setattr(stretches.cache, "get", lambda _key: broken)
    assert known.walk() == known.own


def test_a_list_is_shown_although_nothing_of_it_can_be_cached(glance, request_, monkeypatch):
    cloud = Cloud(glance, 1)

    def fail(*_args):
        raise ImageServiceError("Glance does not answer.", 503)

    monkeypatch.setattr(stretches.Stretches, "_began_at", fail)
    assert cloud.found(request_, ORDERS[0]) == cloud.expected(ORDERS[0])
