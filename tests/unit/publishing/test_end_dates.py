# SPDX-License-Identifier: Apache-2.0
"""Dates are set and put off, also after an interruption at each call to Glance."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from helion_images_panel.api import images
from helion_images_panel.core.end_dates import EndDates, end_dates_of
from helion_images_panel.core.image import Image
from helion_images_panel.publishing import deletion, end_dates, refusals
from tests import factories
from tests.unit.publishing.killed import Killed, killing
from tests.unit.publishing.test_deletion import CHANGING, unchanging


@pytest.fixture
def request_(glance):
    return factories.request(factories.member())


def day(days):
    return None if days is None else datetime.now(UTC).date() + timedelta(days=days)


def current(glance, image_id):
    return Image.from_glance(glance.images[image_id])


def set_dates(glance, request_, image_id, *days):
    dates = EndDates(*(day(each) for each in days))
    end_dates.set_dates(request_, current(glance, image_id), dates, day(0))


STATES = [
    {},
    {"status": "deactivated"},
    {"visibility": "public"},
    {"visibility": "community", "os_hidden": True},
    {"os_hidden": True, "status": "deactivated"},
]


@pytest.mark.parametrize("days", [(0,), (-3, 0), (None, -1), (0, 0, 9), (1, 2, 3)], ids=str)
@pytest.mark.parametrize("state", STATES, ids=str)
def test_what_was_done_is_undone_when_the_dates_are_removed(glance, request_, state, days):
    before = dict(glance.add(**state, hw_disk_bus="virtio"))
    set_dates(glance, request_, before["id"], *days)
    image = current(glance, before["id"])
    dates = end_dates_of(image)
    assert [each for each in dates.days if each] == [day(each) for each in days if each is not None]
    is_deprecated = any(each is not None and each <= 0 for each in days[:2])
    is_obsolete = len(days) > 1 and days[1] <= 0
    assert image.os_hidden is (is_deprecated or state.get("os_hidden", False))
    assert image.status == ("deactivated" if is_obsolete else before["status"])
    set_dates(glance, request_, before["id"])
    assert unchanging(glance.images[before["id"]]) == unchanging(before)


def test_an_obsolete_image_is_only_deprecated_again(glance, request_):
    image_id = glance.add()["id"]
    set_dates(glance, request_, image_id, -2, -1)
    assert current(glance, image_id).status == "deactivated"
    set_dates(glance, request_, image_id, -2, 5)
    image = current(glance, image_id)
    assert (image.status, image.os_hidden) == ("active", True)


@pytest.mark.parametrize("done", [False, True], ids=["before the call", "after the call"])
@pytest.mark.parametrize("call", range(4))
@pytest.mark.parametrize("days", [(0,), (0, 0), ()], ids=str)
@pytest.mark.parametrize("state", STATES, ids=str)
def test_an_interrupted_step_is_finished_by_the_next(
    glance, request_, monkeypatch, state, days, call, done
):
    before = dict(glance.add(**state))
    if not days:
        set_dates(glance, request_, before["id"], 0, 0)
    with monkeypatch.context() as patched:
        killing(patched, call, done, *CHANGING)
        with suppress(Killed):
            set_dates(glance, request_, before["id"], *days)
    if days and end_dates_of(current(glance, before["id"])):
        # As the command does it.
        end_dates.apply(request_, current(glance, before["id"]), day(0))
    else:
        set_dates(glance, request_, before["id"], *days)
    image = current(glance, before["id"])
    if days:
        assert image.os_hidden
        assert image.status == ("deactivated" if len(days) > 1 else before["status"])
        # Nothing is left to do.
        written = len(glance.writes)
        end_dates.apply(request_, image, day(0))
        assert len(glance.writes) == written
        set_dates(glance, request_, before["id"])
    assert unchanging(glance.images[before["id"]]) == unchanging(before)


def test_a_deleted_image_keeps_its_dates_and_gets_no_others(glance, request_):
    image_id = glance.add(**factories.dated(deprecated=3))["id"]
    deletion.delete(request_, current(glance, image_id), "alice", 30)
    with pytest.raises(refusals.Deleted):
        set_dates(glance, request_, image_id, 0)
    assert end_dates.apply(request_, current(glance, image_id), day(9)) is None
    deletion.restore(request_, current(glance, image_id))
    assert end_dates_of(current(glance, image_id)).deprecate_on == day(3)


def test_what_was_deleted_on_its_day_is_restored_without_it(glance, request_):
    before = dict(glance.add(**factories.dated(gone=0), visibility="shared"))
    image_id = before["id"]
    deletion.delete_on_its_day(request_, current(glance, image_id), day(0), "cron", 30)
    assert current(glance, image_id).status == "deactivated"
    with pytest.raises(deletion.NotDue):
        deletion.delete_on_its_day(request_, current(glance, image_id), day(0), "cron", 30)
    deletion.restore(request_, current(glance, image_id))
    image = current(glance, image_id)
    assert (image.status, image.visibility, end_dates_of(image)) == ("active", "shared", None)


@pytest.mark.parametrize(
    ("attributes", "days", "is_there"),
    [
        ({}, 30, True),
        ({}, 0, False),
        # There is nothing to restore.
        ({"status": "queued"}, 30, False),
    ],
)
def test_deleted_on_its_day(glance, request_, attributes, days, is_there):
    image_id = glance.add(**factories.dated(gone=-1), **attributes)["id"]
    deletion.delete_on_its_day(request_, current(glance, image_id), day(0), "cron", days)
    assert (image_id in glance.images) is is_there


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        ({"protected": True}, deletion.Protected),
        ({"status": "saving"}, deletion.NotRestorable),
    ],
)
def test_what_is_not_deleted_on_its_day(glance, request_, attributes, error):
    image_id = glance.add(**factories.dated(gone=0), **attributes)["id"]
    for days in (0, 30):
        with pytest.raises(error):
            deletion.delete_on_its_day(request_, current(glance, image_id), day(0), "cron", days)
    with pytest.raises(deletion.NotDue):
        deletion.delete_on_its_day(request_, current(glance, image_id), day(-1), "cron", 30)
    assert images.image_get(request_, image_id).status in ("active", "saving")


def test_protected_until_a_day(glance, request_):
    image_id = glance.add()["id"]
    dates = EndDates(protect_until=day(3))
    end_dates.set_dates(request_, current(glance, image_id), dates, day(0))
    assert current(glance, image_id).protected
    assert end_dates.apply(request_, current(glance, image_id), day(2)).protect_until == day(3)
    assert current(glance, image_id).protected
    end_dates.apply(request_, current(glance, image_id), day(3))
    image = current(glance, image_id)
    assert (image.protected, end_dates_of(image)) == (False, None)
