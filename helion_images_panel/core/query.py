# SPDX-License-Identifier: Apache-2.0
"""Filters of the list, as URL parameters and as Glance's query parameters."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from helion_images_panel.core.formats import glance_filter
from helion_images_panel.core.image import STATUSES, VISIBILITIES, Image
from helion_images_panel.core.tags import TAG_LENGTH

#: Maximum number of tags in a filter: each takes a join in Glance's database.
TAGS_AT_ONCE = 8

#: Kinds of images that no single attribute tells: snapshots, and images without complete
#: data.
SNAPSHOTS, UNFINISHED = "snapshots", "unfinished"
VIEWS = (SNAPSHOTS, UNFINISHED)

_UNFINISHED_STATUSES = tuple(s for s in STATUSES if s not in ("active", "deactivated"))

_ONE_VALUE = ("name", "status", "format", "visibility", "owner", "hidden", "view")
_KNOWN = {"status": STATUSES, "visibility": VISIBILITIES, "hidden": ("true",), "view": VIEWS}


def _comparable(text: str) -> str:
    """Make texts equal that look alike: a letter with an accent is one character or two."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


@dataclass(frozen=True)
class ImageQuery:
    """Filters of the list; an empty string is no filter.

    The field names are the URL's parameters. `name` is the text of the search box: a part
    of a name, a tag, or an ID. `owner` is a project ID; any value of
    `hidden` selects the hidden images, which Glance lists separately. `view` is one of
    VIEWS. An image has to have all of several tags.
    """

    name: str = ""
    status: str = ""
    format: str = ""
    visibility: str = ""
    owner: str = ""
    hidden: str = ""
    view: str = ""
    tag: tuple[str, ...] = ()

    @classmethod
    def from_url(cls, parameters: Mapping[str, str], tags: Sequence[str] = ()) -> ImageQuery:
        """Parse the filters; impossible values are ignored.

        :param tags: all values of the parameter "tag"
        """
        filters = {name: (parameters.get(name) or "").strip() for name in _ONE_VALUE}
        if filters["name"]:
            # The search box shows what was typed.
            filters["name"] = parameters["name"]
        for name, values in _KNOWN.items():
            if filters[name] not in values:
                filters[name] = ""
        if filters["status"] and filters["view"] == UNFINISHED:
            # One of its statuses, or none of them: the more exact choice counts.
            filters["view"] = ""
        valid_tags = dict.fromkeys(tag for tag in tags if 0 < len(tag) <= TAG_LENGTH)
        return cls(**filters, tag=tuple(valid_tags)[:TAGS_AT_ONCE])

    @property
    def is_empty(self) -> bool:
        return self == ImageQuery()

    def url_parameters(self) -> dict[str, Any]:
        """Parameters for `urlencode` with `doseq`: "tag" has several values."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def is_searched(self) -> bool:
        """Whether images have to be looked at.

        Glance compares whole names only, and cannot tell snapshots of volumes.
        """
        return bool(self.name) or self.view == SNAPSHOTS

    @cached_property
    def _comparable_name(self) -> str:
        return _comparable(self.name.strip())

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
        if not self.name:
            return True
        return (
            self._comparable_name in _comparable(image.name or "")
            # Glance keeps the case in which somebody has chosen an ID.
            or self.image_id == image.id.lower()
            or unicodedata.normalize("NFC", self.name.strip())
            in (unicodedata.normalize("NFC", tag) for tag in image.tags)
        )

    def accepts(self, image: Image) -> bool:
        """Whether the image matches the filters, as Glance decides it; a hidden one may."""
        return (
            self.status in ("", image.status)
            and self.format in ("", image.format)
            and self.visibility in ("", image.visibility)
            and self.owner in ("", image.owner)
            and (not self.hidden or image.os_hidden)
            and (self.view != UNFINISHED or image.status in _UNFINISHED_STATUSES)
            and set(self.tag) <= set(image.tags)
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
        if self.hidden:
            parameters["os_hidden"] = "true"
        if self.tag:
            parameters["tag"] = list(self.tag)
        return parameters
