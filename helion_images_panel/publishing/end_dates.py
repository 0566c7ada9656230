# SPDX-License-Identifier: Apache-2.0
"""Set the days on which an image is deprecated, obsolete and deleted, and do what they ask for.

Each step can be interrupted: what is done then is done again. A deactivation is recorded before
it is made, so that its record is never missing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from helion_images_panel.api import images
from helion_images_panel.api.client import Request
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.end_dates import (
    EndDates,
    changed,
    changes_for_today,
    changes_of_protection,
    deactivated,
    end_dates_of,
    is_to_be_deactivated,
    is_to_be_reactivated,
    record,
    undone,
)
from helion_images_panel.core.image import Image
from helion_images_panel.publishing.deletion import held
from helion_images_panel.publishing.refusals import Deleted


def set_dates(request: Request, image: Image, dates: EndDates, today: date) -> EndDates:
    """Record the dates, do what they ask for already, and undo what they do not ask for any
    more. Until its protection ends, the image is protected. Without days, the record is removed.
    Deletion is left to `delete_on_its_day`.

    Return the dates with what was done. Raise Deleted for an image that is deleted.

    :param image: as the user saw it; it is read again
    """
    with held(request, image) as current:
        if is_deleted(current):
            raise Deleted()
        wanted = changed(end_dates_of(current), dates)
        if is_to_be_reactivated(current, wanted, today):
            images.image_reactivate(request, image.id)
        wanted, changes = undone(current, wanted, today)
        if wanted.protect_until and not current.protected:
            changes["protected"] = True
        current = images.image_update(request, image.id, {**changes, **record(current, wanted)})
        return _apply(request, current, wanted, today)


def apply(request: Request, image: Image, today: date) -> EndDates | None:
    """Hide, deactivate and unprotect the image as far as its days have come.

    Return the dates with what was done; None if there are no dates any more.
    """
    with held(request, image) as current:
        dates = None if is_deleted(current) else end_dates_of(current)
        return dates and _apply(request, current, dates, today)


def _apply(request: Request, current: Image, dates: EndDates, today: date) -> EndDates:
    changes = changes_for_today(current, dates, today)
    if changes:
        current = images.image_update(request, current.id, changes)
        dates = end_dates_of(current) or dates
    if changes := changes_of_protection(current, dates, today):
        current = images.image_update(request, current.id, changes)
        dates = replace(dates, protect_until=None)
    if is_to_be_deactivated(current, dates):
        images.image_deactivate(request, current.id)
        dates = deactivated(dates)
        images.image_update(request, current.id, dict(record(current, dates)))
    return dates
