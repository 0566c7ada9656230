# SPDX-License-Identifier: Apache-2.0
"""What is said of an image that is deprecated, obsolete or deleted on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helion_images_panel.core.end_dates import (
    DEPRECATED,
    OBSOLETE,
    EndDates,
    end_dates_of,
)
from helion_images_panel.core.image import Image

STATE_LABELS: dict[str, str | Promise] = {
    DEPRECATED: gettext_lazy("Deprecated"),
    OBSOLETE: gettext_lazy("Obsolete"),
}


def today() -> date:
    """Return the day in UTC, in which the days of all images begin."""
    return datetime.now(UTC).date()


def badges(image: Image) -> list[str]:
    """Return the state of the image by its dates, and what comes next within 30 days."""
    dates, now = end_dates_of(image), today()
    if dates is None:
        return []
    state = dates.state(now)
    labels = [str(STATE_LABELS[state])] if state else []
    return [*labels, *_next(dates, now)] if dates.ends_soon(now) else labels


def _next(dates: EndDates, now: date) -> list[str]:
    if dates.is_to_be_deleted(now):
        return [_("Deletion due")]
    coming = dates.next_day(now)
    if coming is None or not EndDates(coming).ends_soon(now):
        return []
    day = {"day": day_label(coming)}
    if coming == dates.delete_on:
        return [_("Deleted on %(day)s") % day]
    if coming == dates.deactivate_on:
        return [_("Obsolete on %(day)s") % day]
    return [_("Deprecated on %(day)s") % day]


def sentences(dates: EndDates, is_protected: bool) -> list[str]:
    """Return what has become, and will become, of the image, in the order of the days."""
    now = today()
    found = []
    if day := dates.deprecate_on:
        has_come = _("This image is deprecated since %(day)s. Do not launch new instances from it.")
        is_to_come = _("This image will be deprecated on %(day)s.")
        found.append(_of_day(has_come, is_to_come, day, now))
    if day := dates.deactivate_on:
        has_come = _("It is obsolete since %(day)s: no instance can be launched from it.")
        is_to_come = _("From %(day)s on it is obsolete: no instance can be launched from it.")
        found.append(_of_day(has_come, is_to_come, day, now))
    if day := dates.delete_on:
        has_come = _("It was to be deleted on %(day)s.")
        is_to_come = _("It will be deleted on %(day)s.")
        found.append(_of_day(has_come, is_to_come, day, now))
    if is_protected and dates.protect_until:
        message = _("It is protected until %(day)s.")
        found.append(message % {"day": day_label(dates.protect_until)})
    elif is_protected and dates.delete_on:
        found.append(_("It is protected, and is not deleted while it is."))
    return found


def _of_day(has_come: str, is_to_come: str, day: date, now: date) -> str:
    return (has_come if day <= now else is_to_come) % {"day": day_label(day)}


def day_label(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
