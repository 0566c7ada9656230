# SPDX-License-Identifier: Apache-2.0
"""The tasks that publish an image to a domain's projects, or unpublish it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from helion_images_panel.core.publication import (
    DOMAIN,
    Publication,
    RecordedImage,
    is_recordable,
    publication_of,
)
from helion_images_panel.publishing.refusals import RecordTooLong, TooManyProjects

#: Length of Keystone's IDs.
ID_LENGTH = 32

#: Kinds of tasks for one project: add it as member and accept; accept for a member that
#: publishing or (ACCEPT_MANUAL) a user has added; remove the member; set a member that a
#: user added back to pending, as before publishing.
ADD, ACCEPT, ACCEPT_MANUAL, REMOVE, RESET = "add", "accept", "accept_manual", "remove", "reset"


@dataclass(frozen=True)
class Task:
    """`changed_at` is the time of the last change of a member that is removed."""

    project_id: str
    do: str
    changed_at: str = ""


def known_members(request: Request, image: Image) -> list[Member]:
    """Return the members; none unless the image is shared, as Glance then neither returns nor
    changes them.
    """
    return members.member_list(request, image.id) if image.visibility == "shared" else []


def plan_of(request: Request, current: RecordedImage, enabled: Sequence[str]) -> DomainPlan:
    """Compute what publishing to the enabled projects of the owner's domain would change now."""
    current_members = known_members(request, current.image)
    publication = current.publication
    given = publication.given_among(current_members) if publication else ()
    plan = domain_plan(current.image.owner, enabled, current_members, given)
    if publication is None or current.image.visibility != "shared":
        return plan
    return replace(plan, stale=_stale(publication, current_members))


def _stale(publication: Publication, current_members: Sequence[Member]) -> frozenset[str]:
    """Return recorded projects without a membership, or an acceptance, of publishing: an
    interrupted step has removed or never added them, or a user has removed them.
    """
    member_ids = {member.project_id for member in current_members}
    given = member_ids.intersection(publication.given_among(current_members))
    answered = member_ids.intersection(publication.answered_among(current_members))
    return frozenset({*publication.given} - given | {*publication.answered} - answered)


def possible_plan_of(
    request: Request, current: RecordedImage, enabled: Sequence[str]
) -> DomainPlan:
    """Return the same; raise TooManyProjects if the image would exceed the limit of members."""
    plan, limit = plan_of(request, current, enabled), quota()
    if limit is not None and plan.add and plan.members_after > limit:
        raise TooManyProjects(plan.members_after, limit)
    return plan


def check_recordable(image: Image, publication: Publication, plan: DomainPlan) -> None:
    """Raise RecordTooLong if the record of the finished plan is too long for Glance."""
    if plan.add and not is_recordable(image.id, publication.with_given(plan.add, plan.answered)):
        raise RecordTooLong(plan.reach.total)


def record_refusal(image: Image, plan: DomainPlan) -> RecordTooLong | None:
    """Return the error of `check_recordable` for the image as it is before publishing."""
    longest = Publication(DOMAIN, "community", "-" * ID_LENGTH)
    try:
        check_recordable(image, publication_of(image) or longest, plan)
    except RecordTooLong as error:
        return error
    return None


def quota() -> int | None:
    """Maximum number of members of an image; None for no limit."""
    limit = int(conf.MEMBERS_QUOTA.value)
    return None if limit < 0 else limit


def tasks_to_publish(plan: DomainPlan) -> list[Task]:
    """Tasks of a plan; removals come first, since they free quota."""
    return [
        *(Task(id_, REMOVE, plan.changed_at[id_]) for id_ in plan.remove),
        *(Task(id_, ADD) for id_ in plan.add),
        *(Task(id_, ACCEPT_MANUAL if id_ in plan.answered else ACCEPT) for id_ in plan.accept),
    ]


def tasks_to_unpublish(publication: Publication, current_members: Sequence[Member]) -> list[Task]:
    """Tasks to unpublish; members that rejected the image stay, so that it is not shared with
    them again.
    """
    statuses = {member.project_id: member.status for member in current_members}
    changed_at = {member.project_id: member.updated_at or "" for member in current_members}
    answered = publication.answered_among(current_members)
    return [
        *(
            Task(id_, REMOVE, changed_at[id_])
            for id_ in publication.given_among(current_members)
            if statuses.get(id_, REJECTED) != REJECTED
        ),
        *(Task(id_, RESET) for id_ in answered if statuses.get(id_) == ACCEPTED),
    ]
