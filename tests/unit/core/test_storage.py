# SPDX-License-Identifier: Apache-2.0
"""Figures of images: added up in portions they are those of all images at once."""

import json
from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.core import storage
from helion_images_panel.core.image import Image
from helion_images_panel.core.storage import Day, Days, Figures
from tests import factories

DAYS = Days(
    (Day("2026-11-01", "2026-10-31T23:00:00Z"), Day("2026-09-01", "2026-08-31T22:00:00Z")),
    Day("2026-11-29", "2026-11-28T23:00:00Z"),
    "2026-11-28",
)
TIMES = (
    "2026-11-30T08:00:00Z",
    "2026-10-31T23:00:00Z",
    "2026-10-31T22:59:59Z",
    "2020-01-01T00:00:00Z",
    None,
)
MOST_DATA = 4


@st.composite
def images(draw):
    count = draw(st.integers(0, 30))
    return [
        Image(
            f"{number:08x}",
            draw(st.sampled_from((None, "web", "\u200b"))),
            draw(st.sampled_from(("active", "queued", "saving", "importing", "killed"))),
            draw(st.sampled_from(("private", "public"))),
            os_hidden=draw(st.booleans()),
            owner=draw(st.sampled_from((None, "one", "two", "three"))),
            disk_format=draw(st.sampled_from((None, "raw", "qcow2"))),
            size_bytes=draw(st.sampled_from((None, 0, 1, 2, 3, 4, 5, 6, 7))),
            hash_algorithm="sha512",
            hash_value=draw(st.sampled_from((None, "a" * 128, "b" * 128))),
            created_at=draw(st.sampled_from(TIMES)),
            updated_at=draw(st.sampled_from(TIMES)),
            stores=draw(st.sampled_from(((), ("fast",), ("fast", "slow")))),
            properties=draw(st.sampled_from(({}, {"image_type": "snapshot"}))),
        )
        for number in range(count)
    ]


def added(*portions):
    """The figures, written and read again between the portions."""
    figures = Figures(DAYS, MOST_DATA)
    for portion in portions:
        for image in portion:
            figures.add(image)
        text = json.dumps(figures.to_json())
        figures = Figures.from_json(json.loads(text), MOST_DATA)
    return figures


def comparable(figures):
    return {**figures.to_json(), "largest": figures.largest}


@given(images(), st.lists(st.integers(0, 30), max_size=4))
def test_portions_are_all_at_once(rows, cuts):
    bounds = [0, *sorted(cuts), len(rows)]
    portions = [rows[begin:end] for begin, end in pairwise(bounds)]
    assert comparable(added(*portions)) == comparable(added(rows))


@given(st.data())
def test_the_order_does_not_count(data):
    rows = data.draw(images())
    others = data.draw(st.permutations(rows))
    one, other = comparable(added(rows)), comparable(added(others))
    for figures in (one, other):
        for copies in figures["same"]["known"].values():
            if copies != 1:
                copies.pop()  # Any of the names will do.
    assert one == other


@given(images())
def test_the_figures_are_those_of_a_plain_sum(rows):
    figures = added(rows)

    def stored(image):
        return (image.size_bytes or 0) * max(1, len(image.stores))

    assert figures.total.size_bytes == sum(map(stored, rows))
    assert figures.total.hidden == sum(image.os_hidden for image in rows)
    for grouping in (storage.PROJECT, storage.FORMAT, storage.VISIBILITY, storage.AGE):
        groups = figures.by[grouping].values()
        assert sum(each.images for each in groups) == len(rows) == figures.total.images
        assert sum(each.size_bytes for each in groups) == figures.total.size_bytes
        assert sum(each.snapshot_bytes for each in groups) == figures.total.snapshot_bytes
    owners = Counter(image.owner or "" for image in rows)
    assert owners == {name: each.images for name, each in figures.by[storage.PROJECT].items()}
    largest = sorted((stored(i), i.id) for i in rows if i.size_bytes)[: -1 - storage.LARGEST : -1]
    assert largest == [(each.size_bytes, each.id) for each in figures.largest]


@given(images())
def test_of_the_same_data_the_largest_are_exact(rows):
    figures = added(rows)
    data = defaultdict(int)
    for image in rows:
        if image.size_bytes and image.hash_value:
            data[image.size_bytes, image.hash_value] += 1
    sizes = sorted((size for size, _hash in data), reverse=True)
    least = sizes[MOST_DATA] if len(sizes) > MOST_DATA else 0
    assert figures.same.not_above == least
    expected = sorted(
        ((size * (n - 1), n) for (size, _hash), n in data.items() if n > 1 and size > least),
        reverse=True,
    )
    found = [(copies.extra_bytes, copies.images) for copies in figures.same.several]
    assert sorted(found, reverse=True) == expected


def test_groups_are_bounded(monkeypatch):
    monkeypatch.setattr(storage, "MOST_GROUPS", 2)
    figures = added([Image(str(n), owner=f"p{n % 4}", size_bytes=n) for n in range(8)])
    groups = {name: each.images for name, each in figures.by[storage.PROJECT].items()}
    assert groups == {"p0": 2, "p1": 2, storage.REST: 4}


def test_ages_and_what_is_stuck():
    rows = [Image(str(n), "", "queued", created_at=t, updated_at=t) for n, t in enumerate(TIMES)]
    figures = added(rows)
    assert {name: each.images for name, each in figures.by[storage.AGE].items()} == {
        "0": 2, "1": 1, "2": 1, "": 1,
    }  # fmt: skip
    assert (figures.stuck.images, figures.by[storage.STUCK].keys()) == (3, {"queued"})


def test_deleted_images_have_a_figure_of_their_own():
    figures = Figures(DAYS, MOST_DATA)
    kept, deleted = factories.image(size=5), factories.image(**factories.deleted(size=7))
    for image in (kept, deleted):
        figures.add(image)
    read = Figures.from_json(json.loads(json.dumps(figures.to_json())), MOST_DATA)
    assert (read.deleted.images, read.deleted.size_bytes) == (1, 7)
    assert (read.total.images, read.total.size_bytes, read.images) == (1, 5, 2)
    assert [large.id for large in read.largest] == [kept.id]
