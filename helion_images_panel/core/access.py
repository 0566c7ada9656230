# SPDX-License-Identifier: Apache-2.0
"""Who can see an image, and why: as far as it follows from the image and its members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import DOMAIN, publication_of

#: Whom an image is for: its owner's project; that and its members; every
#: project of a domain; everyone who asks for it; everyone. RECEIVED is an image
#: as a project sees it that somebody else has shared with it.
OWNER, MEMBERS, OF_DOMAIN, COMMUNITY, CLOUD, RECEIVED = (
    "owner",
    "members",
    "domain",
    "community",
    "cloud",
    "received",
)


@dataclass(frozen=True)
class MemberCounts:
    """How many projects an image is shared with, by what they have answered."""

    accepted: int = 0
    pending: int = 0
    rejected: int = 0

    @classmethod
    def of(cls, members: Iterable[Member]) -> MemberCounts:
        statuses = [member.status for member in members]
        return cls(*(statuses.count(status) for status in ("accepted", "pending", "rejected")))

    @property
    def total(self) -> int:
        return self.accepted + self.pending + self.rejected


@dataclass(frozen=True)
class Reach:
    """How many of a domain's enabled projects an image has reached."""

    reached: int
    total: int


@dataclass(frozen=True)
class Access:
    kind: str
    domain_id: str = ""

    @property
    def has_members(self) -> bool:
        """Whether there is more to tell, which takes another question."""
        return self.kind in (MEMBERS, OF_DOMAIN)


def access_of(image: Image, is_owner_side: bool) -> Access:
    """:param is_owner_side: the one who looks manages the image, or may see it as its owner"""
    if image.visibility == "public":
        return Access(CLOUD)
    if image.visibility == "community":
        return Access(COMMUNITY)
    if image.visibility != "shared":
        return Access(OWNER)
    if not is_owner_side:
        return Access(RECEIVED)
    publication = publication_of(image)
    if publication is not None and publication.audience == DOMAIN:
        return Access(OF_DOMAIN, publication.domain_id)
    return Access(MEMBERS)
