# SPDX-License-Identifier: Apache-2.0
"""Short labels of who can see an image."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext

from helion_images_panel import exceptions, policy
from helion_images_panel.api import projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core import access
from helion_images_panel.core.access import Access, MemberCounts
from helion_images_panel.core.domain_plan import DomainPlan, domain_plan
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import publication_of
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
    request: HttpRequest, scope: PanelScope, image: Image, known: AccessDetails | None = None
) -> str:
    """Return a short access label; `known` adds numbers. Sends no requests to Glance."""
    found, known = access_of(request, scope, image), known or AccessDetails()
    if found.kind == access.OWNER:
        own = image.owner == request.user.project_id
        return _eager("This project") if own else _eager("Its own project")
    if found.kind == access.MEMBERS:
        return _members_label(known.counts)
    if found.kind == access.OF_DOMAIN:
        return _domain_label(domain_name(request, found.domain_id), known.plan)
    if found.kind == access.RECEIVED:
        return _eager("Shared with this project")
    if found.kind == access.COMMUNITY:
        return _eager("Community")
    return _eager("Everyone on this cloud")


def _members_label(counts: MemberCounts | None) -> str:
    if counts is None:
        return _eager("Shared")
    if not counts.total:
        return _eager("Shared with nobody yet")
    said = [
        _counted(ngettext("%(count)s project", "%(count)s projects", counts.total), counts.total)
    ]
    if counts.pending:
        words = ngettext("%(count)s pending", "%(count)s pending", counts.pending)
        said.append(_counted(words, counts.pending))
    if counts.rejected:
        words = ngettext("%(count)s rejected", "%(count)s rejected", counts.rejected)
        said.append(_counted(words, counts.rejected))
    return ", ".join(said)


def _counted(words: str, count: int) -> str:
    return words % {"count": count}


def _domain_label(name: str, plan: DomainPlan | None) -> str:
    words = {"domain": name}
    if plan is None:
        if name:
            return _eager("All projects of %(domain)s") % words
        return _eager("All projects of a domain")
    words |= {"reached": str(plan.reach.reached), "total": str(plan.reach.total)}
    if name:
        said = _eager("All projects of %(domain)s: %(reached)s of %(total)s") % words
    else:
        said = _eager("All projects of a domain: %(reached)s of %(total)s") % words
    if plan.others:
        count = len(plan.others)
        more = ngettext("%(count)s other project", "%(count)s other projects", count)
        said += ", " + _counted(more, count)
    return said


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
    return AccessDetails(counts, domain_plan(image.owner, enabled, shared_with, publication.given))


def _projects_of(request: HttpRequest, domain_id: str) -> list[Project] | None:
    """Return the projects of the domain from the cache; None if the user may not list them."""
    managed = projects.managed_domain(request)
    try:
        if may_list_projects(request, domain_id):
            return projects.project_list(request, domain_id)
        if managed and managed.id == domain_id:
            return projects.managed_project_list(request)
    except exceptions.ImageServiceError:
        return None
    return None
