# SPDX-License-Identifier: Apache-2.0
"""Lists of images at Glance, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helion_images_panel import conf
from helion_images_panel.api import audit, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.core.merge import merge
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source

#: Number of IDs that fits into one request line of all servers in use (4 KiB).
IDS_PER_CALL = 80


def image_list(
    request: Request, sources: Sequence[Source], query: ImageQuery, cursor: Cursor, size: int
) -> Page:
    """Return one page of all sources together, by name and ID.

    Requests to Glance: one for one source; for n sources n, and up to 4 more in which
    Glance confirms the order at the ends of the page. Each of the 4 is one per 80
    images, and one to choose among them, if more than 80 sources have images; if the
    database orders names in another way than guessed, one more per 80 images read ends
    the page.
    """
    parameters = [p for s in sources if (p := s.parameters(query)) is not None]
    results = in_parallel(lambda p: list_rows(request, p, cursor, size + 1), parameters)
    lists = [rows for rows in results if rows]
    if len(lists) > 1:
        return _confirmed_page(request, lists, query, cursor, size)
    rows = lists[0] if lists else []
    return _page(rows[:size], cursor, more=len(rows) > size)


def image_list_in_turn(
    requests: Sequence[Request], query: ImageQuery, cursor: Cursor, start_index: int, size: int
) -> Page:
    """Return one page of the images of several projects, one project after the other.

    No token lists the images of all of them, and Glance accepts as marker only images
    that the token may see: the only order across projects is that of the projects.
    Projects are queried in parallel, as many as HELION_IMAGES_CONCURRENCY allows, and
    further ones only until the page is full.

    :param requests: each with a token of its project, in the order of projects
    :param start_index: index of the request whose project has the cursor's marker
    """
    turns = list(
        reversed(requests[: start_index + 1]) if cursor.backwards else requests[start_index:]
    )
    if cursor.backwards and not cursor.marker:
        turns = list(reversed(requests))
    rows: list[Image] = []
    for offset in range(0, len(turns), conf.CONCURRENCY.value):
        group = [
            (request, cursor if index == 0 else Cursor(None, cursor.backwards))
            for index, request in enumerate(turns[offset:], offset)
        ][: conf.CONCURRENCY.value]
        for images in in_parallel(lambda turn: _project_rows(*turn, query, size + 1), group):
            rows += images
        if len(rows) > size:
            break
    return _page(rows[:size], cursor, more=len(rows) > size)


def _project_rows(request: Request, cursor: Cursor, query: ImageQuery, limit: int) -> list[Image]:
    parameters = Source(request.user.project_id, "all").parameters(query)
    return [] if parameters is None else list_rows(request, parameters, cursor, limit)


def list_rows(
    request: Request, parameters: Mapping[str, Any], cursor: Cursor, limit: int
) -> list[Image]:
    """Return up to `limit` images after the marker, in the order of the cursor."""
    direction = "desc" if cursor.backwards else "asc"
    query = {**parameters, "sort": f"name:{direction},id:{direction}", "limit": limit}
    marker = cursor.marker
    rows: list[Image] = []
    while True:
        page = {**query, "marker": marker} if marker else query
        body = client.get(request, "/v2/images", page)
        found = shapes.rows(body, "images")
        rows += [audit.seen(request, shapes.parsed(Image.from_glance, row)) for row in found]
        # Glance limits the page size itself, and then returns a link to the next page.
        if len(rows) >= limit or not found or not body.get("next"):
            return rows[:limit]
        marker = rows[-1].id


def _page(
    rows: Sequence[Image],
    cursor: Cursor,
    more: bool,
    start_id: str | None = None,
    end_id: str | None = None,
) -> Page:
    """Convert rows in the order of the cursor to a page in display order."""
    has_marker = cursor.marker is not None
    if not rows:
        return Page(has_previous=has_marker and not cursor.backwards, has_next=cursor.backwards)
    start, end = start_id or rows[0].id, end_id or rows[-1].id
    if cursor.backwards:
        return Page(tuple(reversed(rows)), end, start, more, has_marker)
    return Page(tuple(rows), start, end, has_marker, more)


def _confirmed_page(
    request: Request,
    lists: Sequence[Sequence[Image]],
    query: ImageQuery,
    cursor: Cursor,
    size: int,
) -> Page:
    """Merge the lists into one page, and let Glance confirm the order at its ends."""
    merged = merge(lists, size, cursor.backwards)

    def first(ids: Sequence[str], last: bool = False) -> str:
        return _first_of(request, ids, query, backwards=cursor.backwards != last)

    heads = [rows[0].id for rows in lists]
    start = first(heads) if cursor.marker else heads[0]
    if not merged.left:
        return _page(merged.images, cursor, False, start, first(merged.lasts, last=True))
    next_one = first(merged.left)
    if merged.lasts:
        end = first(merged.lasts, last=True)
        if first((end, next_one)) == end:
            return _page(merged.images, cursor, True, start, end)
    # The database orders names in another way than `merge` guessed. The page then ends
    # with the first image that was left out: it contains all images before that one in
    # Glance's order, and none after.
    by_id = {image.id: image for rows in lists for image in rows}
    before = _before(request, tuple(by_id), query, Cursor(next_one, not cursor.backwards))
    page = [by_id[id_] for id_ in (*before, next_one)]
    return _page(page, cursor, len(page) < len(by_id), start, next_one)


def _first_of(request: Request, ids: Sequence[str], query: ImageQuery, backwards: bool) -> str:
    """Return the one of these images that Glance lists first."""
    cursor = Cursor(None, backwards)
    while len(ids) > 1:
        groups = [ids[i : i + IDS_PER_CALL] for i in range(0, len(ids), IDS_PER_CALL)]
        ids = [
            rows[0].id
            for rows in in_parallel(
                lambda group: list_rows(request, by_id(group, query), cursor, 1), groups
            )
            if rows
        ] or ids[:1]  # all of them were deleted in the meantime
    return ids[0]


def _before(request: Request, ids: Sequence[str], query: ImageQuery, cursor: Cursor) -> list[str]:
    """Return those of the images that lie in the cursor's direction, the farthest first."""
    groups = [ids[i : i + IDS_PER_CALL] for i in range(0, len(ids), IDS_PER_CALL)]
    lists = in_parallel(
        lambda group: list_rows(request, by_id(group, query), cursor, IDS_PER_CALL), groups
    )
    return [image.id for rows in lists for image in reversed(rows)]


def by_id(ids: Sequence[str], query: ImageQuery) -> Mapping[str, str]:
    """Query parameters that select images by ID."""
    filters = ImageQuery(hidden=query.hidden).glance_parameters()
    return {"id": "in:" + ",".join(ids), "visibility": "all", **filters}


def all_images(request: Request, parameters: Mapping[str, str]) -> Iterator[Image]:
    """Yield every image of a query, hidden ones included, page by page: for commands, not for
    pages.
    """
    for hidden in ({}, {"os_hidden": "true"}):
        marker: dict[str, str] = {}
        while True:
            query = {**parameters, **hidden, **marker, "sort": "id:asc", "limit": 1000}
            body = client.get(request, "/v2/images", query)
            for row in shapes.rows(body, "images"):
                yield audit.seen(request, shapes.parsed(Image.from_glance, row))
            if not body.get("next"):
                break
            marker = {"marker": body["images"][-1]["id"]}
