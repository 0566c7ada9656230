# SPDX-License-Identifier: Apache-2.0
"""What the images of a domain stored on past days, as a text in Glance: see `domain_texts`."""

from __future__ import annotations

import logging

from helion_images_panel.api import client, domain_texts, lock
from helion_images_panel.api.client import Request
from helion_images_panel.api.domain_texts import Kind
from helion_images_panel.core.audit import log_safe
from helion_images_panel.core.storage_days import DayFigures, days_of, signed_days, with_day

LOG = logging.getLogger(__name__)

_DAYS = Kind(
    "helion_storage_",
    "days",
    "Figures by day",
    "Figures of Storage",
    "What the images of a domain stored on past days, signed by the dashboard.",
)


def days_get(request: Request, domain_id: str) -> tuple[DayFigures, ...] | None:
    """Return the figures of a domain, or of ALL_DOMAINS; None if their signature is not valid.
    One request.
    """
    text = domain_texts.text_get(request, _DAYS, domain_id)
    return () if text is None else days_of(domain_id, text)


def add_day(request: Request, domain_id: str, figures: DayFigures) -> tuple[DayFigures, ...]:
    """Add the figures of a day unless it has some, and return all; those before count for nothing
    if their signature is not valid.

    Two writers follow each other if they share a cache. Otherwise one of two figures of the same
    day is left.
    """
    with lock.brief(client.cache_key(request, f"storage_stored.{domain_id}")):
        found = days_get(request, domain_id)
        if found is None:
            LOG.warning(
                "Figures of %s begin anew: this dashboard has not signed those before",
                log_safe(domain_id),
            )
        days = with_day(found or (), figures)
        if found != days:
            domain_texts.text_set(request, _DAYS, domain_id, signed_days(domain_id, days))
    return days


def domain_ids(request: Request) -> list[str]:
    """Return the domains that have figures, ALL_DOMAINS among them; the caller is an admin."""
    return domain_texts.domain_ids(request, _DAYS)
