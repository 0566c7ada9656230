# SPDX-License-Identifier: Apache-2.0
"""A new image that is published to its domain by the request that creates it.

A cloud that requires properties may refuse to change the image afterwards. Its visibility and
the record of its projects are therefore attributes of the new image.
"""

from __future__ import annotations

from typing import Any

from helion_images_panel.api.client import Request
from helion_images_panel.core.access import Reach
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import (
    DOMAIN,
    Publication,
    is_recordable,
    publication_property,
)
from helion_images_panel.publishing import results
from helion_images_panel.publishing.execution import AcceptingRequests, perform
from helion_images_panel.publishing.held_image import hold
from helion_images_panel.publishing.plan import plan_of, quota, tasks_to_publish
from helion_images_panel.publishing.refusals import RecordTooLong, TooManyProjects
from helion_images_panel.publishing.results import Step
from helion_images_panel.publishing.steps import OwnersDomain


def published_attributes(image_id: str, owner: str, domain: OwnersDomain) -> dict[str, Any]:
    """Return the attributes of an image with this ID that is published to the domain.

    Raise TooManyProjects and RecordTooLong.
    """
    given = tuple(id_ for id_ in dict.fromkeys(domain.enabled) if id_ != owner)
    limit = quota()
    if limit is not None and len(given) > limit:
        raise TooManyProjects(len(given), limit)
    publication = Publication(DOMAIN, "private", domain.id, given)
    if not is_recordable(image_id, publication):
        raise RecordTooLong(len(domain.enabled))
    return {"visibility": "shared", **publication_property(image_id, publication)}


def add_projects(
    request: Request, image: Image, domain: OwnersDomain, accepting_requests: AcceptingRequests
) -> Step:
    """Make all projects of the domain members, without a change of the record.

    A project that cannot be added has its error in the result, and stays recorded.
    """
    with hold(request, image) as held:
        plan = plan_of(request, held.current, domain.enabled)
        tasks = tasks_to_publish(plan)
        found = perform(held, tasks, accepting_requests([task.project_id for task in tasks]))
    gained = sum(result.outcome == results.ADDED for result in found)
    return Step(tuple(found), 0, Reach(plan.reach.reached + gained, plan.reach.total))
