# SPDX-License-Identifier: Apache-2.0
"""The lists of Glance that a panel is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core.query import ImageQuery


@dataclass(frozen=True)
class Source:
    """One list: the images of an owner, of a visibility, or both.

    None leaves it to Glance: everything that the token may list, but the
    community images of others.
    """

    owner: str | None = None
    visibility: str | None = None

    def parameters(self, query: ImageQuery) -> Mapping[str, Any] | None:
        """Glance's query parameters, or None where nothing can match both."""
        asked = query.glance_parameters()
        own = {
            key: value
            for key, value in (("owner", self.owner), ("visibility", self.visibility))
            if value
        }
        for key, value in own.items():
            if key in asked and value not in (asked[key], "all"):
                return None
        return {**own, **asked}
