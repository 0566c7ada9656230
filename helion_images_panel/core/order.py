# SPDX-License-Identifier: Apache-2.0
"""Orders of the list, and how Glance returns a list in each of them: see `order_parts`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from helion_images_panel.core.image import Image
from helion_images_panel.core.order_parts import (
    EMPTY_NAME,
    NAMED,
    NO_CONTAINER_FORMAT,
    NO_DISK_FORMAT,
    NO_NAME,
    NO_SIZE,
    Part,
    name_parts,
    parts_with_nulls_last,
    size_parts,
    sort_by,
)
from helion_images_panel.core.page import Cursor

#: Glance's sort keys by the key of the URL; the ID decides between equal values.
_GLANCE_KEYS = {
    "name": ("name", "id"),
    "status": ("status", "id"),
    "format": ("disk_format", "container_format", "id"),
    "size": ("size", "id"),
    "created": ("created_at", "id"),
    "updated": ("updated_at", "id"),
}
KEYS = tuple(_GLANCE_KEYS)

#: Glance's keys that an image may lack, by the key of the URL. A size is a key of its
#: own kind: images without one are always read apart.
NULLABLE = {"name": ("name",), "format": ("disk_format", "container_format")}

#: Keys for which a first click sorts in descending order: newest and largest first.
_DESCENDING_FIRST = ("size", "created", "updated")

_VALUES: dict[str, Callable[[Image], tuple[str | int, ...]]] = {
    "name": lambda image: (image.name is not None, image.name or "", image.id),
    "status": lambda image: (image.status, image.id),
    "format": lambda image: (image.disk_format or "", image.container_format or "", image.id),
    "size": lambda image: (image.size_bytes or 0, image.id),
    "created": lambda image: (image.created_at or "", image.id),
    "updated": lambda image: (image.updated_at or "", image.id),
}

#: Ranks of the parts of an ascending list, by key and place of images without a value.
_RANKS = {
    ("name", False): {NO_NAME: 0, EMPTY_NAME: 1, NAMED: 2, "": 3},
    ("name", True): {"": 0, NO_NAME: 1},
    ("format", True): {"": 0, NO_CONTAINER_FORMAT: 1, NO_DISK_FORMAT: 2},
}


@dataclass(frozen=True)
class Row:
    """An image in a list.

    :ivar is_shown: whether it is one of those that are searched for
    :ivar is_stop: whether the search has stopped at it, although the list goes on
    """

    image: Image
    part: str = ""
    is_shown: bool = True
    is_stop: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """A search may stop in one part at an image that another part shows."""
        return self.image.id, self.part


@dataclass(frozen=True)
class Order:
    """An order of images: by one of `KEYS`, and by ID where that is equal.

    :ivar nulls_last: whether Glance's database puts images without a value behind the
        others: see `api.database_order`
    """

    key: str = "name"
    descending: bool = False
    nulls_last: bool = False

    @classmethod
    def parsed(cls, text: str) -> Order | None:
        """Parse "key", or "-key" for descending; None for anything else."""
        key = text.removeprefix("-")
        return cls(key, text.startswith("-")) if key in KEYS else None

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key

    @property
    def turned(self) -> Order:
        return replace(self, descending=not self.descending)

    @classmethod
    def first(cls, key: str) -> Order:
        """The order by this key that a user most probably wants."""
        return cls(key, key in _DESCENDING_FIRST)

    def has_value(self, image: Image) -> bool:
        """Whether the image has all values of `NULLABLE`."""
        return all(getattr(image, name) is not None for name in NULLABLE.get(self.key, ()))

    def part_of(self, image: Image) -> str:
        if self.key == "name":
            if image.name is None:
                return NO_NAME
            return "" if image.name or self.nulls_last else EMPTY_NAME
        if self.key == "format" and self.nulls_last:
            if image.disk_format is None:
                return NO_DISK_FORMAT
            return NO_CONTAINER_FORMAT if image.container_format is None else ""
        return NO_SIZE if self.key == "size" and image.size_bytes is None else ""

    def glance_sort(self, backwards: bool = False) -> str:
        return sort_by(_GLANCE_KEYS[self.key], self.descending != backwards)

    def parts(self, cursor: Cursor) -> Sequence[Part]:
        """Return the parts of the list from the cursor on, in the order of reading."""
        main = Part(self.glance_sort(cursor.backwards), cursor.marker)
        descending = self.descending != cursor.backwards
        if self.key == "size":
            return size_parts(main, cursor)
        if self.nulls_last and self.key in NULLABLE:
            return parts_with_nulls_last(main, self.key, cursor, descending)
        if self.key == "name" and cursor.part in (NO_NAME, EMPTY_NAME, NAMED):
            return name_parts(main, cursor, descending)
        return (main,)

    def arranged(self, rows: Iterable[Row], backwards: bool = False) -> list[Row]:
        """Sort the rows as Glance probably does: see `is_certain`."""
        value = _VALUES[self.key]
        if self.key != "size":
            turned = self.descending != backwards
            guessed = sorted(rows, key=lambda row: self._value(row.image), reverse=turned)
            return self.by_part(guessed, backwards)
        listed = list(rows)
        sized = [row for row in listed if row.part != NO_SIZE]
        sized.sort(key=lambda row: value(row.image), reverse=self.descending)
        others = [row for row in listed if row.part == NO_SIZE]
        others.sort(key=lambda row: _VALUES["status"](row.image), reverse=True)
        return [*reversed(others), *reversed(sized)] if backwards else [*sized, *others]

    def _value(self, image: Image) -> tuple[str | int, ...]:
        value = _VALUES[self.key](image)
        if not self.nulls_last or self.has_value(image):
            return value
        # In a part without a value, only the ID decides.
        return ("",) * (len(value) - 1) + value[-1:] if self.key == "format" else value

    def by_part(self, rows: Sequence[Row], backwards: bool = False) -> list[Row]:
        """Put rows that Glance has sorted into the order of the parts.

        Only those move that are read in another part than Glance sorts them, and an image
        with a value at which the search for those without has stopped.
        """
        ranks = _RANKS.get((self.key, self.nulls_last))
        if ranks is None:
            return list(rows)
        sign = -1 if self.descending != backwards else 1
        return sorted(rows, key=lambda row: sign * ranks.get(row.part, 0))

    def is_certain(self, rows: Sequence[Row]) -> bool:
        """Whether `arranged` sorts these rows as Glance does.

        Only the database knows how it compares names, fractions of a second, and capital
        letters with small ones.
        """
        if self.key == "name" or any(row.image.id != row.image.id.lower() for row in rows):
            return False
        if self.key == "format":
            return all(
                text.isascii() and text.isalnum() and text == text.lower()
                for row in rows
                for text in (row.image.disk_format, row.image.container_format)
                if text
            )
        if self.key not in ("created", "updated"):
            return True
        return len({_VALUES[self.key](row.image)[0] for row in rows}) == len(rows)


BY_NAME = Order()
