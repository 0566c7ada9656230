# SPDX-License-Identifier: Apache-2.0
"""What a rule finds, image by image, in bounded memory, and in any order of the images.

It can be written as JSON between two images and read again: a list is read in portions, in
several requests.
"""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.glance_time import TIME_FORMAT, time_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.kept_images import KeptImages
from helion_images_panel.core.rules import (
    DUPLICATES,
    FAMILY,
    NEXT_VERSION,
    Rank,
    Rule,
    group_of,
    is_in_swap,
    new_since,
    rank_of,
    reason_to_keep,
)

#: Maximum number of images that a preview finds, and of groups that it compares.
MOST_FOUND, MOST_GROUPS = 500, 500

#: Digits of the hash by which groups are told apart: 64 bits.
_DIGITS = 16


@dataclass(frozen=True)
class Candidate:
    """An image that would go, before its uses are known.

    :ivar kept_ids: the images that its group keeps; empty for a rule without groups
    """

    id: str
    kept_ids: tuple[str, ...] = ()


class _Entry(NamedTuple):
    """An image that its group keeps for now; sorted by rank.

    :ivar reason: the reason to keep it in any case; empty for none
    :ivar new_since: when it was created, in seconds; 0 unless it may be the next version
    """

    rank: Rank
    reason: str
    size_bytes: int
    new_since: int

    @property
    def id(self) -> str:
        return self.rank[-1]


@dataclass
class _Group:
    """Images of which some are kept, sorted.

    :ivar others: those found: when each was created, by ID; 0 unless it may be the next version
    """

    kept: list[_Entry] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        return self.kept[0].size_bytes

    def is_next_version(self, image_id: str) -> bool:
        """Whether it is newer than the latest version, which it has never been."""
        is_latest, minus_created, _id = self.kept[0].rank
        return is_latest < 0 and self.others[image_id] > -minus_created


class RuleSearch:
    """:ivar now: when the search began
    :ivar images: number of images that were looked at, without deleted ones
    :ivar kept: images that the rule would find, were it not for a reason to keep them
    :ivar further: number of images that were found beyond the maximum
    :ivar not_above: size in bytes up to which data were not compared; 0 if all were
    :ivar left_out: number of versions of families that were too many to compare
    """

    def __init__(
        self,
        rule: Rule,
        now: datetime,
        most_found: int | None = MOST_FOUND,
        most_groups: int | None = MOST_GROUPS,
    ) -> None:
        """:param most_found: None for no limit, as `most_groups`"""
        self.rule = rule
        self.now = now
        self.images = self.further = self.not_above = self.left_out = 0
        self.kept = KeptImages()
        self._most_found, self._most_groups = most_found, most_groups
        self._count = 0
        self._found: dict[str, int] = {}
        self._groups: dict[str, _Group] = {}

    def add(self, image: Image) -> None:
        if is_deleted(image):
            return
        self.images += 1
        if self.rule.kept_of_group:
            self._compare(image)
        elif self.rule.concerns(image, self.now):
            if reason := reason_to_keep(image):
                self.kept.add(reason, image)
            else:
                self._find(image.id, self._found)

    def _find(self, image_id: str, found: dict[str, int], since: int = 0) -> None:
        if self._most_found is None or self._count < self._most_found:
            found[image_id] = since
            self._count += 1
        else:
            self.further += 1

    @property
    def _by_size(self) -> bool:
        """Whether the images of a group have the same size, and the largest are compared."""
        return self.rule.kind == DUPLICATES

    def _compare(self, image: Image) -> None:
        name, size_bytes = group_of(self.rule, image), image.size_bytes or 0
        if not name or (self._by_size and size_bytes <= self.not_above):
            return
        key = hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
        is_full = self._most_groups is not None and len(self._groups) >= self._most_groups
        if is_full and key not in self._groups and not self._by_size:
            self.left_out += 1
            return
        group = self._groups.setdefault(key, _Group())
        entry = _Entry(
            rank_of(self.rule, image),
            _reason(self.rule, image),
            size_bytes,
            new_since(image) if self.rule.kind == FAMILY else 0,
        )
        insort(group.kept, entry)
        if len(group.kept) > self.rule.kept_of_group:
            dropped = group.kept.pop()
            if dropped.reason:
                self.kept.add_unnamed(dropped.reason, dropped.id, dropped.size_bytes)
            else:
                self._find(dropped.id, group.others, dropped.new_since)
        if self._most_groups is not None and len(self._groups) > self._most_groups:
            self._forget_smallest()

    def _forget_smallest(self) -> None:
        """Data that cost little when they are stored twice go first."""
        self.not_above = min(group.size_bytes for group in self._groups.values())
        small = [key for key, each in self._groups.items() if each.size_bytes <= self.not_above]
        for key in small:
            self._count -= len(self._groups.pop(key).others)

    def candidates(self) -> Iterator[Candidate]:
        """Yield what was found, once all images were looked at; the largest data first."""
        yield from map(Candidate, self._found)
        for group in sorted(self._groups.values(), key=lambda each: -each.size_bytes):
            kept_ids = tuple(entry.id for entry in group.kept)
            for id_ in group.others:
                if not group.is_next_version(id_):
                    yield Candidate(id_, kept_ids)

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule.to_json(),
            "now": self.now.strftime(TIME_FORMAT),
            "counts": [self.images, self.further, self.not_above, self.left_out],
            "kept": self.kept.to_json(),
            "found": list(self._found),
            "groups": {
                key: [each.kept, each.others] if each.others else [each.kept]
                for key, each in self._groups.items()
            },
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> RuleSearch:
        """Read what `to_json` has written; the text has to be from a trusted place."""
        now = time_of(body["now"])
        if now is None:
            raise ValueError("now")
        search = cls(Rule.from_json(body["rule"]), now)
        search.images, search.further, search.not_above, search.left_out = body["counts"]
        search.kept = KeptImages.from_json(body["kept"])
        search._found = dict.fromkeys(body["found"], 0)
        for key, (kept, *others) in body["groups"].items():
            entries = [_Entry((*rank,), *rest) for rank, *rest in kept]
            search._groups[key] = _Group(entries, *others)
        search._count = len(search._found)
        search._count += sum(len(each.others) for each in search._groups.values())
        return search


def _reason(rule: Rule, image: Image) -> str:
    if reason := reason_to_keep(image):
        return reason
    return NEXT_VERSION if rule.kind == FAMILY and is_in_swap(image) else ""
