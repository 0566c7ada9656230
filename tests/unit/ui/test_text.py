# SPDX-License-Identifier: Apache-2.0
import pytest
from django.utils import timezone, translation

from helion_images_panel.core.image import STATUSES, VISIBILITIES
from helion_images_panel.core.room import MIB
from helion_images_panel.ui import text

GIB = 1024 * MIB


def test_every_status_and_visibility_has_a_label():
    assert set(STATUSES) <= set(text.STATUS_LABELS)
    assert set(VISIBILITIES) == set(text.VISIBILITY_LABELS)


@pytest.mark.parametrize("label", [text.status_label, text.visibility_label])
def test_words_that_this_release_does_not_know(label):
    assert label("galactic") == "galactic"
    assert label("") == "Unknown"


@pytest.mark.parametrize(
    ("name", "label"),
    [("qcow2", "QCOW2"), ("raw", "Raw"), ("docker", "Docker"), ("", ""), (None, "")],
)
def test_format_label(name, label):
    assert text.format_label(name) == label


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
    assert text.size_label(size_bytes).replace(",", "") == expected


@pytest.mark.parametrize("time", [None, "", "yesterday"])
def test_no_time(time):
    assert text.time_label(time) == ""


def test_times_are_in_the_persons_own_zone_and_language():
    with timezone.override("UTC"), translation.override("en"):
        assert text.time_label("2026-11-02T23:30:00Z") == "11/02/2026 11:30 p.m."
    with timezone.override("Asia/Tokyo"), translation.override("de"):
        assert text.time_label("2026-11-02T23:30:00Z") == "03.11.2026 08:30"


@pytest.mark.parametrize(("value", "label"), [(True, "Yes"), (False, "No")])
def test_yes_no(value, label):
    assert text.yes_no(value) == label


@pytest.mark.parametrize(
    "name", ["{$ 1 $}", "{$$}", "{{$ x $}}", "$}{$", "{$ a $} {$ b $}", "{${$ $}$}", "{$$$}"]
)
def test_inert_text_has_no_expression_and_reads_the_same(name):
    inert = text.inert(name)
    assert "{$" not in inert
    assert "$}" not in inert
    assert inert.replace("\u2060", "") == name


@pytest.mark.parametrize("name", ["cirros", "price: 5$", "{a}", "", "a { $ b $ }"])
def test_other_text_stays_as_it_is(name):
    assert text.inert(name) == name
