# SPDX-License-Identifier: Apache-2.0
"""The images of a preview are deleted, portion by portion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from helion_images_panel import conf
from helion_images_panel.core.deletion import has_restorable_state
from helion_images_panel.core.image import Image
from helion_images_panel.core.kept_images import MOST_NAMED
from helion_images_panel.core.rules import Rule
from helion_images_panel.publishing import deletion
from helion_images_panel.ui.base import bulk, walk
from helion_images_panel.ui.base.walk import Walk
from helion_images_panel.ui.rules import words
from helion_images_panel.ui.rules.check import PORTION, Check
from helion_images_panel.ui.rules.preview import Found, Preview
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass
class Failures:
    """Images that were not deleted for one reason; `names` are those of the first of them."""

    images: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        self.images += 1
        if len(self.names) < MOST_NAMED:
            self.names.append(name)

    @property
    def unnamed(self) -> int:
        return self.images - len(self.names)


@dataclass
class Deleting:
    """How far it is.

    :ivar left: images that are still to be deleted
    :ivar deleted: number of images that were deleted, and what they store
    :ivar failures: by reason, in words
    """

    rule: Rule
    left: list[Found]
    total: int
    deleted: int = 0
    deleted_bytes: int = 0
    failures: dict[str, Failures] = field(default_factory=dict)

    @classmethod
    def of(cls, preview: Preview) -> Deleting:
        return cls(preview.rule, list(preview.found), len(preview.found))

    @property
    def is_over(self) -> bool:
        return not self.left

    @property
    def done(self) -> int:
        return self.total - len(self.left)

    @property
    def percent(self) -> int:
        return int(100 * self.done / self.total) if self.total else 100

    def advance(self, request: HttpRequest, scope: PanelScope) -> None:
        """Delete the next images, each of which is read and checked again."""
        portion, self.left = self.left[:PORTION], self.left[PORTION:]
        now = datetime.now(UTC)
        check = Check(request, scope, self.rule, now, [each.candidate for each in portion])
        days, by = int(conf.RESTORE_DAYS.value), request.user.username or ""

        def refusal(image: Image) -> str | None:
            reason = check.reason(image)
            return words.refusal(reason) if reason else None

        def act(image: Image) -> None:
            acting = scope.request_for(request, image)
            if has_restorable_state(image):
                deletion.delete(acting, image, by, days, check.is_due)
            else:
                deletion.delete_without_data(acting, image, check.is_due)

        results = bulk.run(request, scope, [each.id for each in portion], refusal, act)
        for each, result in zip(portion, results, strict=True):
            if result.failure:
                self.failures.setdefault(result.failure, Failures()).add(each.name)
            else:
                self.deleted += 1
                self.deleted_bytes += each.size_bytes

    def to_json(self) -> list[Any]:
        failures = {reason: [each.images, each.names] for reason, each in self.failures.items()}
        return [
            self.rule.to_json(),
            self.left,
            self.total,
            self.deleted,
            self.deleted_bytes,
            failures,
        ]

    @classmethod
    def from_json(cls, body: Sequence[Any]) -> Deleting:
        rule, left, total, deleted, deleted_bytes, failures = body
        found: Mapping[str, Any] = failures
        return cls(
            Rule.from_json(rule),
            [Found(*each) for each in left],
            total,
            deleted,
            deleted_bytes,
            {reason: Failures(*each) for reason, each in found.items()},
        )


def sealed(deleting: Deleting, key: str) -> str:
    return walk.sealed(deleting.to_json(), Walk(), f"{key}.deleting")


def unsealed(text: str, key: str) -> Deleting:
    """Raise NotContinued unless `sealed` made the text for this key of late."""
    body, _place = walk.unsealed(text, f"{key}.deleting")
    return Deleting.from_json(body)
