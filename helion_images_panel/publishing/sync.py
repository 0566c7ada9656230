# SPDX-License-Identifier: Apache-2.0
"""All images that are published to domains, brought to the projects that there are now.

Only what this dashboard has signed is believed, and only of the domain that
the image's owner is in: nobody is given an image by what somebody wrote on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import image_pages, images, projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core.access import Reach
from helion_images_panel.core.domain_plan import DomainPlan
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, PROPERTY, SALT, publication_of, with_record
from helion_images_panel.core.signed_properties import is_unverified
from helion_images_panel.publishing import results
from helion_images_panel.publishing.plan import plan_of
from helion_images_panel.publishing.results import ProjectResult, to_the_end
from helion_images_panel.publishing.steps import OwnersDomain, publish_step


@dataclass(frozen=True)
class Synced:
    """One image: what was done, or in a dry run would be; `error` where that broke off.

    `plan` is what there was to be done. An image that is `gone` was deleted by
    somebody meanwhile. Of an `unverified` one nothing is known but that it
    carries a note: it was not touched. After the end of the session, which is
    `ended`, nothing more can be done.
    """

    image: Image
    domain_id: str
    reach: Reach = field(default_factory=lambda: Reach(0, 0))
    results: tuple[ProjectResult, ...] = ()
    drifted: bool = False
    error: str = ""
    plan: DomainPlan | None = None
    gone: bool = False
    unverified: bool = False
    ended: exceptions.SessionEnded | None = None

    @property
    def failed(self) -> bool:
        if self.gone:
            return False
        return (
            self.unverified
            or bool(self.error)
            or any(result.outcome == results.FAILED or result.error for result in self.results)
        )


def sync(request: Any, domain_ids: Sequence[str] = (), dry_run: bool = False) -> Iterator[Synced]:
    """Image by image. The caller is an admin; without `domain_ids` all domains are meant.

    Raises ImageServiceError where the images cannot be listed further, and
    SessionEnded: what was yielded before holds.
    """
    known: dict[str, list[Project]] = {}
    for image in image_pages.all_images(request, {"visibility": "shared"}):
        if is_unverified(image, PROPERTY, SALT):
            if not domain_ids or _is_of(request, image, domain_ids, known):
                yield Synced(image, "", unverified=True)
            continue
        publication = publication_of(image)
        if publication is None or publication.audience != DOMAIN:
            continue
        if domain_ids and publication.domain_id not in domain_ids:
            continue
        synced = _synced(request, image, publication.domain_id, known, dry_run)
        yield synced
        if synced.ended:
            raise synced.ended


def _projects(request: Any, domain_id: str, known: dict[str, list[Project]]) -> list[Project]:
    if domain_id not in known:
        known[domain_id] = projects.projects_now(request, domain_id)
    return known[domain_id]


def _is_of(
    request: Any, image: Image, domain_ids: Sequence[str], known: dict[str, list[Project]]
) -> bool:
    """Whether the image's owner is in one of the domains: what the note says is not believed."""
    found = (project for id_ in domain_ids for project in _projects(request, id_, known))
    return any(project.id == image.owner for project in found)


def _synced(
    request: Any, image: Image, domain_id: str, known: dict[str, list[Project]], dry_run: bool
) -> Synced:
    """What was done before something broke off is told as well."""
    synced = Synced(image, domain_id)
    try:
        for further in _steps(request, image, domain_id, known, dry_run):
            synced = further
    except exceptions.SessionEnded as error:
        said = "The image service does not accept the token any more."
        return replace(synced, error=said, ended=error)
    except exceptions.ImageServiceError as error:
        synced = replace(synced, error=str(error))
    if synced.failed and _is_gone(request, image):
        return replace(synced, gone=True)
    return synced


def _steps(
    request: Any, image: Image, domain_id: str, known: dict[str, list[Project]], dry_run: bool
) -> Iterator[Synced]:
    """How far it has come, step by step."""
    found = _projects(request, domain_id, known)
    if image.owner not in {project.id for project in found}:
        yield Synced(image, domain_id, error="The image's owner is not in that domain.")
        return
    domain = OwnersDomain(domain_id, tuple(found))
    plan = plan_of(request, with_record(image), domain.enabled)
    synced = Synced(image, domain_id, plan.reach, drifted=not plan.is_done, plan=plan)
    yield synced
    if dry_run or plan.is_done:
        return
    run = to_the_end(
        lambda tried: publish_step(
            request,
            image,
            DOMAIN,
            lambda project_ids: dict.fromkeys(project_ids, request),
            domain,
            tried,
        )
    )
    for step in run:
        synced = replace(synced, results=synced.results + step.results, reach=step.reach)
        yield synced


def _is_gone(request: Any, image: Image) -> bool:
    try:
        images.image_get(request, image.id)
    except exceptions.ImageNotFound:
        return True
    except (exceptions.ImageServiceError, exceptions.SessionEnded):
        return False
    return False
