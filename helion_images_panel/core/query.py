# SPDX-License-Identifier: Apache-2.0
"""Filters of the list, as URL parameters and as Glance's query parameters."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from helion_images_panel.core.formats import glance_filter
from helion_images_panel.core.image import STATUSES, VISIBILITIES
from helion_images_panel.core.tags import TAG_LENGTH

#: Maximum number of tags in a filter: each takes a join in Glance's database.
TAGS_AT_ONCE = 8

#: Maximum length of the filter by name in a URL, in which servers take some 4,000
#: characters: of a very long name fewer forms are looked for.
MAX_NAME_FILTER = 2500

_ONE_VALUE = ("name", "status", "format", "visibility", "owner", "hidden")
_BLANKS = (("", ""), (" ", ""), ("", " "), (" ", " "))
_KNOWN = {"status": STATUSES, "visibility": VISIBILITIES, "hidden": ("true",)}


def _name_filter(name: str) -> str:
    """Build the filter by name, for images whose names look like this one.

    A letter with an accent is one character or two, and blanks at the ends of a name
    are invisible.
    """
    if '"' in name or "\\" in name:
        # Glance's lists of values cannot contain these.
        return f"eq:{name.strip()}"
    normal = [unicodedata.normalize(form, name.strip()) for form in ("NFC", "NFD")]
    with_blanks = [f"{before}{each}{after}" for each in normal for before, after in _BLANKS]
    candidates = list(dict.fromkeys([name, name.strip(), *with_blanks]))
    while len(candidates) > 1 and len(quote("".join(candidates))) > MAX_NAME_FILTER:
        candidates.pop()
    return "in:" + ",".join(f'"{candidate}"' for candidate in candidates)


@dataclass(frozen=True)
class ImageQuery:
    """Filters of the list; an empty string is no filter.

    The field names are the URL's parameters. `owner` is a project ID; any value of
    `hidden` selects the hidden images, which Glance lists separately. An image has to
    have all of several tags.
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
        """Parse the filters; impossible values are ignored.

        :param tags: all values of the parameter "tag"
        """
        filters = {name: (parameters.get(name) or "").strip() for name in _ONE_VALUE}
        if filters["name"]:
            # Blanks around a name may belong to it.
            filters["name"] = parameters["name"]
        for name, values in _KNOWN.items():
            if filters[name] not in values:
                filters[name] = ""
        valid_tags = dict.fromkeys(tag for tag in tags if 0 < len(tag) <= TAG_LENGTH)
        return cls(**filters, tag=tuple(valid_tags)[:TAGS_AT_ONCE])

    @property
    def is_empty(self) -> bool:
        return self == ImageQuery()

    def url_parameters(self) -> dict[str, Any]:
        """Parameters for `urlencode` with `doseq`: "tag" has several values."""
        return {name: value for name, value in asdict(self).items() if value}

    def glance_parameters(self) -> dict[str, Any]:
        """Query parameters of Glance's "List images".

        The operator prevents that a name such as "in:a,b" is read as one.
        """
        parameters: dict[str, Any] = {}
        if self.name:
            parameters["name"] = _name_filter(self.name)
        if self.status:
            parameters["status"] = f"eq:{self.status}"
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
