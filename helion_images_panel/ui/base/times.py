# SPDX-License-Identifier: Apache-2.0
"""Times as elements of a page: how long ago, and exactly."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from helion_images_panel.ui.base import labels

_MINUTE_S, _HOUR_S, _DAY_S, _WEEK_S = 60, 3600, 86400, 604800

#: Ages in seconds that have labels of their own, as js/base/times.js counts them. An older
#: image is in its month for so long that no page waits for the next one.
_AGES_S = (
    *range(_MINUTE_S, _HOUR_S, _MINUTE_S),
    *range(_HOUR_S, _DAY_S, _HOUR_S),
    *range(_DAY_S, _WEEK_S, _DAY_S),
    *range(_WEEK_S, 4 * _WEEK_S, _WEEK_S),
)


def time_element(iso_time: str | None, shows_exact: bool = False) -> SafeString | str:
    """Return how long ago a time was; empty if unknown.

    Pointer and screen reader get the exact time; with `shows_exact` everybody.
    """
    moment = labels.local_time(iso_time)
    if not moment:
        return ""
    exact = escape(labels.time_label(iso_time))
    shown = "hip-quiet" if shows_exact else "sr-only"
    # Each row has one: format_html takes several times as long.
    return SafeString(  # nosec B703
        f'<time datetime="{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" title="{exact}">'
        f"{escape(labels.age_of(moment, timezone.now()))}"
        f'<span class="{shown}"> ({exact})</span></time>'
    )


def age_words() -> str:
    """Return the labels of ages up to a month, for the page's script: it has no words of its
    own for them, so that both say the same in every language.
    """
    return _age_words(get_language())


@lru_cache
def _age_words(_language: str | None) -> str:
    now = timezone.now()
    return "|".join(labels.age_of(now - timedelta(seconds=age_s), now) for age_s in _AGES_S)
