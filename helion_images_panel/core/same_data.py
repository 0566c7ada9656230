# SPDX-License-Identifier: Apache-2.0
"""Images that store the same data, found in one pass and in bounded memory.

Of the data that were seen, only the largest are kept: data that cost little when they are
stored twice go first. What is kept was counted from its first image on, so its figures are
exact, in whatever order the images come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core.image import Image

#: Maximum number of different data that are kept.
MOST_DATA = 2000

#: Digits of a checksum by which data of one size are told apart: 64 bits.
_DIGITS = 16

#: Characters of a name that are kept.
_NAME_LENGTH = 80

#: Size and digits.
_Key = tuple[int, str]


@dataclass
class Copies:
    """Images with the same data; a checksum and a name are kept once there are two.

    :ivar name: of one of the images, empty if it has none
    """

    size_bytes: int
    images: int = 1
    algorithm: str = ""
    checksum: str = ""
    name: str = ""

    @property
    def extra_bytes(self) -> int:
        """What the images beyond the first one take."""
        return self.size_bytes * (self.images - 1)


class SameData:
    """Counts the images of the largest data.

    :ivar not_above: size in bytes up to which data were not compared; 0 if all were
    """

    def __init__(self, most: int = MOST_DATA) -> None:
        self._most = most
        self._known: dict[_Key, Copies] = {}
        self.not_above = 0

    def add(self, image: Image) -> None:
        size, checksum = image.size_bytes or 0, image.hash_value
        if size <= self.not_above or not checksum:
            return
        key = (size, checksum[:_DIGITS])
        copies = self._known.get(key)
        if copies is None:
            self._known[key] = Copies(size)
            if len(self._known) > self._most:
                self._forget_smallest()
            return
        copies.images += 1
        copies.algorithm, copies.checksum = image.hash_algorithm or "", checksum
        copies.name = image.visible_name[:_NAME_LENGTH]

    def _forget_smallest(self) -> None:
        self.not_above = min(size for size, _digits in self._known)
        self._known = {
            key: copies for key, copies in self._known.items() if key[0] > self.not_above
        }

    @property
    def several(self) -> list[Copies]:
        """The data of more than one image, the most expensive first."""
        found = [(key, copies) for key, copies in self._known.items() if copies.images > 1]
        found.sort(key=lambda pair: (-pair[1].extra_bytes, pair[0]))
        return [copies for _key, copies in found]

    def to_json(self) -> dict[str, Any]:
        known = {
            f"{size:x} {digits}": 1
            if copies.images == 1
            else [copies.images, copies.algorithm, copies.checksum, copies.name]
            for (size, digits), copies in self._known.items()
        }
        return {"not_above": self.not_above, "known": known}

    @classmethod
    def from_json(cls, body: Mapping[str, Any], most: int = MOST_DATA) -> SameData:
        found = cls(most)
        found.not_above = body["not_above"]
        for text, value in body["known"].items():
            size, _blank, digits = text.partition(" ")
            size_bytes = int(size, 16)
            copies = Copies(size_bytes) if value == 1 else Copies(size_bytes, *value)
            found._known[(size_bytes, digits)] = copies
        return found
