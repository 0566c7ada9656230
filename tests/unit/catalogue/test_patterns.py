# SPDX-License-Identifier: Apache-2.0
import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.catalogue.patterns import (
    build_in,
    builds_in,
    date_in,
    filled,
    order_of,
)

BUILDS = st.from_regex(r"[0-9][0-9a-z.+-]{0,30}", fullmatch=True)
LITERALS = st.text(string.ascii_letters + "-_.()[]*?+\\^$|", max_size=12)


@given(LITERALS, LITERALS, BUILDS)
def test_a_filled_pattern_is_found_again(before, after, build):
    """Whatever signs of regular expressions the name has."""
    pattern = f"{before}{{build}}{after}"
    found = build_in(pattern, filled(pattern, build))
    assert found.startswith(build)
    assert filled(pattern, found) == filled(pattern, build)


@given(st.text(max_size=300))
def test_no_name_is_an_error(name):
    found = build_in("debian-{build}/x-{build}.img", name)
    assert not found or filled("debian-{build}/x-{build}.img", found) == name


@pytest.mark.parametrize(
    ("pattern", "name", "build"),
    [
        ("{build}", "20261117-2299", "20261117-2299"),
        ("{build}", "latest", ""),
        ("{build}", "daily", ""),
        ("v{build}", "v20261115.604814", "20261115.604814"),
        ("{build}-RELEASE", "15.1-RELEASE", "15.1"),
        ("{build}-RELEASE", "15.1-RC1", ""),
        ("a-{build}-{build}.img", "a-1-1.img", "1"),
        ("a-{build}-{build}.img", "a-1-2.img", ""),
        ("a-{build}.img", "a-1.IMG", ""),
        ("a-{build}.img", "xa-1.img", ""),
        ("a-{build}.img", "a-1/../2.img", ""),
        ("a-{build}.img", f"a-1{'0' * 300}.img", ""),
    ],
)
def test_the_build_of_a_name(pattern, name, build):
    assert build_in(pattern, name) == build


def test_the_newest_is_first_and_unfinished_ones_are_left_out():
    names = ["1.9", "1.10", "1.10-rc1", "1.11-beta.0", "2.0_alpha1", "1.2", "0.11_pre1", "latest"]
    assert builds_in("{build}", names) == ["1.10", "1.9", "1.2"]
    assert builds_in("{build}", ["20260101", "20260101.1", "20251231.9"])[0] == "20260101.1"


def test_a_number_of_any_length_and_with_zeros_in_front():
    versions = [f"1.{'9' * 5000}", "1.010", "1.9", "1.0"]
    assert sorted(versions, key=order_of) == ["1.0", "1.9", "1.010", versions[0]]
    assert order_of("1.010") == order_of("1.10")


@given(st.lists(st.text(max_size=20)))
def test_any_texts_can_be_sorted(texts):
    keys = [order_of(text) for text in sorted(texts, key=order_of)]
    assert all(first <= second for first, second in itertools.pairwise(keys))


@pytest.mark.parametrize(
    ("version", "day"),
    [
        ("20261117-2299", "2026-11-17"),
        ("10.2-20261019.0", "2026-10-19"),
        ("44.20261102.3.0", "2026-11-02"),
        ("20261399", ""),
        ("120261117", ""),
        ("1.7", ""),
        ("", ""),
    ],
)
def test_the_date_in_a_version(version, day):
    assert date_in(version) == day
