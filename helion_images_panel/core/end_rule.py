# SPDX-License-Identifier: Apache-2.0
"""The rule of a family: in how many days a version ends that is not the latest any more."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from datetime import date, timedelta
from typing import Any

from helion_images_panel.core.end_dates import EndDates, read_dates, written_dates
from helion_images_panel.core.family import family_record
from helion_images_panel.core.image import Image

#: Maximum number of days.
LIMIT_DAYS = 3650

_NONE = "-"


@dataclass(frozen=True)
class EndRule:
    """Days after the change of the latest version, each None for never."""

    deprecate_in: int | None = None
    deactivate_in: int | None = None
    delete_in: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == EndRule()

    @property
    def written(self) -> str:
        """The rule as text; empty without any days."""
        days = (_NONE if days is None else str(days) for days in astuple(self))
        return "" if self.is_empty else ",".join(days)

    def dates(self, before: EndDates | None, replacement: str, today: date) -> EndDates:
        """Return the dates of the previous version. A day that comes earlier anyway stays."""
        old = before or EndDates()
        first, second, third = (
            min(filter(None, (now, _in_days(today, days))), default=None)
            for now, days in zip(old.days, astuple(self), strict=True)
        )
        return EndDates(first, second, third, old.protect_until, replacement, old.done)


def _in_days(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def read_rule(text: str) -> EndRule:
    """Return the rule of this text; an empty one for another text."""
    try:
        days = [None if part == _NONE else int(part) for part in text.split(",")]
    except ValueError:
        return EndRule()
    is_rule = len(days) == 3 and all(each is None or 0 <= each <= LIMIT_DAYS for each in days)
    return EndRule(*days) if is_rule else EndRule()


def remembered_rule(latest: Image | None) -> EndRule:
    """Return the rule of a family, which its latest version has in its record."""
    record = family_record(latest) if latest else None
    return read_rule(record.ends if record else "")


@dataclass(frozen=True)
class ReplacedDates:
    """What the change of the latest version has made of the previous version's dates.

    :ivar given: the dates that it has set
    :ivar before: those of before; None for none
    """

    given: EndDates
    before: EndDates | None

    @property
    def written(self) -> str:
        before = written_dates(self.before) if self.before else ""
        return f"{written_dates(self.given)};{before}"

    def returning(self, now: EndDates | None, today: date) -> ReplacedDates | None:
        """Return these dates if those of now are still the ones that were set, whatever was done
        for them; None if a user has changed them.

        The command removes the end of a protection when that is over, and a restore removes the
        day of deletion when that has come: these are not in `before` then, either, since they
        would have the latest version unprotected, or deleted.
        """
        if now is None:
            return None
        removed: dict[str, Any] = {
            name: None
            for name in ("delete_on", "protect_until")
            if getattr(now, name) is None and _has_come(getattr(self.given, name), today)
        }
        if _asked(now) != _asked(replace(self.given, **removed)):
            return None
        return replace(self, before=self.before and replace(self.before, **removed))


def _has_come(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def _asked(dates: EndDates) -> tuple[object, ...]:
    return (*dates.days, dates.protect_until, dates.replacement)


def read_replaced(text: str) -> ReplacedDates | None:
    """Return the dates of this text; None for another text."""
    given, _separator, before = text.partition(";")
    try:
        return ReplacedDates(read_dates(given), read_dates(before) if before else None)
    except ValueError:
        return None
