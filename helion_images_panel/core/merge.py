# SPDX-License-Identifier: Apache-2.0
"""Several lists of images, each in Glance's order, merged into one.

Glance cannot filter by "any of these owners", so the images of a domain are one list
per project. Only the database knows how it compares names (case, accents) and times
(fractions of a second). The merged order is therefore a guess, unless the order says
that it is certain: the caller has Glance sort the rows that are `taken` and `left`, and
`cut` then ends the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helion_images_panel.core.order import Order, Row


@dataclass(frozen=True)
class Merged:
    """The rows of a page in reading order, and the first row of each list that is not one.

    Of each list the page has a beginning: a gap could never be fetched again.
    """

    taken: tuple[Row, ...]
    left: tuple[Row, ...]

    def is_short(self, page: Sequence[Row], size: int) -> bool:
        """Whether `cut` had to end this page early, because the guess was wrong."""
        return bool(self.left) and len(page) < size

    def cut(self, ordered: Sequence[Row]) -> Sequence[Row]:
        """Return the page, given the rows `taken` and `left` in Glance's order.

        It ends before the first row that is left, and with the first one at which a
        search has stopped: what follows there is not known. If the guess was wrong, it
        ends with the first row that is left.
        """
        left = {row.key for row in self.left}
        least = max(1, len(self.taken))
        for index, row in enumerate(ordered):
            if row.key in left:
                return ordered[: index + 1] if index < least else ordered[:index]
            if row.is_stop:
                return ordered[: index + 1]
        return ordered


def merge(
    lists: Sequence[Sequence[Row]], size: int, order: Order, backwards: bool = False
) -> Merged:
    """Merge the first `size` images of all lists; an image in two lists is included once."""
    rows = once(row for rows in lists for row in rows)
    chosen = {row.key for row in beginning(order.arranged(rows, backwards), size)}
    taken: list[Row] = []
    left: list[Row] = []
    for own in lists:
        count = next((i for i, row in enumerate(own) if row.key not in chosen), len(own))
        taken += own[:count]
        left += own[count : count + 1]
    taken = once(taken)
    keys = {row.key for row in taken}
    return Merged(
        tuple(order.arranged(taken, backwards)),
        tuple(row for row in once(left) if row.key not in keys),
    )


def once(rows: Iterable[Row]) -> list[Row]:
    """Return each row once; one at which any of the lists has stopped stays one."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.is_stop or row.key not in found:
            found[row.key] = row
    return list(found.values())


def beginning(rows: Sequence[Row], size: int) -> Sequence[Row]:
    """The rows up to `size` shown ones, and no further than where a search has stopped."""
    shown = 0
    for index, row in enumerate(rows):
        shown += row.is_shown
        if shown == size or row.is_stop:
            return rows[: index + 1]
    return rows
