# SPDX-License-Identifier: Apache-2.0
"""An image for every project of a domain: given, kept up, taken back.

Glance knows no domains. The image is shared, each enabled project of its
owner's domain is a member, and the image notes which of them were given it.
That note is written ahead of what it speaks of: whatever breaks off, it is
known what has to be taken back, and the next run does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from helion_images_panel import conf, exceptions
from helion_images_panel.api import cache, images, members
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.access import Reach
from helion_images_panel.core.domain_plan import (
    ACCEPTED,
    PENDING,
    REJECTED,
    DomainPlan,
    domain_plan,
)
from helion_images_panel.core.image import VISIBILITIES, Image, Member
from helion_images_panel.core.publication import (
    CLOUD,
    DOMAIN,
    PROPERTY,
    Publication,
    publication_of,
    publication_property,
    unpublished_visibility,
)
from helion_images_panel.publishing import results
from helion_images_panel.publishing.results import PROJECTS_PER_STEP, ProjectResult, Step

#: Seconds after which a step that was killed keeps nobody off the image.
STEP_S = 120

#: The requests with which these projects' answers may be given, without those
#: for which nobody here may answer.
Answering = Callable[[Sequence[str]], Mapping[str, Request]]


class TooManyProjects(exceptions.ImageServiceError):
    """The image would have more members than the cloud lets it have."""

    def __init__(self, members_after: int, limit: int):
        super().__init__(f"{members_after} members, {limit} at the most", 413)
        self.members_after = members_after
        self.limit = limit


class PublishedElsewhere(exceptions.ImageServiceError):
    """Projects of another domain have the image still, and would keep it for good."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "It is published to the projects of another domain still, in which its owner was "
                "before. Unpublish it first."
            ),
            409,
        )


class BeingPublished(exceptions.ImageServiceError):
    """Another page, another person or the sync command is at it."""

    def __init__(self) -> None:
        super().__init__(
            _("The image is being published or taken back elsewhere just now. Try it again."), 409
        )


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
    remove_old: bool = False,
) -> Step:
    """Gives the image to some of the projects that do not have it.

    A run over a finished image changes nothing. Raises TooManyProjects with the
    image as it was before, PublishedElsewhere, and ImageServiceError where the
    image itself cannot be changed; what a single project is refused stands in
    its result.

    :param domain_id: the domain of the image's owner
    :param enabled: the IDs of its enabled projects
    :param tried: what the same run has tried before
    :param remove_old: whether members that a private image had long ago are
        removed as they come back; else the result names them
    """
    with _alone(image):
        return _publish(request, image, domain_id, enabled, answering, tried, remove_old)


def _publish(
    request: Request,
    image: Image,
    domain_id: str,
    enabled: Sequence[str],
    answering: Answering,
    tried: Collection[str],
    remove_old: bool,
) -> Step:
    image, plan, old = _begun(request, image, domain_id, enabled, remove_old)
    work = [
        *((id_, _take) for id_ in plan.remove if id_ not in tried),
        *((id_, _give) for id_ in plan.add if id_ not in tried),
        *((id_, _accept) for id_ in plan.accept if id_ not in tried),
    ]
    now = work[:PROJECTS_PER_STEP]
    acting = answering([id_ for id_, do in now if do is not _take])
    adding = [id_ for id_, do in now if do is _give]
    answered = [id_ for id_, do in now if do is _accept and id_ in plan.answered and id_ in acting]
    if adding or answered:
        _note(request, image.id, lambda noted: _with(noted, adding, answered))
    done = in_parallel(lambda each: each[1](request, image.id, each[0], acting.get(each[0])), now)
    not_given = {
        result.project_id
        for (_id, do), result in zip(now, done, strict=True)
        # Who became a member meanwhile may be another run's: it stays noted, as it
        # would else keep for good what was given to it.
        if (do is _give and result.outcome == results.FAILED)
        or (do is _take and result.outcome == results.REMOVED)
    }
    if not_given:
        _note(request, image.id, lambda noted: _without(noted, not_given))
    gained = sum(result.outcome == results.ADDED for result in done)
    reach = Reach(plan.reach.reached + gained, plan.reach.total)
    # Those of the domain are to have it anyway, and each has its own result.
    outside = [each for each in old if each.project_id not in enabled]
    return Step((*outside, *done), len(work) - len(now), reach)


def unpublish_step(
    request: Request, image: Image, answering: Answering, tried: Collection[str] = ()
) -> Step:
    """Takes the image from some of the projects that publishing gave it.

    The last step gives the image the visibility that it had before. Members
    that a person added stay, with the answer that they had, and so do answers
    of the projects that have rejected the image: it is not given to them again.
    """
    with _alone(image):
        return _unpublish(request, image, answering, tried)


def _unpublish(
    request: Request, image: Image, answering: Answering, tried: Collection[str]
) -> Step:
    publication = publication_of(image) or Publication(CLOUD, unpublished_visibility(image))
    work: list[tuple[str, Callable[..., ProjectResult]]] = []
    known: list[Member] = []
    if publication.has_given and image.visibility != "shared":
        # Glance lets nobody change members otherwise.
        image = images.image_update(request, image.id, {"visibility": "shared"})
    if publication.domain_id and image.visibility == "shared":
        known = members.member_list(request, image.id)
        statuses = {member.project_id: member.status for member in known}
        work = [
            *(
                (id_, _take)
                for id_ in publication.given
                if statuses.get(id_, REJECTED) != REJECTED and id_ not in tried
            ),
            *(
                (id_, _take_answer)
                for id_ in publication.answered
                if statuses.get(id_) == ACCEPTED and id_ not in tried
            ),
        ]
    now = work[:PROJECTS_PER_STEP]
    acting = answering([id_ for id_, do in now if do is _take_answer])
    done = in_parallel(lambda each: each[1](request, image.id, each[0], acting.get(each[0])), now)
    left = len(work) - len(now)
    # What an earlier step has done is noted no more: what is, has failed there.
    failed = any(result.outcome == results.FAILED for result in done) or bool(
        set(tried).intersection((*publication.given, *publication.answered))
    )
    if left or failed:
        settled = {result.project_id for result in done if result.outcome != results.FAILED}
        _note(request, image.id, lambda noted: _without(noted, settled))
        return Step(tuple(done), left, Reach(0, len(publication.given)))
    by_hand = _by_hand(publication, known)
    before = unpublished_visibility(image)
    stays = before == "private" and bool(by_hand)
    changes: dict[str, Any] = {"visibility": "shared" if stays else before}
    if PROPERTY in image.properties:
        changes[PROPERTY] = None
    images.image_update(request, image.id, changes)
    told = [ProjectResult(id_, results.BY_HAND) for id_ in by_hand if stays]
    return Step((*done, *told), left, Reach(0, len(publication.given)))


def keep_by_hand(request: Request, image: Image, project_ids: Collection[str]) -> None:
    """A person shares it with projects that publishing gave it: Unpublish leaves it to them."""
    publication = publication_of(image)
    mine = set(project_ids).intersection(publication.given if publication else ())
    if mine:
        _note(request, image.id, lambda noted: _without(noted, mine))


def _by_hand(publication: Publication, known: Sequence[Member]) -> list[str]:
    """Whom a person has made a member since the image was published: they are not locked out."""
    given = {*publication.given, *publication.revived}
    made = [member.project_id for member in known if member.status != REJECTED]
    return [project_id for project_id in made if project_id not in given]


@contextmanager
def _alone(image: Image) -> Iterator[None]:
    """One step at a time for an image, whoever takes it: each reads what it has noted, and writes.

    As far as the cache reaches: that of the dashboard's processes and of cron in common.
    """
    key = f"helion_images.publishing.{image.id}"
    if not cache.acquire(key, STEP_S):
        raise BeingPublished()
    try:
        yield
    finally:
        cache.delete(key)


def _begun(
    request: Request, before: Image, domain_id: str, enabled: Sequence[str], remove_old: bool
) -> tuple[Image, DomainPlan, list[ProjectResult]]:
    """The image as the domain's, what is to be done for it, and what became of old members.

    Where there are too many projects the image is as it was before.
    """
    plan = plan_of(request, before, enabled)
    _check_quota(plan)
    image, publication = _opened(request, before, domain_id)
    if before.visibility == "shared":
        return image, plan, []
    # Members of long ago may be back.
    try:
        old = _revived(request, before, publication, remove_old)
        plan = plan_of(request, image, enabled)
        _check_quota(plan)
    except exceptions.ImageServiceError:
        _reset(request, before, image)
        raise
    back = tuple(each.project_id for each in old if each.outcome != results.REMOVED)
    if back:
        _note(request, image.id, lambda noted: replace(noted, revived=back))
    return image, plan, old


def _opened(request: Request, image: Image, domain_id: str) -> tuple[Image, Publication]:
    """The image, shared and noted as this domain's."""
    publication = publication_of(image)
    noted = Publication(DOMAIN, _before(image), domain_id)
    if publication and publication.domain_id == domain_id:
        noted = replace(publication, audience=DOMAIN)
    elif publication and publication.has_given:
        raise PublishedElsewhere()
    elif publication and publication.audience == CLOUD:
        noted = replace(noted, before=publication.before)
    if image.visibility == "shared" and publication == noted:
        return image, noted
    changes = {"visibility": "shared", **publication_property(image.id, noted)}
    return images.image_update(request, image.id, changes), noted


def _revived(
    request: Request, before: Image, publication: Publication, remove_old: bool
) -> list[ProjectResult]:
    """What becomes of the members that came back as the image was shared.

    Only of a private image it is sure that they did not have it.
    """
    if before.visibility != "private":
        return []
    back = [
        member.project_id
        for member in members.member_list(request, before.id)
        if member.project_id not in publication.given and member.status != REJECTED
    ]
    if not remove_old:
        return [ProjectResult(project_id, results.REVIVED) for project_id in back]
    return in_parallel(lambda id_: _take(request, before.id, id_, None), back)


def _reset(request: Request, before: Image, image: Image) -> None:
    """Gives back what `_opened` has changed: the old members are out again as well."""
    changes: dict[str, Any] = {"visibility": before.visibility}
    if before.properties.get(PROPERTY) != image.properties.get(PROPERTY):
        changes[PROPERTY] = before.properties.get(PROPERTY)
    images.image_update(request, image.id, changes)


def _before(image: Image) -> str:
    return image.visibility if image.visibility in VISIBILITIES[1:] else "private"


def quota() -> int | None:
    """As many members as an image may have here; None for no limit."""
    limit = int(conf.MEMBERS_QUOTA.value)
    return None if limit < 0 else limit


def _check_quota(plan: DomainPlan) -> None:
    limit = quota()
    if limit is not None and plan.add and plan.members_after > limit:
        raise TooManyProjects(plan.members_after, limit)


def _note(request: Request, image_id: str, change: Callable[[Publication], Publication]) -> None:
    """Changes what is noted now: another run may have noted something since the image was read."""
    image = images.image_get(request, image_id)
    old = publication_of(image)
    if old is None:
        raise exceptions.ImageServiceError(
            _("Somebody else has unpublished the image meanwhile."), 409
        )
    new = change(old)
    if new != old:
        images.image_update(request, image_id, publication_property(image_id, new))


def _with(publication: Publication, given: Sequence[str], answered: Sequence[str]) -> Publication:
    def joined(known: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*known, *more)))

    return replace(
        publication,
        given=joined(publication.given, given),
        answered=joined(publication.answered, answered),
    )


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
    if acting is None:
        return ProjectResult(project_id, results.KEPT)
    try:
        members.member_update(acting, image_id, project_id, PENDING)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.FAILED, error)
    return ProjectResult(project_id, results.PENDING)
