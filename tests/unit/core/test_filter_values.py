# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from helion_images_panel.core import filter_values
from helion_images_panel.core.filter_values import (
    WrongValue,
    parse_day,
    parse_property,
    parse_size,
)

GIB = 1024**3


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("0", 0),
        ("1000", 1000),
        ("1 byte", 1),
        ("12 Bytes", 12),
        ("700MB", 700_000_000),
        ("700 mb", 700_000_000),
        ("2g", 2 * GIB),
        ("2 GiB", 2 * GIB),
        ("2Gi", 2 * GIB),
        (" 1.5 GiB ", GIB * 3 // 2),
        ("1,5 GiB", GIB * 3 // 2),
        ("0.0009765625 tib", GIB),
        ("1 KB", 1000),
        ("1 KiB", 1024),
        ("1 k", 1024),
        ("3 TB", 3 * 10**12),
        ("1 pib", 1024**5),
        ("\u0663 MB", 3_000_000),
        ("1.500 MB", 1_500_000),
    ],
)
def test_sizes_as_people_write_them(text, size_bytes):
    assert parse_size(text, is_end=False) == size_bytes
    assert parse_size(text, is_end=True) == size_bytes


def test_no_image_of_whole_bytes_is_lost_to_a_fraction():
    assert parse_size("1.5", is_end=False) == 2
    assert parse_size("1.5", is_end=True) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("abc", filter_values.SIZE),
        ("GiB", filter_values.SIZE),
        ("-5 MB", filter_values.SIZE),
        ("1.5.2 MB", filter_values.SIZE),
        ("1 500 MB", filter_values.SIZE),
        ("1e3", filter_values.SIZE),
        ("5 ZiB", filter_values.SIZE),
        ("5 bites", filter_values.SIZE),
        ("5 bib", filter_values.SIZE),
        (".5 GiB", filter_values.SIZE),
        ("9" * 31, filter_values.SIZE),
        ("9" * 30, filter_values.LARGE_SIZE),
        ("8192 PiB", filter_values.LARGE_SIZE),
    ],
)
def test_what_is_no_size_is_named(text, kind):
    with pytest.raises(WrongValue) as found:
        parse_size(text, is_end=True)
    assert (found.value.kind, found.value.value) == (kind, text)


@pytest.mark.parametrize(("text", "grouping"), [("1,500 MB", ","), ("1.500 MB", ".")])
def test_a_separator_of_thousands_is_not_taken_for_a_fraction(text, grouping):
    with pytest.raises(WrongValue) as found:
        parse_size(text, is_end=False, grouping=grouping)
    assert found.value.kind == filter_values.GROUPED_SIZE
    other = {",": ".", ".": ","}[grouping]
    assert parse_size(text, is_end=False, grouping=other) == 1_500_000


@pytest.mark.parametrize(
    ("text", "zone", "begin", "end"),
    [
        ("2026-11-28", "UTC", "2026-11-28T00:00", "2026-11-29T00:00"),
        ("2026-11-28", "Europe/Berlin", "2026-11-27T23:00", "2026-11-28T23:00"),
        ("2026-11-28", "Pacific/Auckland", "2026-11-27T11:00", "2026-11-28T11:00"),
        # The day on which clocks are put back has 25 hours.
        ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T23:00"),
        (" 2024-02-29 ", "UTC", "2024-02-29T00:00", "2024-03-01T00:00"),
    ],
)
def test_a_day_is_whole_in_the_users_zone(text, zone, begin, end):
    moments = [parse_day(text, ZoneInfo(zone), is_end=is_end) for is_end in (False, True)]
    assert moments == [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (begin, end)]


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2025-02-29", "28.11.2026", "20261128", "2026-W01-1", "today", "2026-13-01",
     "0000-01-01", "2026-11-28T10:00", "\u0662026-01-01"],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_named(text):
    with pytest.raises(WrongValue) as found:
        parse_day(text, UTC, is_end=False)
    assert (found.value.kind, found.value.value) == (filter_values.DAY, text)


def test_the_ends_of_the_calendar():
    for text, zone, is_end in (("9999-12-31", "UTC", True), ("0001-01-01", "Asia/Tokyo", False)):
        with pytest.raises(WrongValue):
            parse_day(text, ZoneInfo(zone), is_end=is_end)


@pytest.mark.parametrize(
    ("text", "pair"),
    [("a=b", ("a", "b")), (" a b = c=d ", ("a b", "c=d")), ("a=", ("a", ""))],
)
def test_a_property(text, pair):
    assert parse_property(text) == pair


@pytest.mark.parametrize("text", ["a", "=b", " = b", ""])
def test_a_property_without_name_or_sign(text):
    with pytest.raises(WrongValue) as found:
        parse_property(text)
    assert found.value.kind == filter_values.PROPERTY
