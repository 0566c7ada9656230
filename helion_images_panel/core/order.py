# SPDX-License-Identifier: Apache-2.0
"""Orders of the list, and how Glance returns a list in each of them.

Glance continues a list after an image, the marker, and compares images without a value
differently than it sorts them: with a marker that has no size, it returns nothing or
everything, and it takes an image without a name for one whose name is empty. A list is
therefore read in parts, in each of which markers work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor

#: Parts of a list, besides the main one, "": images without a name, with an empty one,
#: and without a size; and those with a name, if the marker has none.
NO_NAME, EMPTY_NAME, NO_SIZE, NAMED = "no_name", "empty_name", "no_size", "named"
PARTS = ("", NO_NAME, EMPTY_NAME, NO_SIZE, NAMED)

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
class Part:
    """A part of a list, as it is requested from Glance.

    :ivar belongs: whether an image is in the part, if Glance cannot filter by that
    :ivar is_at_start: whether the part ends with the first image that does not belong to it
    :ivar is_sparse: whether many images may have to be looked at for each that belongs
    """

    sort: str
    marker: str | None
    name: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    belongs: Callable[[Image], bool] | None = None
    is_at_start: bool = False
    is_sparse: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is the rest of the list, whatever parts that has."""
        return not (self.name or self.parameters or self.belongs)


@dataclass(frozen=True)
class Order:
    """An order of images: by one of `KEYS`, and by ID where that is equal."""

    key: str = "name"
    descending: bool = False

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

    def part_of(self, image: Image) -> str:
        if self.key == "name" and not image.name:
            return NO_NAME if image.name is None else EMPTY_NAME
        return NO_SIZE if self.key == "size" and image.size_bytes is None else ""

    def glance_sort(self, backwards: bool = False) -> str:
        return _sort(_GLANCE_KEYS[self.key], self.descending != backwards)

    def parts(self, cursor: Cursor) -> Sequence[Part]:
        """Return the parts of the list from the cursor on, in the order of reading.

        The images without a size are the last ones in either direction.
        """
        main = Part(self.glance_sort(cursor.backwards), cursor.marker)
        if self.key == "size":
            return _size_parts(main, cursor)
        if self.key == "name" and cursor.part in (NO_NAME, EMPTY_NAME, NAMED):
            return _name_parts(main, cursor, self.descending != cursor.backwards)
        return (main,)

    def arranged(self, rows: Iterable[Row], backwards: bool = False) -> list[Row]:
        """Sort the rows as Glance probably does: see `is_certain`."""
        value = _VALUES[self.key]
        if self.key != "size":
            turned = self.descending != backwards
            guessed = sorted(rows, key=lambda row: value(row.image), reverse=turned)
            return self.by_part(guessed, backwards)
        listed = list(rows)
        sized = [row for row in listed if row.part != NO_SIZE]
        sized.sort(key=lambda row: value(row.image), reverse=self.descending)
        others = [row for row in listed if row.part == NO_SIZE]
        others.sort(key=lambda row: _VALUES["status"](row.image), reverse=True)
        return [*reversed(others), *reversed(sized)] if backwards else [*sized, *others]

    def by_part(self, rows: Sequence[Row], backwards: bool = False) -> list[Row]:
        """Put rows that Glance has sorted by name into the order of the parts.

        Only an image without a name at which the search for others has stopped moves.
        """
        if self.key != "name":
            return list(rows)
        ranks = {NO_NAME: 0, EMPTY_NAME: 1, NAMED: 2}
        sign = -1 if self.descending != backwards else 1
        return sorted(rows, key=lambda row: sign * ranks.get(row.part, 3))

    def is_certain(self, rows: Sequence[Row]) -> bool:
        """Whether `arranged` sorts these rows as Glance does.

        Only the database knows how it compares names, and fractions of a second.
        """
        if self.key == "name":
            return False
        if self.key not in ("created", "updated"):
            return True
        return len({_VALUES[self.key](row.image)[0] for row in rows}) == len(rows)


BY_NAME = Order()


def _sort(keys: Sequence[str], descending: bool) -> str:
    direction = "desc" if descending else "asc"
    return ",".join(f"{key}:{direction}" for key in keys)


def _size_parts(main: Part, cursor: Cursor) -> Sequence[Part]:
    # Images without data come first among those without a size: of the active ones few
    # or none lack it, and Glance cannot filter by that.
    sort = _sort(_GLANCE_KEYS["status"], descending=not cursor.backwards)
    without = Part(
        sort, cursor.marker, NO_SIZE, belongs=lambda i: i.size_bytes is None, is_sparse=True
    )
    sized = replace(main, parameters={"size_min": "0"})
    if cursor.backwards and (cursor.part == NO_SIZE or cursor.marker is None):
        return without, replace(sized, marker=None)
    if cursor.part == NO_SIZE:
        return (without,)
    return (sized,) if cursor.backwards else (sized, replace(without, marker=None))


def _name_parts(main: Part, cursor: Cursor, descending: bool) -> Sequence[Part]:
    in_empty = cursor.part == EMPTY_NAME
    marker = cursor.marker if in_empty else None
    empty = replace(main, name=EMPTY_NAME, parameters={"name": "eq:"}, marker=marker)
    without = replace(
        main, name=NO_NAME, belongs=lambda image: image.name is None, is_at_start=True
    )
    if descending:
        # At the start of the ascending list they are found without reading all others.
        # Their names being equal, only the direction of the ID counts among them.
        without = replace(without, sort=f"{_sort(('name',), False)},{_sort(('id',), True)}")
        return (without,) if cursor.part == NO_NAME else (empty, replace(without, marker=None))
    named = replace(main, name=NAMED, belongs=lambda image: bool(image.name))
    if cursor.part == NAMED:
        return (named,)
    return (empty, named) if in_empty else (without, empty, named)
