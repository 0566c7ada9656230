# SPDX-License-Identifier: Apache-2.0
"""Short labels of who can see an image."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext, pgettext

from helion_images_panel import exceptions, policy
from helion_images_panel.api import forgiven, projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core import access
from helion_images_panel.core.access import Access, MemberCounts
from helion_images_panel.core.domain_plan import DomainPlan, domain_plan
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import publication_of
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.domain_names import domain_name, may_list_projects
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass(frozen=True)
class AccessDetails:
    """Access details that take further requests: member statuses, or the plan of a published
    image's domain.
    """

    counts: MemberCounts | None = None
    plan: DomainPlan | None = None


def access_of(request: HttpRequest, scope: PanelScope, image: Image) -> Access:
    """Derive the kind of access for this user."""
    return access.access_of(image, scope.may_write(request, image))


def label(
    request: HttpRequest,
    scope: PanelScope,
    image: Image,
    details: AccessDetails | None = None,
    owner_name: str = "",
) -> str:
    """Return a short access label; `details` adds numbers. Sends no requests to Glance."""
    image_access, details = access_of(request, scope, image), details or AccessDetails()
    if image_access.kind == access.OWNER:
        return _owner_label(request, image, owner_name)
    if image_access.kind == access.MEMBERS:
        if details.counts and not details.counts.total:
            return _owner_label(request, image, owner_name)
        return _members_label(details.counts)
    if image_access.kind == access.OF_DOMAIN:
        return _domain_label(domain_name(request, image_access.domain_id), details.plan)
    if image_access.kind == access.RECEIVED:
        return _eager("Shared with %(project)s") % {"project": isolated(request.user.project_name)}
    if image_access.kind == access.COMMUNITY:
        return pgettext("visibility", "Community")
    return pgettext("visibility", "Public")


def _owner_label(request: HttpRequest, image: Image, name: str) -> str:
    """Return a label with the only project, by name if the name is known."""
    is_own = image.owner == request.user.project_id
    name = name or (isolated(request.user.project_name) if is_own else "")
    return _eager("Only %(project)s") % {"project": name} if name else _eager("Only the owner")


def _members_label(counts: MemberCounts | None) -> str:
    if counts is None:
        return pgettext("visibility", "Shared")
    if counts.pending and counts.rejected:
        template = ngettext(
            "Shared with %(count)s project (%(pending)s pending, %(rejected)s rejected)",
            "Shared with %(count)s projects (%(pending)s pending, %(rejected)s rejected)",
            counts.total,
        )
    elif counts.pending:
        template = ngettext(
            "Shared with %(count)s project (%(pending)s pending)",
            "Shared with %(count)s projects (%(pending)s pending)",
            counts.total,
        )
    elif counts.rejected:
        template = ngettext(
            "Shared with %(count)s project (%(rejected)s rejected)",
            "Shared with %(count)s projects (%(rejected)s rejected)",
            counts.total,
        )
    else:
        template = ngettext(
            "Shared with %(count)s project", "Shared with %(count)s projects", counts.total
        )
    return template % {
        "count": counts.total,
        "pending": counts.pending,
        "rejected": counts.rejected,
    }


def _domain_label(name: str, plan: DomainPlan | None) -> str:
    if plan is None:
        if name:
            return _eager("All projects in %(domain)s") % {"domain": name}
        return _eager("All projects in the domain")
    values = {
        "domain": name,
        "reached": plan.reach.reached,
        "total": plan.reach.total,
        "count": len(plan.others),
    }
    if plan.others and name:
        template = ngettext(
            "All projects in %(domain)s (%(reached)s of %(total)s) and %(count)s other project",
            "All projects in %(domain)s (%(reached)s of %(total)s) and %(count)s other projects",
            len(plan.others),
        )
    elif plan.others:
        template = ngettext(
            "All projects in the domain (%(reached)s of %(total)s) and %(count)s other project",
            "All projects in the domain (%(reached)s of %(total)s) and %(count)s other projects",
            len(plan.others),
        )
    elif name:
        template = _eager("All projects in %(domain)s (%(reached)s of %(total)s)")
    else:
        template = _eager("All projects in the domain (%(reached)s of %(total)s)")
    return template % values


def has_member_details(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether the member list adds details to the label, and the user may see it."""
    access_kind = access_of(request, scope, image)
    return access_kind.has_members and policy.allows(request, policy.GET_MEMBERS, image)


def access_details(
    request: HttpRequest, image: Image, shared_with: list[Member] | None
) -> AccessDetails:
    """Return the details of a shared image.

    :param shared_with: the members; None if they could not be read
    """
    if shared_with is None:
        return AccessDetails()
    # The owner needs no membership, if it has one from before.
    counts = MemberCounts.of(member for member in shared_with if member.project_id != image.owner)
    publication = publication_of(image)
    if not publication or not publication.domain_id:
        return AccessDetails(counts)
    domain_projects = _projects_of(request, publication.domain_id)
    if domain_projects is None:
        return AccessDetails(counts)
    enabled = [project.id for project in domain_projects if project.enabled]
    given = publication.given_among(shared_with)
    return AccessDetails(counts, domain_plan(image.owner, enabled, shared_with, given))


def _projects_of(request: HttpRequest, domain_id: str) -> list[Project] | None:
    """Return the projects of the domain from the cache; None if the user may not list them."""
    managed = projects.managed_domain(request)
    try:
        if may_list_projects(request, domain_id):
            return projects.project_list(request, domain_id)
        if managed and managed.id == domain_id:
            return projects.managed_project_list(request)
    except exceptions.ImageServiceError as error:
        forgiven.log("the projects of a domain", error)
    return None
