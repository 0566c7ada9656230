# SPDX-License-Identifier: Apache-2.0
"""All images that are published to domains, brought to the projects that there are now.

Only what this dashboard has signed is believed, and only of the domain that
the image's owner is in: nobody is given an image by what somebody wrote on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import images, projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core.access import Reach
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.publishing import domain, results
from helion_images_panel.publishing.results import ProjectResult, to_the_end


@dataclass(frozen=True)
class Synced:
    """One image: what was done, or in a dry run would be; `error` where that broke off."""

    image: Image
    domain_id: str
    reach: Reach = field(default_factory=lambda: Reach(0, 0))
    results: tuple[ProjectResult, ...] = ()
    drifted: bool = False
    error: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.error) or any(
            result.outcome == results.FAILED or result.error for result in self.results
        )


def sync(request: Any, domain_ids: Sequence[str] = (), dry_run: bool = False) -> Iterator[Synced]:
    """Image by image. The caller is an admin; without `domain_ids` all domains are meant."""
    known: dict[str, list[Project]] = {}
    for image in images.all_images(request, {"visibility": "shared"}):
        publication = publication_of(image)
        if publication is None or publication.audience != DOMAIN:
            continue
        if domain_ids and publication.domain_id not in domain_ids:
            continue
        try:
            if publication.domain_id not in known:
                known[publication.domain_id] = projects.projects_now(request, publication.domain_id)
            yield _synced(request, image, publication.domain_id, known, dry_run)
        except exceptions.ImageServiceError as error:
            yield Synced(image, publication.domain_id, error=str(error))


def _synced(
    request: Any, image: Image, domain_id: str, known: dict[str, list[Project]], dry_run: bool
) -> Synced:
    if image.owner not in {project.id for project in known[domain_id]}:
        return Synced(image, domain_id, error="The image's owner is not in that domain.")
    enabled = [project.id for project in known[domain_id] if project.enabled]
    plan = domain.plan_of(request, image, enabled)
    if dry_run or plan.is_done:
        return Synced(image, domain_id, plan.reach, drifted=not plan.is_done)
    done: list[ProjectResult] = []
    reach, broken_off = plan.reach, ""
    steps = to_the_end(
        lambda tried: domain.publish_step(
            request,
            images.image_get(request, image.id),
            domain_id,
            enabled,
            lambda project_ids: dict.fromkeys(project_ids, request),
            tried,
        )
    )
    try:
        for step in steps:
            done += step.results
            reach = step.reach
    except exceptions.ImageServiceError as error:
        # What was done before it is told as well.
        broken_off = str(error)
    return Synced(image, domain_id, reach, tuple(done), drifted=True, error=broken_off)
