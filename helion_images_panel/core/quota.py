# SPDX-License-Identifier: Apache-2.0
"""A project's quota for images, as Glance counts it.

Glance measures data in whole MiB (glance.quota.keystone): what is in use and
what is to come are rounded down each, and their sum may reach the limit.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024

#: Which limit stands in the way, as `Quota.refusal` names it.
SIZE = "size"
COUNT = "count"
STAGING = "staging"
UPLOADING = "uploading"


@dataclass(frozen=True)
class Resource:
    """What is in use, and the most that may be: bytes or images; None is no limit."""

    used: int
    limit: int | None = None

    @property
    def left(self) -> int | None:
        """Not below 0, though a project may be over a limit that was lowered."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.used > self.limit

    @property
    def largest_bytes(self) -> int | None:
        """The largest image that still fits, in bytes; None for any."""
        if self.left is None:
            return None
        return 0 if self.is_over else (self.left // MIB + 1) * MIB - 1

    def allows_one_more(self) -> bool:
        return self.limit is None or self.used < self.limit

    def takes(self, size_bytes: int) -> bool:
        return self.largest_bytes is None or (size_bytes <= self.largest_bytes and not self.is_over)


@dataclass(frozen=True)
class Quota:
    """Usage and limits of one project; what Glance tells nothing of has no limit.

    `size` is the data of all images in bytes, `staging` that of images on their
    way through Glance's staging area, `count` all images, `uploading` those
    that are getting their data now.
    """

    size: Resource = Resource(0)
    count: Resource = Resource(0)
    staging: Resource = Resource(0)
    uploading: Resource = Resource(0)

    def refusal(self, size_bytes: int | None, staged: bool, new: bool = True) -> str:
        """The limit for which Glance would refuse an image; empty if it fits.

        :param size_bytes: None where it is not known yet, as of an import
        :param staged: whether the data goes through the staging area
        :param new: whether the image is still to be created
        """
        if new and not self.count.allows_one_more():
            return COUNT
        if not self.size.takes(size_bytes or 0):
            return SIZE
        if staged and not self.staging.takes(size_bytes or 0):
            return STAGING
        if not self.uploading.allows_one_more():
            return UPLOADING
        return ""
