# SPDX-License-Identifier: Apache-2.0
"""A step of publishing one image, in words for the person who asked for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api import images
from helion_images_panel.core.access import Reach
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import CLOUD, visibility_changes
from helion_images_panel.publishing import domain, results
from helion_images_panel.publishing.results import ProjectResult, Step, to_the_end
from helion_images_panel.ui import audiences
from helion_images_panel.ui.audiences import OWN, OwnersDomain


@dataclass(frozen=True)
class Told:
    """A step in words: of each project that is not simply done, why."""

    step: Step
    projects: Sequence[Mapping[str, str]]

    @property
    def answer(self) -> dict[str, Any]:
        """For the page's script, which asks for the next step with all that was `tried`."""
        return {
            "left": self.step.left,
            "tried": sorted(self.step.tried),
            "reached": self.step.reach.reached,
            "total": self.step.reach.total,
            "projects": list(self.projects),
        }


def take_step(request: HttpRequest, image: Image, audience: str, tried: Collection[str]) -> Told:
    """Raises ImageServiceError with a reason for people where nothing could be done."""
    if audience == CLOUD:
        if image.visibility != "public":
            images.image_update(request, image.id, visibility_changes(image, "public"))
        return Told(Step((), 0, Reach(0, 0)), ())
    if audience == OWN:
        step = domain.unpublish_step(request, image, tried)
        failed = [result for result in step.results if result.outcome == results.FAILED]
        owners = audiences.owners_domain(request, image) if failed else None
        return Told(step, _projects_told(failed, owners))
    found = audiences.owners_domain(request, image)
    try:
        step = domain.publish_step(
            request, image, found.id, found.enabled, audiences.answering(request), tried
        )
    except domain.TooManyProjects as error:
        raise exceptions.ImageServiceError(too_many(error), 409) from error
    return Told(step, _projects_told(step.results, found))


def too_many(error: domain.TooManyProjects) -> str:
    return _(
        "The image would have %(members)s members, and this cloud lets an image have %(limit)s. "
        "Nothing was changed. Publish it to everyone on this cloud instead, or ask the cloud's "
        "operator for a higher limit."
    ) % {"members": error.members_after, "limit": error.limit}


def _projects_told(
    found: Sequence[ProjectResult], owners: OwnersDomain | None
) -> list[Mapping[str, str]]:
    return [
        {
            "project": owners.name_of(result.project_id) if owners else result.project_id,
            "reason": _reason(result),
        }
        for result in found
        if result.outcome in (results.PENDING, results.FAILED)
    ]


def _reason(result: ProjectResult) -> str:
    if result.outcome == results.PENDING:
        return _("is a member, and has yet to accept the image itself")
    if result.error is not None and result.error.status == 413:
        return _("the image has as many members as this cloud lets it have")
    return str(result.error or "")


def whole(request: HttpRequest, image: Image, audience: str) -> Told:
    """All steps at once: the last one, with the projects of all of which something is said."""
    projects: list[Mapping[str, str]] = []

    def step(tried: Collection[str]) -> Step:
        now = images.image_get(request, image.id) if tried else image
        taken = take_step(request, now, audience, tried)
        projects.extend(taken.projects)
        return taken.step

    *_earlier, last = to_the_end(step)
    return Told(last, projects)
