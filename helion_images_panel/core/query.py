# SPDX-License-Identifier: Apache-2.0
"""What a person asks the list for, as the URL and Glance know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from helion_images_panel.core.formats import glance_formats
from helion_images_panel.core.image import STATUSES, VISIBILITIES

_KNOWN = {"status": STATUSES, "visibility": VISIBILITIES, "hidden": ("true",)}


@dataclass(frozen=True)
class ImageQuery:
    """Filters of the list; an empty string filters nothing.

    The field names are the URL's parameters. `owner` is a project's ID; any
    `hidden` asks for the hidden images, which Glance lists apart from all others.
    """

    name: str = ""
    status: str = ""
    format: str = ""
    visibility: str = ""
    owner: str = ""
    hidden: str = ""

    @classmethod
    def from_url(cls, parameters: Mapping[str, str]) -> ImageQuery:
        """Reads the filters; a status or visibility that nothing can have is left out."""
        found = {name: (parameters.get(name) or "").strip() for name in cls.__dataclass_fields__}
        for name, known in _KNOWN.items():
            if found[name] not in known:
                found[name] = ""
        return cls(**found)

    @property
    def is_empty(self) -> bool:
        return self == ImageQuery()

    def url_parameters(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    def glance_parameters(self) -> dict[str, str]:
        """Query parameters of Glance's "List images".

        "eq:" keeps a name such as "in:a,b" from being read as an operator.
        """
        parameters = {}
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
        return parameters
