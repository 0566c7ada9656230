# SPDX-License-Identifier: Apache-2.0
"""A count of all images of a panel, in steps: see `walk`. The result is cached."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from helion_images_panel.api import cache, client
from helion_images_panel.core.filter_values import parse_day
from helion_images_panel.core.glance_time import TIME_FORMAT
from helion_images_panel.core.image import Image
from helion_images_panel.core.storage import AGES_DAYS, Day, Days, Figures
from helion_images_panel.ui.base import walk
from helion_images_panel.ui.base.walk import Lists, Walk
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.storage import over_time, uses
from helion_images_panel.ui.storage.over_time import History
from helion_images_panel.ui.storage.uses import UseSearch

#: Seconds for which a result is cached; the page says how old it is.
CACHED_S = 24 * 3600

#: The same if a service has failed, which may respond in a moment.
FAILURE_CACHED_S = 120

#: Changes with what is cached and signed: after an upgrade the count begins anew.
_FORMAT = 3


@dataclass
class Count:
    """How far a count is: first all images are counted, then what uses them is read.

    :ivar counted_at: when that was done; empty before, as `history`
    """

    figures: Figures
    uses: UseSearch
    walk: Walk = field(default_factory=Walk)
    counted_at: str = ""
    history: History = field(default_factory=History)

    def add(self, image: Image) -> None:
        self.figures.add(image)
        self.uses.unused.add(image)

    @property
    def has_all_images(self) -> bool:
        return self.walk.is_over

    @property
    def is_whole(self) -> bool:
        return bool(self.counted_at)

    @property
    def percent(self) -> int:
        return self.walk.percent if self.is_whole else min(99, self.walk.percent)


def begun(request: HttpRequest, scope: PanelScope) -> Count:
    return Count(Figures(_days()), uses.begun(request, scope))


def advance(request: HttpRequest, scope: PanelScope, lists: Lists, count: Count) -> None:
    """Count the next images, or read what uses them."""
    search = count.uses
    if not count.walk.is_over:
        walk.advance(lists, count.walk, count.add)
        if not count.walk.is_over:
            return
        search.begin(request, uses.tokens_of(lists))
        if search.waiting:
            # The figures of the images do not wait for other services.
            return
    uses.advance(request, scope, lists, search)
    if search.is_over:
        count.history = over_time.record(request, scope, lists, count.figures.total)
        count.counted_at = datetime.now(UTC).strftime(TIME_FORMAT)


def _days() -> Days:
    zone, today = timezone.get_current_timezone(), timezone.localdate()

    def day(days_ago: int) -> Day:
        iso = (today - timedelta(days=days_ago)).isoformat()
        return Day(iso, parse_day(iso, zone, is_end=False).strftime(TIME_FORMAT))

    return Days(tuple(map(day, AGES_DAYS)), day(1), day(2).iso)


def key_of(request: HttpRequest, scope: PanelScope, lists: Lists) -> str:
    """Return the cache key of the result, which is also what the steps are signed for.

    Failures are in the language of the user.
    """
    name = walk.name_of(request, scope, lists)
    return client.cache_key(request, f"storage.{name}.{get_language()}.{_FORMAT}")


def sealed(count: Count, key: str) -> str:
    body = [count.figures.to_json(), count.uses.to_json(key)]
    return walk.sealed(body, count.walk, key)


def unsealed(text: str, key: str) -> Count:
    """Raise NotContinued unless `sealed` made the text for this key of late."""
    (figures, search), place = walk.unsealed(text, key)
    return Count(Figures.from_json(figures), UseSearch.from_json(search, key), place)


def cached(key: str) -> Count | None:
    entry = cache.get(key)
    if not entry:
        return None
    figures, search, counted_at, history = entry
    return Count(
        Figures.from_json(figures),
        UseSearch.from_json(search, key),
        Walk(percent=100),
        counted_at,
        History.from_json(history),
    )


def store(count: Count, key: str) -> None:
    entry = (
        count.figures.to_json(),
        count.uses.to_json(key),
        count.counted_at,
        count.history.to_json(),
    )
    has_failed = count.uses.has_failed or bool(count.history.problem)
    cache.set(key, entry, FAILURE_CACHED_S if has_failed else CACHED_S)
