# SPDX-License-Identifier: Apache-2.0
"""Who can see an image, derived from the image and its members alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import DOMAIN, publication_of

#: Kinds of access: the owner's project; the owner and the members; every project of a
#: domain; every project that asks for the image; every project. RECEIVED is an image of
#: another project that is shared with the viewing one.
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
    """Number of member projects, by member status."""

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
    """How many of a domain's enabled projects have the image: the owner, and members that
    accepted it.
    """

    reached: int
    total: int


@dataclass(frozen=True)
class Access:
    """The kind of access, with the domain's ID for OF_DOMAIN."""

    kind: str
    domain_id: str = ""

    @property
    def has_members(self) -> bool:
        """Whether the member list adds details; it takes another request."""
        return self.kind in (MEMBERS, OF_DOMAIN)


def access_of(image: Image, is_owner_side: bool) -> Access:
    """Derive the kind of access from the image.

    :param is_owner_side: whether the viewer manages the image, or sees it as its owner
    """
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
