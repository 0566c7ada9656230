# SPDX-License-Identifier: Apache-2.0
"""Steps of publishing one image, with messages for the user who requested it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api import forgiven
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, OWN
from helion_images_panel.publishing import new_image, results
from helion_images_panel.publishing import steps as publishing
from helion_images_panel.publishing.refusals import TooManyProjects
from helion_images_panel.publishing.results import ProjectResult, Step, all_steps
from helion_images_panel.publishing.steps import OwnersDomain
from helion_images_panel.ui.publish import audiences

#: How the page's script shows each outcome: a failure that another run may solve, a
#: remark, or done.
FAILED, NOTED, DONE = "failed", "noted", "done"

_KINDS = {
    results.FAILED: FAILED,
    results.PENDING: NOTED,
    results.REVIVED: NOTED,
    results.KEPT: NOTED,
    results.BY_HAND: NOTED,
}


@dataclass(frozen=True)
class StepResponse:
    """A step with a message for each project."""

    step: Step
    projects: Sequence[Mapping[str, str]]

    @property
    def answer(self) -> dict[str, Any]:
        """Content of the response for the page's script, which requests the next step with all
        of `tried`.
        """
        return {
            "left": self.step.left,
            "tried": sorted(self.step.tried),
            "reached": self.step.reach.reached,
            "total": self.step.reach.total,
            "projects": list(self.projects),
        }


def publish_step(
    request: HttpRequest,
    image: Image,
    audience: str,
    tried: Collection[str] = (),
    remove_old: bool = False,
) -> StepResponse:
    """Publish one step; raise ImageServiceError with a message for users if nothing could be
    done.
    """
    domain = audiences.owners_domain(request, image) if audience == DOMAIN else None
    accepting_requests = audiences.accepting_requests(request)
    try:
        step = publishing.publish_step(
            request, image, audience, accepting_requests, domain, tried, remove_old
        )
    except TooManyProjects as error:
        raise exceptions.ImageServiceError(too_many(error), 409) from error
    names_from = domain or _owners_or_none(request, image, step)
    return StepResponse(step, _project_results(request, step.results, names_from, audience))


def new_image_attributes(request: HttpRequest, image_id: str) -> dict[str, Any]:
    """Return the attributes of a new image of the active project that is published to its
    domain; raise ImageServiceError with a message for users.
    """
    owner = request.user.project_id
    domain = audiences.domain_of_project(request, owner)
    try:
        return new_image.published_attributes(image_id, owner, domain)
    except TooManyProjects as error:
        raise exceptions.ImageServiceError(too_many(error), 409) from error


def publish_new_image(request: HttpRequest, image: Image) -> StepResponse:
    """Make the domain's projects members of a new image with these attributes."""
    domain = audiences.owners_domain(request, image)
    accepting_requests = audiences.accepting_requests(request)
    step = new_image.add_projects(request, image, domain, accepting_requests)
    return StepResponse(step, _project_results(request, step.results, domain, DOMAIN))


def _owners_or_none(request: HttpRequest, image: Image, step: Step) -> OwnersDomain | None:
    """Return the domain, for names of projects; None on failure, which must not prevent
    unpublishing.
    """
    if not step.results:
        return None
    try:
        return audiences.owners_domain(request, image)
    except exceptions.ImageServiceError as error:
        forgiven.log("the names of the domain's projects", error)
        return None


def too_many(error: TooManyProjects) -> str:
    return _(
        "The image would have %(members)s members; the limit of this cloud is %(limit)s. Nothing "
        "was changed. Make the image public instead, or ask the cloud's operator for a higher "
        "limit."
    ) % {"members": error.members_after, "limit": error.limit}


def _project_results(
    request: HttpRequest,
    project_results: Sequence[ProjectResult],
    names_from: OwnersDomain | None,
    audience: str,
) -> list[Mapping[str, str]]:
    names = audiences.names_of(
        request, names_from, [result.project_id for result in project_results]
    )
    return [
        {
            "project": names[result.project_id],
            "kind": _KINDS.get(result.outcome, DONE),
            "reason": _reason(result, audience),
        }
        for result in project_results
    ]


def _reason(result: ProjectResult, audience: str) -> str:
    if result.error is not None and result.error.status == 413:
        return _("The image has reached this cloud's limit of members.")
    if result.outcome == results.PENDING and result.error is not None:
        return _("Shared, but the project must accept the image itself: %(reason)s") % {
            "reason": result.error
        }
    if result.outcome == results.PENDING and audience == OWN:
        return _("Pending again, as before the image was published.")
    reasons = {
        results.ADDED: _("Shared."),
        results.PENDING: _("Shared, but the project must accept the image itself."),
        results.KNOWN: _("Already a member."),
        results.REMOVED: _("No longer shared."),
        results.REVIVED: _(
            "Shared again: the project was a member before the image became private."
        ),
        results.KEPT: _(
            "Accepted automatically. Only members of that project can withdraw the acceptance."
        ),
        results.BY_HAND: _(
            "Still shared: a user has shared the image with the project individually."
        ),
    }
    return reasons.get(result.outcome) or str(result.error or "")


def publish_all_steps(
    request: HttpRequest, image: Image, audience: str, remove_old: bool = False
) -> StepResponse:
    """Publish all steps, and return the last one with the projects of all of them.

    If a later step fails, the error contains the remarks of the earlier ones.
    """
    projects: list[Mapping[str, str]] = []

    def next_step(tried: Collection[str]) -> Step:
        response = publish_step(request, image, audience, tried, remove_old)
        projects.extend(response.projects)
        return response.step

    try:
        *_earlier, last = all_steps(next_step)
    except exceptions.ImageServiceError as error:
        remarks = messages_of(projects, FAILED, NOTED)
        if not remarks:
            raise
        # Translators: the error is a whole sentence.
        message = _("%(error)s Results until then: %(projects)s.") % {
            "error": error,
            "projects": remarks,
        }
        raise exceptions.ImageServiceError(message, error.status) from error
    return StepResponse(last, projects)


def unpublish(request: HttpRequest, image: Image) -> None:
    """Unpublish completely; raise ImageServiceError with the projects for which that failed."""
    response = publish_all_steps(request, image, OWN)
    failed = messages_of(response.projects, FAILED)
    if failed:
        raise exceptions.ImageServiceError(
            _(
                "The image is still shared with some projects: %(projects)s. Unpublish it again to "
                "continue."
            )
            % {"projects": failed}
        )


def messages_of(projects: Sequence[Mapping[str, str]], *kinds: str) -> str:
    """Return the messages of the projects of these kinds, in one line; empty for none."""
    return "; ".join(
        _("%(project)s – %(reason)s")
        % {"project": each["project"], "reason": each["reason"].rstrip(".")}
        for each in projects
        if each["kind"] in kinds
    )
