# SPDX-License-Identifier: Apache-2.0
"""A search through lists of Glance: what it looks for, and how many images it reads."""

from __future__ import annotations

import math
import threading
import time

from helion_images_panel import conf
from helion_images_panel.api.database_order import Nulls
from helion_images_panel.core.image import Image
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source

#: Maximum number of rows of one response: the default of Glance's api_limit_max.
ROWS_PER_CALL = 1000

#: The same for each of many lists.
MIN_ROWS_PER_CALL = 100

#: How much larger the next response of a search is that has found nothing yet.
GROWTH = 4

#: How many more images a search requests than it probably needs.
MARGIN = 1.25

#: Seconds after which a search requests no further rows for one page.
SEARCH_S = 1.5


class Search:
    """What one page looks for in all of its lists, and how far.

    :ivar looked_at: number of images that the search has compared with the query
    :ivar goes_on: whether a list took more than one response
    """

    def __init__(
        self,
        query: ImageQuery,
        source: Source | None = None,
        lists: int = 1,
        nulls: Nulls | None = None,
        max_rows: int | None = None,
    ):
        """
        :param lists: number of lists that are read for the page
        :param nulls: what finds out where images without a value are; None for a list
            that is read in one response
        :param max_rows: number of images to look at; None for that of the setting
        """
        self.query = query
        self.source = source or Source()
        self.looked_at = 0
        self.nulls = nulls
        self.goes_on = False
        # Several lists are read side by side, each at least for one response.
        most = max(ROWS_PER_CALL // max(1, lists), MIN_ROWS_PER_CALL)
        self._max_rows: int = max_rows or conf.SEARCH_ROWS.value
        self.rows_per_call: int = min(self._max_rows, most)
        self._rows_read = 0
        self._lock = threading.Lock()
        self._start = time.monotonic()

    @property
    def is_spent(self) -> bool:
        took_s = time.monotonic() - self._start
        return self._rows_read >= self._max_rows or took_s > SEARCH_S

    def rows_of_first_call(self, limit: int) -> int:
        """Begin small where many of the images may be shown: they are more than names."""
        if self.query.is_searched or not self.source.is_sifted:
            return self.rows_per_call
        return min(GROWTH * limit, self.rows_per_call)

    def rows_of_next_call(self, size: int, wanted: int, found: int, read: int) -> int:
        """Return how many images to request next: as many as are probably needed, and
        as Glance will return within the time that is left.

        :param size: number of images in the response before
        :param wanted: number of images that are still to be found
        :param found: number of those that the list has had among the `read` ones
        """
        needed = math.ceil(MARGIN * wanted * read / found) if found else size * GROWTH
        took_s = max(time.monotonic() - self._start, 0.001)
        in_time = int(self._rows_read * max(SEARCH_S - took_s, 0) / took_s)
        return min(max(min(needed, in_time), MIN_ROWS_PER_CALL), self.rows_per_call)

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
