# SPDX-License-Identifier: Apache-2.0
"""Times as elements of a page, and the words with which the page's script goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from helion_images_panel.ui.base import labels, times
from tests.script_cases import script_cases


@pytest.mark.parametrize("written", ["2026-11-02T03:44:00Z", "2026-11-02T03:44:00.000000"])
def test_the_moment_is_in_a_form_that_scripts_read(written):
    with timezone.override("Asia/Tokyo"), translation.override("de"):
        element = times.time_element(written)
    assert 'datetime="2026-11-02T03:44:00Z" title="02.11.2026 12:44"' in element
    assert '<span class="sr-only"> (02.11.2026 12:44)</span>' in element


def test_the_exact_time_may_be_seen_by_all():
    assert "sr-only" not in times.time_element("2026-11-02T03:44:00Z", shows_exact=True)


@pytest.mark.parametrize("written", [None, "", "<b>yesterday</b>"])
def test_no_time_is_nothing(written):
    assert times.time_element(written) == ""


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_script_has_the_words_of_the_page(language):
    with translation.override(language):
        words, now = times.age_words().split("|"), datetime.now(UTC)
        for case in script_cases("ages"):
            if case["place"] >= 0:
                moment = now - timedelta(seconds=case["seconds"])
                assert words[case["place"]] == labels.age_of(moment, now), case


def test_there_is_a_word_for_each_place():
    places = [case["place"] for case in script_cases("ages")]
    assert max(places) == len(times.age_words().split("|")) - 1
