# SPDX-License-Identifier: Apache-2.0
"""One list of Glance, read in an order from a cursor on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helion_images_panel import conf
from helion_images_panel.api import audit, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import BY_NAME, NO_SIZE, Order, Part, Row
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source

#: Maximum number of rows of one response: the default of Glance's api_limit_max.
ROWS_PER_CALL = 1000

#: Number of IDs that fits into one request line of all servers in use (4 KiB).
IDS_PER_CALL = 80

#: The same for each of many lists.
MIN_ROWS_PER_CALL = 100

#: How much larger the next response of a search is.
GROWTH = 4

#: Seconds after which a search requests no further rows for one page.
SEARCH_S = 1.5


class Search:
    """What one page looks for in all of its lists, and how far.

    :ivar looked_at: number of images that the search has compared with the query
    """

    def __init__(self, query: ImageQuery, source: Source | None = None, lists: int = 1):
        """:param lists: number of lists that are read for the page"""
        self.query = query
        self.source = source or Source()
        self.looked_at = 0
        # Several lists are read side by side, each at least for one response.
        most = max(ROWS_PER_CALL // max(1, lists), MIN_ROWS_PER_CALL)
        self.rows_per_call: int = min(conf.SEARCH_ROWS.value, most)
        self._rows_read = 0
        self._lock = threading.Lock()
        self._end = time.monotonic() + SEARCH_S

    @property
    def is_spent(self) -> bool:
        return self._rows_read >= conf.SEARCH_ROWS.value or time.monotonic() > self._end

    def rows_of_first_call(self, limit: int) -> int:
        """Begin small where many of the images may be shown: they are more than names."""
        if self.query.is_searched or not self.source.is_sifted:
            return self.rows_per_call
        return min(GROWTH * limit, self.rows_per_call)

    @property
    def is_needed(self) -> bool:
        """Whether images have to be looked at, because Glance cannot filter them."""
        return self.query.is_searched or self.source.is_sifted

    def finds(self, image: Image) -> bool:
        return self.source.has(image) and self.query.is_found(image)

    def count(self, rows_read: int, looked_at: int) -> None:
        with self._lock:
            self._rows_read += rows_read
            self.looked_at += looked_at


def list_rows(
    request: Request, parameters: Mapping[str, Any], cursor: Cursor, limit: int
) -> list[Image]:
    """Return up to `limit` images after the cursor, by name."""
    return [
        row.image for row in read(request, parameters, BY_NAME, cursor, limit, Search(ImageQuery()))
    ]


def by_id(ids: Sequence[str], query: ImageQuery) -> Mapping[str, str]:
    """Query parameters that select images by ID."""
    filters = ImageQuery(hidden=query.hidden).glance_parameters()
    return {"id": "in:" + ",".join(ids), "visibility": "all", **filters}


def read(
    request: Request,
    parameters: Mapping[str, Any],
    order: Order,
    cursor: Cursor,
    limit: int,
    search: Search,
) -> list[Row]:
    """Return up to `limit` images after the cursor that match the search.

    If the search has to stop before, the last row is the one where it has stopped.
    """
    rows: list[Row] = []
    for part in order.parts(cursor):
        left = limit - len(rows)
        for row in _rows(request, parameters, part, order, cursor.backwards, left, search):
            if row.is_shown:
                audit.seen(request, row.image)
            rows.append(row)
            if len(rows) >= limit or row.is_stop:
                return rows
    return rows


def _rows(
    request: Request,
    parameters: Mapping[str, Any],
    part: Part,
    order: Order,
    backwards: bool,
    limit: int,
    search: Search,
) -> Iterator[Row]:
    if part.name == NO_SIZE and not parameters.keys().isdisjoint(("size_min", "size_max")):
        return  # Images of this part do not match the filter.
    query = {**part.parameters, **parameters, "sort": part.sort}
    is_search = part.is_sparse or search.is_needed
    size = search.rows_of_first_call(limit) if is_search else limit
    most = search.rows_per_call if is_search else limit
    # Without a search, all that is read is shown.
    wanted = None if is_search else limit
    for page, more in _pages(request, query, part.marker, size, most, wanted):
        own = [image for image in page if part.belongs is None or part.belongs(image)]
        stops = False
        if is_search:
            search.count(len(page), sum(map(search.source.has, own)))
            stops = more and search.is_spent
        for image in page:
            belongs = part.belongs is None or part.belongs(image)
            if part.is_at_start and not belongs:
                return
            is_shown = belongs and search.finds(image)
            is_stop = stops and image is page[-1]
            if is_shown or is_stop:
                place = order.part_of(image) if belongs else part.name
                yield Row(image, place, is_shown, is_stop)
        if stops:
            return
        if more and part.is_whole and (name := order.part_of(page[-1])):
            # The next response could not begin after this image.
            for rest in order.parts(Cursor(page[-1].id, backwards, name)):
                yield from _rows(request, parameters, rest, order, backwards, limit, search)
            return


def _pages(
    request: Request,
    query: Mapping[str, Any],
    marker: str | None,
    size: int,
    most: int,
    wanted: int | None,
) -> Iterator[tuple[list[Image], bool]]:
    """Yield the images after the marker, response by response, and whether more follow.

    Responses begin with `size` images, and become larger up to `most`.

    :param wanted: number of images that are needed in all; None if it is not known
    """
    read = 0
    while True:
        page = {**query, "limit": size, **({"marker": marker} if marker else {})}
        body = client.get(request, "/v2/images", page)
        found = [shapes.parsed(Image.from_glance, row) for row in shapes.rows(body, "images")]
        # Glance limits the page size itself, and then returns a link to the next page.
        more = bool(found and body.get("next"))
        if found:
            yield found, more
        if not more:
            return
        read += len(found)
        marker, size = found[-1].id, min(size * GROWTH, most)
        if wanted is not None:
            # Some that are left out do not take a request of their own.
            size = min(size, max(wanted - read, MIN_ROWS_PER_CALL))


def in_glances_order(
    request: Request, rows: Sequence[Row], query: ImageQuery, order: Order, backwards: bool
) -> list[Row]:
    """Return those of at most `IDS_PER_CALL` rows that still exist, as Glance sorts them."""
    ids = list(dict.fromkeys(row.image.id for row in rows))
    parameters, cursor = by_id(ids, query), Cursor(None, backwards)
    found = read(request, parameters, order, cursor, len(ids), Search(ImageQuery()))
    ranks = {row.image.id: rank for rank, row in enumerate(found)}
    known = [row for row in rows if row.image.id in ranks]
    return order.by_part(sorted(known, key=lambda row: ranks[row.image.id]), backwards)
