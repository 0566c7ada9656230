# SPDX-License-Identifier: Apache-2.0
"""Make It the Latest: when the previous version ends, and the family's rule for it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from helion_images_panel import policy
from helion_images_panel.core import end_dates
from helion_images_panel.core.end_dates import EndDates, end_dates_of
from helion_images_panel.core.family import FORMER, LATEST, NEW, family_record
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.versions.test_views import add, current, text_of

DAY = timedelta(days=1)
RULES = {
    "deprecate_in": policy.MODIFY_IMAGE,
    "deactivate_in": policy.DEACTIVATE,
    "delete_in": policy.DELETE_IMAGE,
}


def today():
    """Asked for each time: a run may have begun on the day before."""
    return datetime.now(UTC).date()


def shown(browser, url):
    """The days in the dialog; those that it does not ask for are left out."""
    html = browser.get(url).content.decode()
    found = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', html) for name in RULES}
    values = {name: re.search(r'value="(\d*)"', each[0]) for name, each in found.items() if each}
    return {name: value[1] if value else "" for name, value in values.items()}


@pytest.fixture
def both(browser, glance):
    browser.login_as(factories.member())
    old, new = add(glance, LATEST, name="Ubuntu"), add(glance, NEW, name="Ubuntu (new)")
    return old, new, path("project", "make_latest", new["id"])


def test_the_rule_is_chosen_once_and_offered_the_next_time(browser, glance, both):
    old, new, url = both
    assert shown(browser, url) == dict.fromkeys(RULES, "")
    days = {"deprecate_in": "0", "deactivate_in": "", "delete_in": "90"}
    assert browser.post(url, {"confirmed": old["id"], **days}).status_code == 302
    dates = end_dates_of(current(glance, old))
    assert dates == EndDates(today(), None, today() + 90 * DAY, None, new["id"], end_dates.HIDDEN)
    # Rows and banners show it as any end date.
    text = text_of(browser.get(path("project", "detail", old["id"])))
    assert "This image is deprecated since" in text
    assert "Use Ubuntu instead." in text

    third = add(glance, NEW)
    url = path("project", "make_latest", third["id"])
    assert shown(browser, url) == days
    browser.post(url, {"confirmed": new["id"], "seen": "0,-,90", "deactivate_in": "7"})
    assert end_dates_of(current(glance, new)) == EndDates(
        None, today() + 7 * DAY, None, None, third["id"]
    )
    assert family_record(current(glance, third)).ends == "-,7,-"


def test_a_roll_back_offers_no_rule_and_says_what_is_taken_back(browser, glance, both):
    old, new, url = both
    browser.post(url, {"confirmed": old["id"], "deprecate_in": "0"})
    url = path("project", "make_latest", old["id"])
    assert shown(browser, url) == dict.fromkeys(RULES, "")
    sentence = "The end dates that this version got when it was replaced are removed."
    assert sentence in text_of(browser.get(url))
    browser.post(url, {"confirmed": new["id"], "delete_in": "3"})
    assert end_dates_of(current(glance, old)) is None
    assert end_dates_of(current(glance, new)).delete_on == today() + 3 * DAY
    assert family_record(current(glance, old)).ends == "0,-,-"


def test_a_dialog_of_before_does_not_overwrite_another_rule(browser, glance, both):
    old, new, url = both
    assert 'name="seen"' in browser.get(url).content.decode()
    rule = path("project", "end_rule", old["id"])
    browser.post(rule, {"deprecate_in": "7"})
    writes = len(glance.writes)
    response = browser.post(url, {"confirmed": old["id"], "seen": "", "delete_in": "3"})
    assert response.status_code == 200
    assert "Another user has changed this rule in the meantime." in text_of(response)
    assert len(glance.writes) == writes
    posted = {"confirmed": old["id"], "seen": "7,-,-", "delete_in": "3"}
    assert browser.post(url, posted).status_code == 302
    assert family_record(current(glance, new)).ends == "-,-,3"


@pytest.mark.parametrize("missing", ["deactivate_in", "delete_in"])
def test_only_days_that_the_user_may_set(browser, glance, monkeypatch, both, missing):
    old, new, url = both
    days = {"deprecate_in": "1", "deactivate_in": "2", "delete_in": "3"}
    browser.post(url, {"confirmed": old["id"], **days})
    third = add(glance, NEW)
    url = path("project", "make_latest", third["id"])
    allows = policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, asked, *args: asked != RULES[missing] and allows(request, asked, *args),
    )
    assert missing not in shown(browser, url)
    given = {"confirmed": new["id"], "seen": "1,2,3", "deprecate_in": "1", missing: "1"}
    assert browser.post(url, given).status_code == 302
    assert end_dates_of(current(glance, new)).days == (today() + DAY, None, None)
    # What others have chosen is still the family's rule.
    rule = family_record(current(glance, third)).ends.split(",")
    assert rule[list(RULES).index(missing)] == days[missing]


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ({"deprecate_in": "9", "deactivate_in": "8"}, "is before the day above"),
        ({"deactivate_in": "0"}, "greater than or equal to 1"),
        ({"delete_in": "0"}, "greater than or equal to 1"),
        ({"deprecate_in": "-1"}, "greater than or equal to 0"),
        ({"deprecate_in": "99999"}, "less than or equal to 3650"),
        ({"deprecate_in": "soon"}, "whole number"),
    ],
)
def test_wrong_days_are_refused(browser, glance, both, days, reason):
    old, _new, url = both
    response = browser.post(url, {"confirmed": old["id"], **days})
    assert response.status_code == 200
    assert reason in text_of(response)
    assert glance.writes == []


def test_a_date_that_the_version_has_already_is_compared(browser, glance, both):
    old, _new, url = both
    own = EndDates(delete_on=today() + 5 * DAY)
    glance.images[old["id"]].update(end_dates.record(current(glance, old), own))
    response = browser.post(url, {"confirmed": old["id"], "deprecate_in": "9"})
    assert "is before the day above. The previous version may have a date" in text_of(response)
    assert glance.writes == []


def test_the_first_version_replaces_none(browser, glance):
    browser.login_as(factories.member())
    alone = add(glance, FORMER)
    assert shown(browser, path("project", "make_latest", alone["id"])) == {}
