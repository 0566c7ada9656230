# SPDX-License-Identifier: Apache-2.0
"""What is to be done for an image to be every project's of a domain, and no more.

Of the members of an image, those that publishing made are noted on it; all
others a person made, and they are that person's. What a project has rejected
stays so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helion_images_panel.core.access import Reach
from helion_images_panel.core.image import Member

ACCEPTED, PENDING, REJECTED = "accepted", "pending", "rejected"


@dataclass(frozen=True)
class DomainPlan:
    """IDs of projects, each list in the order of the domain's projects.

    `add` are no members yet, `accept` have not answered; `remove` were given
    the image and are disabled or gone; `rejected` do not want it. `answered`
    are those of `accept` that a person made members. `others` have the image
    without being of the domain. `members_after` counts all members that there
    are going to be.
    """

    add: tuple[str, ...]
    accept: tuple[str, ...]
    answered: tuple[str, ...]
    remove: tuple[str, ...]
    rejected: tuple[str, ...]
    others: tuple[str, ...]
    reach: Reach
    members_after: int

    @property
    def is_done(self) -> bool:
        return not (self.add or self.accept or self.remove)


def domain_plan(
    owner: str | None, enabled: Iterable[str], members: Iterable[Member], given: Iterable[str] = ()
) -> DomainPlan:
    """:param enabled: IDs of the enabled projects of the domain, in the order to go by
    :param given: the projects that publishing has made members so far
    """
    wanted = list(dict.fromkeys(enabled))
    statuses = {member.project_id: member.status for member in members}
    was_given = set(given)
    peers = [project_id for project_id in wanted if project_id != owner]
    add = tuple(project_id for project_id in peers if project_id not in statuses)
    accept = tuple(id_ for id_ in peers if statuses.get(id_) == PENDING)
    # A project that has rejected the image keeps its answer, come what may.
    wants_it = [id_ for id_, status in statuses.items() if status != REJECTED]
    strangers = [id_ for id_ in wants_it if id_ not in {*peers, owner}]
    remove = tuple(id_ for id_ in strangers if id_ in was_given)
    reached = [id_ for id_ in wanted if id_ == owner or statuses.get(id_) == ACCEPTED]
    return DomainPlan(
        add=add,
        accept=accept,
        answered=tuple(id_ for id_ in accept if id_ not in was_given),
        remove=remove,
        rejected=tuple(id_ for id_ in peers if statuses.get(id_) == REJECTED),
        others=tuple(id_ for id_ in strangers if id_ not in was_given),
        reach=Reach(len(reached), len(wanted)),
        members_after=len(statuses) + len(add) - len(remove),
    )
