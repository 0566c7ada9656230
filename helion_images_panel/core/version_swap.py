# SPDX-License-Identifier: Apache-2.0
"""The change that makes a version of an image the latest one: its names and its journal.

The journal is a part of the new version's record. It is written before anything else is
changed, and removed with the last change: a change that breaks off is finished, or undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.family import (
    FORMER,
    LATEST,
    ROLES,
    Family,
    default_version,
    family_property,
    family_record,
    newest_first,
)
from helion_images_panel.core.glance_time import TIME_FORMAT, time_of
from helion_images_panel.core.image import VISIBILITIES, Image
from helion_images_panel.core.packed_ids import packed, unpacked
from helion_images_panel.core.verification import (
    CONVERTED,
    MISMATCH,
    UNKNOWN,
    VERIFIED,
    has_checksum,
    is_intact,
    source_was_compared,
    state_of,
)

#: Maximum number of characters of an image's name in Glance.
IMAGE_NAME_LENGTH = 255


@dataclass(frozen=True)
class Journal:
    """What is to be done, and what the new version was before.

    :ivar old: ID of the previous latest version; empty without one
    :ivar plain: the name that the latest version has
    :ivar hides: whether the previous version is hidden
    :ivar name: of the new version before, as are `hidden`, `protected`, `role`, `visibility`
        and `published`
    :ivar given: projects that the change has shared the new version with, or was about to
    :ivar answered: projects that had the new version before, and for which the change has
        answered, or was about to
    :ivar undoes: whether the change is being undone
    :ivar at: ISO 8601 in UTC
    """

    old: str
    plain: str
    hides: bool
    name: str
    hidden: bool
    protected: bool
    role: str
    visibility: str
    published: bool
    at: str
    given: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    undoes: bool = False

    @classmethod
    def of(cls, new: Image, old: Image | None, hides: bool, published: bool) -> Journal:
        record = family_record(new)
        return cls(
            old=old.id if old else "",
            plain=plain_name(old or new),
            hides=hides,
            name=new.name or "",
            hidden=new.os_hidden,
            protected=new.protected,
            role=record.role if record else "",
            visibility=new.visibility,
            published=published,
            at=datetime.now(UTC).strftime(TIME_FORMAT),
        )

    def with_given(self, project_ids: Iterable[str]) -> Journal:
        return replace(self, given=tuple(dict.fromkeys((*self.given, *project_ids))))

    def with_answered(self, project_ids: Iterable[str]) -> Journal:
        return replace(self, answered=tuple(dict.fromkeys((*self.answered, *project_ids))))

    @property
    def written(self) -> str:
        lists = {"given": packed(self.given), "answered": packed(self.answered)}
        return json.dumps({**asdict(self), **lists}, separators=(",", ":"))


def journal_of(image: Image) -> Journal | None:
    """Return the journal of a change that has begun; None without one."""
    record = family_record(image)
    if record is None or not record.journal:
        return None
    try:
        values = json.loads(record.journal)
        lists = {name: unpacked(values[name]) for name in ("given", "answered")}
        journal = Journal(**{**values, **lists})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    is_known = journal.visibility in VISIBILITIES and journal.role in ROLES and time_of(journal.at)
    texts = (journal.old, journal.plain, journal.name)
    flags = (getattr(journal, each.name) for each in fields(Journal) if each.type == "bool")
    is_typed = all(isinstance(each, str) for each in texts) and all(
        isinstance(each, bool) for each in flags
    )
    return journal if is_known and is_typed else None


def record_with(image: Image, role: str, journal: Journal | None = None) -> Mapping[str, str]:
    """Build the image's record again, with this role and journal, as a change of the image."""
    record = family_record(image)
    if record is None or image.owner is None:
        raise ValueError(f"{image.id} has no family")
    written = journal.written if journal else ""
    changed = replace(record, role=role, journal=written)
    return family_property(image.id, image.owner, changed)


def role_of(image: Image) -> str:
    """Return the role of a version; empty for an image without a family."""
    record = family_record(image)
    return record.role if record else ""


def is_former(image: Image) -> bool:
    """Whether the image was the latest version before: making it that again is a roll back."""
    return role_of(image) == FORMER


def current_latest(versions: Iterable[Image], new: Image) -> Image | None:
    """Return the latest version other than the new one, of versions sorted by `newest_first`."""
    return next(
        (
            image
            for image in versions
            if image.id != new.id and role_of(image) == LATEST and not is_deleted(image)
        ),
        None,
    )


def unfinished(versions: Iterable[Image]) -> Image | None:
    """Return the version whose change to the latest one has broken off; None without one."""
    return next((image for image in versions if journal_of(image)), None)


def version_of(image: Image) -> str:
    """Return the version's own label, or the day of its creation."""
    record = family_record(image) or Family("")
    return record.version or default_version(image)


def plain_name(image: Image) -> str:
    """Return the name without the version at its end; that of the family without any."""
    record = family_record(image) or Family("")
    name, version = (image.name or "").strip(), version_of(image)
    suffix = f" ({version})"
    if version and name.endswith(suffix) and name != suffix:
        name = name.removesuffix(suffix)
    return name or record.name


def dated_name(plain: str, version: str) -> str:
    """Return the name of a version that is not the latest, such as "Ubuntu (2026-11-30)"."""
    suffix = f" ({version})" if version else ""
    return plain[: IMAGE_NAME_LENGTH - len(suffix)].rstrip() + suffix


def is_trusted(image: Image, role: str) -> bool:
    """Whether the data may be given to users of the latest version.

    It is verified; or there is nothing to compare it with, as for a snapshot of an instance,
    or the file was compared before the cloud converted it. A version that was in use before
    is trusted unless its data is known to be wrong.
    """
    state = state_of(image)
    if state == VERIFIED:
        return True
    if state == CONVERTED:
        return source_was_compared(image) or role == FORMER
    if state == UNKNOWN and image.is_snapshot and (has_checksum(image) or image.is_volume_backed):
        return True
    return role == FORMER and state != MISMATCH and is_intact(image)


def changes_of_new(new: Image, old: Image | None, journal: Journal) -> dict[str, Any]:
    """Return the changes that make the new version the latest, but for its audience."""
    wanted = {
        "name": journal.plain,
        "os_hidden": False,
        "protected": new.protected or bool(old and old.protected),
    }
    return {**_differing(new, wanted), **record_with(new, LATEST, journal)}


def changes_of_old(old: Image, journal: Journal) -> dict[str, Any]:
    """Return the changes of the previous version, which was the latest until now."""
    wanted = {
        "name": dated_name(journal.plain, version_of(old)),
        "os_hidden": old.os_hidden or journal.hides,
    }
    return {**_differing(old, wanted), **record_with(old, FORMER)}


def changes_to_undo(new: Image, journal: Journal) -> dict[str, Any]:
    """Return the changes that undo the new version's own, but for its audience."""
    wanted = {"name": journal.name, "os_hidden": journal.hidden, "protected": journal.protected}
    undoing = replace(journal, undoes=True)
    return {**_differing(new, wanted), **record_with(new, journal.role, undoing)}


def _differing(image: Image, wanted: Mapping[str, Any]) -> dict[str, Any]:
    now = {
        "name": image.name or "",
        "os_hidden": image.os_hidden,
        "protected": image.protected,
    }
    return {name: value for name, value in wanted.items() if now[name] != value}


def usable_latest(versions: Iterable[Image]) -> list[Image]:
    """Return the versions that a program may take as the latest, the best one first.

    Each is active, verified and listed, and is the latest or was so before. After a roll back
    the newer ones are left out.
    """
    found = newest_first(versions)
    latest = next((image for image in found if role_of(image) == LATEST), None)
    return [
        image
        for image in found
        if image.status == "active"
        and not image.os_hidden
        and role_of(image) in (LATEST, FORMER)
        and is_trusted(image, "")
        and (latest is None or (image.created_at or "") <= (latest.created_at or ""))
    ]
