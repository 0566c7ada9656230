# SPDX-License-Identifier: Apache-2.0
"""Differences between a domain's projects and the members of an image published to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.core.domain_plan import domain_plan
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.publishing.refusals import PublishedElsewhere
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.scopes.scope import PanelScope


def drift(
    request: HttpRequest, scope: PanelScope, image: Image, members: Sequence[Member]
) -> dict[str, Any]:
    """Return the differences between domain and members, for users who may re-sync."""
    publication = publication_of(image)
    if publication is None or publication.audience != DOMAIN:
        return {}
    if not audiences.may_unpublish(request, scope, image):
        return {}
    try:
        domain = audiences.owners_domain(request, image)
    except exceptions.ImageServiceError as error:
        return {"drift_failure": str(error)}
    if domain.id != publication.domain_id:
        return {"drift": [str(PublishedElsewhere())]}
    plan = domain_plan(image.owner, domain.enabled, members, publication.given_among(members))

    def names(project_ids: Sequence[str]) -> str:
        known = audiences.names_of(request, domain, project_ids)
        return labels.inert(", ".join(known.values()))

    lines = [
        (plan.add, _("Not shared yet: %(projects)s")),
        (plan.accept, _("Not accepted yet: %(projects)s")),
        (plan.rejected, _("Rejected (will not be shared again): %(projects)s")),
        (plan.remove, _("Disabled or deleted, but still members: %(projects)s")),
        (plan.others, _("Members from outside the domain: %(projects)s")),
    ]
    return {
        "reach": plan.reach,
        "drift": [message % {"projects": names(ids)} for ids, message in lines if ids],
        "sync_url": (
            sync_url(scope, image) if audiences.may_resync(request, scope, image, plan) else ""
        ),
    }


def sync_url(scope: PanelScope, image: Image) -> str:
    """Return the URL of the page that publishes the image to its domain once more."""
    return audiences.publish_url(scope, [image.id], DOMAIN)
