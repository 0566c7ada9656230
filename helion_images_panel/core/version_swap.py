# SPDX-License-Identifier: Apache-2.0
"""The change that makes a version of an image the latest one: its names and its journal.

The journal is a part of the new version's record. It is written before anything else is
changed, and removed with the last change: a change that breaks off is finished, or undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime

from helion_images_panel.core import end_dates
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.end_dates import EndDates, end_dates_of
from helion_images_panel.core.end_rule import EndRule, ReplacedDates, read_replaced, read_rule
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
class Ends:
    """The end of the previous version.

    :ivar rule: what is done now
    :ivar remembered: the rule for the next change, as text; None for that of the previous version
    :ivar seen: the previous version's rule that the user was shown, as text; None if the user
        was not asked for it
    """

    rule: EndRule = field(default_factory=EndRule)
    remembered: str | None = ""
    seen: str | None = None


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
    :ivar ending: the rule by which the previous version ends, from the day of `at`, as text;
        empty for the end dates that it has
    :ivar rule: the family's rule that the new version is to have in its record
    :ivar own_dates: end dates of the new version before, as text, if they are removed
    :ivar own_ends: `Family.ends` of the new version before
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
    ending: str = ""
    rule: str = ""
    own_dates: str = ""
    own_ends: str = ""

    @classmethod
    def of(
        cls,
        new: Image,
        old: Image | None,
        hides: bool,
        published: bool,
        ends: Ends = Ends(),
    ) -> Journal:
        record = family_record(new)
        now = datetime.now(UTC)
        returned = returning_dates(new)
        own_dates = end_dates_of(new) if returned else None
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
            at=now.strftime(TIME_FORMAT),
            ending=ends.rule.written,
            rule=ends.remembered or "",
            own_dates=end_dates.written_dates(own_dates) if own_dates else "",
            own_ends=record.ends if record else "",
        )

    def with_given(self, project_ids: Iterable[str]) -> Journal:
        return replace(self, given=tuple(dict.fromkeys((*self.given, *project_ids))))

    def with_answered(self, project_ids: Iterable[str]) -> Journal:
        return replace(self, answered=tuple(dict.fromkeys((*self.answered, *project_ids))))

    def dates(self, old: Image, new_id: str) -> EndDates | None:
        """Return the end dates that the previous version gets; None for those that it has."""
        rule, begun = read_rule(self.ending), time_of(self.at)
        if rule.is_empty or begun is None:
            return None
        return rule.dates(end_dates_of(old), new_id, begun.date())

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
    texts = (getattr(journal, each.name) for each in fields(Journal) if each.type == "str")
    is_known = journal.visibility in VISIBILITIES and journal.role in ROLES and time_of(journal.at)
    flags = (getattr(journal, each.name) for each in fields(Journal) if each.type == "bool")
    is_typed = all(isinstance(each, str) for each in texts) and all(
        isinstance(each, bool) for each in flags
    )
    is_readable = is_known and is_typed and _are_ends(journal.ending, journal.own_dates)
    return journal if is_readable else None


def _are_ends(rule: str, dates: str) -> bool:
    try:
        return read_rule(rule).written == rule and (not dates or bool(end_dates.read_dates(dates)))
    except ValueError:
        return False


def record_with(
    image: Image, role: str, journal: Journal | None = None, ends: str | None = None
) -> Mapping[str, str]:
    """Build the image's record again, with this role and journal, as a change of the image.

    :param ends: see `Family`; None for those that it has
    """
    record = family_record(image)
    if record is None or image.owner is None:
        raise ValueError(f"{image.id} has no family")
    written = journal.written if journal else ""
    changed = replace(record, role=role, journal=written)
    if ends is not None:
        changed = replace(changed, ends=ends)
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


def returning_dates(image: Image) -> ReplacedDates | None:
    """Return the end dates that the image got when it was replaced, and of before, if it has them
    still: they are taken back when it becomes the latest version again.
    """
    record = family_record(image)
    if record is None or record.role != FORMER or not record.ends:
        return None
    replaced = read_replaced(record.ends)
    today = datetime.now(UTC).date()
    return replaced.returning(end_dates_of(image), today) if replaced else None


def dates_as_latest(image: Image) -> EndDates | None:
    """Return the end dates that the image has as the latest version."""
    replaced = returning_dates(image)
    return replaced.before if replaced else end_dates_of(image)


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
