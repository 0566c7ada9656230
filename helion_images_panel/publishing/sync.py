# SPDX-License-Identifier: Apache-2.0
"""Re-sync all images that are published to domains with the current projects.

Only records that this dashboard has signed are trusted, and only for the domain of the
image's owner: writing a property must not share an image.
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
from helion_images_panel.publishing.results import ProjectResult, all_steps
from helion_images_panel.publishing.steps import OwnersDomain, publish_step


@dataclass(frozen=True)
class Synced:
    """One image: the changes made, or planned in a dry run; `error` if they were not completed.

    `plan` is the plan before the changes. A `gone` image was deleted in the meantime.
    An `unverified` image has a record without a valid signature, and was not changed.
    `ended` is the expired session, after which nothing more can be done.
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
    """Re-sync image by image. The caller is an admin; all domains without `domain_ids`.

    Raise ImageServiceError if the images cannot be listed further, and SessionEnded:
    the results yielded before are valid.
    """
    projects_by_domain: dict[str, list[Project]] = {}
    for image in image_pages.all_images(request, {"visibility": "shared"}):
        if is_unverified(image, PROPERTY, SALT):
            if not domain_ids or _is_of(request, image, domain_ids, projects_by_domain):
                yield Synced(image, "", unverified=True)
            continue
        publication = publication_of(image)
        if publication is None or publication.audience != DOMAIN:
            continue
        if domain_ids and publication.domain_id not in domain_ids:
            continue
        synced = _synced(request, image, publication.domain_id, projects_by_domain, dry_run)
        yield synced
        if synced.ended:
            raise synced.ended


def _projects(
    request: Any, domain_id: str, projects_by_domain: dict[str, list[Project]]
) -> list[Project]:
    if domain_id not in projects_by_domain:
        projects_by_domain[domain_id] = projects.projects_now(request, domain_id)
    return projects_by_domain[domain_id]


def _is_of(
    request: Any,
    image: Image,
    domain_ids: Sequence[str],
    projects_by_domain: dict[str, list[Project]],
) -> bool:
    """Whether the image's owner is in one of the domains; the unverified record is not used."""
    domain_projects = (
        project for id_ in domain_ids for project in _projects(request, id_, projects_by_domain)
    )
    return any(project.id == image.owner for project in domain_projects)


def _synced(
    request: Any,
    image: Image,
    domain_id: str,
    projects_by_domain: dict[str, list[Project]],
    dry_run: bool,
) -> Synced:
    """Re-sync one image; the result includes the changes made before an error."""
    synced = Synced(image, domain_id)
    try:
        for result in _steps(request, image, domain_id, projects_by_domain, dry_run):
            synced = result
    except exceptions.SessionEnded as error:
        message = "The image service does not accept the token any more."
        return replace(synced, error=message, ended=error)
    except exceptions.ImageServiceError as error:
        synced = replace(synced, error=str(error))
    if synced.failed and _is_gone(request, image):
        return replace(synced, gone=True)
    return synced


def _steps(
    request: Any,
    image: Image,
    domain_id: str,
    projects_by_domain: dict[str, list[Project]],
    dry_run: bool,
) -> Iterator[Synced]:
    """Yield the state of the image after each step."""
    domain_projects = _projects(request, domain_id, projects_by_domain)
    if image.owner not in {project.id for project in domain_projects}:
        yield Synced(image, domain_id, error="The image's owner is not in that domain.")
        return
    domain = OwnersDomain(domain_id, tuple(domain_projects))
    recorded = with_record(image)
    plan = plan_of(request, recorded, domain.enabled)
    synced = Synced(image, domain_id, plan.reach, drifted=not plan.is_done, plan=plan)
    yield synced
    is_interrupted = bool(recorded.publication and recorded.publication.unconfirmed)
    if dry_run or (plan.is_done and not plan.stale and not is_interrupted):
        return
    run = all_steps(
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
