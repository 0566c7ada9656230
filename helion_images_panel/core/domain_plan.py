# SPDX-License-Identifier: Apache-2.0
"""The changes of members that publishing to a domain needs, and no more.

The members that publishing made are recorded on the image; all others were added by
users and stay theirs. The rejection of a project is preserved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from helion_images_panel.core.access import Reach
from helion_images_panel.core.image import Member

ACCEPTED, PENDING, REJECTED = "accepted", "pending", "rejected"


@dataclass(frozen=True)
class DomainPlan:
    """IDs of projects, each tuple in the order of the domain's projects.

    `add` are not members yet, `accept` have not answered, `remove` were made members by
    publishing and are disabled or deleted, `rejected` have rejected the image.
    `answered` are those of `accept` that a user made members. `others` have the image
    and are not in the domain. `members_after` is the number of members after the
    changes. `changed_at` are the times of the last change of those of `remove`. `stale` projects
    are recorded and have no membership that publishing has made: only the record
    changes.
    """

    add: tuple[str, ...]
    accept: tuple[str, ...]
    answered: tuple[str, ...]
    remove: tuple[str, ...]
    rejected: tuple[str, ...]
    others: tuple[str, ...]
    reach: Reach
    members_after: int
    changed_at: Mapping[str, str] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()

    @property
    def is_done(self) -> bool:
        return not (self.add or self.accept or self.remove)


def domain_plan(
    owner: str | None, enabled: Iterable[str], members: Iterable[Member], given: Iterable[str] = ()
) -> DomainPlan:
    """Compare the members of an image with the enabled projects of its domain.

    :param enabled: IDs of the enabled projects of the domain, which determine the order
    :param given: IDs of the projects that publishing has made members so far
    """
    projects = list(dict.fromkeys(enabled))
    by_project = {member.project_id: member for member in members}
    statuses = {project_id: member.status for project_id, member in by_project.items()}
    published_to = set(given)
    peers = [project_id for project_id in projects if project_id != owner]
    add = tuple(project_id for project_id in peers if project_id not in statuses)
    accept = tuple(id_ for id_ in peers if statuses.get(id_) == PENDING)
    # The rejection of a project is preserved in any case.
    not_rejected = [id_ for id_, status in statuses.items() if status != REJECTED]
    outside = [id_ for id_ in not_rejected if id_ not in {*peers, owner}]
    remove = tuple(id_ for id_ in outside if id_ in published_to)
    reached = [id_ for id_ in projects if id_ == owner or statuses.get(id_) == ACCEPTED]
    return DomainPlan(
        add=add,
        accept=accept,
        answered=tuple(id_ for id_ in accept if id_ not in published_to),
        remove=remove,
        rejected=tuple(id_ for id_ in peers if statuses.get(id_) == REJECTED),
        others=tuple(id_ for id_ in outside if id_ not in published_to),
        reach=Reach(len(reached), len(projects)),
        members_after=len(statuses) + len(add) - len(remove),
        changed_at={id_: by_project[id_].updated_at or "" for id_ in remove},
    )
