# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.order import KEYS, Order, Row
from helion_images_panel.core.order_parts import (
    EMPTY_NAME,
    NO_NAME,
    NO_SIZE,
    may_be_taken_for_empty,
)
from helion_images_panel.core.page import Cursor
from tests import factories


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("descending", [False, True])
def test_the_url_brings_the_order_back(key, descending):
    order = Order(key, descending)
    assert Order.parsed(str(order)) == order
    assert order.turned == Order(key, not descending)


@pytest.mark.parametrize("text", ["", "-", "--name", "owner", "name,id", "Name", "-name ", "+name"])
def test_what_is_no_order(text):
    assert Order.parsed(text) is None


@pytest.mark.parametrize("key", KEYS)
def test_the_first_click_is_for_the_newest_and_the_largest(key):
    assert Order.first(key).descending is (key in ("size", "created", "updated"))


@pytest.mark.parametrize(
    ("order", "sort"),
    [
        (Order(), "name:asc,id:asc"),
        (Order("updated", True), "updated_at:desc,id:desc"),
        (Order("created"), "created_at:asc,id:asc"),
        (Order("format"), "disk_format:asc,container_format:asc,id:asc"),
    ],
    ids=str,
)
def test_glances_terms(order, sort):
    (part,) = order.parts(Cursor("m"))
    assert (part.sort, part.marker) == (sort, "m")
    (back,) = order.parts(Cursor("m", backwards=True))
    assert back.sort == order.turned.glance_sort() != sort


@pytest.mark.parametrize("descending", [False, True])
def test_images_without_a_size_are_the_last_ones(descending):
    order = Order("size", descending)
    rows = [
        Row(image, order.part_of(image))
        for image in (
            factories.image(size=None, status="queued"),
            factories.image(size=0),
            factories.image(size=9),
            factories.image(size=None, status="active"),
        )
    ]
    arranged = order.arranged(rows)
    assert [row.part for row in arranged] == ["", "", NO_SIZE, NO_SIZE]
    assert [row.image.status for row in arranged[2:]] == ["queued", "active"]
    assert order.arranged(rows, backwards=True) == arranged[::-1]
    assert [part.name for part in order.parts(Cursor("m"))] == ["", NO_SIZE]
    assert [part.name for part in order.parts(Cursor("m", part=NO_SIZE))] == [NO_SIZE]
    back = order.parts(Cursor("m", True, NO_SIZE))
    assert [(part.name, part.marker) for part in back] == [(NO_SIZE, "m"), ("", None)]
    assert [part.name for part in order.parts(Cursor("m", True))] == [""]
    whole = order.parts(Cursor(None, True))
    assert [(part.name, part.marker) for part in whole] == [(NO_SIZE, None), ("", None)]


def test_names_that_are_missing_or_empty_are_parts_of_their_own():
    assert Order().part_of(factories.image(name=None)) == NO_NAME
    assert Order().part_of(factories.image(name="")) == EMPTY_NAME
    assert Order().part_of(factories.image(name=" ")) == ""
    assert Order("status").part_of(factories.image(name=None)) == ""


@pytest.mark.parametrize(
    ("order", "certain"),
    [(Order(), False), (Order("size"), True), (Order("status"), True), (Order("updated"), False)],
    ids=str,
)
def test_what_only_the_database_knows(order, certain):
    assert order.is_certain([Row(factories.image()) for _ in range(2)]) is certain


def test_times_that_differ_leave_nothing_open():
    rows = [Row(factories.image(updated_at=f"2026-11-02T09:30:0{i}Z")) for i in range(3)]
    assert Order("updated").is_certain(rows)


def test_capital_letters_are_for_the_database_to_sort():
    """A client may choose an ID with capital letters."""
    ids = ("b0000000-0000-4000-8000-000000000001", "A0000000-0000-4000-8000-000000000001")
    assert not Order("status").is_certain([Row(factories.image(id=id_)) for id_ in ids])


@pytest.mark.parametrize(
    ("disk_format", "certain"),
    [("raw", True), (None, True), ("qcow2", True), ("RAW", False), ("root-tar", False)],
)
def test_signs_in_formats_are_for_the_database_to_sort(disk_format, certain):
    rows = [Row(factories.image(disk_format=text)) for text in ("iso", disk_format)]
    assert Order("format").is_certain(rows) is certain


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("key", ["name", "format"])
def test_images_without_a_value_behind_the_others(key, descending):
    order = Order(key, descending, nulls_last=True)
    images = [
        factories.image(name=name, disk_format=disk, container_format=container)
        for name, disk, container in (
            ("", "raw", "bare"),
            ("a", "raw", "ova"),
            (None, "raw", None),
            (None, None, "bare"),
            (None, None, None),
        )
    ]
    rows = [Row(image, order.part_of(image)) for image in images]
    arranged = order.arranged(rows)
    has_value = [order.has_value(row.image) for row in arranged]
    assert has_value == sorted(has_value, reverse=not descending)
    assert order.arranged(rows, backwards=True) == arranged[::-1]
    names = [part.name for part in order.parts(Cursor())]
    assert names == list(dict.fromkeys(row.part for row in arranged))
    for number, name in enumerate(names):
        parts = order.parts(Cursor("m", part=name))
        assert [part.name for part in parts] == names[number:]
        assert [part.marker for part in parts] == ["m", *[None] * (len(parts) - 1)]
        back = order.parts(Cursor("m", True, part=name))
        assert [part.name for part in back] == names[number::-1]


@pytest.mark.parametrize(
    ("name", "may_be"),
    [
        *[(name, False) for name in (None, "", "a", " a", "日", "0", "-x-")],
        *[(name, True) for name in (" ", "\t\n", "--", "\u200b", "\u0301", "\xad ")],
    ],
)
def test_names_that_a_database_may_take_for_empty(name, may_be):
    assert may_be_taken_for_empty(name) is may_be
