# SPDX-License-Identifier: Apache-2.0
"""Rules that find images which can be deleted, and the reasons to keep an image all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from helion_images_panel.core.deletion import has_restorable_state, is_deleted
from helion_images_panel.core.family import FORMER, LATEST, NEW, family_of, family_record
from helion_images_panel.core.glance_time import time_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import publication_of
from helion_images_panel.core.storage import STUCK_STATUSES
from helion_images_panel.core.uses import (
    BOOTED_FORMATS,
    BOOTING,
    INSTANCES,
    MEMBERS,
    VOLUMES,
    ImageUses,
    shelved_instance,
)

#: Snapshots older than a number of days that nothing uses; images of one owner with the same
#: data as another one that stays; images that have had no data for more than a number of days;
#: versions of a family beyond the newest ones.
SNAPSHOTS, DUPLICATES, QUEUED, FAMILY = "snapshots", "duplicates", "queued", "family"
KINDS = (SNAPSHOTS, FAMILY, DUPLICATES, QUEUED)

#: Smallest and largest number of each kind, and the one that is offered; a rule of another
#: kind has none.
NUMBERS = {SNAPSHOTS: (1, 3650, 180), FAMILY: (1, 20, 3), QUEUED: (1, 3650, 7)}

#: Reasons to keep an image that a rule is about. Those up to SHELVED are known from the
#: image alone.
PROTECTED, PUBLISHED, PUBLIC, COMMUNITY = "protected", "published", "public", "community"
VOLUME_DATA, SHELVED = "volume_data", "shelved"
SHARED, IN_USE, USE_UNKNOWN, RECEIVES_DATA = "shared", "in_use", "use_unknown", "receives_data"
BOOTED = "booted"
NEXT_VERSION, NOT_RESTORABLE = "next_version", "not_restorable"
NOT_OWN, NOT_ALLOWED, DELETED, CHANGED = "not_own", "not_allowed", "deleted", "changed"
REASONS = (
    *(PROTECTED, PUBLISHED, PUBLIC, COMMUNITY, SHARED, IN_USE, BOOTED, USE_UNKNOWN, VOLUME_DATA),
    *(SHELVED, RECEIVES_DATA, NEXT_VERSION, NOT_OWN, NOT_ALLOWED, NOT_RESTORABLE, DELETED, CHANGED),
)

#: Uses that stop working, or hold on to the data in some stores, when the image is deleted. An
#: image that was made from another one has data of its own.
HARMED_USES = (INSTANCES, VOLUMES, BOOTING)

#: All that has to be known of an image.
READ_USES = (*HARMED_USES, MEMBERS)


#: Maximum number of projects that a rule is limited to.
MOST_PROJECTS = 20


@dataclass(frozen=True)
class Rule:
    """:ivar number: days, or versions that are kept; 0 for a kind without a number
    :ivar projects: IDs of the projects that it is limited to, sorted; empty for no limit
    """

    kind: str
    number: int = 0
    projects: tuple[str, ...] = ()

    def to_json(self) -> list[Any]:
        return [self.kind, self.number, *([list(self.projects)] if self.projects else [])]

    @classmethod
    def from_json(cls, body: Sequence[Any]) -> Rule:
        kind, number, *projects = body
        return cls(kind, number, tuple(sorted(projects[0])) if projects else ())

    def has(self, image: Image) -> bool:
        """Whether the image belongs to a project that the rule is about."""
        return not self.projects or image.owner in self.projects

    @property
    def is_valid(self) -> bool:
        if self.kind not in KINDS or len(self.projects) > MOST_PROJECTS:
            return False
        least, most, _default = NUMBERS.get(self.kind, (0, 0, 0))
        return least <= self.number <= most

    @property
    def needs_uses(self) -> bool:
        """Whether the uses of an image decide; nothing can use one without data."""
        return self.kind != QUEUED

    @property
    def kept_of_group(self) -> int:
        """Number of images of a group that are kept; 0 for a rule without groups."""
        return {DUPLICATES: 1, FAMILY: self.number}.get(self.kind, 0)

    def concerns(self, image: Image, now: datetime) -> bool:
        """Whether the rule is about the image, as far as the image alone tells."""
        if is_deleted(image) or not self.has(image):
            return False
        if self.kept_of_group:
            return bool(group_of(self, image))
        days = timedelta(days=self.number)
        if self.kind == SNAPSHOTS:
            is_old = _is_before(image.created_at, now - days)
            return image.is_snapshot and has_restorable_state(image) and is_old
        return image.status in STUCK_STATUSES and _is_before(image.updated_at, now - days)


def with_projects(rule: str, project_ids: Sequence[str]) -> str:
    """Return the text of a rule, for logs and reports, with the projects that it is limited to."""
    return f"{rule} (projects: {' '.join(project_ids)})" if project_ids else rule


def group_of(rule: Rule, image: Image) -> str:
    """Return what images of a group have in common; empty for an image that is in none.

    Images of different projects are in different groups.
    """
    is_complete = image.status == "active" and not image.receives_data
    # Images name their kernel and ramdisk by ID, and do not start without these.
    if not is_complete or is_deleted(image) or image.disk_format in BOOTED_FORMATS:
        return ""
    if not rule.has(image):
        return ""
    if rule.kind == FAMILY:
        name = family_of(image)
        return f"{image.owner} {name}" if name else ""
    if rule.kind != DUPLICATES or not image.hash_value or not image.size_bytes:
        return ""
    parts = (image.owner or "-", image.size_bytes, image.hash_algorithm or "-", image.hash_value)
    return " ".join(map(str, parts))


#: What decides which images of a group are kept: the smallest ones are.
Rank = tuple[int, int, str]

#: Roles in a family, those that are kept first.
_ORDER = (LATEST, FORMER, NEW)


def rank_of(rule: Rule, image: Image) -> Rank:
    """Of the same data one that stays anyway, or else the oldest one; of a family the latest
    version, and then the newest of those that have been it, as `family.newest_first` sorts
    them. One that has never been the latest takes the place of none of these.
    """
    created = time_of(image.created_at)
    second = int(created.timestamp()) if created else 0
    if rule.kind != FAMILY:
        return int(not reason_to_keep(image)), second, image.id
    record = family_record(image)
    role = record.role if record else NEW
    is_changing = role == LATEST and bool(record and record.journal)
    return _ORDER.index(role) - 1 - int(is_changing), -second, image.id


def new_since(image: Image) -> int:
    """Return when an image was created that has never been the latest version of its family, in
    seconds; 0 for others.
    """
    record = family_record(image)
    created = time_of(image.created_at)
    return int(created.timestamp()) if record and record.role == NEW and created else 0


def is_in_swap(image: Image) -> bool:
    """Whether the image is becoming the latest version of its family, or is giving that up."""
    record = family_record(image)
    return record is not None and bool(record.journal)


def reason_to_keep(image: Image) -> str:
    """Return the reason that the image itself gives; empty for none."""
    if image.protected:
        return PROTECTED
    if publication_of(image):
        return PUBLISHED
    if image.visibility in (PUBLIC, COMMUNITY):
        return image.visibility
    # Volume snapshots would stay, and nothing would lead to them.
    if image.is_volume_backed:
        return VOLUME_DATA
    return SHELVED if shelved_instance(image) else ""


def use_to_keep(image: Image, uses: ImageUses | None) -> str:
    """Return the reason that the uses give; empty if it is certain that there is none.

    :param uses: None if they could not be read
    """
    if uses is None:
        return USE_UNKNOWN
    found = (uses.instances, uses.volumes, uses.booting)
    if any(each for each in found if each is not None):
        return BOOTED if uses.booting and not (uses.instances or uses.volumes) else IN_USE
    if uses.members:
        return SHARED
    has_failed = any(kind in uses.failures for kind in READ_USES)
    is_complete = all(each.is_complete for each in found if each is not None)
    knows_members = image.visibility != "shared" or uses.members is not None
    return "" if is_complete and knows_members and not has_failed else USE_UNKNOWN


def are_kept(rule: Rule, image: Image, kept: Sequence[Image | None]) -> bool:
    """Whether the others are still what the group of this image keeps instead of it."""
    name = group_of(rule, image)
    found = [each for each in kept if each and group_of(rule, each) == name]
    if not name or len(found) < rule.kept_of_group:
        return False
    if rule.kind == DUPLICATES:
        return all(each.id != image.id for each in found)
    first = min(rank_of(rule, each) for each in found)
    is_next = first[0] < 0 and new_since(image) > -first[1]
    is_newer = any(rank_of(rule, each) > rank_of(rule, image) for each in found)
    return not (is_next or is_newer or is_in_swap(image))


def reason_alone(rule: Rule, image: Image, now: datetime) -> str:
    """Return the reason to keep an image that the rule has found, as far as the image alone
    tells; empty for none.
    """
    if is_deleted(image):
        return DELETED
    if not rule.has(image):
        return NOT_OWN
    return reason_to_keep(image) if rule.concerns(image, now) else CHANGED


def reason_now(
    rule: Rule,
    image: Image,
    now: datetime,
    kept: Sequence[Image | None] = (),
    uses: ImageUses | None = None,
) -> str:
    """Return the same with all that decides.

    Whether it receives data, or may be deleted by the user, is for the caller.

    :param kept: what its group keeps, read at the same time; None for an image that is gone
    :param uses: None if they could not be read
    """
    if reason := reason_alone(rule, image, now):
        return reason
    if rule.kept_of_group and not are_kept(rule, image, kept):
        return CHANGED
    return use_to_keep(image, uses) if rule.needs_uses else ""


def _is_before(iso_time: str | None, moment: datetime) -> bool:
    """Whether the time is known, and earlier."""
    found = time_of(iso_time)
    return bool(found and found < moment)
