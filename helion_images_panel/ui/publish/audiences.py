# SPDX-License-Identifier: Apache-2.0
"""To whom a person may publish an image, and which domain that is about."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helion_images_panel import exceptions, policy
from helion_images_panel.api import projects, rescope
from helion_images_panel.core.domain_plan import DomainPlan
from helion_images_panel.core.image import Image
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.publication import CLOUD, DOMAIN, OWN, publication_of
from helion_images_panel.publishing.execution import AcceptingRequests
from helion_images_panel.publishing.steps import OwnersDomain
from helion_images_panel.ui.scopes.domain_roles import administers, is_cloud_admin, manages_domain
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope

#: Those that the page of Publish has, in its order.
AUDIENCES = (OWN, DOMAIN, CLOUD)


def domain_of(image: Image) -> str:
    """The ID of the domain to which the image was published; empty where it was to none."""
    publication = publication_of(image)
    return publication.domain_id if publication else ""


def publish_url(scope: PanelScope, image_ids: Sequence[str], audience: str = "") -> str:
    """The page that publishes these images, with the audience chosen where one is given."""
    asked: dict[str, str | Sequence[str]] = {**scope.url_parameters(), "id": image_ids}
    if audience:
        asked["audience"] = audience
    return f"{scope.url('publish')}?{urlencode(asked, doseq=True)}"


def is_published(image: Image) -> bool:
    return image.visibility == "public" or bool(domain_of(image))


def offered(request: HttpRequest, scope: PanelScope, image: Image) -> list[str]:
    """The audiences that this person may give the image here, none of them asked of Keystone."""
    if change_refusal(request, scope, image, policy.MODIFY_IMAGE):
        return []
    found = []
    if may_publish_to_domain(request, scope, image):
        found.append(DOMAIN)
    if policy.allows(request, policy.PUBLICIZE_IMAGE, image):
        found.append(CLOUD)
    if found and is_published(image) and may_unpublish(request, scope, image):
        found.insert(0, OWN)
    return found


def offered_for_new(request: HttpRequest) -> list[str]:
    """The audiences that a new image of the active project may have."""
    found = [OWN]
    if (
        all(policy.allows(request, rule) for rule in (policy.MODIFY_IMAGE, policy.ADD_MEMBER))
        and _administers_active_project(request)
        and _has_several_domains(request)
    ):
        found.append(DOMAIN)
    if policy.allows(request, policy.PUBLICIZE_IMAGE):
        found.append(CLOUD)
    return found


def may_publish(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether any audience is offered, without asking Keystone where that says so already."""
    if change_refusal(request, scope, image, policy.MODIFY_IMAGE):
        return False
    return policy.allows(request, policy.PUBLICIZE_IMAGE, image) or may_publish_to_domain(
        request, scope, image
    )


def may_publish_to_domain(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """A cloud with one domain is not asked about domains."""
    if not _manages_members(request, scope, image):
        return False
    return not policy.allows(request, policy.ADMIN) or _has_several_domains(request)


def _manages_members(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """For who can list the domain's projects, and make them members of this image."""
    if image.visibility == "public" and not policy.allows(request, policy.PUBLICIZE_IMAGE, image):
        return False
    if not scope.may_write(request, image) or not image.owner:
        return False
    if not all(
        policy.allows(request, rule, image) for rule in (policy.MODIFY_IMAGE, policy.ADD_MEMBER)
    ):
        return False
    if not policy.allows(request, policy.ADMIN):
        return scope.is_for_domain_managers and manages_domain(request)
    # The Admin panel has no images of domains that the person does not administer.
    return image.owner != request.user.project_id or _administers_active_project(request)


def _administers_active_project(request: HttpRequest) -> bool:
    """The role admin on a project says nothing about the rest of its domain."""
    user: Any = request.user
    return policy.allows(request, policy.ADMIN) and administers(
        request, str((user.token.project or {}).get("domain_id") or "")
    )


def may_unpublish(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    if image.visibility == "public":
        return policy.allows(request, policy.PUBLICIZE_IMAGE, image)
    return _manages_members(request, scope, image)


def may_mend(request: HttpRequest, scope: PanelScope, image: Image, plan: DomainPlan) -> bool:
    """Whether publishing to the domain once more would change something, by this person.

    Whom only its own people can accept the image for stays pending.
    """
    if plan.is_done or not may_unpublish(request, scope, image):
        return False
    if plan.add or plan.remove or policy.allows(request, policy.ADMIN):
        return True
    own = {project.id for project in projects.own_projects(request)}
    return not own.isdisjoint(plan.accept)


def _has_several_domains(request: HttpRequest) -> bool:
    """Where nobody says, there may be."""

    def look_up() -> bool:
        try:
            return sum(found.enabled for found in projects.domain_list(request)) > 1
        except exceptions.ImageServiceError:
            return True

    return per_request(request, "several_domains", look_up, scoped_to_project=True)


def owners_domain(request: HttpRequest, image: Image, anew: bool = True) -> OwnersDomain:
    """Raises ImageServiceError where it cannot be known.

    :param anew: whether it is asked for; else it may be as old as what is remembered
    """
    if policy.allows(request, policy.ADMIN):
        ask = projects.project_now if anew else projects.project_get
        owner = ask(request, image.owner or "")
        if owner is None:
            raise exceptions.ImageNotFound(_("The project that owns the image does not exist."))
        if not administers(request, owner.domain_id):
            raise exceptions.ImageForbidden(_("You do not manage the domain of this image."))
        ask_all = projects.projects_now if anew else projects.project_list
        return OwnersDomain(owner.domain_id, tuple(ask_all(request, owner.domain_id)))
    managed = projects.managed_domain(request)
    if managed is None:
        raise exceptions.ImageForbidden(_("You do not manage the domain of this image."))
    ask_mine = projects.managed_projects_now if anew else projects.managed_project_list
    return OwnersDomain(managed.id, tuple(ask_mine(request)))


def names_of(
    request: HttpRequest, owners: OwnersDomain | None, project_ids: Sequence[str]
) -> dict[str, str]:
    """How the projects are called, by ID; those of other domains by name for cloud admins alone."""
    known = {project.id: project.name for project in owners.projects} if owners else {}
    unknown = [project_id for project_id in project_ids if project_id not in known]
    if unknown and policy.allows(request, policy.ADMIN) and is_cloud_admin(request):
        with contextlib.suppress(exceptions.ImageServiceError):
            known |= projects.project_names(request, unknown)
    return {project_id: known.get(project_id, project_id) for project_id in project_ids}


def accepting_requests(request: HttpRequest) -> AcceptingRequests:
    """With what projects may be answered for: an admin's own request answers for all.

    Nobody is asked about that before there are such projects.
    """

    def acting(project_ids: Sequence[str]) -> dict[str, HttpRequest]:
        if policy.allows(request, policy.ADMIN):
            return dict.fromkeys(project_ids, request)
        own = {project.id for project in projects.own_projects(request)}
        return rescope.in_projects(request, [id_ for id_ in project_ids if id_ in own])

    return acting
