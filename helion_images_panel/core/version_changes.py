# SPDX-License-Identifier: Apache-2.0
"""The changes of both images when a version becomes the latest one, and those that undo them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from helion_images_panel.core import end_dates
from helion_images_panel.core.end_dates import EndDates, end_dates_of
from helion_images_panel.core.end_rule import ReplacedDates
from helion_images_panel.core.family import FORMER, LATEST
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import (
    Journal,
    dated_name,
    record_with,
    returning_dates,
    version_of,
)


def changes_of_new(new: Image, old: Image | None, journal: Journal) -> dict[str, Any]:
    """Return the changes that make the new version the latest, but for its audience."""
    wanted = {
        "name": journal.plain,
        "os_hidden": False,
        "protected": new.protected or bool(old and old.protected),
    }
    changes = {**_differing(new, wanted), **record_with(new, LATEST, journal, journal.rule)}
    if replaced := returning_dates(new):
        changes.update(end_dates.record(new, replaced.before or EndDates()))
    return changes


def changes_of_old(old: Image, new_id: str, journal: Journal) -> dict[str, Any]:
    """Return the changes of the previous version, which was the latest until now.

    Its dates are those that it has by then: a user may have set them since the change began.

    A version that is deprecated already is hidden at once; the rest of what its dates ask for is
    done by the command, on these days.
    """
    hides, ends = journal.hides, ""
    changes: dict[str, Any] = {}
    if given := journal.dates(old, new_id):
        due = given.state(datetime.now(UTC).date())
        if due and not old.os_hidden and not hides:
            given = replace(given, done=given.done + end_dates.HIDDEN)
            hides = True
        changes = dict(end_dates.record(old, given))
        ends = ReplacedDates(given, end_dates_of(old)).written
    wanted = {
        "name": dated_name(journal.plain, version_of(old)),
        "os_hidden": old.os_hidden or hides,
    }
    return {**_differing(old, wanted), **changes, **record_with(old, FORMER, ends=ends)}


def changes_to_undo(new: Image, journal: Journal) -> dict[str, Any]:
    """Return the changes that undo the new version's own, but for its audience."""
    wanted = {"name": journal.name, "os_hidden": journal.hidden, "protected": journal.protected}
    undoing = replace(journal, undoes=True)
    changes: dict[str, Any] = dict(record_with(new, journal.role, undoing, journal.own_ends))
    if journal.own_dates:
        changes.update(end_dates.record(new, end_dates.read_dates(journal.own_dates)))
    return {**_differing(new, wanted), **changes}


def _differing(image: Image, wanted: Mapping[str, Any]) -> dict[str, Any]:
    now = {
        "name": image.name or "",
        "os_hidden": image.os_hidden,
        "protected": image.protected,
    }
    return {name: value for name, value in wanted.items() if now[name] != value}
