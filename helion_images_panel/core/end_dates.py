# SPDX-License-Identifier: Apache-2.0
"""The days on which an image is deprecated, obsolete and deleted, the image to use instead, and
the end of its protection.

Days begin at 00:00 UTC. A deprecated image is hidden, an obsolete one is also deactivated. What
was done because of a day is recorded, so that it can be undone when the day is put off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, unquote

from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.image import Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

#: "<image ID> <deprecated> <obsolete> <deleted> <not protected> <ID of the replacement> <what was
#: done>:<signature>", each "-" for none.
PROPERTY = "helion_images_end_dates"
SALT = "end-dates"

#: Glance finds the images with dates by this property. It proves nothing.
MARK = "helion_images_has_end_dates"
MARKED = "true"

#: States of an image by its dates.
DEPRECATED, OBSOLETE = "deprecated", "obsolete"

#: An image ends soon if one of its days comes within so many days.
SOON_DAYS = 30

#: What was done: hidden, deactivated, or a deactivation that may have been interrupted.
HIDDEN, DEACTIVATED, DEACTIVATING = "h", "d", "x"

#: Number of parts of a record, and the text of an empty one.
_PARTS, _NONE = 6, "-"


@dataclass(frozen=True)
class EndDates:
    """The days, each None for none; the replacement is an image ID, or empty.

    :ivar done: HIDDEN, DEACTIVATED and DEACTIVATING, as far as these were done for a day
    """

    deprecate_on: date | None = None
    deactivate_on: date | None = None
    delete_on: date | None = None
    protect_until: date | None = None
    replacement: str = ""
    done: str = ""

    @property
    def days(self) -> tuple[date | None, date | None, date | None]:
        return self.deprecate_on, self.deactivate_on, self.delete_on

    @property
    def is_empty(self) -> bool:
        return not any((*self.days, self.protect_until))

    def state(self, today: date) -> str:
        """Return DEPRECATED, OBSOLETE, or "" before these days."""
        if self.deactivate_on and self.deactivate_on <= today:
            return OBSOLETE
        return DEPRECATED if self.deprecate_on and self.deprecate_on <= today else ""

    def is_to_be_deleted(self, today: date) -> bool:
        return self.delete_on is not None and self.delete_on <= today

    def next_day(self, today: date) -> date | None:
        """Return the first day that is still to come; None if there is none."""
        return min((day for day in self.days if day and day > today), default=None)

    def ends_soon(self, today: date) -> bool:
        """Whether a day has come, or comes within SOON_DAYS."""
        return any(day and day <= today + timedelta(days=SOON_DAYS) for day in self.days)


def written_dates(dates: EndDates) -> str:
    """Return the dates as text without blanks, for the record of a family."""
    return ",".join(quote(text, safe="") for text in _texts(dates))


def read_dates(text: str) -> EndDates:
    """Return the dates of such a text; raise ValueError for another one."""
    parts = [unquote(part) for part in text.split(",")]
    if len(parts) != _PARTS:
        raise ValueError(text)
    return _read(parts)


def _texts(dates: EndDates) -> list[str]:
    days = [day.isoformat() if day else _NONE for day in (*dates.days, dates.protect_until)]
    return [*days, dates.replacement or _NONE, dates.done or _NONE]


def _read(parts: Sequence[str]) -> EndDates:
    first, second, third, fourth = (_day(text) for text in parts[:4])
    replacement, done = ("" if text == _NONE else text for text in parts[4:])
    return EndDates(first, second, third, fourth, replacement, done)


def end_dates_of(image: Image) -> EndDates | None:
    """Return the dates; None without a record that this dashboard signed for this image."""
    parts = signed_parts(image, PROPERTY, SALT, _PARTS)
    try:
        return _read(parts) if parts else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    return None if text == _NONE else date.fromisoformat(text)


def state_of(image: Image, today: date) -> str:
    """Return the state by the dates of the image: see `EndDates.state`."""
    dates = end_dates_of(image)
    return dates.state(today) if dates else ""


def record(image: Image, dates: EndDates) -> Mapping[str, str | None]:
    """Build the change of the image that records the dates; without days it removes the record."""
    if dates.is_empty:
        # Glance refuses to remove a property that is not there.
        return {name: None for name in (PROPERTY, MARK) if name in image.properties}
    return {**signed_property(PROPERTY, SALT, image.id, *_texts(dates)), MARK: MARKED}


def changes_for_today(image: Image, dates: EndDates, today: date) -> dict[str, Any]:
    """Return the changes that the day asks for, with their record; empty if nothing is to do.

    DEACTIVATING is recorded where the image has to be deactivated afterwards: Glance does that
    by a request of its own. What a user has undone by hand is not done again.
    """
    done, changes = dates.done, {}
    if dates.state(today) and HIDDEN not in done and not image.os_hidden:
        done += HIDDEN
        changes["os_hidden"] = True
    is_active = image.status == "active" and not image.receives_data
    if dates.state(today) == OBSOLETE and is_active and DEACTIVATED not in done:
        done = _with(done, DEACTIVATING)
    if done == dates.done:
        return {}
    return {**changes, **record(image, replace(dates, done=done))}


def is_to_be_unprotected(image: Image, dates: EndDates, today: date) -> bool:
    """Whether the protection of the image has ended."""
    return image.protected and dates.protect_until is not None and dates.protect_until <= today


def changes_of_protection(image: Image, dates: EndDates, today: date) -> dict[str, Any]:
    """Return the changes that end the protection, with their record; empty if nothing is to do."""
    if not is_to_be_unprotected(image, dates, today):
        return {}
    # Somebody who protects it again protects it for good.
    return {"protected": False, **record(image, replace(dates, protect_until=None))}


def is_to_be_deactivated(image: Image, dates: EndDates) -> bool:
    """Whether a recorded deactivation has still to be made."""
    return DEACTIVATING in dates.done and image.status == "active"


def deactivated(dates: EndDates) -> EndDates:
    """Return the dates with a deactivation that is complete."""
    return replace(dates, done=_with(dates.done.replace(DEACTIVATING, ""), DEACTIVATED))


def changed(old: EndDates | None, new: EndDates) -> EndDates:
    """Return the new dates with what was done for the old ones."""
    return replace(new, done=old.done if old else "")


def is_to_be_reactivated(image: Image, dates: EndDates, today: date) -> bool:
    """Whether the image was deactivated for a day that has been put off."""
    was_deactivated = not {DEACTIVATED, DEACTIVATING}.isdisjoint(dates.done)
    return was_deactivated and dates.state(today) != OBSOLETE and image.status == "deactivated"


def undone(image: Image, dates: EndDates, today: date) -> tuple[EndDates, dict[str, Any]]:
    """Return the dates without what was done for days that have been put off, and the changes
    that undo it, but for the status.
    """
    state, done, changes = dates.state(today), dates.done, {}
    if state != OBSOLETE:
        done = done.replace(DEACTIVATED, "").replace(DEACTIVATING, "")
    if not state and HIDDEN in done:
        done = done.replace(HIDDEN, "")
        if image.os_hidden:
            changes["os_hidden"] = False
    return replace(dates, done=done), changes


def without_deletion(image: Image, today: date) -> Mapping[str, str | None]:
    """Return the change that keeps a restored image from being deleted again; empty if its day
    has not come.
    """
    dates = end_dates_of(image)
    if dates is None or not dates.is_to_be_deleted(today):
        return {}
    return record(image, replace(dates, delete_on=None))


def is_due(image: Image, today: date) -> bool:
    """Whether a day has come for which something is still to be done."""
    dates = end_dates_of(image)
    if dates is None or is_deleted(image):
        return False
    return (
        dates.is_to_be_deleted(today)
        or is_to_be_unprotected(image, dates, today)
        or is_to_be_deactivated(image, dates)
        or bool(changes_for_today(image, dates, today))
    )


def _with(done: str, step: str) -> str:
    return done if step in done else done + step
