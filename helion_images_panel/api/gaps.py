# SPDX-License-Identifier: Apache-2.0
"""Stretches of Glance's list without an image of a domain, which need not be read again.

The images of a domain with many projects are picked out of the list of the whole cloud.
Where others' images follow each other for long, the place behind them is cached. Between
two images of a list, another one can come only by a change, and Glance lists what has
changed since a time. So a stretch is still empty if neither of its ends has changed, no
changed image of the domain sorts between them, and the domain has the same projects.
Losing an entry costs only time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from helion_images_panel import conf
from helion_images_panel.api import cache, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import Order
from helion_images_panel.core.order_parts import Part
from helion_images_panel.core.query import ImageQuery

#: Seconds for which a stretch is cached. Rows that are restored into Glance's database
#: with an old time of their last change are missed as long.
CACHED_S = 3600

#: Share of the images that one response may look at that is worth an entry: of others only.
MIN_SHARE = 20

#: Maximum number of changed images with which a stretch is still examined: those of the
#: domain, and the ends of the stretch, fit into one request.
MAX_CHANGED = 1000
MAX_SORTED = 70

#: Maximum number of stretches, each from the end of the other, that are joined.
MAX_JOINED = 100

#: Seconds by which the clocks of Glance's hosts may differ.
CLOCKS_S = 60

#: The end of a stretch that reaches to the end of its part of the list.
END = "end"


@dataclass(frozen=True)
class Stretch:
    """No image of the domain was behind `start`, up to and with `end`, since a time.

    :ivar start: the ID of an image; empty for the start of the part
    :ivar end: the ID of an image, or END
    :ivar expires_at: seconds since the epoch
    """

    start: str
    end: str
    since: datetime
    expires_at: float = 0.0


class Gaps:
    """The known stretches of one list in one direction.

    :param owners: the projects of the domain
    :param ranks: returns the places of images in the list, by ID; missing ones are left out
    :ivar is_used: whether the page begins, or goes on, at the end of a stretch
    """

    def __init__(
        self,
        request: Request,
        query: ImageQuery,
        order: Order,
        backwards: bool,
        owners: frozenset[str],
        ranks: Callable[[Sequence[str]], Mapping[str, int]],
    ):
        self._request = request
        self._owners = owners
        self._ranks = ranks
        self._hidden = ImageQuery(hidden=query.hidden).glance_parameters()
        self._began = time.monotonic()
        self.is_used = False
        self._since: datetime | None = None
        self._changed: dict[datetime, list[Image] | None] = {}
        parts = (order, backwards, query.hidden, *sorted(owners))
        digest = hashlib.sha256(repr(parts).encode()).hexdigest()
        self._prefix = f"{client.cache_key(request, 'gap')}.{digest[:32]}"

    def behind(self, part: Part, start: str) -> Stretch | None:
        """Return the longest known stretch behind this image that is still empty.

        Requests to Glance: one for the changes, one if some are of the domain.
        """
        links = self._links(part, start)
        changed = self._changed_since(min(link.since for link in links)) if links else None
        if changed is None:
            return None
        moved = {image.id for image in changed}
        known: Stretch | None = None
        for link in links:
            if link.start in moved or link.end in moved:
                break
            known = joined(known, link) if known else link
        own = [image.id for image in changed if image.owner in self._owners]
        if known is None or not self._is_empty(known, own):
            return None
        if known.end != links[0].end:
            self._put(part, known)
        self.is_used = True
        return known

    def _links(self, part: Part, start: str) -> list[Stretch]:
        """Return the cached stretches behind this image, each from the end of the other."""
        links: list[Stretch] = []
        ends = {start}
        while len(links) < MAX_JOINED and start != END:
            entry = cache.get(self._key(part, start))
            if not isinstance(entry, Stretch) or entry.end in ends:
                break
            links.append(entry)
            ends.add(entry.end)
            start = entry.end
        return links

    def record(self, part: Part, start: str, end: str, known: Stretch | None) -> None:
        """Cache a stretch that this page has read.

        :param known: the beginning of it, if that was known before
        """
        if self._since is None:
            self._since = self._began_at()
        if self._since:
            read = Stretch(start, end, self._since, time.time() + CACHED_S)
            self._put(part, joined(known, read) if known else read)

    def forget(self, part: Part, start: str) -> None:
        """Drop the stretch behind this image: another image of the domain follows."""
        cache.delete(self._key(part, start))

    def _began_at(self) -> datetime | None:
        """A time, by Glance's clock, at which the page had not yet read anything.

        The last change of any image is in the past of that clock.
        """
        query = {"visibility": "all", **self._hidden, "sort": "updated_at:desc", "limit": 1}
        last = _parsed(client.get(self._request, "/v2/images", query))
        at = _time(last[0].updated_at) if last else None
        passed = timedelta(seconds=time.monotonic() - self._began + CLOCKS_S)
        return at - passed if at else None

    def _put(self, part: Part, stretch: Stretch) -> None:
        left_s = stretch.expires_at - time.time()
        if left_s > 0:
            cache.set(self._key(part, stretch.start), stretch, left_s)

    def _key(self, part: Part, start: str) -> str:
        digest = hashlib.sha256(repr((part.name, part.sort, start)).encode()).hexdigest()
        return f"{self._prefix}.{digest[:32]}"

    def _is_empty(self, stretch: Stretch, own: Sequence[str]) -> bool:
        """Whether none of the domain's changed images is between the ends."""
        if not own:
            return True
        if len(own) > MAX_SORTED:
            return False
        outer = [each for each in (stretch.start, stretch.end) if each and each != END]
        ranks = self._ranks([*own, *outer])
        if any(each not in ranks for each in outer):
            return False
        first = ranks[stretch.start] if stretch.start else -1
        last = ranks[stretch.end] if stretch.end != END else len(ranks)
        return not any(first < ranks.get(image_id, -1) < last for image_id in own)

    def _changed_since(self, since: datetime) -> list[Image] | None:
        """Return the images that were changed since then; None if they are too many."""
        if since not in self._changed:
            query = {
                "visibility": "all",
                **self._hidden,
                "updated_at": f"gte:{since:%Y-%m-%dT%H:%M:%SZ}",
                "sort": "updated_at:desc",
                "limit": MAX_CHANGED,
            }
            body = client.get(self._request, "/v2/images", query)
            self._changed[since] = None if body.get("next") else _parsed(body)
        return self._changed[since]


class Trail:
    """What a search has passed in one part of a list since its last find.

    :param gaps: None if nothing is to be cached
    """

    def __init__(self, gaps: Gaps | None, part: Part):
        self._gaps = gaps
        self._part = part
        self._begin(part.marker or "")

    def _begin(self, start: str) -> None:
        self._start = start
        self._end = ""
        self._rows = 0
        self._known: Stretch | None = None
        self._is_asked = False

    def next_marker(self, marker: str | None, read: Sequence[Image] = ()) -> str | None:
        """Return where to read on: at the marker, or behind a stretch that begins at the last
        find; END if nothing is left.

        :param read: the response that ended at the marker
        """
        if self._gaps is None or self._is_asked:
            return marker
        self._is_asked = True
        known = self._gaps.behind(self._part, self._start)
        if known is None or any(image.id == known.end for image in read):
            return marker
        self._known, self._end = known, known.end
        return known.end

    def passes(self, image: Image, is_found: bool, is_marker: bool = True) -> None:
        """
        :param is_marker: whether Glance can continue the part after this image
        """
        if is_found:
            self.stop()
            self._begin(image.id)
            return
        self._rows += 1
        if is_marker:
            self._end = image.id

    def stop(self, at_end: bool = False) -> None:
        """Record what was passed; the search goes on elsewhere, or the part is over."""
        if self._gaps is None:
            return
        end = END if at_end else self._end
        if end and self._rows >= max(1, conf.SEARCH_ROWS.value // MIN_SHARE):
            self._gaps.record(self._part, self._start, end, self._known)
        elif self._is_asked and self._known is None:
            self._gaps.forget(self._part, self._start)


def joined(first: Stretch, second: Stretch) -> Stretch:
    """Join two stretches, of which the second begins in the first or at its end."""
    since = min(first.since, second.since)
    expires_at = min(first.expires_at, second.expires_at)
    return Stretch(first.start, second.end, since, expires_at)


def _parsed(body: shapes.Json) -> list[Image]:
    return [shapes.parsed(Image.from_glance, row) for row in shapes.rows(body, "images")]


def _time(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
