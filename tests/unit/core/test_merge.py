# SPDX-License-Identifier: Apache-2.0
"""Properties that hold for whatever lists come in, on many random ones."""

import random

import pytest

from helion_images_panel.core.merge import Merged, merge
from tests import factories

NAMES = (None, "", "a", "A", "b", "B", "é", "e", "cirros", "Cirros", "CIRROS", "z")


def key(image):
    return image.name or "", image.id


def random_lists(seed, order=key):
    """Lists as different owners have them, each in order; some share rows."""
    rng = random.Random(seed)  # noqa: S311
    pool = [
        factories.image(id=factories.image_id(number), name=rng.choice(NAMES))
        for number in rng.sample(range(1, 500), rng.randint(0, 40))
    ]
    lists = [[] for _ in range(rng.randint(1, 6))]
    for image in pool:
        for rows in rng.sample(lists, 2 if len(lists) > 1 and rng.random() < 0.2 else 1):
            rows.append(image)
    backwards = rng.random() < 0.5
    return [sorted(rows, key=order, reverse=backwards) for rows in lists], backwards, rng


def shuffled_order(image):
    """An order that `merge` cannot guess."""
    return random.Random(image.id).random(), image.id  # noqa: S311


@pytest.mark.parametrize("seed", range(60))
def test_the_first_of_all_where_the_order_is_as_guessed(seed):
    lists, backwards, rng = random_lists(seed)
    size = rng.randint(1, 12)
    merged = merge(lists, size, backwards)
    everything = {image.id: image for rows in lists for image in rows}.values()
    assert list(merged.images) == sorted(everything, key=key, reverse=backwards)[:size]


@pytest.mark.parametrize("order", [key, shuffled_order])
@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_order_nothing_is_taken_past_what_is_left(seed, order):
    lists, backwards, rng = random_lists(seed, order)
    size = rng.randint(1, 12)
    merged = merge(lists, size, backwards)
    taken = {image.id for image in merged.images}
    beginnings = set()
    for rows in lists:
        own = [image.id for image in rows]
        rest = [id_ for id_ in own if id_ in merged.left]
        beginnings.update(own[: own.index(rest[0])] if rest else own)
    assert taken <= beginnings
    assert len(merged.images) == len(taken) <= size


@pytest.mark.parametrize("seed", range(60))
def test_ends_and_what_is_left_are_of_each_list(seed):
    lists, backwards, rng = random_lists(seed)
    merged = merge(lists, rng.randint(1, 12), backwards)
    taken = {image.id for image in merged.images}
    lasts, left = [], []
    for rows in lists:
        own = [image.id for image in rows if image.id in taken]
        lasts += own[-1:]
        left += [image.id for image in rows if image.id not in taken][:1]
    assert (merged.lasts, merged.left) == (tuple(lasts), tuple(left))


@pytest.mark.parametrize("size", [1, 20])
def test_nothing_comes_of_nothing(size):
    assert merge([], size) == merge([[], []], size) == Merged((), (), ())


def test_an_image_in_two_lists_comes_once_and_is_left_in_none():
    image = factories.image()
    merged = merge([[image], [image]], 20)
    assert merged.images == (image,)
    assert merged.left == ()


def test_a_row_that_the_guess_puts_first_waits_for_those_before_it():
    """The list says "B" before "a"; by code points it would be so as well, but not here."""
    first, second = factories.image(name="b"), factories.image(name="a")
    other = factories.image(name="c")
    merged = merge([[first, second], [other]], 1)
    assert merged.images == ()
    assert set(merged.left) == {first.id, other.id}
