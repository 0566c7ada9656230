# SPDX-License-Identifier: Apache-2.0
"""The lists of Glance that a panel combines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core.image import Image
from helion_images_panel.core.query import ImageQuery

#: Maximum number of projects whose lists are requested one by one and merged.
MERGED_PROJECTS = 30


@dataclass(frozen=True)
class Source:
    """One list: the images of an owner, of a visibility, or both.

    None leaves the choice to Glance: all images that the token may list, except the
    community images of other projects.

    :ivar owners: the projects whose images are picked out of the list; None for all
    """

    owner: str | None = None
    visibility: str | None = None
    owners: frozenset[str] | None = None

    @property
    def is_sifted(self) -> bool:
        return self.owners is not None

    def has(self, image: Image) -> bool:
        return self.owners is None or image.owner in self.owners

    def owns(self, image: Image) -> bool:
        """Whether the image belongs to the projects of the list; to any, if it is of none."""
        return self.has(image) and self.owner in (None, image.owner)

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


def sources_of(owners: Sequence[str]) -> Sequence[Source]:
    """Return the lists with all images of these projects.

    Glance filters by one owner only. For many projects, one request each takes longer
    than to look at the images of the whole cloud until the page is full.
    """
    if len(owners) > MERGED_PROJECTS:
        return (Source(visibility="all", owners=frozenset(owners)),)
    return [Source(owner, "all") for owner in owners]
