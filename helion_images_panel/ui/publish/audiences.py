# SPDX-License-Identifier: Apache-2.0
"""The audiences to which a user may publish an image, and the domain concerned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions, policy
from helion_images_panel.api import forgiven, projects, rescope
from helion_images_panel.core.domain_plan import DomainPlan
from helion_images_panel.core.image import Image
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.publication import CLOUD, DOMAIN, OWN, publication_of
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.publishing.execution import AcceptingRequests
from helion_images_panel.publishing.steps import OwnersDomain
from helion_images_panel.ui.scopes.domain_roles import administers, is_cloud_admin, manages_domain
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope

#: Audiences in the dialog Publish, in its order.
AUDIENCES = (OWN, DOMAIN, CLOUD)


def domain_of(image: Image) -> str:
    """Return the ID of the domain to which the image was published; empty for none."""
    publication = publication_of(image)
    return publication.domain_id if publication else ""


def publish_url(scope: PanelScope, image_ids: Sequence[str], audience: str = "") -> str:
    """Return the URL of the page that publishes these images, with an audience selected."""
    selected = {"audience": audience} if audience else {}
    return scope.url_in_domain("publish", id=image_ids, **selected)


def is_published(image: Image) -> bool:
    return image.visibility == "public" or bool(domain_of(image))


def offered(request: HttpRequest, scope: PanelScope, image: Image) -> list[str]:
    """Return the audiences to which this user may publish the image here; does not read the
    owner's domain.
    """
    if change_refusal(request, scope, image, policy.MODIFY_IMAGE):
        return []
    allowed = []
    if may_publish_to_domain(request, scope, image):
        allowed.append(DOMAIN)
    if policy.allows(request, policy.PUBLICIZE_IMAGE, image):
        allowed.append(CLOUD)
    if allowed and is_published(image) and may_unpublish(request, scope, image):
        allowed.insert(0, OWN)
    return allowed


def offered_for_new(request: HttpRequest) -> list[str]:
    """Return the audiences that a new image of the active project may have."""
    allowed = [OWN]
    if (
        all(policy.allows(request, rule) for rule in (policy.MODIFY_IMAGE, policy.ADD_MEMBER))
        and _administers_active_project(request)
        and _has_several_domains(request)
    ):
        allowed.append(DOMAIN)
    if policy.allows(request, policy.PUBLICIZE_IMAGE):
        allowed.append(CLOUD)
    return allowed


def may_publish(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether any audience is offered; avoids requests to Keystone if policy is sufficient."""
    if change_refusal(request, scope, image, policy.MODIFY_IMAGE):
        return False
    return policy.allows(request, policy.PUBLICIZE_IMAGE, image) or may_publish_to_domain(
        request, scope, image
    )


def may_publish_to_domain(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether the audience DOMAIN is offered; not to admins of a cloud with a single domain."""
    if not _manages_members(request, scope, image):
        return False
    return not policy.allows(request, policy.ADMIN) or _has_several_domains(request)


def _manages_members(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether the user can list the domain's projects, and make them members of this image."""
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
    # The Admin panel contains no images of domains that the user does not administer.
    return image.owner != request.user.project_id or _administers_active_project(request)


def _administers_active_project(request: HttpRequest) -> bool:
    """Whether the user is admin of the domain: the role on one project says nothing about the
    rest.
    """
    user: Any = request.user
    return policy.allows(request, policy.ADMIN) and administers(
        request, str((user.token.project or {}).get("domain_id") or "")
    )


def may_unpublish(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    if image.visibility == "public":
        return policy.allows(request, policy.PUBLICIZE_IMAGE, image)
    return _manages_members(request, scope, image)


def may_resync(request: HttpRequest, scope: PanelScope, image: Image, plan: DomainPlan) -> bool:
    """Whether the user can change anything by publishing to the domain once more.

    Projects that must accept the image themselves stay pending.
    """
    if plan.is_done or not may_unpublish(request, scope, image):
        return False
    if plan.add or plan.remove or policy.allows(request, policy.ADMIN):
        return True
    own = {project.id for project in projects.own_projects(request)}
    return not own.isdisjoint(plan.accept)


def _has_several_domains(request: HttpRequest) -> bool:
    """Whether the cloud has several domains; True if it is unknown."""

    def fetch() -> bool:
        try:
            return sum(domain.enabled for domain in projects.domain_list(request)) > 1
        except exceptions.ImageServiceError as error:
            forgiven.log("the number of domains", error)
            return True

    return per_request(request, "several_domains", fetch, scoped_to_project=True)


def owners_domain(request: HttpRequest, image: Image, uncached: bool = True) -> OwnersDomain:
    """Return the domain of the image's owner; raise ImageServiceError if it cannot be read.

    :param uncached: whether to bypass the cache
    """
    return domain_of_project(request, image.owner or "", uncached)


def domain_of_project(request: HttpRequest, project_id: str, uncached: bool = True) -> OwnersDomain:
    """Return the same for a project that owns an image, or is about to."""
    if policy.allows(request, policy.ADMIN):
        get_project = projects.project_now if uncached else projects.project_get
        owner = get_project(request, project_id)
        if owner is None:
            raise exceptions.ImageNotFound(_("The project that owns the image does not exist."))
        if not administers(request, owner.domain_id):
            raise exceptions.ImageForbidden(_("You do not manage the domain of this image."))
        list_projects = projects.projects_now if uncached else projects.project_list
        return OwnersDomain(owner.domain_id, tuple(list_projects(request, owner.domain_id)))
    managed = projects.managed_domain(request)
    if managed is None:
        raise exceptions.ImageForbidden(_("You do not manage the domain of this image."))
    list_managed = projects.managed_projects_now if uncached else projects.managed_project_list
    return OwnersDomain(managed.id, tuple(list_managed(request)))


def names_of(
    request: HttpRequest, owners: OwnersDomain | None, project_ids: Sequence[str]
) -> dict[str, str]:
    """Return project names by ID; names of other domains only for cloud admins."""
    known = {project.id: project.name for project in owners.projects} if owners else {}
    unknown = [project_id for project_id in project_ids if project_id not in known]
    if unknown and policy.allows(request, policy.ADMIN) and is_cloud_admin(request):
        try:
            known |= projects.project_names(request, unknown)
        except exceptions.ImageServiceError as error:
            forgiven.log("the names of projects", error)
    return {project_id: isolated(known.get(project_id, project_id)) for project_id in project_ids}


def accepting_requests(request: HttpRequest) -> AcceptingRequests:
    """Return how projects' member status can be set: an admin's own request can set it for all.

    No request is sent before there are such projects.
    """

    def requests_by_project(project_ids: Sequence[str]) -> dict[str, HttpRequest]:
        if policy.allows(request, policy.ADMIN):
            return dict.fromkeys(project_ids, request)
        own_ids = {project.id for project in projects.own_projects(request)}
        return rescope.in_projects(request, [id_ for id_ in project_ids if id_ in own_ids])

    return requests_by_project
