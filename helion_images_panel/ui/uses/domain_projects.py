# SPDX-License-Identifier: Apache-2.0
"""Instances and volumes of images in the projects of a domain, for its manager.

Nova and Cinder list those of all projects to admins only. A manager has a token of each
project in which they have a role, and these projects are queried one by one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.api import projects, rescope
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import Uses, joined
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.ui.scopes.domain_scope import user_projects_of

#: Maximum number of projects that are queried, beside the images' own.
MAX_PROJECTS = 30

#: Seconds after which no further query is sent, and those for the images' own projects.
SECONDS, OWN_SECONDS = 5.0, 20.0

#: Returns the uses of the image of this ID in the request's project; raises ImageServiceError.
Query = Callable[[HttpRequest, str], Uses]


@dataclass(frozen=True)
class DomainUses:
    """Uses of one kind, and the number of the domain's projects whose uses are missing.

    :ivar by_image: by image ID
    :ivar refused: projects in which the user has no role, or which are disabled, or for which
        Keystone issues no token
    :ivar skipped: projects that were too many or too slow, for at least one image
    :ivar failure: of the service in the first query, after which no other is sent
    """

    domain: str = ""
    by_image: Mapping[str, Uses] = field(default_factory=dict)
    refused: int = 0
    skipped: int = 0
    failure: ImageServiceError | None = None

    def note(self) -> str:
        """Return which projects the uses do not include, and why; empty for none."""
        sentences = []
        if self.refused:
            message = ngettext(
                "Instances and volumes in %(count)s project of %(domain)s are not included: you "
                "have no role there, or it is disabled.",
                "Instances and volumes in %(count)s projects of %(domain)s are not included: you "
                "have no role there, or they are disabled.",
                self.refused,
            )
            sentences.append(message % {"count": self.refused, "domain": isolated(self.domain)})
        if self.skipped:
            message = ngettext(
                "Instances or volumes in %(count)s of your projects are not included: you have "
                "more than %(most)s, or the services did not return them in time.",
                "Instances or volumes in %(count)s of your projects are not included: you have "
                "more than %(most)s, or the services did not return them in time.",
                self.skipped,
            )
            sentences.append(message % {"count": self.skipped, "most": MAX_PROJECTS})
        if sentences:
            sentences.append(_("An admin of the domain sees all of them."))
        return " ".join(sentences)


def uses_in_domain(request: HttpRequest, images: Sequence[Image], query: Query) -> DomainUses:
    """Return the uses of images in the user's projects, or the failure of the first query."""
    domain = projects.managed_domain(request)
    if domain is None or not images:
        return DomainUses()
    names = {project.id: project.name for project in user_projects_of(request)}
    owners = {image.owner for image in images}
    others = [id_ for id_ in names if id_ not in owners][:MAX_PROJECTS]
    asked = [id_ for id_ in names if id_ in owners] + others
    requests = rescope.in_projects(request, asked)
    began = time.monotonic()

    def find(pair: tuple[str, Image]) -> Uses | ImageServiceError | None:
        project_id, image = pair
        limit_s = OWN_SECONDS if project_id == image.owner else SECONDS
        if time.monotonic() - began >= limit_s:
            return None
        try:
            return query(requests[project_id], image.id)
        except ImageServiceError as error:
            return error

    # All images in one project after the other: time that runs out does so for all of them.
    queries = [(image.owner or "", image) for image in images if image.owner in requests]
    queries += [(id_, image) for id_ in requests for image in images if id_ != image.owner]
    without_token = len(asked) - len(requests)
    refused = len(projects.managed_project_list(request)) - len(names) + without_token
    # One query first, to avoid the others if the service fails.
    responses, others_left = [find(pair) for pair in queries[:1]], queries[1:]
    if responses and isinstance(responses[0], ImageServiceError):
        return DomainUses(domain.name, refused=refused, failure=responses[0])
    responses += in_parallel(find, others_left)
    found = {
        (image.id, id_): uses
        for (id_, image), uses in zip(queries, responses, strict=True)
        if isinstance(uses, Uses)
    }
    complete = [id_ for id_ in names if all((image.id, id_) in found for image in images)]
    skipped = len(names) - len(complete) - without_token
    by_image = {
        image.id: joined(
            (found[image.id, id_] for id_ in names if (image.id, id_) in found),
            is_complete=not (refused or skipped),
        )
        for image in images
    }
    return DomainUses(domain.name, by_image, refused=refused, skipped=skipped)
