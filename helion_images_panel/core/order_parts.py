# SPDX-License-Identifier: Apache-2.0
"""Parts of a list in which Glance's markers work.

Glance continues a list after an image, the marker, and compares images without a value
differently than it sorts them: it takes no name for an empty one, whichever end of the
list its database has put it at. SQLite and MariaDB put images without a value before all
others, PostgreSQL behind them. There, images without a value precede every page of a
descending list, and follow no marker of an ascending one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor

#: Parts of a list, besides the main one, "": images without a name, with an empty one,
#: and without a size; those with a name, if the marker has none; and those without one
#: of the formats, if the database puts them last.
NO_NAME, EMPTY_NAME, NO_SIZE, NAMED = "no_name", "empty_name", "no_size", "named"
NO_DISK_FORMAT, NO_CONTAINER_FORMAT = "no_disk_format", "no_container_format"
PARTS = ("", NO_NAME, EMPTY_NAME, NO_SIZE, NAMED, NO_DISK_FORMAT, NO_CONTAINER_FORMAT)

#: Categories of characters that every database compares.
_COMPARED = ("Lu", "Ll", "Lt", "Lo", "Nd")


@dataclass(frozen=True)
class Part:
    """A part of a list, as it is requested from Glance.

    :ivar belongs: whether an image is in the part, if Glance cannot filter by that
    :ivar ends_at: whether the part ends before an image; nothing else follows then
    :ivar is_sparse: whether many images may have to be looked at for each that belongs
    :ivar is_mixed: whether images that do not belong are among the others, and cannot be
        markers
    """

    sort: str
    marker: str | None
    name: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    belongs: Callable[[Image], bool] | None = None
    ends_at: Callable[[Image], bool] | None = None
    is_sparse: bool = False
    is_mixed: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is the rest of the list, whatever parts that has."""
        return not (self.name or self.parameters or self.belongs)


def sort_by(keys: Sequence[str], descending: bool) -> str:
    direction = "desc" if descending else "asc"
    return ",".join(f"{key}:{direction}" for key in keys)


def may_be_taken_for_empty(name: str | None) -> bool:
    """Whether a database may compare this name as if it were empty.

    MariaDB leaves out blanks at the end; some of its collations leave out more.
    """
    return bool(name) and not any(unicodedata.category(c) in _COMPARED for c in name or "")


def size_parts(main: Part, cursor: Cursor) -> Sequence[Part]:
    """The images without a size are the last ones in either direction."""
    # Images without data come first among those without a size: of the active ones few
    # or none lack it, and Glance cannot filter by that.
    sort = sort_by(("status", "id"), descending=not cursor.backwards)
    without = Part(
        sort, cursor.marker, NO_SIZE, belongs=lambda i: i.size_bytes is None, is_sparse=True
    )
    sized = replace(main, parameters={"size_min": "0"})
    if cursor.backwards and (cursor.part == NO_SIZE or cursor.marker is None):
        return without, replace(sized, marker=None)
    if cursor.part == NO_SIZE:
        return (without,)
    return (sized,) if cursor.backwards else (sized, replace(without, marker=None))


def name_parts(main: Part, cursor: Cursor, descending: bool) -> Sequence[Part]:
    """The parts from a marker on that has no name, or one that is taken for empty."""
    in_empty = cursor.part == EMPTY_NAME
    marker = cursor.marker if in_empty else None
    empty = replace(main, name=EMPTY_NAME, parameters={"name": "eq:"}, marker=marker)
    without = replace(main, name=NO_NAME, belongs=_has_no_name, ends_at=_has_a_name)
    if descending:
        # At the start of the ascending list they are found without reading all others.
        # Their names being equal, only the direction of the ID counts among them.
        without = replace(without, sort=f"{sort_by(('name',), False)},{sort_by(('id',), True)}")
        return (without,) if cursor.part == NO_NAME else (empty, replace(without, marker=None))
    named = replace(main, name=NAMED, belongs=lambda image: bool(image.name))
    if cursor.part == NAMED:
        return (named,)
    return (empty, named) if in_empty else (without, empty, named)


def parts_with_nulls_last(main: Part, key: str, cursor: Cursor, descending: bool) -> Sequence[Part]:
    """The parts by name or format, of a database that puts images without it last.

    Descending, it puts them first: they are read there in both directions.
    """
    if key == "name":
        parts = [
            replace(main, belongs=_has_a_name, is_mixed=True),
            _nulls("name", NO_NAME, _has_no_name, _has_no_name, descending),
        ]
    else:
        parts = [
            replace(main, belongs=lambda i: _has_disk(i) and _has_container(i), is_mixed=True),
            _nulls(
                "container_format",
                NO_CONTAINER_FORMAT,
                lambda image: not _has_container(image),
                lambda image: _has_disk(image) and not _has_container(image),
                descending,
            ),
            _nulls(
                "disk_format",
                NO_DISK_FORMAT,
                lambda image: not _has_disk(image),
                lambda image: not _has_disk(image),
                descending,
            ),
        ]
    if descending:
        parts.reverse()
    names = [part.name for part in parts]
    start = 0
    if cursor.part in names and (cursor.part or cursor.marker):
        start = names.index(cursor.part)
    elif cursor.marker:
        start = names.index("")
    first, *rest = parts[start:]
    return (replace(first, marker=cursor.marker), *(replace(part, marker=None) for part in rest))


def _nulls(
    column: str,
    name: str,
    is_null: Callable[[Image], bool],
    belongs: Callable[[Image], bool],
    descending: bool,
) -> Part:
    sort = f"{sort_by((column,), True)},{sort_by(('id',), descending)}"
    return Part(sort, None, name, belongs=belongs, ends_at=lambda image: not is_null(image))


def _has_a_name(image: Image) -> bool:
    return image.name is not None


def _has_no_name(image: Image) -> bool:
    return image.name is None


def _has_disk(image: Image) -> bool:
    return image.disk_format is not None


def _has_container(image: Image) -> bool:
    return image.container_format is not None
