# SPDX-License-Identifier: Apache-2.0
"""Stretches of Glance's list that were read before, for domains with many projects.

The images of such a domain are picked out of the list of the whole cloud. Where most images
are others', the IDs of the domain's are cached, in the order of the list. Images that have
not changed since are still in this order, with no other one between them. So a page takes
the IDs behind its marker, lists what was changed since behind the same marker, and has
Glance sort both together. The cache only says which images to ask for: each is read anew,
and its owner compared. Losing an entry costs only time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from helion_images_panel import conf, exceptions
from helion_images_panel.api import cache, client, forgiven, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.api.search import Search
from helion_images_panel.core.glance_time import TIME_FORMAT, time_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import Order, Row
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.stretch import END, Stretch, Trail

#: Seconds for which a stretch is cached. Rows that are written into Glance's database with
#: an old time of their last change are missed as long.
CACHED_S = 4 * 3600

#: Share of the images that one response may look at from which on a stretch is cached.
MIN_SHARE = 20

#: Maximum number of stretches of one list, and of the IDs in all of them.
MAX_STRETCHES = 6
MAX_IDS = 10_000

#: Maximum number of changed images, and of known ones, that Glance sorts together: with the
#: marker, they fit into one request.
MAX_CHANGED = 25
MAX_KNOWN = 54

#: How many more IDs a page takes than it needs: some images may have been deleted.
SPARE = 5

#: Seconds that the clocks of Glance's hosts may differ, and that a change may take.
CLOCKS_S = 120


@dataclass(frozen=True)
class Lists:
    """How the list is read.

    :ivar in_order: returns the images with these IDs that it has, in the order of reading
    :ivar changed: returns up to so many images of the domain that were changed since a time,
        from a cursor on, and whether these are all
    """

    in_order: Callable[[Sequence[str]], Sequence[Row]]
    changed: Callable[[str, Cursor, int], tuple[Sequence[Row], bool]]


class Stretches:
    """The known stretches of one list.

    :param owners: the projects of the domain
    """

    def __init__(
        self,
        request: Request,
        query: ImageQuery,
        order: Order,
        backwards: bool,
        owners: frozenset[str],
        lists: Lists,
    ):
        self._request = request
        self._hidden = ImageQuery(hidden=query.os_hidden).glance_parameters()
        self._owners = owners
        self._lists = lists
        self._began = time.monotonic()
        # Ascending and descending are one list, but for images without a size, which are
        # always last.
        is_one_way = order.key == "size"
        self._is_turned = backwards if is_one_way else order.descending != backwards
        place = (order.key, order.nulls_last, is_one_way and order.descending, query.os_hidden)
        digest = hashlib.sha256(repr((place, *sorted(owners))).encode()).hexdigest()
        self._key = client.cache_key(request, "stretches") + f".{digest[:32]}"

    def read(
        self, cursor: Cursor, limit: int, search: Search
    ) -> tuple[Sequence[Row], Cursor | None]:
        """Return up to `limit` rows behind the cursor that are known, and where to read on;
        None if the page ends with them.
        """
        stretches = self._cached()
        place = (cursor.marker or "", cursor.part)
        stretch = next((each for each in stretches if each.goes_on_after(place)), None)
        if stretch is None:
            return (), cursor
        window = _Window(stretch, cursor, self._lists)
        rows: list[Row] = []
        while not window.is_over:
            wanted = MAX_KNOWN if search.query.is_searched else limit - len(rows)
            if not window.moves(wanted):
                break  # Too much has changed, or the marker itself.
            own = [row for row in window.rows if search.source.has(row.image)]
            search.count(window.rows_read, len(own))
            rows += [row for row in own if search.query.is_found(row.image)]
            if len(rows) >= limit:
                return rows[:limit], None
            if search.is_spent and window.rows and not window.is_over:
                last = window.rows[-1]
                is_shown = rows[-1:] == [last]
                stop = replace(last, is_shown=is_shown, is_stop=True)
                return [*(rows[:-1] if is_shown else rows), stop], None
        is_end = window.is_over and stretch.end == END
        return rows, None if is_end else window.cursor

    def record(self, trail: Trail, is_at_end: bool) -> None:
        """Cache what a page has read, joined with what is known before it; nothing if Glance
        fails, as the page has its rows.
        """
        try:
            self._record(trail, is_at_end)
        except exceptions.ImageServiceError as error:
            forgiven.log("what was read of a list", error)

    def _record(self, trail: Trail, is_at_end: bool) -> None:
        found = trail.read(max(1, conf.SEARCH_ROWS.value // MIN_SHARE), is_at_end)
        since = self._began_at() if found else None
        if found is None or since is None:
            return
        start, end, places = found
        joint = self._lists.in_order([start[0]]) if start != END else []
        if start != END and not (joint and joint[0].key == start):
            # It was deleted, or belongs to another part of the list: it has no place here.
            places = [place for place in places if place != start]
        stretch = Stretch(start, end, tuple(places), since, time.time() + CACHED_S)
        others = self._cached()
        before = next((each for each in others if each.meets(stretch)), None)
        # If it has moved meanwhile, its old place and its new one do not meet.
        if before and joint and is_unchanged(joint[0].image, before.since):
            others.remove(before)
            stretch = before.joined(stretch, joint[0].image.owner in self._owners)
        self._store([stretch, *others])

    def _began_at(self) -> str | None:
        """Return a time by Glance's clock at which the page had not yet read anything.

        The last change of any image is in the past of that clock.
        """
        query = {"visibility": "all", **self._hidden, "sort": "updated_at:desc", "limit": 1}
        body = client.get(self._request, "/v2/images", query)
        last = [shapes.parsed(Image.from_glance, row) for row in shapes.rows(body, "images")]
        changed_at = time_of(last[0].updated_at) if last else None
        if changed_at is None:
            return None
        passed = timedelta(seconds=time.monotonic() - self._began + CLOCKS_S)
        return (min(changed_at, datetime.now(UTC)) - passed).strftime(TIME_FORMAT)

    def _cached(self) -> list[Stretch]:
        entry = cache.get(self._key)
        if not isinstance(entry, tuple):
            return []
        now = time.time()
        found = [each for each in entry if isinstance(each, Stretch) and each.expires_at > now]
        return [each.turned for each in found] if self._is_turned else found

    def _store(self, stretches: Sequence[Stretch]) -> None:
        kept: list[Stretch] = []
        ids = 0
        for stretch in stretches[:MAX_STRETCHES]:
            ids += len(stretch.places)
            if ids > MAX_IDS:
                break
            kept.append(stretch.turned if self._is_turned else stretch)
        if kept:
            cache.set(self._key, tuple(kept), CACHED_S)


class _Window:
    """Walks along a stretch from a cursor on, some images at a time.

    :ivar rows: the images that come next, in the order of reading; of any owner
    :ivar rows_read: number of images that Glance has returned for them
    :ivar cursor: where they end
    :ivar is_over: whether nothing more is known
    """

    def __init__(self, stretch: Stretch, cursor: Cursor, lists: Lists):
        self._stretch = stretch
        self._lists = lists
        self._index = stretch.index_after((cursor.marker or "", cursor.part)) or 0
        self._is_begun = False
        self.cursor = cursor
        self.rows: Sequence[Row] = ()
        self.rows_read = 0
        self.is_over = False

    def moves(self, wanted: int) -> bool:
        """Read on; return False if what is known does not lead on."""
        stretch, begin = self._stretch, -1
        places = stretch.places[self._index : self._index + min(wanted + SPARE, MAX_KNOWN)]
        ids = [image_id for image_id, _part in places]
        changed, are_all = self._lists.changed(stretch.since, self.cursor, MAX_CHANGED)
        marker = [self.cursor.marker] if self.cursor.marker else []
        rows = self._lists.in_order([*marker, *ids, *(row.image.id for row in changed)])
        self.rows_read = len(rows) + len(changed)
        ranks = {row.image.id: rank for rank, row in enumerate(rows)}
        if marker:
            if marker[0] not in ranks:
                return False
            begin = ranks[marker[0]]
            # Its place among the IDs is that of before.
            if not (self._is_begun or is_unchanged(rows[begin].image, stretch.since)):
                return False
        known = {
            each: ranks[each]
            for each in ids
            if each in ranks and is_unchanged(rows[ranks[each]].image, stretch.since)
        }
        if sorted({begin, *known.values()}) != [begin, *known.values()]:
            return False  # Glance sorts in another way than before.

        is_last = self._index + len(ids) >= len(stretch.places)
        leads_to_end = is_last and stretch.end == END
        end = len(rows) - 1 if leads_to_end else max(known.values(), default=begin)
        passed = len(ids)
        last = max((ranks.get(row.image.id, begin) for row in changed), default=begin)
        if not are_all and last < end:
            # Behind the last of them, another changed image may be next.
            end = last
            behind = (index for index, each in enumerate(ids) if known.get(each, -1) > end)
            passed = next(behind, len(ids))
        is_over = is_last and passed == len(ids) and (are_all or not leads_to_end)
        if end == begin and not passed and not is_over:
            return False
        self.rows = rows[begin + 1 : end + 1]
        if self.rows:
            row = self.rows[-1]
            self.cursor = Cursor(row.image.id, self.cursor.backwards, row.part)
        self._index += passed
        self._is_begun = True
        self.is_over = is_over
        return True


def is_unchanged(image: Image, since: str) -> bool:
    return bool(image.updated_at and image.updated_at < since)
