# SPDX-License-Identifier: Apache-2.0
"""What a rule would delete, as far as it is known between two steps.

First all images are looked at, then those found are read again with their uses: see `finding`.
At last, if the user wants it, they are deleted: see `deleting`. The page has the state between
two steps, signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from helion_images_panel.core.kept_images import KeptImages
from helion_images_panel.core.rule_search import Candidate, RuleSearch
from helion_images_panel.core.rules import Rule
from helion_images_panel.ui.base import walk
from helion_images_panel.ui.base.walk import Walk

#: Share of the progress that looking at all images is.
_SEARCH_SHARE = 0.6


class Found(NamedTuple):
    """An image that would be deleted.

    :ivar since: when it was created, or had changed last if it has no data
    :ivar beside: name of the first image that its group keeps, or of its family
    """

    id: str
    name: str
    owner: str
    size_bytes: int
    status: str
    since: str
    kept_ids: Sequence[str]
    beside: str

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.id, tuple(self.kept_ids))


@dataclass
class Preview:
    """How far it is.

    :ivar search: until all images were looked at
    :ivar candidates: what was found, of which the first `checked` were read again
    :ivar further: images that match beyond the maximum, and were not read again
    :ivar note: why some uses are not known; empty if they are
    :ivar has_failed: whether the services of the uses have failed
    """

    rule: Rule
    search: RuleSearch | None
    walk: Walk = field(default_factory=Walk)
    candidates: list[Candidate] = field(default_factory=list)
    checked: int = 0
    found: list[Found] = field(default_factory=list)
    kept: KeptImages = field(default_factory=KeptImages)
    images: int = 0
    further: int = 0
    not_above: int = 0
    left_out: int = 0
    note: str = ""
    has_failed: bool = False

    @property
    def is_whole(self) -> bool:
        return self.search is None and self.checked >= len(self.candidates)

    @property
    def percent(self) -> int:
        if self.search is not None:
            return int(_SEARCH_SHARE * self.walk.percent)
        if self.is_whole:
            return 100
        share = self.checked / len(self.candidates)
        return min(99, int(100 * (_SEARCH_SHARE + (1 - _SEARCH_SHARE) * share)))

    @property
    def size_bytes(self) -> int:
        return sum(each.size_bytes for each in self.found)

    def to_json(self) -> list[Any]:
        return [
            self.rule.to_json(),
            self.search.to_json() if self.search else None,
            [[each.id, *each.kept_ids] for each in self.candidates[self.checked :]],
            self.found,
            self.kept.to_json(),
            [self.images, self.further, self.not_above, self.left_out],
            self.note,
            self.has_failed,
            self.checked,
        ]

    @classmethod
    def from_json(cls, body: Sequence[Any], place: Walk) -> Preview:
        rule, search, candidates, found, kept, counts, note, has_failed, checked = body
        images, further, not_above, left_out = counts
        left = [Candidate(id_, tuple(kept_ids)) for id_, *kept_ids in candidates]
        return cls(
            Rule.from_json(rule),
            RuleSearch.from_json(search) if search else None,
            place,
            # Only those that are left are needed.
            [*([Candidate("")] * checked), *left],
            checked,
            [Found(*each) for each in found],
            KeptImages.from_json(kept),
            images,
            further,
            not_above,
            left_out,
            note,
            has_failed,
        )


def begun(rule: Rule) -> Preview:
    return Preview(rule, RuleSearch(rule, datetime.now(UTC)))


def sealed(preview: Preview, key: str) -> str:
    return walk.sealed(preview.to_json(), preview.walk, key)


def unsealed(text: str, key: str) -> Preview:
    """Raise NotContinued unless `sealed` made the text for this key of late."""
    body, place = walk.unsealed(text, key)
    return Preview.from_json(body, place)
