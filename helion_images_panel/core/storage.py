# SPDX-License-Identifier: Apache-2.0
"""What images store: figures that are added up image by image, in bounded memory.

The figures can be written as JSON between two images and read again: a list is counted in
portions, in several requests.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from helion_images_panel.core.conditions import IMAGE, SNAPSHOT
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.image import STATUSES_OF_TRANSFERS, Image
from helion_images_panel.core.same_data import MOST_DATA, SameData

#: What the images are grouped by.
PROJECT, TYPE, FORMAT, VISIBILITY = "project", "type", "format", "visibility"
AGE, STORE, STUCK = "age", "store", "stuck"
GROUPINGS = (PROJECT, TYPE, FORMAT, VISIBILITY, AGE, STORE, STUCK)

#: Maximum number of groups of a grouping; the images of further ones are in REST. No
#: project, format or store has this name.
MOST_GROUPS = 1000
REST = "*"

#: Number of images in the list of the largest.
LARGEST = 10

_NAME_LENGTH = 80

#: Statuses in which an image is stuck if nothing has changed for long.
STUCK_STATUSES = ("queued", *sorted(STATUSES_OF_TRANSFERS))

#: Ages in days at which a group of ages ends.
AGES_DAYS = (30, 90, 180, 365)


@dataclass
class Tally:
    """Number of images and what they store.

    :ivar images: all of them, hidden ones included
    :ivar hidden: those that the list has under its filter only
    :ivar snapshot_bytes: what snapshots store
    """

    images: int = 0
    hidden: int = 0
    size_bytes: int = 0
    snapshot_bytes: int = 0

    def add(self, image: Image, size_bytes: int) -> None:
        self.images += 1
        self.hidden += image.os_hidden
        self.size_bytes += size_bytes
        if image.is_snapshot:
            self.snapshot_bytes += size_bytes

    def merge(self, other: Tally) -> None:
        self.images += other.images
        self.hidden += other.hidden
        self.size_bytes += other.size_bytes
        self.snapshot_bytes += other.snapshot_bytes

    def remove(self, other: Tally) -> None:
        """Take off images that have been added; they may have changed since."""
        self.images = max(0, self.images - other.images)
        self.hidden = max(0, self.hidden - other.hidden)
        self.size_bytes = max(0, self.size_bytes - other.size_bytes)
        self.snapshot_bytes = max(0, self.snapshot_bytes - other.snapshot_bytes)

    def to_json(self) -> list[int]:
        return [self.images, self.hidden, self.size_bytes, self.snapshot_bytes]


class LargeImage(NamedTuple):
    size_bytes: int
    id: str
    name: str
    owner: str
    status: str


def stored_bytes(image: Image) -> int:
    """Return what the image stores, in all its stores together."""
    return (image.size_bytes or 0) * max(1, len(image.stores))


def large_image(image: Image, size_bytes: int) -> LargeImage:
    name = image.visible_name[:_NAME_LENGTH]
    return LargeImage(size_bytes, image.id, name, image.owner or "", image.status)


class Day(NamedTuple):
    """A day of the user, and its beginning as Glance writes times."""

    iso: str
    begins_at: str


@dataclass(frozen=True)
class Days:
    """The days that the figures compare with, fixed when the count begins.

    :ivar ages: the beginnings of the groups of ages, the newest first
    :ivar stuck: an image is stuck if nothing has changed since before this day began; a day
        before it has ended, so that a filter by days finds the same images
    :ivar last_unchanged: the day before that
    """

    ages: tuple[Day, ...]
    stuck: Day
    last_unchanged: str

    def age_of(self, image: Image) -> str:
        """Return the number of the group; empty if the time is not known."""
        if not image.created_at:
            return ""
        for number, day in enumerate(self.ages):
            if image.created_at >= day.begins_at:
                return str(number)
        return str(len(self.ages))

    def is_stuck(self, image: Image) -> bool:
        if image.status not in STUCK_STATUSES:
            return False
        return bool(image.updated_at and image.updated_at < self.stuck.begins_at)


class Figures:
    """The figures of all images that were added.

    :ivar total: of all images
    :ivar by: of each group of each of `GROUPINGS`
    :ivar same: images with the same data
    :ivar deleted: images that are deleted and can be restored; they are in no other figure
    """

    def __init__(self, days: Days, most_data: int = MOST_DATA) -> None:
        self.days = days
        self.total = Tally()
        self.by: dict[str, dict[str, Tally]] = {name: {} for name in GROUPINGS}
        self.same = SameData(most_data)
        self.deleted = Tally()
        self._largest: list[LargeImage] = []

    def add(self, image: Image) -> None:
        data_bytes = image.size_bytes or 0
        size_bytes = stored_bytes(image)
        if is_deleted(image):
            self.deleted.add(image, size_bytes)
            return
        self.total.add(image, size_bytes)
        self._group(PROJECT, image.owner or "").add(image, size_bytes)
        of_type = SNAPSHOT if image.is_snapshot else IMAGE
        self._group(TYPE, of_type).add(image, size_bytes)
        self._group(FORMAT, image.format or "").add(image, size_bytes)
        self._group(VISIBILITY, image.visibility).add(image, size_bytes)
        self._group(AGE, self.days.age_of(image)).add(image, size_bytes)
        for store in image.stores:
            self._group(STORE, store).add(image, data_bytes)
        if self.days.is_stuck(image):
            self._group(STUCK, image.status).add(image, size_bytes)
        if data_bytes:
            self.same.add(image)
            self._add_large(image, size_bytes)

    def _group(self, grouping: str, name: str) -> Tally:
        groups = self.by[grouping]
        if name not in groups and len(groups) >= MOST_GROUPS:
            name = REST
        return groups.setdefault(name, Tally())

    def _add_large(self, image: Image, size_bytes: int) -> None:
        if len(self._largest) == LARGEST and size_bytes < self._largest[0].size_bytes:
            return
        large = large_image(image, size_bytes)
        if len(self._largest) < LARGEST:
            heapq.heappush(self._largest, large)
        else:
            heapq.heappushpop(self._largest, large)

    @property
    def largest(self) -> Sequence[LargeImage]:
        return sorted(self._largest, reverse=True)

    @property
    def images(self) -> int:
        """Number of images that were added."""
        return self.total.images + self.deleted.images

    @property
    def stuck(self) -> Tally:
        found = Tally()
        for tally in self.by[STUCK].values():
            found.merge(tally)
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            "ages": self.days.ages,
            "stuck": self.days.stuck,
            "last_unchanged": self.days.last_unchanged,
            "total": self.total.to_json(),
            "by": {
                grouping: {name: tally.to_json() for name, tally in groups.items()}
                for grouping, groups in self.by.items()
            },
            "same": self.same.to_json(),
            "deleted": self.deleted.to_json(),
            "largest": self._largest,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any], most_data: int = MOST_DATA) -> Figures:
        """Read what `to_json` has written; the text has to be from a trusted place."""
        ages = tuple(Day(*day) for day in body["ages"])
        found = cls(Days(ages, Day(*body["stuck"]), body["last_unchanged"]))
        found.total = Tally(*body["total"])
        for grouping in GROUPINGS:
            groups = body["by"][grouping]
            found.by[grouping] = {name: Tally(*tally) for name, tally in groups.items()}
        found.same = SameData.from_json(body["same"], most_data)
        found.deleted = Tally(*body["deleted"])
        found._largest = [LargeImage(*large) for large in body["largest"]]
        return found
