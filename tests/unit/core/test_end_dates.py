# SPDX-License-Identifier: Apache-2.0
"""The dates of an image, their record, and what each day asks for."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.core import end_dates
from helion_images_panel.core.end_dates import DEPRECATED, OBSOLETE, EndDates
from tests import factories

TODAY = date(2026, 11, 30)
DAYS = st.none() | st.dates()
DATES = st.builds(
    EndDates,
    DAYS,
    DAYS,
    DAYS,
    DAYS,
    st.sampled_from(["", factories.image_id()]),
    st.sampled_from("hdx"),
)


@given(DATES)
def test_the_record_is_read_as_it_was_written(dates):
    image = factories.image()
    written = end_dates.record(image, dates)
    found = end_dates.end_dates_of(replace(image, properties=written))
    assert found == (None if dates.is_empty else dates)


def test_another_record_does_not_count():
    dates = EndDates(TODAY)
    written = end_dates.record(factories.image(), dates)
    assert end_dates.end_dates_of(factories.image(**written)) is None
    image_id = factories.image_id()
    own = end_dates.record(factories.image(id=image_id), dates)[end_dates.PROPERTY]
    for text in (own.replace("2026-11-30", "2026-11-29"), "", "x", own.rpartition(":")[0]):
        forged = factories.image(id=image_id, **{end_dates.PROPERTY: text})
        assert end_dates.end_dates_of(forged) is None


def test_only_properties_that_exist_are_removed():
    image = factories.image(**{end_dates.MARK: "true"})
    assert end_dates.record(image, EndDates()) == {end_dates.MARK: None}
    assert end_dates.record(factories.image(), EndDates()) == {}


@pytest.mark.parametrize(
    ("dates", "state", "soon"),
    [
        (EndDates(), "", False),
        (EndDates(date(2026, 12, 1)), "", True),
        (EndDates(date(2026, 12, 31)), "", False),
        (EndDates(TODAY), DEPRECATED, True),
        (EndDates(TODAY, date(2026, 12, 1)), DEPRECATED, True),
        (EndDates(None, TODAY), OBSOLETE, True),
        # A protected image is kept on the day of its deletion.
        (EndDates(None, None, TODAY), "", True),
    ],
)
def test_the_state_on_a_day(dates, state, soon):
    assert dates.state(TODAY) == state
    assert dates.ends_soon(TODAY) is soon


def asked(dates, **attributes):
    """What the day asks for, and the record of that."""
    image_id = factories.image_id()
    record = end_dates.record(factories.image(id=image_id), dates)
    image = factories.image(id=image_id, **record, **attributes)
    changes = end_dates.changes_for_today(image, dates, TODAY)
    after = factories.image(id=image_id, **{**record, **attributes, **changes})
    done = end_dates.end_dates_of(after).done
    return changes.get("os_hidden"), done, end_dates.is_due(image, TODAY)


@pytest.mark.parametrize(
    ("dates", "attributes", "result"),
    [
        (EndDates(date(2026, 12, 1)), {}, (None, "", False)),
        (EndDates(TODAY), {}, (True, "h", True)),
        (EndDates(TODAY), {"os_hidden": True}, (None, "", False)),
        (EndDates(TODAY, TODAY), {}, (True, "hx", True)),
        (EndDates(None, TODAY), {"status": "deactivated"}, (True, "h", True)),
        (EndDates(None, TODAY), {"status": "saving"}, (True, "h", True)),
        # Somebody has unhidden or reactivated it.
        (EndDates(TODAY, done="h"), {}, (None, "h", False)),
        (EndDates(TODAY, TODAY, done="hd"), {}, (None, "hd", False)),
        # Its deactivation was interrupted.
        (EndDates(TODAY, TODAY, done="hx"), {"os_hidden": True}, (None, "hx", True)),
        (EndDates(None, None, TODAY), {}, (None, "", True)),
    ],
)
def test_what_a_day_asks_for(dates, attributes, result):
    assert asked(dates, **attributes) == result


@pytest.mark.parametrize(
    ("dates", "attributes", "is_woken", "done", "changes"),
    [
        (EndDates(TODAY, done="h"), {"os_hidden": True}, False, "h", {}),
        (EndDates(done="h"), {"os_hidden": True}, False, "", {"os_hidden": False}),
        (EndDates(done="h"), {}, False, "", {}),
        (EndDates(), {"os_hidden": True}, False, "", {}),
        (
            EndDates(TODAY, done="hd"),
            {"os_hidden": True, "status": "deactivated"},
            True,
            "h",
            {},
        ),
        (
            EndDates(done="hx"),
            {"os_hidden": True, "status": "deactivated"},
            True,
            "",
            {"os_hidden": False},
        ),
        (EndDates(done="hd"), {}, False, "", {}),
        (EndDates(None, TODAY, done="d"), {"status": "deactivated"}, False, "d", {}),
    ],
)
def test_what_is_undone_when_days_are_put_off(dates, attributes, is_woken, done, changes):
    image = factories.image(**attributes)
    assert end_dates.is_to_be_reactivated(image, dates, TODAY) is is_woken
    left, undone = end_dates.undone(image, dates, TODAY)
    assert (left.done, undone) == (done, changes)


def test_a_restored_image_is_not_deleted_again():
    image = factories.image(**factories.dated(deprecated=-9, gone=-1))
    today = date.fromisoformat(factories.ago()[:10])
    changes = end_dates.without_deletion(image, today)
    after = end_dates.end_dates_of(replace(image, properties=changes))
    assert (after.delete_on, after.state(today)) == (None, DEPRECATED)
    later = factories.image(**factories.dated(gone=1))
    assert end_dates.without_deletion(later, today) == {}
    assert end_dates.without_deletion(factories.image(), today) == {}


def test_the_end_of_a_protection():
    dates = EndDates(protect_until=TODAY)
    image = factories.image(protected=True)
    changes = end_dates.changes_of_protection(image, dates, TODAY)
    assert changes == {"protected": False}
    assert end_dates.changes_of_protection(factories.image(), dates, TODAY) == {}
    later = EndDates(TODAY, protect_until=date(2026, 12, 1))
    assert end_dates.changes_of_protection(image, later, TODAY) == {}
