# SPDX-License-Identifier: Apache-2.0
"""Figures of a further day, for domains whose storage somebody has looked at before."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from helion_images_panel.api import image_portions, projects, storage_days
from helion_images_panel.core.audit import log_safe
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.core.storage import Tally, stored_bytes
from helion_images_panel.core.storage_days import DayFigures
from helion_images_panel.core.stored_rules import ALL_DOMAINS

LOG = logging.getLogger(__name__)


def record(request: Any, now: datetime, domain_ids: Sequence[str] = ()) -> int:
    """Add today's figures to those that are in Glance; return the number of records changed.

    Without a record that lacks them, no image is read; else all are, once. The caller is a cloud
    admin; all domains without `domain_ids`. Raise ImageServiceError if that cannot be done.
    """
    today = now.astimezone(UTC).date().isoformat()
    due = [
        domain_id
        for domain_id in storage_days.domain_ids(request)
        if (not domain_ids or domain_id in domain_ids) and _lacks(request, domain_id, today)
    ]
    if not due:
        return 0
    owners = {
        domain_id: {project.id for project in projects.projects_now(request, domain_id)}
        for domain_id in due
        if domain_id != ALL_DOMAINS
    }
    by_owner = _by_owner(request)
    for domain_id in due:
        total = _sum(by_owner, owners.get(domain_id))
        storage_days.add_day(request, domain_id, DayFigures(today, total.images, total.size_bytes))
    return len(due)


def _lacks(request: Any, domain_id: str, today: str) -> bool:
    days = storage_days.days_get(request, domain_id)
    if days is None:
        LOG.warning("Figures of %s are not signed by this dashboard", log_safe(domain_id))
        return False
    return all(each.day != today for each in days)


def _by_owner(request: Any) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for hidden in ("", "true"):
        parameters = Source(visibility="all").parameters(ImageQuery(hidden=hidden)) or {}
        for image in image_portions.whole(request, parameters):
            if not is_deleted(image):
                found.setdefault(image.owner or "", Tally()).add(image, stored_bytes(image))
    return found


def _sum(by_owner: dict[str, Tally], owners: Collection[str] | None) -> Tally:
    """:param owners: None for all"""
    total = Tally()
    for owner, tally in by_owner.items():
        if owners is None or owner in owners:
            total.merge(tally)
    return total
