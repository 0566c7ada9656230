# SPDX-License-Identifier: Apache-2.0
"""What was stored on past days, as text that this dashboard has signed.

Every admin of the cloud can write the text in Glance. It is valid only with a signature by
SECRET_KEY, for one domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.core.signing import BadSignature, Signer

#: Days that are kept one by one, and months before them, of which the last figure is kept. As
#: text they are about 4 KiB; Glance's database has 64 KiB for it.
DAYS, MONTHS = 90, 60


class DayFigures(NamedTuple):
    """What the images stored when they were counted on that day.

    :ivar day: ISO 8601, in UTC
    :ivar images: without deleted ones, as `size_bytes`
    """

    day: str
    images: int
    size_bytes: int


def with_day(found: Iterable[DayFigures], figures: DayFigures) -> tuple[DayFigures, ...]:
    """Return the figures with those of a further day, which is the last one; the oldest first.

    A day that has figures keeps them.
    """
    by_day = {figures.day: figures, **{each.day: each for each in found}}
    first_day = (date.fromisoformat(figures.day) - timedelta(days=DAYS - 1)).isoformat()
    months: dict[str, DayFigures] = {}
    for day in sorted(by_day):
        if day < first_day:
            months[day[:7]] = by_day[day]
    days = [by_day[day] for day in sorted(by_day) if day >= first_day]
    return (*list(months.values())[-MONTHS:], *days)


def signed_days(domain_id: str, found: Sequence[DayFigures]) -> str:
    return str(_signer(domain_id).sign_object([list(each) for each in found], compress=True))


def days_of(domain_id: str, text: str) -> tuple[DayFigures, ...] | None:
    """Return the figures; None for a text that this dashboard has not signed for this domain."""
    try:
        body = _signer(domain_id).unsign_object(text)
    except (BadSignature, ValueError):
        return None
    return tuple(DayFigures(*each) for each in body)


def _signer(domain_id: str) -> Signer:
    return Signer(salt=f"helion_images_panel.storage_days.{domain_id}")
