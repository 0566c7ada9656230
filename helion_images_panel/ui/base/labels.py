# SPDX-License-Identifier: Apache-2.0
"""Labels of states, sizes and times."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from django.contrib.humanize.templatetags.humanize import NaturalTimeFormatter, naturaltime
from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon.utils.filters import parse_isotime

from helion_images_panel.core.visible_text import isolated

STATUS_LABELS = {
    "queued": _("Queued"),
    "saving": _("Saving"),
    "uploading": _("Uploading"),
    "importing": _("Importing"),
    "active": _("Active"),
    "deactivated": _("Deactivated"),
    "killed": _("Killed"),
    "deleted": _("Deleted"),
    "pending_delete": _("Pending Delete"),
}
VISIBILITY_LABELS = {
    "public": pgettext_lazy("visibility", "Public"),
    "community": pgettext_lazy("visibility", "Community"),
    "shared": pgettext_lazy("visibility", "Shared"),
    "private": pgettext_lazy("visibility", "Private"),
}
MEMBER_STATUS_LABELS = {
    "pending": _("Pending"),
    "accepted": _("Accepted"),
    "rejected": _("Rejected"),
}
_FORMAT_LABELS = {"raw": _("Raw"), "docker": _("Docker")}

_DAY = timedelta(days=1)

#: Times in the memory of a process; each takes less than 1 KB.
_CACHED_TIMES = 2000

_LARGER_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB")


def status_label(status: str) -> str:
    """Label of a status; an unknown status is shown in Glance's spelling."""
    return str(STATUS_LABELS.get(status) or status or _eager("Unknown"))


def visibility_label(visibility: str) -> str:
    return str(VISIBILITY_LABELS.get(visibility) or visibility or _eager("Unknown"))


def format_label(name: str | None) -> str:
    if not name:
        return ""
    return str(_FORMAT_LABELS[name]) if name in _FORMAT_LABELS else name.upper()


def size_label(size_bytes: int | None) -> str:
    """Format in the largest unit that fits, to a tenth: "37.7 GiB"; empty for None.

    Rounded down, so that free quota is never overstated.
    """
    if size_bytes is None:
        return ""
    size, unit = float(size_bytes), "B"
    for larger in _LARGER_UNITS:
        if size < 1024:
            break
        size, unit = size / 1024, larger
    tenths = int(size * 10)
    return f"{number_format(tenths / 10, 1 if tenths % 10 else 0)} {unit}"


def gib_label(size_gib: int | None) -> str:
    return size_label(None if size_gib is None else size_gib * 1024**3)


def volumes_label(count: int) -> str:
    template = ngettext("%(count)s volume", "%(count)s volumes", count)
    return template % {"count": number_format(count)}


def exact_size_label(size_bytes: int | None) -> str:
    """Format the number of bytes: "672,137,216 bytes"; empty for None."""
    if size_bytes is None:
        return ""
    template = ngettext("%(count)s byte", "%(count)s bytes", size_bytes)
    return template % {"count": number_format(size_bytes, force_grouping=True)}


def time_label(iso_time: str | None) -> str:
    """Format a time in the user's own time zone, always with its minutes."""
    if not iso_time:
        return ""
    return _time_label(iso_time, get_language(), timezone.get_current_timezone())


@lru_cache(maxsize=_CACHED_TIMES)
def _time_label(iso_time: str, _language: str | None, _zone: tzinfo) -> str:
    """Cached, since the same images are listed again and again."""
    moment = local_time(iso_time)
    return date_format(moment, _time_format()) if moment else ""


def age_of(moment: datetime, now: datetime) -> str:
    """Format the time since then in its largest unit: "2 weeks ago".

    The sentences are Django's own, translated by it. A time ahead of this host's clock is
    now: clocks differ by seconds.
    """
    if now - moment < _DAY:
        return str(naturaltime(min(moment, now)))
    sentences = NaturalTimeFormatter
    age = timesince(moment, now, time_strings=sentences.past_substrings, depth=1)
    return str(sentences.time_strings["past-day"] % {"delta": age})


def local_time(iso_time: str | None) -> datetime | None:
    """Parse a time of Glance, in the user's time zone; None for text that is none."""
    try:
        moment = _parsed(iso_time) if iso_time else None
        return timezone.localtime(moment) if moment else None
    except (ValueError, OverflowError):
        # A property may contain any text, such as a time out of range.
        return None


@lru_cache(maxsize=_CACHED_TIMES)
def _parsed(iso_time: str) -> datetime | None:
    moment: datetime | None = parse_isotime(iso_time)
    return moment


def not_found() -> str:
    """The message for an image that does not exist, or that the user may not see."""
    return _eager("Image not found. It was deleted already, or it is not visible here.")


def _time_format() -> str:
    """Return the language's short format; its "P" would write "4 a.m.", "noon" and "midnight"."""
    return re.sub(r"(?<!\\)P", "g:i a", get_format("SHORT_DATETIME_FORMAT"))


def inert(text: str) -> str:
    """Escape text for sentences that AngularJS compiles, such as titles and messages."""
    return isolated(without_expressions(text))


def without_expressions(text: str) -> str:
    """Escape text for places that AngularJS compiles.

    Horizon compiles its complete pages with AngularJS, and replaces the start of an
    expression, "{$", by "{%". An invisible word joiner prevents both, and leaves the
    visible text unchanged.
    """
    return text.replace("{$", "{\u2060$").replace("$}", "$\u2060}")
