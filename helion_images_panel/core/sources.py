# SPDX-License-Identifier: Apache-2.0
"""The lists of Glance that a panel combines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core.query import ImageQuery


@dataclass(frozen=True)
class Source:
    """One list: the images of an owner, of a visibility, or both.

    None leaves the choice to Glance: all images that the token may list, except the
    community images of other projects.
    """

    owner: str | None = None
    visibility: str | None = None

    def parameters(self, query: ImageQuery) -> Mapping[str, Any] | None:
        """Glance's query parameters; None if no image can match both the source and the query."""
        requested = query.glance_parameters()
        own = {
            key: value
            for key, value in (("owner", self.owner), ("visibility", self.visibility))
            if value
        }
        for key, value in own.items():
            if key in requested and value not in (requested[key], "all"):
                return None
        return {**own, **requested}
