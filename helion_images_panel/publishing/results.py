# SPDX-License-Identifier: Apache-2.0
"""The result of publishing for each project, step by step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from helion_images_panel.core.access import Reach
from helion_images_panel.exceptions import ImageServiceError

#: Number of projects in one step, which has to fit into one request.
PROJECTS_PER_STEP = 24

#: Outcomes: has the image now; is a member and has yet to accept; was a member already;
#: was removed; failed, with its error; was a former member and has the image again; has
#: accepted, which only its own members can undo; keeps the image, since a user has
#: shared it.
ADDED, PENDING, KNOWN, REMOVED, FAILED, REVIVED, KEPT, BY_HAND = (
    "added",
    "pending",
    "known",
    "removed",
    "failed",
    "revived",
    "kept",
    "by_hand",
)


@dataclass(frozen=True)
class ProjectResult:
    project_id: str
    outcome: str
    error: ImageServiceError | None = None


@dataclass(frozen=True)
class Step:
    """The result of one step; `left` projects are still to be processed, `reach` is the state
    after it.
    """

    results: tuple[ProjectResult, ...]
    left: int
    reach: Reach

    @property
    def tried(self) -> frozenset[str]:
        """Projects that the next step of the same run must not try again."""
        return frozenset(result.project_id for result in self.results)


def all_steps(step: Callable[[Collection[str]], Step]) -> Iterator[Step]:
    """Run all steps; each receives the projects that were tried before."""
    tried: frozenset[str] = frozenset()
    while True:
        result = step(tried)
        yield result
        if not result.left:
            return
        tried |= result.tried
