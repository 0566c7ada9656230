# SPDX-License-Identifier: Apache-2.0
"""Images that a rule keeps, counted by reason, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helion_images_panel.core.image import Image

#: Maximum number of images that are named for a reason.
MOST_NAMED = 10

#: Maximum number of characters of a name.
NAME_LENGTH = 80


@dataclass
class Kept:
    """Images that are kept for one reason.

    :ivar named: names of the first of them by ID; empty where it is not known yet
    """

    images: int = 0
    size_bytes: int = 0
    named: dict[str, str] = field(default_factory=dict)

    def add(self, image_id: str, name: str, size_bytes: int) -> None:
        self.images += 1
        self.size_bytes += size_bytes
        if len(self.named) < MOST_NAMED:
            self.named[image_id] = name

    @property
    def unnamed(self) -> int:
        """Number of images that are not named."""
        return self.images - len(self.named)


class KeptImages:
    def __init__(self) -> None:
        self.by_reason: dict[str, Kept] = {}

    def add(self, reason: str, image: Image) -> None:
        self._of(reason).add(image.id, name_of(image), image.size_bytes or 0)

    def add_unnamed(self, reason: str, image_id: str, size_bytes: int) -> None:
        self._of(reason).add(image_id, "", size_bytes)

    def _of(self, reason: str) -> Kept:
        return self.by_reason.setdefault(reason, Kept())

    @property
    def without_name(self) -> list[str]:
        """IDs of images that are named, and whose name is not known yet."""
        kept = self.by_reason.values()
        return [id_ for each in kept for id_, name in each.named.items() if not name]

    def set_names(self, names: Mapping[str, str]) -> None:
        """Name images; those that are not among them have their ID as name."""
        for id_ in self.without_name:
            for kept in self.by_reason.values():
                if id_ in kept.named:
                    kept.named[id_] = names.get(id_) or id_

    @property
    def images(self) -> int:
        return sum(kept.images for kept in self.by_reason.values())

    def to_json(self) -> dict[str, Any]:
        return {
            reason: [kept.images, kept.size_bytes, kept.named]
            for reason, kept in self.by_reason.items()
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> KeptImages:
        found = cls()
        found.by_reason = {reason: Kept(*values) for reason, values in body.items()}
        return found


def name_of(image: Image) -> str:
    """Return the name as far as a preview has it; the ID of an image without one."""
    return image.bare_name[:NAME_LENGTH]
