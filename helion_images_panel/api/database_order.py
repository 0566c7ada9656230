# SPDX-License-Identifier: Apache-2.0
"""How the database behind Glance sorts: Glance does not return that, so images show it."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from helion_images_panel.api import cache, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import NULLABLE, Order
from helion_images_panel.core.query import ImageQuery

#: Seconds for which the place of images without a value is cached.
CACHED_S = 3600

FIRST, LAST = "first", "last"
CACHE_NAME = "nulls"


class NullsLast(Exception):
    """The database puts images without a value last: the page has to be read anew."""


class Nulls:
    """Where the database puts images without a value, as far as one page needs to know.

    Only a list that has such images, or may hide them, makes it look.
    """

    def __init__(self, request: Request, order: Order, query: ImageQuery):
        self._columns = NULLABLE.get(order.key, ())
        hidden = ImageQuery(hidden=query.os_hidden)
        self._parameters = {"visibility": "all", **hidden.glance_parameters()}
        self._lock = threading.Lock()
        self._places: dict[str, str] = {}
        self._known: str | None = None
        if self._columns:
            self._known = cache.get(client.cache_key(request, CACHE_NAME))

    @property
    def are_known_as_last(self) -> bool:
        return self._known == LAST

    def check(self, request: Request, is_seen: bool = False) -> None:
        """Raise NullsLast if they are last, contrary to what was assumed.

        Requests to Glance: none if that is known, else one for each column that may lack
        a value, and a second one for a column in which one does.

        :param is_seen: whether the list has shown an image without a value
        """
        if not self._columns:
            return
        # Another project's token lists other images.
        project = str(request.user.project_id)
        with self._lock:
            place = self._known or self._places.get(project) or self._look(request, is_seen)
            self._places[project] = place
        if place == LAST:
            raise NullsLast

    def see(self, request: Request, images: Sequence[Image], descending: bool) -> None:
        """Take what a response shows of it; raise NullsLast as `check` does.

        :param descending: how Glance has sorted the images by the first column
        """
        lacks = [[getattr(image, each) is None for each in self._columns] for image in images]
        if not any(map(any, lacks)):
            return
        first = [each[0] for each in lacks]
        if self._known is None and any(first) and not all(first):
            self._remembered(request, FIRST if first[0] != descending else LAST)
        self.check(request, is_seen=True)

    def _look(self, request: Request, is_seen: bool) -> str:
        """Return FIRST too if no image lacks a value, or every one does: none is lost then."""
        is_first = is_seen
        for column in self._columns:
            if self._is_null_at(request, column, "desc"):
                if not self._is_null_at(request, column, "asc"):
                    return self._remembered(request, LAST)
                is_first = False
        return self._remembered(request, FIRST) if is_first else FIRST

    def _is_null_at(self, request: Request, column: str, direction: str) -> bool:
        """Whether the first image in this direction has no value."""
        query = {**self._parameters, "sort": f"{column}:{direction},id:asc", "limit": 1}
        rows = shapes.rows(client.get(request, "/v2/images", query), "images")
        if not rows:
            return False
        return getattr(shapes.parsed(Image.from_glance, rows[0]), column) is None

    def _remembered(self, request: Request, place: str) -> str:
        self._known = place
        cache.set(client.cache_key(request, CACHE_NAME), place, CACHED_S)
        return place
