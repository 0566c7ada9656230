# SPDX-License-Identifier: Apache-2.0
"""Figures of past days: bounded, and valid only with the signature for their domain."""

from datetime import date, timedelta

import pytest
from django.core.signing import Signer

from helion_images_panel.core import storage_days
from helion_images_panel.core.storage_days import DayFigures, days_of, signed_days, with_day
from helion_images_panel.core.stored_rules import ALL_DOMAINS

FIRST = date(2026, 1, 1)


def day(number, images=1, size_bytes=0):
    return DayFigures((FIRST + timedelta(days=number)).isoformat(), images, size_bytes)


def of_days(*numbers):
    found = ()
    for number in numbers:
        found = with_day(found, day(number, size_bytes=number))
    return found


def test_days_are_kept_and_then_months():
    found = of_days(*range(400))
    days = [each.day for each in found]
    assert days == sorted(set(days))
    assert len(days) == storage_days.DAYS + 11
    assert days[:2] == ["2026-01-31", "2026-02-28"]
    assert found[-1] == day(399, size_bytes=399)


def test_the_text_is_bounded():
    found = ()
    for number in range(0, 365 * 8, 1):
        found = with_day(found, day(number, 10**6 + number, 10**15 + number**3))
    assert len(found) == storage_days.DAYS + storage_days.MONTHS
    assert len(signed_days("d" * 64, found)) < 16 * 1024
    assert days_of("d" * 64, signed_days("d" * 64, found)) == found


def test_a_day_keeps_its_first_figures():
    assert with_day([day(1, 1), day(2, 2)], day(2, 3)) == (day(1, 1), day(2, 2))


@pytest.mark.parametrize("domain", ["globex", ALL_DOMAINS, ""])
def test_figures_of_another_domain_count_for_nothing(domain):
    assert days_of(domain, signed_days("acme", of_days(1))) is None


def test_nor_do_figures_that_somebody_has_changed(settings):
    text = signed_days("acme", of_days(1, 2))
    assert days_of("acme", text) == of_days(1, 2)
    assert days_of("acme", text[:-1] + ("A" if text[-1] != "A" else "B")) is None
    assert days_of("acme", "") is None
    assert days_of("acme", Signer().sign_object([["2026-01-01", 1, 1]])) is None
    settings.SECRET_KEY = "another"
    assert days_of("acme", text) is None
