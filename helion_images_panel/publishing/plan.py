# SPDX-License-Identifier: Apache-2.0
"""What is to be done for an image to reach a domain's projects, or to be taken back from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helion_images_panel import conf
from helion_images_panel.api import members
from helion_images_panel.api.client import Request
from helion_images_panel.core.domain_plan import (
    ACCEPTED,
    REJECTED,
    DomainPlan,
    domain_plan,
)
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import Publication, RecordedImage
from helion_images_panel.publishing.refusals import TooManyProjects

#: What is done for one project: it is made a member and accepted for; accepted
#: for, as publishing or (ANSWER) a person has made it a member; it is a member
#: no more; a person's member is asked again, as before it was accepted for.
GIVE, ACCEPT, ANSWER, TAKE, ASK_AGAIN = "give", "accept", "answer", "take", "ask_again"


@dataclass(frozen=True)
class Task:
    project_id: str
    do: str


def known_members(request: Request, image: Image) -> list[Member]:
    """Of an image that is not shared Glance tells none, and lets nobody change them."""
    return members.member_list(request, image.id) if image.visibility == "shared" else []


def plan_of(request: Request, now: RecordedImage, enabled: Sequence[str]) -> DomainPlan:
    """What publishing to the enabled projects of its owner's domain would do now."""
    known = known_members(request, now.image)
    given = now.publication.given if now.publication else ()
    return domain_plan(now.image.owner, enabled, known, given)


def possible_plan_of(request: Request, now: RecordedImage, enabled: Sequence[str]) -> DomainPlan:
    """The same; raises TooManyProjects where the cloud lets no image have that many members."""
    plan, limit = plan_of(request, now, enabled), quota()
    if limit is not None and plan.add and plan.members_after > limit:
        raise TooManyProjects(plan.members_after, limit)
    return plan


def quota() -> int | None:
    """As many members as an image may have here; None for no limit."""
    limit = int(conf.MEMBERS_QUOTA.value)
    return None if limit < 0 else limit


def tasks_to_give(plan: DomainPlan) -> list[Task]:
    """What is too much goes first: it makes room."""
    return [
        *(Task(id_, TAKE) for id_ in plan.remove),
        *(Task(id_, GIVE) for id_ in plan.add),
        *(Task(id_, ANSWER if id_ in plan.answered else ACCEPT) for id_ in plan.accept),
    ]


def tasks_to_take_back(publication: Publication, known: Sequence[Member]) -> list[Task]:
    """A rejection stays, as a member: the project is not given the image again."""
    statuses = {member.project_id: member.status for member in known}
    return [
        *(Task(id_, TAKE) for id_ in publication.given if statuses.get(id_, REJECTED) != REJECTED),
        *(Task(id_, ASK_AGAIN) for id_ in publication.answered if statuses.get(id_) == ACCEPTED),
    ]
