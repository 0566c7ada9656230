# SPDX-License-Identifier: Apache-2.0
"""What the dates of images, and stored rules, ask for: images are hidden, deactivated and
deleted, and deleted permanently when their time to be restored is over.

Only records that this dashboard has signed are trusted. Each image is read again before it is
changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from helion_images_panel import conf, exceptions
from helion_images_panel.api import image_pages, projects
from helion_images_panel.core import deletion, end_dates
from helion_images_panel.core import rules as found_by
from helion_images_panel.core.image import Image
from helion_images_panel.publishing import end_dates as steps
from helion_images_panel.publishing import rules
from helion_images_panel.publishing.deletion import (
    NotDeleted,
    NotDue,
    Protected,
    delete_on_its_day,
    delete_when_due,
)

#: What is done to an image.
HIDE, DEACTIVATE, UNPROTECT = "hide", "deactivate", "unprotect"
DELETE, DELETE_PERMANENTLY = "delete", "delete_permanently"

#: Why an image is kept on the day of its deletion.
_PROTECTED = "it is protected"
_CHANGED = "it has changed in the meantime"

#: Why an image is kept that a rule is about.
KEPT_BY_RULES = {
    found_by.PROTECTED: _PROTECTED,
    found_by.PUBLISHED: "it is published",
    found_by.PUBLIC: "it is public",
    found_by.COMMUNITY: "it is a community image",
    found_by.VOLUME_DATA: "its data is in volumes",
    found_by.SHELVED: "it may have the data of a shelved instance",
    found_by.SHARED: "it is shared",
    found_by.IN_USE: "it is in use",
    found_by.BOOTED: "it is the kernel or ramdisk of other images",
    found_by.USE_UNKNOWN: "it is not known whether it is in use",
    found_by.RECEIVES_DATA: "it receives data",
    found_by.NEXT_VERSION: "it may become the next version of its family",
    found_by.NOT_RESTORABLE: "it could not be restored",
    found_by.NOT_OWN: "it belongs to another project",
    found_by.NOT_ALLOWED: "policy does not allow it",
    found_by.DELETED: "it is deleted already",
    found_by.CHANGED: _CHANGED,
}

#: What Glance can tell of the images.
_DATED = {"visibility": "all", end_dates.MARK: end_dates.MARKED}
_DELETED = {"visibility": "private", "status": "deactivated"}


@dataclass(frozen=True)
class Applied:
    """One step for one image: done, or to be done in a dry run; `error` if it could not be.

    `kept` is why the image was left as it is, without an error: it is protected, or was changed
    or deleted by another user in the meantime.

    :ivar image: None for a rule, or all rules of a domain, that cannot be applied
    :ivar rule: such as "snapshots 180"; empty for what a date asks for
    :ivar domain_id: of the rule
    :ivar projects: IDs of those that the rule is limited to; empty for no limit
    """

    image: Image | None
    step: str
    error: str = ""
    kept: str = ""
    rule: str = ""
    domain_id: str = ""
    projects: tuple[str, ...] = ()


def run(
    request: Any, now: datetime, domain_ids: Sequence[str] = (), dry_run: bool = False
) -> Iterator[Applied]:
    """Do what is due, image by image, and apply the stored rules. The caller is an admin; all
    domains without `domain_ids`.

    Raise ImageServiceError if the images cannot be listed further, and SessionEnded: the
    results yielded before are valid.
    """
    owners = _owners(request, domain_ids) if domain_ids else None
    for image, step in _due(request, now):
        if owners is None or image.owner in owners:
            yield _planned(image, step, now) if dry_run else _applied(request, image, step, now)
    for found in rules.apply_rules(request, now, domain_ids, dry_run):
        yield _by_rule(found)


def _owners(request: Any, domain_ids: Sequence[str]) -> set[str]:
    return {
        project.id
        for domain_id in domain_ids
        for project in projects.projects_now(request, domain_id)
    }


def _due(request: Any, now: datetime) -> Iterator[tuple[Image, str]]:
    today = now.astimezone(UTC).date()
    for image in image_pages.all_images(request, _DATED):
        for step in _steps(image, today):
            yield image, step
    for image in image_pages.hidden_images(request, _DELETED):
        if deletion.is_due(image, now):
            yield image, DELETE_PERMANENTLY


def _steps(image: Image, today: date) -> Iterator[str]:
    """Yield what the days of the image ask for, in this order."""
    dates = end_dates.end_dates_of(image)
    if dates is None or not end_dates.is_due(image, today):
        return
    if end_dates.is_to_be_unprotected(image, dates, today):
        yield UNPROTECT
    if dates.is_to_be_deleted(today):
        is_kept = conf.RESTORE_DAYS.value > 0 and deletion.has_restorable_state(image)
        yield DELETE if is_kept else DELETE_PERMANENTLY
    elif end_dates.changes_for_today(image, dates, today) or end_dates.is_to_be_deactivated(
        image, dates
    ):
        yield DEACTIVATE if dates.state(today) == end_dates.OBSOLETE else HIDE


def _planned(image: Image, step: str, now: datetime) -> Applied:
    dates = end_dates.end_dates_of(image)
    ends = dates and end_dates.is_to_be_unprotected(image, dates, now.astimezone(UTC).date())
    is_kept = image.protected and not ends and step in (DELETE, DELETE_PERMANENTLY)
    return Applied(image, step, kept=_PROTECTED if is_kept else "")


def _by_rule(found: rules.Applied) -> Applied:
    rule = found.rule.rule if found.rule else None
    return Applied(
        found.image,
        DELETE_PERMANENTLY if found.is_permanent else DELETE,
        found.error,
        KEPT_BY_RULES.get(found.kept, found.kept),
        f"{rule.kind} {rule.number or ''}".rstrip() if rule else "",
        found.domain_id,
        rule.projects if rule else (),
    )


def _applied(request: Any, image: Image, step: str, now: datetime) -> Applied:
    result = Applied(image, step)
    try:
        _apply(request, image, step, now)
    except (NotDeleted, NotDue, exceptions.ImageNotFound):
        return replace(result, kept=_CHANGED)
    except Protected:
        return replace(result, kept=_PROTECTED)
    except exceptions.ImageServiceError as error:
        return replace(result, error=str(error))
    return result


def _apply(request: Any, image: Image, step: str, now: datetime) -> None:
    today = now.astimezone(UTC).date()
    if deletion.is_deleted(image):
        delete_when_due(request, image, now)
    elif step in (DELETE, DELETE_PERMANENTLY):
        by, days = request.user.username or "", int(conf.RESTORE_DAYS.value)
        delete_on_its_day(request, image, today, by, days)
    elif steps.apply(request, image, today) is None:
        raise NotDue()
