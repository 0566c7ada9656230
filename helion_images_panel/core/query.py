# SPDX-License-Identifier: Apache-2.0
"""What a person asks the list for, as the URL and Glance know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from helion_images_panel.core.formats import glance_formats
from helion_images_panel.core.image import STATUSES, VISIBILITIES
from helion_images_panel.core.tags import TAG_LENGTH

#: Tags that one list may be filtered by: each takes a join in Glance's database.
TAGS_AT_ONCE = 8

_ONE_VALUE = ("name", "status", "format", "visibility", "owner", "hidden")
_KNOWN = {"status": STATUSES, "visibility": VISIBILITIES, "hidden": ("true",)}


@dataclass(frozen=True)
class ImageQuery:
    """Filters of the list; an empty string filters nothing.

    The field names are the URL's parameters. `owner` is a project's ID; any
    `hidden` asks for the hidden images, which Glance lists apart from all others.
    Of several tags an image has to have all.
    """

    name: str = ""
    status: str = ""
    format: str = ""
    visibility: str = ""
    owner: str = ""
    hidden: str = ""
    tag: tuple[str, ...] = ()

    @classmethod
    def from_url(cls, parameters: Mapping[str, str], tags: Sequence[str] = ()) -> ImageQuery:
        """Reads the filters; what nothing can have is left out.

        :param tags: all values of the parameter "tag"
        """
        found = {name: (parameters.get(name) or "").strip() for name in _ONE_VALUE}
        for name, known in _KNOWN.items():
            if found[name] not in known:
                found[name] = ""
        wanted = dict.fromkeys(tag for tag in tags if 0 < len(tag) <= TAG_LENGTH)
        return cls(**found, tag=tuple(wanted)[:TAGS_AT_ONCE])

    @property
    def is_empty(self) -> bool:
        return self == ImageQuery()

    def url_parameters(self) -> dict[str, Any]:
        """For `urlencode` with `doseq`: "tag" has several values."""
        return {name: value for name, value in asdict(self).items() if value}

    def glance_parameters(self) -> dict[str, Any]:
        """Query parameters of Glance's "List images".

        "eq:" keeps a name such as "in:a,b" from being read as an operator.
        """
        parameters: dict[str, Any] = {}
        if self.name:
            parameters["name"] = f"eq:{self.name}"
        if self.status:
            parameters["status"] = f"eq:{self.status}"
        if self.format:
            disk_format, container_format = glance_formats(self.format)
            parameters["disk_format"] = f"eq:{disk_format}"
            if container_format != "bare":
                parameters["container_format"] = f"eq:{container_format}"
        if self.visibility:
            parameters["visibility"] = self.visibility
        if self.owner:
            parameters["owner"] = self.owner
        if self.hidden:
            parameters["os_hidden"] = "true"
        if self.tag:
            parameters["tag"] = list(self.tag)
        return parameters
