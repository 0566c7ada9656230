# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from helion_images_panel.core.image import STATUSES, VISIBILITIES
from helion_images_panel.core.quota import MIB
from helion_images_panel.ui.base import labels, times
from tests.script_cases import script_cases

GIB = 1024 * MIB


def test_every_status_and_visibility_has_a_label():
    assert set(STATUSES) <= set(labels.STATUS_LABELS)
    assert set(VISIBILITIES) == set(labels.VISIBILITY_LABELS)


@pytest.mark.parametrize("label", [labels.status_label, labels.visibility_label])
def test_words_that_this_release_does_not_know(label):
    assert label("galactic") == "galactic"
    assert label("") == "Unknown"


@pytest.mark.parametrize(
    ("name", "label"),
    [("qcow2", "QCOW2"), ("raw", "Raw"), ("docker", "Docker"), ("", ""), (None, "")],
)
def test_format_label(name, label):
    assert labels.format_label(name) == label


@pytest.mark.parametrize(
    ("size_bytes", "expected"),
    [
        (None, ""),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (MIB - 1, "1023.9 KiB"),
        (50 * GIB, "50 GiB"),
        (int(37.76 * GIB), "37.7 GiB"),
        (5000 * 1024 * 1024 * GIB, "5000 PiB"),
    ],
)
def test_sizes_are_never_made_larger(size_bytes, expected):
    assert labels.size_label(size_bytes).replace(",", "") == expected


@pytest.mark.parametrize("case", script_cases("sizes"))
def test_sizes_are_written_as_the_scripts_write_them(case):
    assert labels.size_label(case["bytes"]).replace(",", "") == case["text"]


@pytest.mark.parametrize("time", [None, "", "yesterday"])
def test_no_time(time):
    assert labels.time_label(time) == ""


def test_times_are_in_the_persons_own_zone_and_language():
    with timezone.override("UTC"), translation.override("en"):
        assert labels.time_label("2026-11-02T23:30:00Z") == "11/02/2026 11:30 p.m."
    with timezone.override("Asia/Tokyo"), translation.override("de"):
        assert labels.time_label("2026-11-02T23:30:00Z") == "03.11.2026 08:30"


AGES = {
    timedelta(0): "now",
    timedelta(seconds=-5): "now",
    timedelta(days=-3): "now",
    timedelta(seconds=45): "45 seconds ago",
    timedelta(minutes=1, seconds=1): "a minute ago",
    timedelta(hours=3, minutes=50): "3 hours ago",
    timedelta(days=1, hours=20): "1 day ago",
    timedelta(days=17): "2 weeks ago",
    timedelta(days=100): "3 months ago",
    timedelta(days=800): "2 years ago",
}


@pytest.mark.parametrize(("age", "label"), AGES.items())
def test_ages_are_whole_sentences_of_one_unit(monkeypatch, age, label):
    now = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    monkeypatch.setattr(labels.timezone, "now", lambda: now)
    monkeypatch.setattr("django.contrib.humanize.templatetags.humanize.datetime", Clock(now))
    moment = (now - age).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert age_in_words(moment) == label
    with timezone.override("Asia/Tokyo"):
        assert age_in_words(moment) == label


def age_in_words(iso_time):
    shown = labels.age_of(labels.local_time(iso_time), labels.timezone.now())
    return shown.replace("\xa0", " ")


class Clock:
    """Stands in for the class datetime, where its now() is asked for."""

    def __init__(self, now: datetime):
        self.now = lambda _zone=None: now


def test_ages_are_in_the_persons_own_language():
    moment = (datetime.now(UTC) - timedelta(days=16)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with translation.override("de"):
        # Django and Horizon have German sentences of their own.
        assert "2 Wochen" in age_in_words(moment)


@pytest.mark.parametrize("time", [None, "", "yesterday", "9999-99-99", "0001-01-01T00:00:00+14:00"])
def test_no_age(time):
    assert times.time_element(time) == labels.time_label(time) == ""


@pytest.mark.parametrize(
    "name", ["{$ 1 $}", "{$$}", "{{$ x $}}", "$}{$", "{$ a $} {$ b $}", "{${$ $}$}", "{$$$}"]
)
def test_inert_text_has_no_expression_and_reads_the_same(name):
    inert = labels.inert(name)
    assert "{$" not in inert
    assert "$}" not in inert
    assert inert.replace("\u2060", "") == name


@pytest.mark.parametrize("name", ["cirros", "price: 5$", "{a}", "", "a { $ b $ }"])
def test_other_text_stays_as_it_is(name):
    assert labels.inert(name) == name


@pytest.mark.parametrize(
    ("time", "label"),
    [
        ("2026-11-02T04:00:00Z", "11/02/2026 4:00 a.m."),
        ("2026-11-02T03:44:00Z", "11/02/2026 3:44 a.m."),
        ("2026-11-02T00:00:00Z", "11/02/2026 12:00 a.m."),
        ("2026-11-02T12:00:00Z", "11/02/2026 12:00 p.m."),
    ],
)
def test_times_have_one_form(time, label):
    assert labels.time_label(time) == label
