# SPDX-License-Identifier: Apache-2.0
"""What an image can be to the project of a role: whose it is, and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helion_images_panel.core.deletion import Deletion, deletion_property
from helion_images_panel.core.family import FORMER, LATEST, NEW


@dataclass(frozen=True)
class Relation:
    """An image, as it stands to the project of the role: whose it is, and its state."""

    name: str
    whose: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    #: What the role's project has answered to being a member.
    answer: str = ""
    has_data: bool = True
    is_deactivated: bool = False
    #: Whether another project is a member of it.
    has_member: bool = False
    #: Whether that is so because it is published to the domain.
    is_of_domain: bool = False
    #: Its role in a family; empty for an image without one.
    role: str = NEW
    #: Whether its data is what it is to have, so that it may become the latest version.
    is_verified: bool = False
    #: Whether it is deleted, and can be restored.
    is_deleted: bool = False

    @property
    def visibility(self) -> str:
        return str(self.fields.get("visibility", "private"))

    @property
    def status(self) -> str:
        if not self.has_data:
            return "queued"
        return "deactivated" if self.is_deactivated else "active"

    @property
    def state(self) -> Mapping[str, Any]:
        """As Glance returns it, as far as a test of an image's state looks."""
        return {"status": self.status, "visibility": self.visibility, **self.fields}

    def is_(self, flag: str) -> bool:
        return bool(self.fields.get(flag))


def recorded_deletion(image_id: str) -> Mapping[str, str]:
    """The property of a private image that was deleted, and can be restored for long."""
    deletion = Deletion(
        "private",
        was_hidden=False,
        was_active=True,
        at="2026-11-30T12:00:00Z",
        until="2099-12-31T12:00:00Z",
        by="x",
    )
    return deletion_property(image_id, deletion)


SHARED = {"visibility": "shared"}
#: Of a deleted image, besides the record of what it was.
DELETED = {"os_hidden": True}

_ALL = (
    Relation("own", "own"),
    Relation("own-shared", "own", SHARED, has_member=True),
    Relation("own-domain", "own", SHARED, has_member=True, is_of_domain=True),
    Relation("own-public", "own", {"visibility": "public"}),
    Relation("own-community", "own", {"visibility": "community"}),
    Relation("own-protected", "own", {"protected": True}),
    Relation("own-hidden", "own", {"os_hidden": True}),
    Relation("own-deactivated", "own", is_deactivated=True),
    Relation("own-queued", "own", has_data=False),
    Relation("own-version", "own", is_verified=True),
    Relation("own-former", "own", role=FORMER, is_verified=True),
    Relation("own-latest", "own", role=LATEST, is_verified=True),
    Relation("own-plain", "own", role=""),
    Relation("own-deleted", "own", DELETED, is_deactivated=True, is_deleted=True),
    Relation("second", "second"),
    Relation("other", "other"),
    Relation("other-queued", "other", has_data=False),
    Relation("other-version", "other", is_verified=True),
    Relation("other-deleted", "other", DELETED, is_deactivated=True, is_deleted=True),
    Relation("foreign", "foreign"),
    Relation("foreign-queued", "foreign", has_data=False),
    Relation("foreign-version", "foreign", is_verified=True),
    Relation("foreign-deleted", "foreign", DELETED, is_deactivated=True, is_deleted=True),
    Relation("pending", "foreign", SHARED, answer="pending"),
    Relation("accepted", "foreign", SHARED, answer="accepted"),
    Relation("rejected", "foreign", SHARED, answer="rejected"),
    Relation("public", "foreign", {"visibility": "public"}),
    Relation("community", "foreign", {"visibility": "community"}),
)

RELATIONS = {relation.name: relation for relation in _ALL}
