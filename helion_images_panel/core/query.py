# SPDX-License-Identifier: Apache-2.0
"""Filters of the list, as URL parameters and as Glance's query parameters."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from helion_images_panel.core import filter_values
from helion_images_panel.core.conditions import ENDS, PROPERTIES, TYPES, Conditions, is_same
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.end_dates import DEPRECATED, OBSOLETE
from helion_images_panel.core.filter_values import VALUE_LENGTH, Reading, WrongValue
from helion_images_panel.core.formats import glance_filter
from helion_images_panel.core.image import STATUSES, VISIBILITIES, Image
from helion_images_panel.core.tags import TAG_LENGTH

#: Maximum number of tags in a filter: each takes a join in Glance's database.
TAGS_AT_ONCE = 8

#: Kinds of images that no single attribute tells: snapshots, and images without complete
#: data.
SNAPSHOTS, UNFINISHED = "snapshots", "unfinished"

#: Deleted images that can be restored.
DELETED = "deleted"
VIEWS = (SNAPSHOTS, UNFINISHED, DELETED)

_UNFINISHED_STATUSES = tuple(s for s in STATUSES if s not in ("active", "deactivated"))

#: URL parameters with one value each, and those with several.
ONE_VALUE = (
    *("name", "status", "format", "visibility", "owner", "hidden", "view", "protected", "type"),
    *("os_distro", "os_version", "architecture", "size_from", "size_to", "created_from"),
    *("created_to", "updated_from", "updated_to", "checksum", "ends", "store"),
)
SEVERAL_VALUES = ("tag", "property")
_KNOWN = {
    "status": STATUSES,
    "visibility": VISIBILITIES,
    "hidden": ("true",),
    "view": VIEWS,
    "protected": ("true", "false"),
    "type": TYPES,
    "ends": ENDS,
}


def comparable(text: str) -> str:
    """Make texts equal that look alike: a letter with an accent is one character or two."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


@dataclass(frozen=True)
class ImageQuery:
    """Filters of the list, as texts; an empty string is no filter.

    The field names are the URL's parameters, but for `properties`, each of which is one
    "property". `name` is the text of the search box: a part
    of a name, a tag, or an ID. `owner` is a project ID; any value of
    `hidden` selects the hidden images, which Glance lists separately. `view` is one of
    VIEWS. An image has to have all of several tags, and of several properties. A query
    with `errors` is for no list: some filter would be missing.

    :ivar reading: how the texts are read
    """

    name: str = ""
    status: str = ""
    format: str = ""
    visibility: str = ""
    owner: str = ""
    hidden: str = ""
    view: str = ""
    tag: tuple[str, ...] = ()
    protected: str = ""
    type: str = ""
    os_distro: str = ""
    os_version: str = ""
    architecture: str = ""
    size_from: str = ""
    size_to: str = ""
    created_from: str = ""
    created_to: str = ""
    updated_from: str = ""
    updated_to: str = ""
    properties: tuple[str, ...] = ()
    checksum: str = ""
    ends: str = ""
    store: str = ""
    reading: Reading = field(default_factory=Reading, compare=False, repr=False)

    @classmethod
    def from_url(
        cls,
        parameters: Mapping[str, str],
        tags: Sequence[str] = (),
        properties: Sequence[str] = (),
        reading: Reading | None = None,
    ) -> ImageQuery:
        """Parse the filters; wrong values are in `errors`.

        :param tags: all values of the parameter "tag"
        :param properties: all values of the parameter "property"
        """
        filters = {name: (parameters.get(name) or "").strip() for name in ONE_VALUE}
        if filters["name"]:
            # The search box shows what was typed.
            filters["name"] = parameters["name"]
        # Of two that exclude each other the more exact choice counts.
        if filters["status"] and filters["view"] == UNFINISHED:
            filters["view"] = ""
        if filters["type"] and filters["view"] == SNAPSHOTS:
            filters["view"] = ""
        return cls(
            **filters,
            tag=tuple(dict.fromkeys(filter(None, tags))),
            properties=tuple(dict.fromkeys(filter(None, map(str.strip, properties)))),
            reading=reading or Reading(),
        )

    @cached_property
    def errors(self) -> Mapping[str, WrongValue]:
        """What is wrong with the filters, by URL parameter, in the order of `ONE_VALUE`."""
        found = {**dict(self._text_errors()), **self._conditions.errors, **self.reading.found}
        return {
            name: found[name] for name in (*ONE_VALUE, *SEVERAL_VALUES, *found) if name in found
        }

    def _text_errors(self) -> Iterator[tuple[str, WrongValue]]:
        filters = self.url_parameters()
        known = {**_KNOWN, "format": tuple(self.reading.formats) or (self.format,)}
        for name, values in known.items():
            if name in filters and filters[name] not in values:
                yield name, WrongValue(filter_values.CHOICE, filters[name])
        for name in ("name", "store", *PROPERTIES):
            if len(filters.get(name, "").strip()) > VALUE_LENGTH:
                yield name, WrongValue(filter_values.LONG)
        if any(len(tag) > TAG_LENGTH for tag in self.tag):
            yield "tag", WrongValue(filter_values.LONG_TAG, max(self.tag, key=len))
        elif len(self.tag) > TAGS_AT_ONCE:
            yield "tag", WrongValue(filter_values.MANY_TAGS)

    @cached_property
    def _conditions(self) -> Conditions:
        filters = {name: getattr(self, name) for name in ONE_VALUE}
        return Conditions(filters, self.properties, self.reading)

    @property
    def is_empty(self) -> bool:
        return self == ImageQuery()

    def url_parameters(self) -> dict[str, Any]:
        """Parameters for `urlencode` with `doseq`: "tag" and "property" have several values."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.compare}
        values["property"] = values.pop("properties")
        return {name: value for name, value in values.items() if value}

    @property
    def is_searched(self) -> bool:
        """Whether images have to be looked at.

        Glance compares whole names only, cannot tell snapshots of volumes, and has no
        filter for some others.
        """
        searched = any(condition.is_searched for condition in self._conditions.all)
        is_kind = self.view == SNAPSHOTS or bool(self.os_hidden)
        return bool(self.name or self._searched_tags) or is_kind or searched

    @property
    def os_hidden(self) -> str:
        """ "true" for hidden images, which Glance lists separately, deleted ones or others; empty
        for the rest. A deprecated image is hidden.
        """
        is_hidden = self.hidden or self.view == DELETED or self.ends in (DEPRECATED, OBSOLETE)
        return "true" if is_hidden else ""

    @cached_property
    def _searched_tags(self) -> tuple[str, ...]:
        """Tags that may be stored in another form, which Glance takes for other ones."""
        return tuple(tag for tag in self.tag if not tag.isascii() or tag != tag.strip())

    @cached_property
    def _folded_name(self) -> str:
        return comparable(self.name.strip())

    @property
    def image_id(self) -> str:
        """The ID that is searched for; empty if the text is none."""
        try:
            return str(uuid.UUID(self.name.strip()))
        except ValueError:
            return ""

    def is_found(self, image: Image) -> bool:
        """Whether the image matches what Glance cannot filter by."""
        if self.view == SNAPSHOTS and not image.is_snapshot:
            return False
        if self.os_hidden and is_deleted(image) != (self.view == DELETED):
            return False
        if not _has_tags(image, self._searched_tags):
            return False
        if not all(each.matches(image) for each in self._conditions.all if each.is_searched):
            return False
        if not self.name:
            return True
        return (
            self._folded_name in comparable(image.name or "")
            # Glance keeps the case in which somebody has chosen an ID.
            or self.image_id == image.id.lower()
            or self._folded_name in (comparable(tag.strip()) for tag in image.tags)
        )

    def accepts(self, image: Image) -> bool:
        """Whether the image matches the filters, as Glance decides it; a hidden one may."""
        return (
            self.status in ("", image.status)
            and self.format in ("", image.format)
            and self.visibility in ("", image.visibility)
            and self.owner in ("", image.owner)
            and (not self.os_hidden or image.os_hidden)
            and (not self.os_hidden or is_deleted(image) == (self.view == DELETED))
            and (self.view != UNFINISHED or image.status in _UNFINISHED_STATUSES)
            and _has_tags(image, self.tag)
            and all(condition.matches(image) for condition in self._conditions.all)
        )

    def glance_parameters(self) -> dict[str, Any]:
        """Query parameters of Glance's "List images", without the text of the search box."""
        parameters: dict[str, Any] = {}
        if self.status:
            parameters["status"] = f"eq:{self.status}"
        elif self.view == UNFINISHED:
            parameters["status"] = f"in:{','.join(_UNFINISHED_STATUSES)}"
        if self.format:
            disk_format, containers = glance_filter(self.format)
            parameters["disk_format"] = f"eq:{disk_format}"
            if containers:
                parameters["container_format"] = f"in:{','.join(containers)}"
        if self.visibility:
            parameters["visibility"] = self.visibility
        if self.owner:
            parameters["owner"] = self.owner
        if self.os_hidden:
            parameters["os_hidden"] = "true"
        if tags := [tag for tag in self.tag if tag not in self._searched_tags]:
            parameters["tag"] = tags
        for condition in self._conditions.all:
            parameters.update(condition.parameters)
        return parameters


def _has_tags(image: Image, tags: Sequence[str]) -> bool:
    return all(any(is_same(stored, tag) for stored in image.tags) for tag in tags)
