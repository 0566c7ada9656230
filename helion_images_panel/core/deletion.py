# SPDX-License-Identifier: Apache-2.0
"""Deleted images that can be restored, and the state to restore.

Glance deletes an image permanently. The plugin therefore hides and deactivates it, makes it
private, and records on the image what it was before. Glance keeps the members of an image
that is not shared, with their answers: they have access again once it is shared again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from helion_images_panel.core.glance_time import TIME_FORMAT, time_of
from helion_images_panel.core.image import VISIBILITIES, Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

#: "<image ID> <visibility> <hidden or listed> <status> <time of the deletion> <time of the
#: end> <user name>:<signature>": the first three are those to restore.
PROPERTY = "helion_images_deleted"
SALT = "deletion"

_HIDDEN, _LISTED = "hidden", "listed"

#: Statuses of images that can be restored: of others Glance has no data, or is writing it.
RESTORABLE_STATUSES = ("active", "deactivated")


@dataclass(frozen=True)
class Deletion:
    """A recorded deletion; the times are ISO 8601 text in UTC, as Glance writes them.

    :ivar visibility: to restore, as are `was_hidden` and `was_active`
    :ivar until: when the image is to be deleted permanently
    :ivar by: name of the user
    """

    visibility: str
    was_hidden: bool
    was_active: bool
    at: str
    until: str
    by: str

    @classmethod
    def of(cls, image: Image, by: str, now: datetime, days: int) -> Deletion:
        return cls(
            image.visibility,
            image.os_hidden,
            image.status == "active",
            _written(now),
            _written(now + timedelta(days=days)),
            by,
        )

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes of the image to restore, without its status."""
        return {"visibility": self.visibility, "os_hidden": self.was_hidden}


def deletion_of(image: Image) -> Deletion | None:
    """Return the deletion of an image that can be restored; None without a record that this
    dashboard signed.

    An image that somebody has unhidden with another program is not deleted any more.
    """
    parts = signed_parts(image, PROPERTY, SALT, 6) if image.os_hidden else []
    if not parts:
        return None
    visibility, hidden, status, at, until, by = parts
    is_known = visibility in VISIBILITIES and status in RESTORABLE_STATUSES
    if not is_known or hidden not in (_HIDDEN, _LISTED) or not (time_of(at) and time_of(until)):
        return None
    return Deletion(visibility, hidden == _HIDDEN, status == "active", at, until, by)


def deletion_property(image_id: str, deletion: Deletion) -> Mapping[str, str]:
    return signed_property(
        PROPERTY,
        SALT,
        image_id,
        deletion.visibility,
        _HIDDEN if deletion.was_hidden else _LISTED,
        "active" if deletion.was_active else "deactivated",
        deletion.at,
        deletion.until,
        deletion.by,
    )


def is_deleted(image: Image) -> bool:
    """Whether the image is deleted and can be restored."""
    return deletion_of(image) is not None


def has_restorable_state(image: Image) -> bool:
    """Whether the image could be restored after its deletion.

    Images without complete data cannot be deactivated, and Glance overwrites what is changed
    while it is writing data.
    """
    return image.status in RESTORABLE_STATUSES and not image.receives_data


def is_interrupted(image: Image) -> bool:
    """Whether the image is deleted, and its data can still be used."""
    return image.status == "active" and is_deleted(image)


def is_due(image: Image, now: datetime) -> bool:
    """Whether the image is deleted, is as deleting it has left it, and its time is over.

    One that somebody has activated, shared or protected again is kept.
    """
    deletion = deletion_of(image)
    until = time_of(deletion.until) if deletion else None
    is_untouched = image.status == "deactivated" and image.visibility == "private"
    return bool(until and until <= now and is_untouched and not image.protected)


def changes_to_delete(image: Image, deletion: Deletion) -> dict[str, Any]:
    """Return the changes of the image that take it from everybody but its owner."""
    private = {} if image.visibility == "private" else {"visibility": "private"}
    hidden = {} if image.os_hidden else {"os_hidden": True}
    return {**private, **hidden, **deletion_property(image.id, deletion)}


def changes_to_restore(image: Image, deletion: Deletion) -> dict[str, Any]:
    """Return the changes that undo these."""
    now = {"visibility": image.visibility, "os_hidden": image.os_hidden}
    changed = {key: value for key, value in deletion.attributes.items() if now[key] != value}
    return {**changed, PROPERTY: None}


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(TIME_FORMAT)
