# SPDX-License-Identifier: Apache-2.0
"""The part of a table that CI tries has every row and every column."""

import pytest

from tests.thorough import crossed, some, thinned


def tried(parameters):
    return [each.values for each in parameters if not each.marks]


def test_each_row_and_each_column_is_tried():
    table = crossed("abc", range(5))
    assert len(table) == 15
    assert {row for row, _column in tried(table)} == set("abc")
    assert {column for _row, column in tried(table)} == set(range(5))
    assert len(tried(table)) == 5


def test_cells_of_one_value_and_a_part_that_is_rare():
    table = thinned(range(10), lambda n: n % 2, lambda n: n == 7)
    assert [each.values for each in table] == [(n,) for n in range(10)]
    assert tried(table) == [(0,), (7,)]


def test_without_cells():
    assert thinned([], str) == []


def test_those_that_are_named():
    assert tried(some("abc", "c")) == [("c",)]
    with pytest.raises(AssertionError):
        some("abc", "d")
