# SPDX-License-Identifier: Apache-2.0
"""Lists of images at Glance, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from helion_images_panel import conf
from helion_images_panel.api import audit, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.api.database_order import Nulls, NullsLast
from helion_images_panel.api.image_rows import (
    IDS_PER_CALL,
    by_id,
    in_glances_order,
    read,
)
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.api.search import ROWS_PER_CALL, Search
from helion_images_panel.api.stretches import Lists, Stretches
from helion_images_panel.core.image import STATUSES_OF_TRANSFERS, Image
from helion_images_panel.core.merge import beginning, merge, once
from helion_images_panel.core.order import BY_NAME, Order, Row
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source

#: Maximum number of rows that are all sorted by Glance if their order was not foreseen.
RESORTED = 4 * IDS_PER_CALL


def image_list(
    request: Request,
    sources: Sequence[Source],
    query: ImageQuery,
    cursor: Cursor,
    size: int,
    order: Order = BY_NAME,
) -> Page:
    """Return one page of all sources together.

    Requests to Glance: one for one source; for n sources n, and those in which Glance
    confirms the order: one for up to 80 images and sources together, else twice one per
    80. If the database sorts in another way than guessed, all rows that were read are
    sorted by it, one request per 80, unless they are very many; the page is then short.
    A page that begins among images without a name takes up to three per source. Up to four
    show how the database sorts, if that is not known and counts.
    """
    return _in_order_of_database(
        request, query, order, partial(_image_list, request, sources, query, cursor, size)
    )


def _in_order_of_database(
    request: Request, query: ImageQuery, order: Order, page: Callable[[Order, Nulls], Page]
) -> Page:
    nulls = Nulls(request, order, query)
    if not nulls.are_known_as_last:
        try:
            return page(order, nulls)
        except NullsLast:
            pass
    return page(replace(order, nulls_last=True), nulls)


def _image_list(
    request: Request,
    sources: Sequence[Source],
    query: ImageQuery,
    cursor: Cursor,
    size: int,
    order: Order,
    nulls: Nulls,
) -> Page:
    parameters = [p for s in sources if (p := s.parameters(query)) is not None]
    # Of the images of other domains, which a sifted list is full of, not even the
    # number is for the user.
    sifted = next((source for source in sources if source.is_sifted), None)
    search = Search(query, sifted, len(parameters), nulls)
    known = _stretches(request, sifted, query, order, cursor.backwards, nulls) if sifted else None
    results = in_parallel(
        lambda p: read(request, p, order, cursor, size + 1, search, known), parameters
    )
    lists = [rows for rows in results if rows]
    if len(lists) > 1:
        merged = merge(lists, size, order, cursor.backwards)
        ordered = _ordered(request, (*merged.taken, *merged.left), query, order, cursor.backwards)
        rows = merged.cut(ordered)
        everything = once(row for each in lists for row in each)
        # Where the search of the page has stopped, more is to come anyway.
        is_whole = not (rows and rows[-1].is_stop)
        if is_whole and merged.is_short(rows, size) and len(everything) <= RESORTED:
            ordered = _ordered(request, everything, query, order, cursor.backwards)
            rows = beginning(ordered, size)
        on_page = {row.key for row in rows}
        rest = [row for row in everything if row.key not in on_page]
        return _page(rows, rest, cursor, size, search)
    rows = lists[0] if lists else []
    return _page(rows[:size], rows[size:], cursor, size, search)


def _stretches(
    request: Request, source: Source, query: ImageQuery, order: Order, backwards: bool, nulls: Nulls
) -> Stretches | None:
    """Return what is known of a list; None if Glance filters it by more than the visibility."""
    unfiltered = ImageQuery(hidden=query.os_hidden)
    parameters = source.parameters(unfiltered)
    if parameters is None or source.parameters(query) != parameters or not source.owners:
        return None

    def in_order(ids: Sequence[str]) -> Sequence[Row]:
        search = Search(unfiltered, nulls=nulls, max_rows=ROWS_PER_CALL)
        start = Cursor(None, backwards)
        return read(request, by_id(ids, unfiltered), order, start, len(ids), search)

    def changed(since: str, cursor: Cursor, limit: int) -> tuple[Sequence[Row], bool]:
        search = Search(unfiltered, source, nulls=nulls, max_rows=ROWS_PER_CALL)
        recent = {**parameters, "updated_at": f"gte:{since}"}
        rows = read(request, recent, order, cursor, limit, search)
        are_all = len(rows) < limit and not (rows and rows[-1].is_stop)
        return [row for row in rows if row.is_shown], are_all

    lists = Lists(in_order, changed)
    return Stretches(request, query, order, backwards, source.owners, lists)


def image_list_in_turn(
    requests: Sequence[Request],
    query: ImageQuery,
    cursor: Cursor,
    start_index: int,
    size: int,
    order: Order = BY_NAME,
) -> Page:
    """Return one page of the images of several projects, one project after the other.

    No token lists the images of all of them, and Glance accepts as marker only images
    that the token may see: the only order across projects is that of the projects.
    Projects are queried in parallel, as many as HELION_IMAGES_CONCURRENCY allows, and
    further ones only until the page is full.

    :param requests: each with a token of its project, in the order of projects
    :param start_index: index of the request whose project has the cursor's marker
    """
    if not requests:
        return Page()
    return _in_order_of_database(
        requests[0],
        query,
        order,
        partial(_image_list_in_turn, requests, query, cursor, start_index, size),
    )


def _image_list_in_turn(
    requests: Sequence[Request],
    query: ImageQuery,
    cursor: Cursor,
    start_index: int,
    size: int,
    order: Order,
    nulls: Nulls,
) -> Page:
    turns = list(
        reversed(requests[: start_index + 1]) if cursor.backwards else requests[start_index:]
    )
    if cursor.backwards and not cursor.marker:
        turns = list(reversed(requests))
    search = Search(query, nulls=nulls)
    rows: list[Row] = []
    for offset in range(0, len(turns), conf.CONCURRENCY.value):
        group = [
            (request, cursor if index == 0 else Cursor(None, cursor.backwards))
            for index, request in enumerate(turns[offset:], offset)
        ][: conf.CONCURRENCY.value]
        lists = in_parallel(
            lambda turn: _project_rows(*turn, query, size + 1, order, search), group
        )
        for images in lists:
            rows += images
            if len(rows) > size or (images and images[-1].is_stop):
                return _page(rows[:size], rows[size:], cursor, size, search)
    return _page(rows[:size], rows[size:], cursor, size, search)


def _project_rows(
    request: Request,
    cursor: Cursor,
    query: ImageQuery,
    limit: int,
    order: Order,
    search: Search,
) -> list[Row]:
    parameters = Source(request.user.project_id, "all").parameters(query)
    return [] if parameters is None else read(request, parameters, order, cursor, limit, search)


def _page(
    rows: Sequence[Row], rest: Sequence[Row], cursor: Cursor, size: int, search: Search
) -> Page:
    """Convert rows in the order of the cursor to a page in display order.

    :param rest: rows that are known, but not on this page
    """
    has_marker = cursor.marker is not None
    if not rows:
        return Page(
            has_previous=has_marker and not cursor.backwards,
            has_next=cursor.backwards,
            looked_at=search.looked_at,
        )
    first, last = (rows[-1], rows[0]) if cursor.backwards else (rows[0], rows[-1])
    ahead = bool(rest) or rows[-1].is_stop
    images = [row.image for row in rows if row.is_shown]
    return Page(
        tuple(reversed(images) if cursor.backwards else images),
        first.image.id,
        last.image.id,
        has_previous=ahead if cursor.backwards else has_marker,
        has_next=has_marker if cursor.backwards else ahead,
        first_part=first.part,
        last_part=last.part,
        is_partial=rows[-1].is_stop and len(images) < size,
        is_next_certain=any(row.is_shown for row in rest),
        looked_at=search.looked_at,
    )


def _ordered(
    request: Request, rows: Sequence[Row], query: ImageQuery, order: Order, backwards: bool
) -> list[Row]:
    """Sort the rows as Glance does; those that were deleted in the meantime are left out.

    A request sorts as many as fit into it. Each round therefore sorts groups of rows
    that overlap with those of the round before, until nothing changes.
    """
    ordered = order.arranged(rows, backwards)
    if order.is_certain(ordered):
        return ordered
    start, is_first = 0, True
    while True:
        groups = [ordered[:start]] if start else []
        groups += [ordered[i : i + IDS_PER_CALL] for i in range(start, len(ordered), IDS_PER_CALL)]
        found = in_parallel(
            lambda group: in_glances_order(request, group, query, order, backwards), groups
        )
        sorted_rows = [row for group in found for row in group]
        if len(groups) == 1 or (sorted_rows == ordered and not is_first):
            return sorted_rows
        ordered, is_first = sorted_rows, False
        start = IDS_PER_CALL // 2 - start


def all_images(request: Request, parameters: Mapping[str, str]) -> Iterator[Image]:
    """Yield every image of a query, hidden ones included, page by page: for commands, not for
    pages.
    """
    yield from _in_pages(request, parameters)
    yield from hidden_images(request, parameters)


def hidden_images(request: Request, parameters: Mapping[str, str]) -> Iterator[Image]:
    """Yield every hidden image of a query, as `all_images` does."""
    return _in_pages(request, {**parameters, "os_hidden": "true"})


def _in_pages(request: Request, parameters: Mapping[str, str]) -> Iterator[Image]:
    marker: dict[str, str] = {}
    while True:
        query = {**parameters, **marker, "sort": "id:asc", "limit": ROWS_PER_CALL}
        body = client.get(request, "/v2/images", query)
        for row in shapes.rows(body, "images"):
            yield audit.seen(request, shapes.parsed(Image.from_glance, row))
        if not body.get("next"):
            break
        marker = {"marker": body["images"][-1]["id"]}


def newest_images(request: Request, parameters: Mapping[str, str], limit: int) -> list[Image]:
    """Return the newest images of a query that have their data or are receiving it, without
    hidden ones, in one request.

    :param limit: at most what Glance returns in one response, 1,000 by default
    """
    statuses = ",".join(("active", *sorted(STATUSES_OF_TRANSFERS)))
    query = {
        **parameters,
        "status": f"in:{statuses}",
        "sort": "created_at:desc",
        "limit": limit,
    }
    body = client.get(request, "/v2/images", query)
    found = [shapes.parsed(Image.from_glance, row) for row in shapes.rows(body, "images")]
    return [audit.seen(request, image) for image in found]
