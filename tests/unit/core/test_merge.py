# SPDX-License-Identifier: Apache-2.0
"""Properties that hold for whatever lists come in, on many random ones."""

import random

import pytest

from helion_images_panel.core.merge import Merged, merge
from helion_images_panel.core.order import KEYS, Order, Row
from helion_images_panel.core.order_parts import EMPTY_NAME, NAMED, NO_SIZE
from tests import factories

NAMES = (None, "", "a", "A", "b", "B", "é", "e", "cirros", "Cirros", "CIRROS", "z")
ORDERS = [Order(key, descending) for key in KEYS for descending in (False, True)]
BY_NAME = Order()


def row(order=BY_NAME, **attributes):
    image = factories.image(**attributes)
    return Row(image, order.part_of(image))


def random_lists(seed, order, arrange=None):
    """Lists as different owners have them, each in order; some share rows."""
    rng = random.Random(seed)  # noqa: S311
    pool = [
        row(
            order,
            id=factories.image_id(number),
            name=rng.choice(NAMES),
            status=rng.choice(("active", "queued", "saving")),
            size=rng.choice((None, 0, 5, 7)),
            updated_at=f"2026-11-02T09:30:{rng.randint(0, 9):02}Z",
        )
        for number in rng.sample(range(1, 500), rng.randint(0, 40))
    ]
    lists = [[] for _ in range(rng.randint(1, 6))]
    for each in pool:
        for rows in rng.sample(lists, 2 if len(lists) > 1 and rng.random() < 0.2 else 1):
            rows.append(each)
    backwards = rng.random() < 0.5
    arrange = arrange or order.arranged
    return [arrange(rows, backwards) for rows in lists], backwards, rng


def unforeseen(rows, backwards):
    """An order that `merge` cannot guess."""
    return sorted(
        rows,
        key=lambda row: (random.Random(row.image.id).random(), row.image.id),  # noqa: S311
        reverse=backwards,
    )


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("seed", range(20))
def test_the_first_of_all_where_the_order_is_as_guessed(seed, order):
    lists, backwards, rng = random_lists(seed, order)
    size = rng.randint(1, 12)
    merged = merge(lists, size, order, backwards)
    everything = {row.image.id: row for rows in lists for row in rows}.values()
    page = merged.cut(order.arranged((*merged.taken, *merged.left), backwards))
    assert list(page) == order.arranged(everything, backwards)[:size]


@pytest.mark.parametrize("arrange", [None, unforeseen])
@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_order_nothing_is_taken_past_what_is_left(seed, arrange):
    lists, backwards, rng = random_lists(seed, BY_NAME, arrange)
    size = rng.randint(1, 12)
    merged = merge(lists, size, BY_NAME, backwards)
    assert len(merged.taken) <= size
    beginnings = []
    for rows in lists:
        rest = [row for row in rows if row in merged.left]
        beginnings += rows[: rows.index(rest[0])] if rest else rows
    assert all(row in beginnings for row in merged.taken)


@pytest.mark.parametrize("seed", range(60))
def test_a_page_is_the_beginning_of_all_whatever_the_order(seed):
    lists, backwards, rng = random_lists(seed, BY_NAME, unforeseen)
    size = rng.randint(1, 12)
    merged = merge(lists, size, BY_NAME, backwards)
    page = merged.cut(unforeseen((*merged.taken, *merged.left), backwards))
    everything = {row.image.id: row for rows in lists for row in rows}.values()
    assert list(page) == unforeseen(everything, backwards)[: len(page)]
    assert bool(page) == bool(everything)
    assert len(page) <= size


@pytest.mark.parametrize("size", [1, 20])
def test_nothing_comes_of_nothing(size):
    assert merge([], size, BY_NAME) == merge([[], []], size, BY_NAME) == Merged((), ())


def test_an_image_in_two_lists_comes_once_and_is_left_in_none():
    image = row()
    merged = merge([[image], [image]], 20, BY_NAME)
    assert merged == Merged((image,), ())


def test_a_row_that_the_guess_puts_first_waits_for_those_before_it():
    """The list says "B" before "a"; by code points it would be so as well, but not here."""
    first, second, other = row(name="b"), row(name="a"), row(name="c")
    merged = merge([[first, second], [other]], 1, BY_NAME)
    assert merged.taken == ()
    assert list(merged.left) == [first, other]


def test_nothing_comes_after_the_image_at_which_a_search_has_stopped():
    a, b, d = row(name="a"), row(name="b"), row(name="d")
    stopped = Row(factories.image(name="c"), is_shown=False, is_stop=True)
    merged = merge([[a, d], [b, stopped]], 20, BY_NAME)
    page = merged.cut(BY_NAME.arranged((*merged.taken, *merged.left)))
    assert list(page) == [a, b, stopped]


def test_an_image_that_is_shown_where_the_search_of_another_part_stops_is_kept():
    order = Order("size")
    shown = factories.image(name="a", size=7)
    rows = [Row(shown), Row(shown, NO_SIZE, is_shown=False, is_stop=True)]
    other = Row(factories.image(size=None, status="queued"), NO_SIZE)
    merged = merge([rows, [other]], 20, order)
    page = merged.cut(order.arranged((*merged.taken, *merged.left)))
    assert [row.image for row in page if row.is_shown] == [shown, other.image]


def test_a_search_for_names_stops_behind_the_images_without_one():
    nameless, empty, named = (factories.image(name=name) for name in (None, "", "a"))
    stopped = Row(nameless, NAMED, is_shown=False, is_stop=True)
    merged = merge([[row(name=None), stopped], [Row(empty, EMPTY_NAME), Row(named)]], 20, BY_NAME)
    page = merged.cut(BY_NAME.arranged((*merged.taken, *merged.left)))
    assert [row.image.name for row in page] == [None, "", None]
    assert page[-1] == stopped


@pytest.mark.parametrize("turned", [False, True])
def test_where_one_list_stops_the_page_stops(turned):
    image = factories.image(name="a")
    lists = [[Row(image), row(name="b")], [Row(image, is_stop=True)]]
    merged = merge(lists[::-1] if turned else lists, 20, BY_NAME)
    page = merged.cut(BY_NAME.arranged((*merged.taken, *merged.left)))
    assert [row.image.name for row in page] == ["a"]
