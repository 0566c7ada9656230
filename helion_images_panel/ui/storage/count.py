# SPDX-License-Identifier: Apache-2.0
"""A count of all images of a panel, in steps: see `walk`. The result is cached."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from helion_images_panel.api import cache, client
from helion_images_panel.core.filter_values import parse_day
from helion_images_panel.core.glance_time import TIME_FORMAT
from helion_images_panel.core.storage import AGES_DAYS, Day, Days, Figures
from helion_images_panel.ui.base import walk
from helion_images_panel.ui.base.walk import Lists, Walk
from helion_images_panel.ui.scopes.scope import PanelScope

#: Seconds for which a result is cached; the page says how old it is.
CACHED_S = 24 * 3600


@dataclass
class Count:
    """How far a count is.

    :ivar counted_at: when all images were counted; empty before
    """

    figures: Figures
    walk: Walk = field(default_factory=Walk)
    counted_at: str = ""

    @property
    def is_whole(self) -> bool:
        return bool(self.counted_at)

    @property
    def percent(self) -> int:
        return self.walk.percent


def begun() -> Count:
    return Count(Figures(_days()))


def advance(lists: Lists, count: Count) -> None:
    """Count the next images."""
    walk.advance(lists, count.walk, count.figures.add)
    if count.walk.is_over:
        count.counted_at = datetime.now(UTC).strftime(TIME_FORMAT)


def _days() -> Days:
    zone, today = timezone.get_current_timezone(), timezone.localdate()

    def day(days_ago: int) -> Day:
        iso = (today - timedelta(days=days_ago)).isoformat()
        return Day(iso, parse_day(iso, zone, is_end=False).strftime(TIME_FORMAT))

    return Days(tuple(map(day, AGES_DAYS)), day(1), day(2).iso)


def key_of(request: HttpRequest, scope: PanelScope, lists: Lists) -> str:
    """Return the cache key of the result, which is also what the steps are signed for."""
    name = walk.name_of(request, scope, lists)
    return client.cache_key(request, f"storage.{name}")


def sealed(count: Count, key: str) -> str:
    return walk.sealed(count.figures.to_json(), count.walk, key)


def unsealed(text: str, key: str) -> Count:
    """Raise NotContinued unless `sealed` made the text for this key of late."""
    figures, place = walk.unsealed(text, key)
    return Count(Figures.from_json(figures), place)


def cached(key: str) -> Count | None:
    entry = cache.get(key)
    if not entry:
        return None
    figures, counted_at = entry
    return Count(Figures.from_json(figures), Walk(percent=100), counted_at)


def store(count: Count, key: str) -> None:
    cache.set(key, (count.figures.to_json(), count.counted_at), CACHED_S)
