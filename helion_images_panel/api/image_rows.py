# SPDX-License-Identifier: Apache-2.0
"""One list of Glance, read in an order from a cursor on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api import audit, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.api.search import GROWTH, MIN_ROWS_PER_CALL, ROWS_PER_CALL, Search
from helion_images_panel.api.stretches import Stretches
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import BY_NAME, Order, Row
from helion_images_panel.core.order_parts import (
    EMPTY_NAME,
    NAMED,
    NO_SIZE,
    Part,
    may_be_taken_for_empty,
)
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.stretch import Trail

#: Number of IDs that fits into one request line of all servers in use (4 KiB).
IDS_PER_CALL = 80


def list_rows(
    request: Request, parameters: Mapping[str, Any], cursor: Cursor, limit: int
) -> list[Image]:
    """Return up to `limit` images after the cursor, by name."""
    return [
        row.image for row in read(request, parameters, BY_NAME, cursor, limit, Search(ImageQuery()))
    ]


def by_id(ids: Sequence[str], query: ImageQuery) -> Mapping[str, str]:
    """Query parameters that select images by ID."""
    filters = ImageQuery(hidden=query.os_hidden).glance_parameters()
    return {"id": "in:" + ",".join(ids), "visibility": "all", **filters}


def read(
    request: Request,
    parameters: Mapping[str, Any],
    order: Order,
    cursor: Cursor,
    limit: int,
    search: Search,
    stretches: Stretches | None = None,
) -> list[Row]:
    """Return up to `limit` images after the cursor that match the search.

    If the search has to stop before, the last row is the one where it has stopped. Raise
    NullsLast if the order has to be read in other parts.

    :param stretches: what is known of the list; None to read all of it
    """
    known, rest = stretches.read(cursor, limit, search) if stretches else ((), cursor)
    rows = list(known)
    if rest:
        trail = Trail((rest.marker or "", rest.part if rest.marker else "")) if stretches else None
        found, is_over = _read(request, parameters, order, rest, limit - len(rows), search, trail)
        rows += found
        if stretches and trail:
            stretches.record(trail, is_over)
    else:
        is_over = len(rows) < limit and not (rows and rows[-1].is_stop)
    for row in rows:
        if row.is_shown:
            audit.seen(request, row.image)
    is_ascending = order.descending == cursor.backwards
    goes_on = cursor.marker or search.goes_on
    if is_over and search.nulls and is_ascending and not order.nulls_last and goes_on:
        # Images without a value that are last follow no marker.
        search.nulls.check(request)
    return rows


def _read(
    request: Request,
    parameters: Mapping[str, Any],
    order: Order,
    cursor: Cursor,
    limit: int,
    search: Search,
    trail: Trail | None,
) -> tuple[list[Row], bool]:
    """Return the rows, and whether these are all."""
    rows: list[Row] = []
    for part in order.parts(cursor):
        left = limit - len(rows)
        for row in _rows(request, parameters, part, order, cursor.backwards, left, search, trail):
            rows.append(row)
            if len(rows) >= limit or row.is_stop:
                return rows, False
    return rows, True


def _rows(
    request: Request,
    parameters: Mapping[str, Any],
    part: Part,
    order: Order,
    backwards: bool,
    limit: int,
    search: Search,
    trail: Trail | None,
) -> Iterator[Row]:
    if part.name == NO_SIZE and not parameters.keys().isdisjoint(("size_min", "size_max")):
        return  # Images of this part do not match the filter.
    query = {**part.parameters, **parameters, "sort": part.sort}
    is_search = part.is_sparse or search.is_needed
    size = search.rows_of_first_call(limit) if is_search else limit
    read = found = 0

    def is_in_part(image: Image) -> bool:
        return not (part.ends_at and part.ends_at(image))

    def next_size(size: int) -> int:
        if is_search:
            return search.rows_of_next_call(size, limit - found, found, read)
        # Some that are left out do not take a request of their own.
        return min(limit, max(limit - read, MIN_ROWS_PER_CALL))

    for page, more in _pages(request, query, part, size, next_size):
        search.goes_on |= more
        if search.nulls and not order.nulls_last:
            search.nulls.see(request, page, ":desc" in part.sort.partition(",")[0])
        blank = _blank(request, page, order, part, search.query)
        placed = [(image, _place(order, part, blank, image)) for image in page]
        stops = False
        read += len(page)
        if is_search:
            own = sum(search.source.has(image) for image, name in placed if name is not None)
            search.count(len(page), own)
            stops = more and search.is_spent
        if trail:
            for image, name in takewhile(lambda pair: is_in_part(pair[0]), placed):
                at = part.name if name is None else name
                trail.passes((image.id, at), name is not None, search.source.has(image))
        for image, name in placed:
            if not is_in_part(image):
                return
            is_shown = name is not None and search.finds(image)
            found += is_shown
            is_stop = stops and image is page[-1]
            if is_shown or is_stop:
                yield Row(image, part.name if name is None else name, is_shown, is_stop)
        if stops:
            return
        if more and part.is_whole and order.key == "name" and (name := placed[-1][1]):
            # The next response could not begin after this image.
            for rest in order.parts(Cursor(page[-1].id, backwards, name)):
                yield from _rows(request, parameters, rest, order, backwards, limit, search, trail)
            return


def _blank(
    request: Request, page: Sequence[Image], order: Order, part: Part, query: ImageQuery
) -> frozenset[str]:
    """Return the IDs of images whose name the database takes for an empty one.

    Glance is only queried if a name consists of blanks, or of other signs that a database
    may leave out.
    """
    if order.key != "name" or order.nulls_last or not (part.is_whole or part.name == NAMED):
        return frozenset()
    doubtful = [image.id for image in page if may_be_taken_for_empty(image.name)]
    found: list[Image] = []
    for start in range(0, len(doubtful), IDS_PER_CALL):
        ids = doubtful[start : start + IDS_PER_CALL]
        parameters = {**by_id(ids, query), "name": "eq:", "sort": "id:asc"}
        for images, _more in _pages(request, parameters, Part("", None), len(ids)):
            found += images
    return frozenset(image.id for image in found)


def _place(order: Order, part: Part, blank: frozenset[str], image: Image) -> str | None:
    """Return the name of the image's part; None if it does not belong to this one."""
    if part.belongs and not part.belongs(image):
        return None
    if image.id in blank:
        return None if part.name == NAMED else EMPTY_NAME
    return EMPTY_NAME if part.name == EMPTY_NAME else order.part_of(image)


def _pages(
    request: Request,
    query: Mapping[str, Any],
    part: Part,
    size: int,
    next_size: Callable[[int], int] = int,
) -> Iterator[tuple[list[Image], bool]]:
    """Yield the images after the part's marker, response by response, and whether more follow.

    The first response has `size` images, the others what `next_size` makes of it. The last
    image of each but the last response can be a marker.
    """
    marker, others = part.marker, 0
    while True:
        asked = min(size + others, ROWS_PER_CALL) if part.is_mixed else size
        page = {**query, "limit": asked, **({"marker": marker} if marker else {})}
        body = client.get(request, "/v2/images", page)
        found = [shapes.parsed(Image.from_glance, row) for row in shapes.rows(body, "images")]
        # Glance limits the page size itself, and then returns a link to the next page.
        more = bool(found and body.get("next"))
        if more and part.is_mixed and part.belongs:
            own = [index for index, image in enumerate(found) if part.belongs(image)]
            if not own:
                # The same images come again, whatever the marker is.
                if asked == ROWS_PER_CALL or len(found) < asked:
                    raise _too_many_without_value()
                others = GROWTH * len(found)
                continue
            found = found[: own[-1] + 1]
            others = max(others, len(found) - len(own))
        if found:
            yield found, more
        if not more:
            return
        marker, size = found[-1].id, next_size(size)


def _too_many_without_value() -> exceptions.ImageServiceError:
    return exceptions.ImageServiceError(
        _(
            "The list cannot be continued in this order: too many images have no name or no"
            " format. Sort the list by another column."
        )
    )


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
