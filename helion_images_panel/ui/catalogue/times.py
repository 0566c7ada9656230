# SPDX-License-Identifier: Apache-2.0
"""Days of builds, and how old those on the page are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.api import publishers
from helion_images_panel.catalogue.cached_builds import Found
from helion_images_panel.catalogue.entries import Entry
from helion_images_panel.ui.base import labels


def day_label(iso_day: str) -> str:
    """Format an ISO date in the language of the user; empty for none."""
    if not iso_day:
        return ""
    return str(date_format(date.fromisoformat(iso_day[:10]), "DATE_FORMAT"))


def checked_text(listed: Sequence[Entry], found: Mapping[tuple[str, str], Found]) -> str:
    """Say when the publishers' lists were read, by the oldest of them."""
    if publishers.is_off():
        return _("This dashboard sends no requests to publishers: the builds are the catalogue's.")
    if not listed:
        return ""
    times = [each.read_at for each in found.values() if each.read_at]
    if not times:
        return _("The publishers' lists were not read yet.")
    oldest = labels.time_label(datetime.fromtimestamp(min(times), UTC).isoformat())
    missing = len(listed) - len(times)
    if not missing:
        return _("Publishers' lists of %(time)s") % {"time": oldest}
    text = ngettext(
        "Publishers' lists of %(time)s; %(count)s could not be read",
        "Publishers' lists of %(time)s; %(count)s could not be read",
        missing,
    )
    return text % {"time": oldest, "count": missing}
