# SPDX-License-Identifier: Apache-2.0
"""Publish an image to an audience, re-sync it, and unpublish it, one step at a time.

Glance has no domains. For a domain the image is shared, each enabled project of its
owner's domain is a member, and the projects that publishing added are recorded on the
image: Unpublish removes these, and no member that a user added.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from helion_images_panel import exceptions
from helion_images_panel.api.client import Request
from helion_images_panel.api.projects import Project
from helion_images_panel.core.access import Reach
from helion_images_panel.core.domain_plan import REJECTED
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import (
    CLOUD,
    DOMAIN,
    OWN,
    VISIBILITY_FOR,
    Publication,
    RecordedImage,
)
from helion_images_panel.publishing import results
from helion_images_panel.publishing.execution import AcceptingRequests, execute, perform
from helion_images_panel.publishing.held_image import HeldImage, hold
from helion_images_panel.publishing.plan import (
    REMOVE,
    Task,
    check_recordable,
    known_members,
    possible_plan_of,
    tasks_to_publish,
    tasks_to_unpublish,
)
from helion_images_panel.publishing.refusals import PublishedElsewhere, Unpublished
from helion_images_panel.publishing.results import ProjectResult, Step


@dataclass(frozen=True)
class OwnersDomain:
    """The domain of an image's owner, and its projects by name."""

    id: str
    projects: tuple[Project, ...]

    @property
    def enabled(self) -> list[str]:
        return [project.id for project in self.projects if project.enabled]


def publish_step(
    request: Request,
    image: Image,
    audience: str,
    accepting_requests: AcceptingRequests,
    domain: OwnersDomain | None = None,
    tried: Collection[str] = (),
    remove_old: bool = False,
) -> Step:
    """Publish the image to the audience, or to some of its projects.

    A run over a finished image changes nothing. Raise BeingPublished and Unpublished;
    TooManyProjects with the image as it was before; PublishedElsewhere; and
    ImageServiceError if the image itself cannot be changed. The errors of single
    projects are in their results.

    :param image: as the user saw it; it is read again
    :param domain: of the image's owner, for the audience DOMAIN
    :param tried: projects that the same run has tried before
    :param remove_old: whether former members of a private image are removed when they
        become active again; else the result lists them
    """
    with hold(request, image, waits=audience in VISIBILITY_FOR) as held:
        return publish_held(held, audience, accepting_requests, domain, tried, remove_old)


def publish_held(
    held: HeldImage,
    audience: str,
    accepting_requests: AcceptingRequests,
    domain: OwnersDomain | None = None,
    tried: Collection[str] = (),
    remove_old: bool = False,
) -> Step:
    """Publish an image whose lock the caller has; see `publish_step`."""
    visibility = VISIBILITY_FOR.get(audience)
    if audience == OWN:
        return _unpublish(held, accepting_requests, tried)
    if audience == DOMAIN and domain is not None:
        return _publish_to_domain(held, domain, accepting_requests, tried, remove_old)
    if visibility is None:
        raise ValueError(f"{audience!r} without its projects")
    held.change_visibility(visibility)
    return Step((), 0, Reach(0, 0))


def _publish_to_domain(
    held: HeldImage,
    domain: OwnersDomain,
    accepting_requests: AcceptingRequests,
    tried: Collection[str],
    remove_old: bool,
) -> Step:
    before = held.current
    plan = possible_plan_of(held.request, before, domain.enabled)
    publication = _publication_for(before, domain.id).without(plan.stale)
    if before.image.visibility == "shared":
        # What an interrupted step has left unconfirmed is decided by the members.
        publication = publication.confirmed
    check_recordable(before.image, publication, plan)
    held.write("shared", publication)
    former_members: list[ProjectResult] = []
    if before.image.visibility != "shared":
        # Former members may be active again: they count, and if there are too many
        # members then, the change is undone.
        try:
            former_members = _former_members(held, before, remove_old)
            plan = possible_plan_of(held.request, held.current, domain.enabled)
            revived = _revived(publication, former_members)
            publication = replace(publication.without(plan.stale).confirmed, revived=revived)
            check_recordable(before.image, publication, plan)
        except exceptions.ImageServiceError:
            held.restore(before.image)
            raise
        if held.current.publication != publication:
            held.change_publication(
                lambda publication: replace(
                    publication.without(plan.stale).confirmed, revived=revived
                )
            )
    execution = execute(held, tasks_to_publish(plan), accepting_requests, tried)
    if execution.settled or execution.is_unconfirmed:
        held.change_publication(
            lambda publication: publication.without(execution.settled).confirmed
        )
    # Projects of the domain have their own results.
    outside = [result for result in former_members if result.project_id not in domain.enabled]
    reach = Reach(plan.reach.reached + execution.gained, plan.reach.total)
    return Step((*outside, *execution.results), execution.left, reach)


def _publication_for(current: RecordedImage, domain_id: str) -> Publication:
    """Return the publication to record for an image that is published to this domain."""
    publication, visibility = current.publication, current.image.visibility
    if publication and publication.domain_id == domain_id:
        return replace(publication, audience=DOMAIN)
    if publication and publication.has_given:
        raise PublishedElsewhere()
    if publication and publication.audience == CLOUD:
        return Publication(DOMAIN, publication.before, domain_id)
    before = visibility if visibility in ("community", "shared") else "private"
    return Publication(DOMAIN, before, domain_id)


def _former_members(held: HeldImage, before: RecordedImage, remove: bool) -> list[ProjectResult]:
    """Return the results of former members that became active when the image was shared.

    Only for a private image it is certain that they did not have access.
    """
    if before.image.visibility != "private":
        return []
    found = known_members(held.request, held.current.image)
    given = before.publication.given_among(found) if before.publication else ()
    revived = [
        member.project_id
        for member in found
        if member.project_id not in given and member.status != REJECTED
    ]
    if remove:
        return perform(held, [Task(project_id, REMOVE) for project_id in revived])
    return [ProjectResult(project_id, results.REVIVED) for project_id in revived]


def _revived(publication: Publication, former_members: Sequence[ProjectResult]) -> tuple[str, ...]:
    """Return the recorded former members and the new ones, without those that were removed."""
    outcomes = {
        **dict.fromkeys(publication.revived, results.REVIVED),
        **{result.project_id: result.outcome for result in former_members},
    }
    return tuple(id_ for id_, outcome in outcomes.items() if outcome != results.REMOVED)


def _unpublish(
    held: HeldImage, accepting_requests: AcceptingRequests, tried: Collection[str]
) -> Step:
    """Remove the image from some of the projects that publishing added.

    The last step restores the visibility that the image had before. Members that a user
    added stay, with their previous status, and so do members that have rejected the
    image: it is not shared with them again.
    """
    current = held.current
    if not current.is_published:
        raise Unpublished()
    publication = current.publication or Publication(CLOUD, current.visibility_before)
    if publication.has_given:
        # Glance allows changes of members only while the image is shared.
        held.write("shared", publication)
    current_members = (
        known_members(held.request, held.current.image) if publication.domain_id else []
    )
    execution = execute(
        held, tasks_to_unpublish(publication, current_members), accepting_requests, tried
    )
    reach = Reach(0, len(publication.given))
    # Projects of earlier steps were removed from the record: those that remain have
    # failed.
    failed_before = not {*publication.given, *publication.answered}.isdisjoint(tried)
    if execution.left or execution.has_failed or failed_before:
        if execution.settled:
            held.change_publication(lambda publication: publication.without(execution.settled))
        return Step(execution.results, execution.left, reach)
    manual_members = (
        _manual_members(publication, current_members)
        if current.visibility_before == "private"
        else []
    )
    held.write("shared" if manual_members else current.visibility_before, None)
    kept_results = (ProjectResult(project_id, results.BY_HAND) for project_id in manual_members)
    return Step((*execution.results, *kept_results), execution.left, reach)


def _manual_members(publication: Publication, current_members: Sequence[Member]) -> list[str]:
    """Return members that a user has added since the image was published: they keep their
    access.
    """
    given = {*publication.given_among(current_members), *publication.revived}
    not_rejected = [member.project_id for member in current_members if member.status != REJECTED]
    return [project_id for project_id in not_rejected if project_id not in given]
