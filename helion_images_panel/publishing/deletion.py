# SPDX-License-Identifier: Apache-2.0
"""Delete an image so that it can be restored, restore it, and delete it for good when its
time is over.

Each step can be interrupted: what is done then is done again. The record is written with
the first change and removed with the last one, so an image that is deleted or restored by
half is still one that is deleted. Publishing changes the same attributes, and has the same
lock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from helion_images_panel.api import client, images, lock
from helion_images_panel.api.client import Request
from helion_images_panel.core.audit import log_safe
from helion_images_panel.core.deletion import (
    PROPERTY,
    Deletion,
    changes_to_delete,
    changes_to_restore,
    deletion_of,
    has_restorable_state,
    is_deleted,
)
from helion_images_panel.core.deletion import is_due as is_over
from helion_images_panel.core.end_dates import end_dates_of, without_deletion
from helion_images_panel.core.image import Image
from helion_images_panel.exceptions import ImageServiceError, SessionEnded
from helion_images_panel.publishing.held_image import SHORT_WAIT_S
from helion_images_panel.publishing.refusals import BeingPublished, OwnerChanged

LOG = logging.getLogger(__name__)


class NotDeleted(ImageServiceError):
    """The image was restored after the user saw it."""

    def __init__(self) -> None:
        super().__init__(_("The image is not deleted."), 409)


class NotRestorable(ImageServiceError):
    """The image has other data, or none, than when the user saw it."""

    def __init__(self) -> None:
        super().__init__(_("The image has changed in the meantime. Try again."), 409)


class Protected(ImageServiceError):
    """The image was protected after the user saw it."""

    def __init__(self) -> None:
        super().__init__(_("The image is protected. Unprotect it first."), 409)


class NotDue(ImageServiceError):
    """The day of the deletion was changed after the image was listed."""

    def __init__(self) -> None:
        super().__init__(_("The image has changed in the meantime. Try again."), 409)


def delete(
    request: Request,
    image: Image,
    by: str,
    days: int,
    is_due: Callable[[Image], bool] | None = None,
) -> None:
    """Hide and deactivate the image, and take it from other projects, for this number of days.

    If Glance refuses to deactivate it, the image is as it was before. Without Glance's
    response it stays deleted, perhaps with data that can still be used: see
    `is_interrupted`.

    :param image: as the user saw it; it is read again
    :param is_due: whether the image as it is now is still to be deleted
    """
    with held(request, image) as current:
        if is_due and not is_due(current):
            raise NotRestorable()
        _delete(request, current, by, days)


def _delete(request: Request, current: Image, by: str, days: int) -> None:
    if current.protected:
        raise Protected()
    if not has_restorable_state(current):
        raise NotRestorable()
    if not is_deleted(current):
        deletion = Deletion.of(current, by, datetime.now(UTC), days)
        images.image_update(request, current.id, changes_to_delete(current, deletion))
    if current.status == "active":
        _deactivate(request, current)


def delete_without_data(request: Request, image: Image, is_due: Callable[[Image], bool]) -> None:
    """Delete an image permanently that has no data to restore; raise NotRestorable unless it is
    still to be deleted.
    """
    with held(request, image) as current:
        if has_restorable_state(current) or not is_due(current):
            raise NotRestorable()
        images.image_delete(request, image.id)


def _deactivate(request: Request, before: Image) -> None:
    try:
        images.image_deactivate(request, before.id)
    except ImageServiceError as error:
        is_refused = error.status is not None and 400 <= error.status < 500
        if is_refused and error.status != 404 and not is_deleted(before):
            _undo(request, before)
        raise


def _undo(request: Request, before: Image) -> None:
    attributes = {"visibility": before.visibility, "os_hidden": before.os_hidden}
    try:
        record = before.properties.get(PROPERTY)
        images.image_update(request, before.id, {**attributes, PROPERTY: record})
    except (ImageServiceError, SessionEnded) as error:
        # It can be restored like others.
        LOG.warning(
            "Image %s is deleted, and its data can still be used: %s",
            log_safe(before.id),
            log_safe(type(error).__name__),
        )


def restore(request: Request, image: Image) -> None:
    """Give the image back its status, its place in the lists, its visibility and its members.

    A day on which it was to be deleted is over with that.
    """
    with held(request, image) as current:
        deletion = deletion_of(current)
        if deletion is None:
            raise NotDeleted()
        if deletion.was_active and current.status == "deactivated":
            images.image_reactivate(request, image.id)
        changes = changes_to_restore(current, deletion)
        today = datetime.now(UTC).date()
        images.image_update(request, image.id, {**changes, **without_deletion(current, today)})


def delete_on_its_day(request: Request, image: Image, today: date, by: str, days: int) -> None:
    """Delete the image as `delete` does, or permanently without `days` or data; raise NotDue
    unless its day is still set, and has come.
    """
    with held(request, image) as current:
        dates = end_dates_of(current)
        is_due = dates is not None and dates.is_to_be_deleted(today)
        if not is_due or is_deleted(current):
            raise NotDue()
        if current.receives_data or (days and has_restorable_state(current)):
            _delete(request, current, by, days)
        elif current.protected:
            raise Protected()
        else:
            images.image_delete(request, image.id)


def delete_when_due(request: Request, image: Image, now: datetime) -> None:
    """Delete the image for good; raise NotDeleted unless it is still deleted, and its time is
    over.
    """
    with held(request, image) as current:
        if not is_over(current, now):
            raise NotDeleted()
        images.image_delete(request, image.id)


@contextmanager
def held(request: Request, image: Image) -> Iterator[Image]:
    """Read the image again under its lock, which publishing has as well. Without the cache, nothing
    is published either.
    """
    key = client.image_cache_key(request, "publishing", image.id)
    try:
        with lock.held(key, SHORT_WAIT_S, required=False):
            current = images.image_get(request, image.id)
            if current.owner != image.owner:
                raise OwnerChanged()
            yield current
    except lock.LockHeld as error:
        raise BeingPublished() from error
