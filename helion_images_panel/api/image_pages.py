# SPDX-License-Identifier: Apache-2.0
"""Lists of images at Glance, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helion_images_panel import conf
from helion_images_panel.api import audit, client
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.core.merge import merge
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source

#: IDs that fit into one request line of every server in use (4 KiB).
IDS_PER_CALL = 80


def image_list(
    request: Request, sources: Sequence[Source], query: ImageQuery, cursor: Cursor, size: int
) -> Page:
    """One page, by name and ID, of all the sources together.

    Calls to Glance: one for one source; for n sources n, and up to 4 more in
    which Glance confirms the order at the page's ends. Each of the 4 is one
    per 80 images, and one to choose among them, where more than 80 sources
    have images; where the database orders names in another way than guessed,
    one more per 80 images read ends the page.
    """
    parameters = [p for s in sources if (p := s.parameters(query)) is not None]
    found = in_parallel(lambda p: list_rows(request, p, cursor, size + 1), parameters)
    lists = [rows for rows in found if rows]
    if len(lists) > 1:
        return _confirmed_page(request, lists, query, cursor, size)
    rows = lists[0] if lists else []
    return _page(rows[:size], cursor, more=len(rows) > size)


def image_list_in_turn(
    requests: Sequence[Request], query: ImageQuery, cursor: Cursor, at: int, size: int
) -> Page:
    """One page of the images of several projects, of one project after the other.

    No token lists the images of all of them, and Glance takes as marker only
    what the token may see: there is no order across projects but theirs. As
    many projects are asked at the same time as requests may be in flight, and
    more of them only while the page has room.

    :param requests: each with a token of its project, in the order of projects
    :param at: index of the request whose project has the cursor's marker
    """
    turns = list(reversed(requests[: at + 1]) if cursor.backwards else requests[at:])
    if cursor.backwards and not cursor.marker:
        turns = list(reversed(requests))
    rows: list[Image] = []
    for start in range(0, len(turns), conf.CONCURRENCY.value):
        group = [
            (request, cursor if index == 0 else Cursor(None, cursor.backwards))
            for index, request in enumerate(turns[start:], start)
        ][: conf.CONCURRENCY.value]
        for found in in_parallel(lambda turn: _own_rows(*turn, query, size + 1), group):
            rows += found
        if len(rows) > size:
            break
    return _page(rows[:size], cursor, more=len(rows) > size)


def _own_rows(request: Request, cursor: Cursor, query: ImageQuery, limit: int) -> list[Image]:
    parameters = Source(request.user.project_id, "all").parameters(query)
    return [] if parameters is None else list_rows(request, parameters, cursor, limit)


def list_rows(
    request: Request, parameters: Mapping[str, Any], cursor: Cursor, limit: int
) -> list[Image]:
    direction = "desc" if cursor.backwards else "asc"
    asked = {**parameters, "sort": f"name:{direction},id:{direction}", "limit": limit}
    marker = cursor.marker
    rows: list[Image] = []
    while True:
        page = {**asked, "marker": marker} if marker else asked
        body = client.get(request, "/v2/images", page)
        rows += [audit.seen(request, Image.from_glance(image)) for image in body["images"]]
        # Glance cuts pages at its own limit, and says so by a next one.
        if len(rows) >= limit or not body["images"] or not body.get("next"):
            return rows[:limit]
        marker = rows[-1].id


def _page(
    rows: Sequence[Image],
    cursor: Cursor,
    more: bool,
    start_id: str | None = None,
    end_id: str | None = None,
) -> Page:
    """Rows in the order of travel, as a page in display order."""
    came_from = cursor.marker is not None
    if not rows:
        return Page(has_previous=came_from and not cursor.backwards, has_next=cursor.backwards)
    start, end = start_id or rows[0].id, end_id or rows[-1].id
    if cursor.backwards:
        return Page(tuple(reversed(rows)), end, start, more, came_from)
    return Page(tuple(rows), start, end, came_from, more)


def _confirmed_page(
    request: Request,
    lists: Sequence[Sequence[Image]],
    query: ImageQuery,
    cursor: Cursor,
    size: int,
) -> Page:
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
    # The database orders names in another way than `merge` guessed. The page
    # then ends with the first image that was left out: all that come before
    # it in Glance's order, and none that come after.
    by_id = {image.id: image for rows in lists for image in rows}
    before = _before(request, tuple(by_id), query, Cursor(next_one, not cursor.backwards))
    page = [by_id[id_] for id_ in (*before, next_one)]
    return _page(page, cursor, len(page) < len(by_id), start, next_one)


def _first_of(request: Request, ids: Sequence[str], query: ImageQuery, backwards: bool) -> str:
    """The one of these images that Glance lists first."""
    cursor = Cursor(None, backwards)
    while len(ids) > 1:
        groups = [ids[i : i + IDS_PER_CALL] for i in range(0, len(ids), IDS_PER_CALL)]
        ids = [
            rows[0].id
            for rows in in_parallel(
                lambda group: list_rows(request, by_id(group, query), cursor, 1), groups
            )
            if rows
        ] or ids[:1]  # all of them are gone meanwhile
    return ids[0]


def _before(request: Request, ids: Sequence[str], query: ImageQuery, cursor: Cursor) -> list[str]:
    """Those of the images that lie in the cursor's direction, the farthest first."""
    groups = [ids[i : i + IDS_PER_CALL] for i in range(0, len(ids), IDS_PER_CALL)]
    found = in_parallel(
        lambda group: list_rows(request, by_id(group, query), cursor, IDS_PER_CALL), groups
    )
    return [image.id for rows in found for image in reversed(rows)]


def by_id(ids: Sequence[str], query: ImageQuery) -> Mapping[str, str]:
    wanted = ImageQuery(hidden=query.hidden).glance_parameters()
    return {"id": "in:" + ",".join(ids), "visibility": "all", **wanted}


def all_images(request: Request, parameters: Mapping[str, str]) -> Iterator[Image]:
    """Every image of a query, hidden ones too, page after page: for commands, not for pages."""
    for hidden in ({}, {"os_hidden": "true"}):
        marker: dict[str, str] = {}
        while True:
            asked = {**parameters, **hidden, **marker, "sort": "id:asc", "limit": 1000}
            body = client.get(request, "/v2/images", asked)
            for found in body["images"]:
                yield audit.seen(request, Image.from_glance(found))
            if not body.get("next"):
                break
            marker = {"marker": body["images"][-1]["id"]}
