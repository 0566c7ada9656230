# SPDX-License-Identifier: Apache-2.0
"""Stretches of a list: which images of one domain are in a part of it that was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

#: ID of an image, and the part of the list that has it: see `order_parts`. A search through
#: one part may stop at an image of another one.
Place = tuple[str, str]

#: The start or the end of a list.
END: Place = ("", "")

#: Number of images of the list for each of the domain from which on a stretch is worth it:
#: Glance takes four times as long for an image by its ID as for one of a list.
MIN_SPARSENESS = 4


@dataclass(frozen=True)
class Stretch:
    """A part of a list, from `start` to `end`, both included.

    :ivar places: of images in the order of the list; all of the domain in this part are
        among them, unless they were changed since
    :ivar since: a time of Glance's clock, before anything of this was read
    :ivar expires_at: seconds since the epoch
    """

    start: Place
    end: Place
    places: tuple[Place, ...]
    since: str
    expires_at: float

    @property
    def turned(self) -> Stretch:
        return replace(self, start=self.end, end=self.start, places=self.places[::-1])

    def index_after(self, place: Place) -> int | None:
        """Return the index of the first place behind this one; None if it is not known."""
        if not place[0]:
            return 0 if self.start == END else None
        return self.places.index(place) + 1 if place in self.places else None

    def goes_on_after(self, place: Place) -> bool:
        """Whether something is known of what is behind this place."""
        index = self.index_after(place)
        return index is not None and (index < len(self.places) or self.end == END)

    def meets(self, following: Stretch) -> bool:
        """Whether the other begins in this one, or at its end, and leads out of it."""
        if following.start == END or following.end in self.places:
            return False
        return following.start == self.end or following.start in self.places

    def joined(self, following: Stretch, is_own: bool) -> Stretch:
        """Return both as one.

        :param is_own: whether the image at which they meet is of the domain
        """
        joint = following.start
        is_placed = joint in self.places
        places = self.places[: self.places.index(joint)] if is_placed else self.places
        rest = following.places[1:] if following.places[:1] == (joint,) else following.places
        return Stretch(
            self.start,
            following.end,
            (*places, *((joint,) if is_own and is_placed else ()), *rest),
            min(self.since, following.since),
            min(self.expires_at, following.expires_at),
        )


class Trail:
    """What one page reads of a list, in the order of reading."""

    def __init__(self, start: Place):
        self._start = start
        self._end: Place | None = None
        self._is_end_placed = True
        self._places = [start] if start != END else []
        self._rows = self._own = 0

    def passes(self, place: Place, is_placed: bool, is_own: bool) -> None:
        """Note the next image of a response.

        :param is_placed: whether it belongs to this part of the list
        """
        self._rows += 1
        self._end, self._is_end_placed = place, is_placed
        if is_placed and is_own:
            self._own += 1
            self._places.append(place)

    def read(self, min_rows: int, is_at_end: bool) -> tuple[Place, Place, Sequence[Place]] | None:
        """Return start, end and places of what was read; None if it is not worth an entry."""
        end = END if is_at_end else self._end
        is_sparse = self._rows >= max(min_rows, MIN_SPARSENESS * self._own)
        # A full response may have been the last one, which only an empty one shows.
        is_just_end = is_at_end and not self._rows
        if end is None or not (is_sparse or is_just_end):
            return None
        places = list(self._places)
        if end != END and self._is_end_placed:
            places.append(end)
        return self._start, end, list(dict.fromkeys(places))
