# SPDX-License-Identifier: Apache-2.0
"""An image for every project of a domain: given, kept up, taken back.

Glance knows no domains. The image is shared, each enabled project of its
owner's domain is a member, and the image notes which of them were given it.
That note is written ahead of what it speaks of: whatever breaks off, it is
known what has to be taken back, and the next run does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from helion_images_panel import conf, exceptions
from helion_images_panel.api import images, members
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.access import Reach
from helion_images_panel.core.domain_plan import ACCEPTED, PENDING, DomainPlan, domain_plan
from helion_images_panel.core.image import VISIBILITIES, Image, Member
from helion_images_panel.core.publication import (
    DOMAIN,
    PROPERTY,
    Publication,
    publication_of,
    publication_property,
    unpublished_visibility,
)
from helion_images_panel.publishing import results
from helion_images_panel.publishing.results import PROJECTS_PER_STEP, ProjectResult, Step

#: The request with which a project's answer may be given, None where nobody may.
Answering = Callable[[str], Request | None]


class TooManyProjects(exceptions.ImageServiceError):
    """The image would have more members than the cloud lets it have."""

    def __init__(self, members_after: int, limit: int):
        super().__init__(f"{members_after} members, {limit} at the most", 413)
        self.members_after = members_after
        self.limit = limit


def plan_of(request: Request, image: Image, enabled: Sequence[str]) -> DomainPlan:
    """What publishing would do now. Of an image that is not shared Glance tells no members."""
    publication = publication_of(image)
    found = members.member_list(request, image.id) if image.visibility == "shared" else []
    return domain_plan(image.owner, enabled, found, publication.given if publication else ())


def publish_step(
    request: Request,
    image: Image,
    domain_id: str,
    enabled: Sequence[str],
    answering: Answering,
    tried: Collection[str] = (),
) -> Step:
    """Gives the image to some of the projects that do not have it.

    A run over a finished image changes nothing. Raises TooManyProjects with the
    image as it was before, and ImageServiceError where the image itself cannot
    be changed; what a single project is refused stands in its result.

    :param domain_id: the domain of the image's owner
    :param enabled: the IDs of its enabled projects
    :param tried: what the same run has tried before
    """
    plan = plan_of(request, image, enabled)
    _check_quota(plan)
    before = image
    image, publication = _opened(request, before, domain_id)
    if image is not before:
        # Members of long ago may be back.
        plan = plan_of(request, image, enabled)
        try:
            _check_quota(plan)
        except TooManyProjects:
            _reset(request, before, image)
            raise
    acting = {id_: answering(id_) for id_ in (*plan.add, *plan.accept)}
    removals = [id_ for id_ in plan.remove if id_ not in tried]
    additions = [id_ for id_ in plan.add if id_ not in tried]
    answers = [id_ for id_ in plan.accept if id_ not in tried and acting[id_] is not None]
    work = [
        *((id_, _take) for id_ in removals),
        *((id_, _give) for id_ in additions),
        *((id_, _accept) for id_ in answers),
    ]
    now = work[:PROJECTS_PER_STEP]
    adding = [id_ for id_, do in now if do is _give]
    answered = [id_ for id_, do in now if do is _accept and id_ in plan.answered]
    ahead = replace(
        publication,
        given=_joined(publication.given, adding),
        answered=_joined(publication.answered, answered),
    )
    _note(request, image, publication, ahead)
    done = in_parallel(lambda each: each[1](request, image.id, each[0], acting.get(each[0])), now)
    not_given = {
        result.project_id
        for (_id, do), result in zip(now, done, strict=True)
        if (do is _give and result.outcome in (results.KNOWN, results.FAILED))
        or (do is _take and result.outcome == results.REMOVED)
    }
    _note(request, image, ahead, _without(ahead, not_given))
    gained = sum(result.outcome == results.ADDED for result in done)
    reach = Reach(plan.reach.reached + gained, plan.reach.total)
    return Step(tuple(done), len(work) - len(now), reach)


def unpublish_step(request: Request, image: Image, tried: Collection[str] = ()) -> Step:
    """Takes the image from some of the projects that publishing gave it.

    The last step gives the image the visibility that it had before. Members
    that a person added stay, with the answer that they had.
    """
    publication = publication_of(image)
    given = publication.given if publication else ()
    answered = publication.answered if publication else ()
    work: list[tuple[str, Callable[..., ProjectResult]]] = []
    if publication and (given or answered):
        if image.visibility != "shared":
            # Glance lets nobody change members otherwise.
            image = images.image_update(request, image.id, {"visibility": "shared"})
        statuses = {m.project_id: m.status for m in members.member_list(request, image.id)}
        work = [
            *((id_, _take) for id_ in given if id_ in statuses and id_ not in tried),
            *(
                (id_, _take_answer)
                for id_ in answered
                if statuses.get(id_) == ACCEPTED and id_ not in tried
            ),
        ]
    now = work[:PROJECTS_PER_STEP]
    done = in_parallel(lambda each: each[1](request, image.id, each[0], request), now)
    left = len(work) - len(now)
    # What an earlier step has done is noted no more: what is, has failed there.
    failed = any(result.outcome == results.FAILED for result in done) or bool(
        set(tried).intersection((*given, *answered))
    )
    if publication and (left or failed):
        settled = {result.project_id for result in done if result.outcome != results.FAILED}
        _note(request, image, publication, _without(publication, settled))
    else:
        changes: dict[str, Any] = {"visibility": unpublished_visibility(image)}
        if PROPERTY in image.properties:
            changes[PROPERTY] = None
        images.image_update(request, image.id, changes)
    return Step(tuple(done), left, Reach(0, len(given)))


def _opened(request: Request, image: Image, domain_id: str) -> tuple[Image, Publication]:
    """The image, shared and noted as this domain's."""
    publication = publication_of(image)
    noted = Publication(DOMAIN, _before(image), domain_id)
    if publication and publication.domain_id == domain_id:
        noted = replace(publication, audience=DOMAIN)
    elif publication:
        noted = replace(noted, before=publication.before)
    if image.visibility == "shared" and publication == noted:
        return image, noted
    changes = {"visibility": "shared", **publication_property(image.id, noted)}
    return images.image_update(request, image.id, changes), noted


def _reset(request: Request, before: Image, image: Image) -> None:
    """Gives back what `_opened` has changed: the old members are out again as well."""
    changes: dict[str, Any] = {"visibility": before.visibility}
    if before.properties.get(PROPERTY) != image.properties.get(PROPERTY):
        changes[PROPERTY] = before.properties.get(PROPERTY)
    images.image_update(request, image.id, changes)


def _before(image: Image) -> str:
    return image.visibility if image.visibility in VISIBILITIES[1:] else "private"


def quota() -> int:
    """As many members as an image may have here."""
    return int(conf.MEMBERS_QUOTA.value)


def _check_quota(plan: DomainPlan) -> None:
    limit = quota()
    if plan.add and plan.members_after > limit:
        raise TooManyProjects(plan.members_after, limit)


def _note(request: Request, image: Image, old: Publication, new: Publication) -> None:
    if new != old:
        images.image_update(request, image.id, publication_property(image.id, new))


def _joined(known: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _without(publication: Publication, project_ids: Collection[str]) -> Publication:
    return replace(
        publication,
        given=tuple(id_ for id_ in publication.given if id_ not in project_ids),
        answered=tuple(id_ for id_ in publication.answered if id_ not in project_ids),
    )


def _give(
    request: Request, image_id: str, project_id: str, acting: Request | None
) -> ProjectResult:
    try:
        members.member_create(request, image_id, project_id)
    except exceptions.ImageServiceError as error:
        if error.status == 409:
            return ProjectResult(project_id, results.KNOWN)
        return ProjectResult(project_id, results.FAILED, error)
    return _answered(acting, image_id, project_id)


def _accept(
    _request: Request, image_id: str, project_id: str, acting: Request | None
) -> ProjectResult:
    """For a project that has not answered; one that has rejected meanwhile stays so."""
    if acting is not None:
        try:
            member: Member | None = members.member_get(acting, image_id, project_id)
        except exceptions.ImageServiceError as error:
            return ProjectResult(project_id, results.FAILED, error)
        if member is None or member.status != PENDING:
            return ProjectResult(project_id, results.KNOWN)
    return _answered(acting, image_id, project_id)


def _answered(acting: Request | None, image_id: str, project_id: str) -> ProjectResult:
    if acting is None:
        return ProjectResult(project_id, results.PENDING)
    try:
        members.member_update(acting, image_id, project_id, ACCEPTED)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.PENDING, error)
    return ProjectResult(project_id, results.ADDED)


def _take(
    request: Request, image_id: str, project_id: str, _acting: Request | None
) -> ProjectResult:
    try:
        members.member_delete(request, image_id, project_id)
    except exceptions.ImageNotFound:
        return ProjectResult(project_id, results.REMOVED)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.FAILED, error)
    return ProjectResult(project_id, results.REMOVED)


def _take_answer(
    _request: Request, image_id: str, project_id: str, acting: Request | None
) -> ProjectResult:
    """A person's member, which publishing had accepted for: it is asked again."""
    if acting is not None:
        try:
            members.member_update(acting, image_id, project_id, PENDING)
        except exceptions.ImageServiceError as error:
            return ProjectResult(project_id, results.FAILED, error)
    return ProjectResult(project_id, results.PENDING)
