# SPDX-License-Identifier: Apache-2.0
"""How many images a search requests at a time."""

import pytest

from helion_images_panel.api import search as search_module
from helion_images_panel.api.search import Search
from helion_images_panel.core.query import ImageQuery


@pytest.fixture
def clock(monkeypatch):
    """Seconds that have passed; a list with one value."""
    passed = [100.0]
    monkeypatch.setattr(search_module.time, "monotonic", lambda: passed[0])
    return passed


def search_that_has_read(rows, took_s, clock):
    search = Search(ImageQuery(name="x"))
    search.count(rows, rows)
    clock[0] += took_s
    return search


def test_as_many_as_are_probably_needed(clock):
    """Two of 200 matched: for eight more, some 800 images have to be looked at."""
    search = search_that_has_read(200, 0.1, clock)
    assert search.rows_of_next_call(200, wanted=8, found=2, read=200) == 1000
    assert search.rows_of_next_call(200, wanted=2, found=2, read=200) == 250


def test_more_than_before_while_none_is_found(clock):
    search = search_that_has_read(200, 0.1, clock)
    assert search.rows_of_next_call(200, wanted=21, found=0, read=200) == 800


@pytest.mark.parametrize(("took_s", "rows"), [(0.5, 400), (1.0, 100), (1.4, 100), (3.0, 100)])
def test_as_many_as_glance_returns_in_time(clock, took_s, rows):
    """The search ends after 1.5 s: 200 images took that long."""
    search = search_that_has_read(200, took_s, clock)
    assert search.rows_of_next_call(200, wanted=21, found=0, read=200) == rows


def test_not_more_than_one_response_may_have(clock, settings):
    settings.HELION_IMAGES_SEARCH_ROWS = 3
    search = search_that_has_read(2, 0.1, clock)
    assert search.rows_of_next_call(2, wanted=21, found=0, read=2) == 3
