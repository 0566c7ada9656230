# SPDX-License-Identifier: Apache-2.0
"""What became of each project, step by step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from helion_images_panel.core.access import Reach
from helion_images_panel.exceptions import ImageServiceError

#: As many projects as one step handles: a request can wait for that.
PROJECTS_PER_STEP = 24

#: Has the image now; is a member and has yet to accept; was a member already;
#: the image was taken from it; refused, with its error; was a member of long
#: ago, and has the image again; has accepted, and only its own people take that back;
#: keeps the image, as a person has shared it with it.
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
    """`left` projects are still to be handled; `reach` is how far the image has come."""

    results: tuple[ProjectResult, ...]
    left: int
    reach: Reach

    @property
    def tried(self) -> frozenset[str]:
        """What the next step of the same run is not to try again."""
        return frozenset(result.project_id for result in self.results)


def to_the_end(step: Callable[[Collection[str]], Step]) -> Iterator[Step]:
    """All steps of one run: each is told which projects were tried before."""
    tried: frozenset[str] = frozenset()
    while True:
        taken = step(tried)
        yield taken
        if not taken.left:
            return
        tried |= taken.tried
