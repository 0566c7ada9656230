# SPDX-License-Identifier: Apache-2.0
"""A project's quota for images, as Glance computes it.

Glance measures data in whole MiB (glance.quota.keystone): the usage and the increase
are each rounded down, and their sum may reach the limit.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024

#: The limit that is exceeded, as returned by `Quota.refusal`.
SIZE = "size"
COUNT = "count"
STAGING = "staging"
UPLOADING = "uploading"


@dataclass(frozen=True)
class Resource:
    """Usage and limit of one resource, in bytes or images; None is no limit."""

    used: int
    limit: int | None = None

    @property
    def left(self) -> int | None:
        """Free quota; 0 if the usage exceeds a lowered limit."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.used > self.limit

    @property
    def largest_bytes(self) -> int | None:
        """Size of the largest image that fits, in bytes; None for any size."""
        if self.left is None:
            return None
        return 0 if self.is_over else (self.left // MIB + 1) * MIB - 1

    def allows_one_more(self) -> bool:
        return self.limit is None or self.used < self.limit

    def fits(self, size_bytes: int) -> bool:
        return self.largest_bytes is None or (size_bytes <= self.largest_bytes and not self.is_over)


@dataclass(frozen=True)
class Quota:
    """Usage and limits of one project; resources missing from Glance's response have no limit.

    `size` is the data of all images in bytes, `staging` the data in Glance's staging
    area, `count` all images, `uploading` the images whose data is being uploaded or
    imported.
    """

    size: Resource = Resource(0)
    count: Resource = Resource(0)
    staging: Resource = Resource(0)
    uploading: Resource = Resource(0)

    def refusal(self, size_bytes: int | None, staged: bool, new: bool = True) -> str:
        """Return the limit for which Glance would refuse an image; empty if it fits.

        :param size_bytes: None if it is not known yet, as for an import
        :param staged: whether the data passes through the staging area
        :param new: whether the image record is still to be created
        """
        if new and not self.count.allows_one_more():
            return COUNT
        if not self.size.fits(size_bytes or 0):
            return SIZE
        if staged and not self.staging.fits(size_bytes or 0):
            return STAGING
        if not self.uploading.allows_one_more():
            return UPLOADING
        return ""
