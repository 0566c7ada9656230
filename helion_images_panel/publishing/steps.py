# SPDX-License-Identifier: Apache-2.0
"""An image given to an audience, kept up, and taken back, a step at a time.

Glance knows no domains. For a domain the image is shared, each enabled project
of its owner's domain is a member, and the image notes which of them were given
it: Unpublish takes it from these, and from no member that a person added.
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
from helion_images_panel.publishing.carry_out import Answering, carry_out, perform
from helion_images_panel.publishing.held_image import HeldImage, hold
from helion_images_panel.publishing.plan import (
    TAKE,
    Task,
    known_members,
    possible_plan_of,
    tasks_to_give,
    tasks_to_take_back,
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
    answering: Answering,
    domain: OwnersDomain | None = None,
    tried: Collection[str] = (),
    remove_old: bool = False,
) -> Step:
    """Gives the image to the audience, or to some of the projects that are to have it.

    A run over a finished image changes nothing. Raises BeingPublished and
    Unpublished, TooManyProjects with the image as it was before,
    PublishedElsewhere, and ImageServiceError where the image itself cannot be
    changed; what a single project is refused stands in its result.

    :param image: as the person saw it; it is read anew
    :param domain: of the image's owner, for the audience DOMAIN
    :param tried: what the same run has tried before
    :param remove_old: whether members that a private image had long ago are
        removed as they come back; else the result names them
    """
    visibility = VISIBILITY_FOR.get(audience)
    with hold(request, image, waits=visibility is not None) as held:
        if audience == OWN:
            return _take_back(held, answering, tried)
        if audience == DOMAIN and domain is not None:
            return _give(held, domain, answering, tried, remove_old)
        if visibility is None:
            raise ValueError(f"{audience!r} without its projects")
        held.change_visibility(visibility)
        return Step((), 0, Reach(0, 0))


def _give(
    held: HeldImage,
    domain: OwnersDomain,
    answering: Answering,
    tried: Collection[str],
    remove_old: bool,
) -> Step:
    before = held.now
    plan = possible_plan_of(held.request, before, domain.enabled)
    held.write("shared", _publication_for(before, domain.id))
    old: list[ProjectResult] = []
    if before.image.visibility != "shared":
        # Members of long ago may be back: they count, and where that makes too
        # many, they are out again.
        try:
            old = _old_members(held, before, remove_old)
            plan = possible_plan_of(held.request, held.now, domain.enabled)
        except exceptions.ImageServiceError:
            held.restore(before.image)
            raise
        back = tuple(each.project_id for each in old if each.outcome != results.REMOVED)
        if back:
            held.change_note(lambda publication: replace(publication, revived=back))
    done = carry_out(held, tasks_to_give(plan), answering, tried)
    if done.settled:
        held.change_note(lambda publication: publication.without(done.settled))
    # Those of the domain are to have it anyway, and each has its own result.
    outside = [each for each in old if each.project_id not in domain.enabled]
    reach = Reach(plan.reach.reached + done.gained, plan.reach.total)
    return Step((*outside, *done.results), done.left, reach)


def _publication_for(now: RecordedImage, domain_id: str) -> Publication:
    """What is to be noted of an image that is this domain's."""
    publication, visibility = now.publication, now.image.visibility
    if publication and publication.domain_id == domain_id:
        return replace(publication, audience=DOMAIN)
    if publication and publication.has_given:
        raise PublishedElsewhere()
    if publication and publication.audience == CLOUD:
        return Publication(DOMAIN, publication.before, domain_id)
    before = visibility if visibility in ("community", "shared") else "private"
    return Publication(DOMAIN, before, domain_id)


def _old_members(held: HeldImage, before: RecordedImage, remove: bool) -> list[ProjectResult]:
    """What becomes of the members that came back as the image was shared.

    Only of a private image it is sure that they did not have it.
    """
    if before.image.visibility != "private":
        return []
    given = before.publication.given if before.publication else ()
    back = [
        member.project_id
        for member in known_members(held.request, held.now.image)
        if member.project_id not in given and member.status != REJECTED
    ]
    if remove:
        return perform(held, [Task(project_id, TAKE) for project_id in back])
    return [ProjectResult(project_id, results.REVIVED) for project_id in back]


def _take_back(held: HeldImage, answering: Answering, tried: Collection[str]) -> Step:
    """Takes the image from some of the projects that publishing gave it.

    The last step gives the image the visibility that it had before. Members
    that a person added stay, with the answer that they had, and so do answers
    of the projects that have rejected the image: it is not given to them again.
    """
    now = held.now
    if not now.is_published:
        raise Unpublished()
    publication = now.publication or Publication(CLOUD, now.visibility_before)
    if publication.has_given:
        # Glance lets nobody change members otherwise.
        held.write("shared", publication)
    known = known_members(held.request, held.now.image) if publication.domain_id else []
    done = carry_out(held, tasks_to_take_back(publication, known), answering, tried)
    reach = Reach(0, len(publication.given))
    # What an earlier step has done is noted no more: what is, has failed there.
    failed_before = not {*publication.given, *publication.answered}.isdisjoint(tried)
    if done.left or done.has_failed or failed_before:
        if done.settled:
            held.change_note(lambda publication: publication.without(done.settled))
        return Step(done.results, done.left, reach)
    by_hand = _by_hand(publication, known) if now.visibility_before == "private" else []
    held.write("shared" if by_hand else now.visibility_before, None)
    kept = (ProjectResult(project_id, results.BY_HAND) for project_id in by_hand)
    return Step((*done.results, *kept), done.left, reach)


def _by_hand(publication: Publication, known: Sequence[Member]) -> list[str]:
    """Whom a person has made a member since the image was published: they are not locked out."""
    given = {*publication.given, *publication.revived}
    made = [member.project_id for member in known if member.status != REJECTED]
    return [project_id for project_id in made if project_id not in given]
