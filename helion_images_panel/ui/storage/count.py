# SPDX-License-Identifier: Apache-2.0
"""A count of all images of a panel, in steps that each take a moment.

No thread and no session has it between two steps: the page has it, signed for its user, and
sends it with the request for the next step. The result is cached.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from helion_images_panel import conf
from helion_images_panel.api import cache, client, image_portions
from helion_images_panel.core.filter_values import parse_day
from helion_images_panel.core.glance_time import TIME_FORMAT
from helion_images_panel.core.image import Image
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.core.storage import AGES_DAYS, Day, Days, Figures
from helion_images_panel.ui.base import markers
from helion_images_panel.ui.scopes.scope import PanelScope

#: Seconds after which a step requests no further images; nor does it look at more of them
#: than one response of the list.
STEP_S = 1.0

#: Seconds for which a result is cached; the page says how old it is.
CACHED_S = 24 * 3600

#: Seconds for which a step can be followed by the next one.
CONTINUED_S = 3600

#: Share of a list's progress that its hidden images are: Glance lists them separately.
_HIDDEN_SHARE = 0.05

Lists = Sequence[tuple[HttpRequest, Source]]


class NotContinued(Exception):
    """A count that was not begun by this user for these projects, or long ago."""


@dataclass
class Count:
    """How far a count is.

    :ivar part: number of the part that is read next; each list has two, the second one with
        the hidden images
    :ivar markers: where that part is read on: see `image_portions`
    :ivar percent: 100 once all images are counted
    :ivar counted_at: when that was; empty before
    """

    figures: Figures
    part: int = 0
    markers: tuple[str, ...] = ()
    percent: int = 0
    counted_at: str = ""

    @property
    def is_whole(self) -> bool:
        return bool(self.counted_at)


def begun() -> Count:
    return Count(Figures(_days()))


def advance(lists: Lists, count: Count) -> None:
    """Count the next images."""
    parts = [(*each, hidden) for each in lists for hidden in ("", "true")]
    began, rows_left = time.monotonic(), conf.SEARCH_ROWS.value
    while count.part < len(parts) and rows_left > 0:
        request, source, hidden = parts[count.part]
        parameters = source.parameters(ImageQuery(hidden=hidden)) or {}
        found = image_portions.portion(request, parameters, count.markers, rows_left)
        own = [image for image in found.images if _is_of(source, image)]
        for image in own:
            count.figures.add(image)
        rows_left -= len(found.images)
        count.markers = found.markers
        if not count.markers:
            count.part += 1
        count.percent = max(count.percent, _percent(count, len(lists), own))
        if time.monotonic() - began >= STEP_S:
            break
    if count.part >= len(parts):
        count.percent, count.counted_at = 100, datetime.now(UTC).strftime(TIME_FORMAT)


def _is_of(source: Source, image: Image) -> bool:
    return source.has(image) and source.owner in (None, image.owner)


def _percent(count: Count, lists: int, own: Sequence[Image]) -> int:
    """Estimate the progress: IDs are random, and the list is in their order.

    Only IDs of the panel's own images count: of others, not even the number is for the user.
    """
    at, is_hidden = divmod(count.part, 2)
    share = _HIDDEN_SHARE if is_hidden else 1 - _HIDDEN_SHARE
    within = (1 - _HIDDEN_SHARE) * is_hidden
    if count.markers and own:
        # A client may choose an ID that begins with other characters.
        with suppress(ValueError):
            within += share * int(own[-1].id[:8], 16) / 16**8
    return min(99, int(100 * (at + within) / lists))


def _days() -> Days:
    zone, today = timezone.get_current_timezone(), timezone.localdate()

    def day(days_ago: int) -> Day:
        iso = (today - timedelta(days=days_ago)).isoformat()
        return Day(iso, parse_day(iso, zone, is_end=False).strftime(TIME_FORMAT))

    return Days(tuple(map(day, AGES_DAYS)), day(1), day(2).iso)


def key_of(request: HttpRequest, scope: PanelScope, lists: Lists) -> str:
    """Return the cache key of the result, which is also what the steps are signed for.

    It names the user with all roles, the panel, the region, and exactly the projects whose
    images are counted, which the scope has just checked: a result, or a step, of somebody
    else or of other projects has another key.
    """
    user: Any = request.user
    roles = sorted(role["name"] for role in user.roles)
    projects = [source.owner or sorted(source.owners or ()) for _request, source in lists]
    counted = (user.id, user.project_id, roles, scope.image_namespace, scope.domain_id, projects)
    hashed = hashlib.sha256(repr(counted).encode()).hexdigest()[:32]
    return client.cache_key(request, f"storage.{hashed}")


def sealed(count: Count, key: str) -> str:
    """Return the count as a text that only `unsealed` can read on.

    The user may read the figures in it, which are on the page; the markers may be images of
    others.
    """
    place = [count.part, markers.sealed(" ".join(count.markers), key), count.percent]
    return signing.dumps([count.figures.to_json(), *place], salt=key, compress=True)


def unsealed(text: str, key: str) -> Count:
    """Raise NotContinued unless `sealed` made the text for this key of late."""
    try:
        figures, part, sealed_markers, percent = signing.loads(text, salt=key, max_age=CONTINUED_S)
    except signing.BadSignature as error:
        raise NotContinued() from error
    found = markers.unsealed(sealed_markers, key)
    if found is None:
        raise NotContinued()
    return Count(Figures.from_json(figures), part, tuple(found.split()), percent)


def cached(key: str) -> Count | None:
    entry = cache.get(key)
    if not entry:
        return None
    figures, counted_at = entry
    return Count(Figures.from_json(figures), percent=100, counted_at=counted_at)


def store(count: Count, key: str) -> None:
    cache.set(key, (count.figures.to_json(), count.counted_at), CACHED_S)
