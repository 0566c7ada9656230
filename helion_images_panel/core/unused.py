# SPDX-License-Identifier: Apache-2.0
"""Images that nothing uses, found in one pass and in bounded memory.

What uses an image is known last: until then the images that could be unused are added up, and
those that are in use are taken off again.
"""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Mapping
from typing import Any

from helion_images_panel.core.deletion import has_restorable_state, is_deleted
from helion_images_panel.core.identifiers import UUID
from helion_images_panel.core.image import Image
from helion_images_panel.core.packed_ids import packed, unpacked
from helion_images_panel.core.storage import LargeImage, Tally, large_image, stored_bytes
from helion_images_panel.core.uses import UsedImages, booted_with, origin_of, shelved_instance

#: Images of which the largest unused ones are found, and how many of these are kept.
MOST_LARGE, LARGEST = 50, 10

#: Maximum number of different images in use that are compared, and of snapshots that may be
#: the data of a shelved instance.
MOST_USED, MOST_SHELVED = 5000, 1000


class Unused:
    """:ivar candidates: images with data that only the panel's projects may use; all of a panel
        that sees all projects. Once the used ones are taken off, those that nothing uses
    :ivar others: images that other projects may use too
    :ivar used: IDs of images that are in use, were made into others, or are their kernel or ramdisk
    :ivar has_too_many: whether more images are in use than are compared
    """

    def __init__(self, sees_all: bool) -> None:
        """:param sees_all: whether the uses of all projects are going to be known"""
        self.sees_all = sees_all
        self.candidates, self.others = Tally(), Tally()
        self.used: set[str] = set()
        self.has_too_many = False
        self._shelved: dict[str, str] = {}
        self._large: list[LargeImage] = []

    def add(self, image: Image) -> None:
        if origin := origin_of(image):
            self._add_used(origin)
        if is_deleted(image):
            return
        for image_id in booted_with(image):
            self._add_used(image_id)
        if not has_restorable_state(image) or not image.has_data:
            return
        size_bytes = stored_bytes(image)
        if not self.sees_all and image.visibility != "private":
            self.others.add(image, size_bytes)
            return
        self.candidates.add(image, size_bytes)
        heapq.heappush(self._large, large_image(image, size_bytes))
        if len(self._large) > MOST_LARGE:
            heapq.heappop(self._large)
        if instance_id := shelved_instance(image):
            if len(self._shelved) < MOST_SHELVED and instance_id not in self._shelved:
                self._shelved[instance_id] = image.id
            else:
                # Rather in use than not.
                self._add_used(image.id)

    def add_used(self, found: UsedImages) -> None:
        for id_, image_id, _project_id in found.items:
            if image_id:
                self._add_used(image_id)
            if id_ in found.shelved_ids and id_ in self._shelved:
                self._add_used(self._shelved[id_])

    def _add_used(self, image_id: str) -> None:
        if not UUID.fullmatch(image_id) or image_id in self.used:
            return
        if len(self.used) < MOST_USED:
            self.used.add(image_id)
        else:
            self.has_too_many = True

    def take_off(self, image: Image) -> None:
        """Take off an image that is in use, as it is now."""
        found = Unused(self.sees_all)
        found.add(image)
        self.candidates.remove(found.candidates)

    @property
    def largest(self) -> list[LargeImage]:
        """The largest that are not in use, of the `MOST_LARGE` largest ones."""
        unused = [each for each in sorted(self._large, reverse=True) if each.id not in self.used]
        return unused[:LARGEST]

    def to_json(self) -> dict[str, Any]:
        return {
            "sees_all": self.sees_all,
            "candidates": self.candidates.to_json(),
            "others": self.others.to_json(),
            "used": packed(tuple(sorted(id_.replace("-", "") for id_ in self.used))),
            "has_too_many": self.has_too_many,
            "shelved": self._shelved,
            "large": self._large,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Unused:
        """Read what `to_json` has written; the text has to be from a trusted place."""
        found = cls(body["sees_all"])
        found.candidates, found.others = Tally(*body["candidates"]), Tally(*body["others"])
        found.used = {str(uuid.UUID(hex=text)) for text in unpacked(body["used"])}
        found.has_too_many = body["has_too_many"]
        found._shelved = dict(body["shelved"])
        found._large = [LargeImage(*each) for each in body["large"]]
        return found
