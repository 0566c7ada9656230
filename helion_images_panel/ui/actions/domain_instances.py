# SPDX-License-Identifier: Apache-2.0
"""Instances of images in the projects of a domain, for its manager.

Nova lists the instances of all projects to admins only. A manager has a token of each
project in which they have a role, and these projects are queried one by one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.api import instances, projects, rescope
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.domain_scope import user_projects_of

#: Maximum number of projects that are queried, beside the images' own.
MAX_PROJECTS = 30

#: Seconds after which no further query is sent, and those for the images' own projects.
SECONDS, OWN_SECONDS = 5.0, 20.0


@dataclass(frozen=True)
class DomainInstances:
    """Numbers of instances, and of the domain's projects that they do not include.

    :ivar counts: image ID to project name to number
    :ivar refused: projects in which the user has no role, or which are disabled, or for which
        Keystone issues no token
    :ivar skipped: projects that were too many or too slow, for at least one image
    """

    domain: str = ""
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    refused: int = 0
    skipped: int = 0

    def label(self, image_id: str, limit: int) -> str:
        """Return the label of an image; empty without an instance.

        :param limit: maximum number that was counted in a project
        """
        counts = {name: count for name, count in self.counts.get(image_id, {}).items() if count}
        if not counts:
            return ""
        total = sum(counts.values())
        if self.refused or self.skipped or max(counts.values()) >= limit:
            message = ngettext(
                "In use by at least %(count)s instance: %(projects)s",
                "In use by at least %(count)s instances: %(projects)s",
                total,
            )
        else:
            message = ngettext(
                "In use by %(count)s instance: %(projects)s",
                "In use by %(count)s instances: %(projects)s",
                total,
            )
        by_project = [
            _("%(project)s (%(count)s)") % {"project": isolated(name), "count": count}
            for name, count in counts.items()
        ]
        return message % {"count": total, "projects": ", ".join(by_project)}

    def note(self) -> str:
        """Return which projects the numbers do not include, and why; empty for none."""
        sentences = []
        if self.refused:
            message = ngettext(
                "Instances in %(count)s project of %(domain)s are not included: you have no role "
                "there, or it is disabled.",
                "Instances in %(count)s projects of %(domain)s are not included: you have no role "
                "there, or they are disabled.",
                self.refused,
            )
            sentences.append(message % {"count": self.refused, "domain": isolated(self.domain)})
        if self.skipped:
            message = ngettext(
                "Instances in %(count)s of your projects are not included: you have more than "
                "%(most)s, or the compute service did not return them in time.",
                "Instances in %(count)s of your projects are not included: you have more than "
                "%(most)s, or the compute service did not return them in time.",
                self.skipped,
            )
            sentences.append(message % {"count": self.skipped, "most": MAX_PROJECTS})
        if sentences:
            sentences.append(_("An admin of the domain sees all instances."))
        return " ".join(sentences)


def instances_of(request: HttpRequest, images: Sequence[Image], limit: int) -> DomainInstances:
    """Count the instances of images of the user's projects; without counts if the compute
    service fails.

    :param limit: maximum number that is counted of an image in a project
    """
    domain = projects.managed_domain(request)
    if domain is None or not images or not instances.has_compute(request):
        return DomainInstances()
    names = {project.id: project.name for project in user_projects_of(request)}
    owners = {image.owner for image in images}
    others = [id_ for id_ in names if id_ not in owners][:MAX_PROJECTS]
    asked = [id_ for id_ in names if id_ in owners] + others
    requests = rescope.in_projects(request, asked)
    began = time.monotonic()

    def count(query: tuple[str, Image]) -> int | None:
        project_id, image = query
        limit_s = OWN_SECONDS if project_id == image.owner else SECONDS
        if time.monotonic() - began >= limit_s:
            return None
        found = instances.projects_using(
            requests[project_id], image.id, everywhere=False, limit=limit
        )
        return None if found is None else len(found)

    # All images in one project after the other: time that runs out does so for all of them.
    queries = [(image.owner or "", image) for image in images if image.owner in requests]
    queries += [(id_, image) for id_ in requests for image in images if id_ != image.owner]
    # One query first, to avoid the others if the compute service fails.
    responses, others_left = [count(query) for query in queries[:1]], queries[1:]
    if responses == [None]:
        responses += [None] * len(others_left)
    else:
        responses += in_parallel(count, others_left)
    numbers = {
        (image.id, id_): number
        for (id_, image), number in zip(queries, responses, strict=True)
        if number is not None
    }
    counts = {
        image.id: {
            names[id_]: numbers[image.id, id_] for id_ in names if (image.id, id_) in numbers
        }
        for image in images
    }
    complete = [id_ for id_ in names if all((image.id, id_) in numbers for image in images)]
    without_token = len(asked) - len(requests)
    managed = projects.managed_project_list(request)
    return DomainInstances(
        domain.name,
        counts,
        refused=len(managed) - len(names) + without_token,
        skipped=len(names) - len(complete) - without_token,
    )
