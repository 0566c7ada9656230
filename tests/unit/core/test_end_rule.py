# SPDX-License-Identifier: Apache-2.0
"""The rule of a family, and the dates that it makes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.core.end_dates import EndDates, read_dates, written_dates
from helion_images_panel.core.end_rule import (
    LIMIT_DAYS,
    EndRule,
    ReplacedDates,
    read_replaced,
    read_rule,
)

TODAY = date(2026, 11, 30)
DAYS = st.none() | st.integers(0, LIMIT_DAYS)
DATES = st.builds(
    EndDates,
    *[st.none() | st.dates(date(2020, 1, 1))] * 4,
    st.sampled_from(["", "an-id", "a,b;c d"]),
    st.sampled_from(["", "h", "hd", "hx"]),
)


@given(st.builds(EndRule, DAYS, DAYS, DAYS))
def test_a_rule_is_read_as_it_was_written(rule):
    assert read_rule(rule.written) == rule
    assert (rule.written == "") is rule.is_empty


@pytest.mark.parametrize("text", ["", "x", "1,2", "1,2,3,4", "-1,-,-", "99999,-,-", "1;2;3"])
def test_another_text_is_no_rule(text):
    assert read_rule(text) == EndRule()


@given(DATES, st.none() | DATES)
def test_dates_are_read_as_they_were_written(dates, before):
    assert read_dates(written_dates(dates)) == dates
    replaced = ReplacedDates(dates, before)
    assert read_replaced(replaced.written) == replaced
    assert " " not in replaced.written
    assert replaced.returning(replace(dates, done="h"), TODAY) == replaced
    assert replaced.returning(None, TODAY) is None
    assert replaced.returning(replace(dates, replacement="another"), TODAY) is None


@pytest.mark.parametrize("name", ["delete_on", "protect_until"])
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_what_was_removed_on_its_day_does_not_come_back(name, days):
    later = {"delete_on": TODAY + timedelta(30), "protect_until": TODAY + timedelta(days)}
    before = EndDates(TODAY, replacement="own", **later)
    given_dates = EndDates(TODAY, replacement="new", **{**later, name: TODAY + timedelta(days)})
    now = replace(given_dates, done="h", **{name: None})
    returned = ReplacedDates(given_dates, before).returning(now, TODAY)
    # Before that day it is a user who has removed it.
    expected = None if days > 0 else ReplacedDates(given_dates, replace(before, **{name: None}))
    assert returned == expected
    for other in ("deprecate_on", "deactivate_on"):
        changed = replace(now, **{other: TODAY + timedelta(3)})
        assert ReplacedDates(given_dates, before).returning(changed, TODAY) is None


@pytest.mark.parametrize("text", ["", "x;", "0,30,90", "-,-,-,-,-,-;x", "-,-,-,-,-"])
def test_another_text_has_no_dates(text):
    assert read_replaced(text) is None


def test_the_dates_of_the_previous_version():
    rule = EndRule(0, None, 90)
    expected = EndDates(TODAY, None, date(2027, 2, 28), None, "new")
    assert rule.dates(None, "new", TODAY) == expected
    own = EndDates(None, date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1), "own", "h")
    assert rule.dates(own, "new", TODAY) == EndDates(
        TODAY, date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1), "new", "h"
    )
