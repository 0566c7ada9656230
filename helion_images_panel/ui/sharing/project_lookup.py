# SPDX-License-Identifier: Apache-2.0
"""The projects that a user may list, and the project that an entered name or ID refers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions, policy
from helion_images_panel.api import forgiven, projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core.identifiers import PROJECT_ID
from helion_images_panel.core.per_request import per_request
from helion_images_panel.ui.scopes.domain_roles import domain_of, is_cloud_admin, manages_domain
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass(frozen=True)
class ProjectChoice:
    """A project whose name the user may see; `domain` is the name of its domain."""

    id: str
    name: str
    domain: str = ""


@dataclass(frozen=True)
class ProjectLookup:
    """The result of looking up an entered text: the project's ID, or why it cannot be used.

    `verified` is False for an ID that could not be looked up: Glance accepts any text.
    """

    written: str
    project_id: str = ""
    name: str = ""
    refusal: str = ""
    verified: bool = True

    @property
    def label(self) -> str:
        return self.name or self.written


def listable_projects(
    request: HttpRequest, scope: PanelScope, first_owner: str = ""
) -> list[ProjectChoice]:
    """Return all projects that the user may list, by name; those in the domain of
    `first_owner` first.
    """
    if policy.allows(request, policy.ADMIN):
        try:
            return _of_admin(request, first_owner)
        except (horizon_exceptions.NotAuthorized, exceptions.ImageServiceError) as error:
            forgiven.log("the projects to choose from", error)
            if scope.shares_within_domain:
                return []
    own = {
        project.id: ProjectChoice(project.id, project.name)
        for project in projects.own_projects(request)
    }
    for project in _managed(request):
        own.setdefault(project.id, ProjectChoice(project.id, project.name))
    return sorted(own.values(), key=lambda choice: choice.name.casefold())


def _managed(request: HttpRequest) -> list[Project]:
    """Return the projects of the domain that the user manages; empty for other users."""
    if not manages_domain(request):
        return []
    try:
        managed = projects.managed_project_list(request)
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        forgiven.log("the projects of the domain", error)
        # The domain token may have expired: the user's own projects remain.
        return []
    return [project for project in managed if project.enabled]


def _of_admin(request: HttpRequest, first_owner: str) -> list[ProjectChoice]:
    if not is_cloud_admin(request):
        domain_projects = projects.project_list(request, domain_of(request))
        return [ProjectChoice(project.id, project.name) for project in _by_name(domain_projects)]
    of_domain: dict[str, list[Project]] = {}
    for project in _by_name(projects.all_projects(request)):
        of_domain.setdefault(project.domain_id, []).append(project)
    named = [
        ProjectChoice(project.id, project.name, domain.name)
        for domain in projects.domain_list(request)
        for project in of_domain.get(domain.id, ())
    ]
    first_domain = next((choice.domain for choice in named if choice.id == first_owner), "")
    return sorted(named, key=lambda choice: choice.domain != first_domain)


def _by_name(unsorted: Sequence[Project]) -> list[Project]:
    return sorted(
        (project for project in unsorted if project.enabled),
        key=lambda project: project.name.casefold(),
    )


def look_up_project(
    request: HttpRequest, scope: PanelScope, known: Sequence[ProjectChoice], written: str
) -> ProjectLookup:
    """Look up a project by ID or, if the user may list it, by name.

    In the Admin panel, admins of a domain are limited to it: the refusal of a project
    in another domain is the same as that of a project that does not exist.
    """
    by_id = next((choice for choice in known if choice.id == written), None)
    if by_id:
        return ProjectLookup(written, by_id.id, by_id.name)
    named = [choice for choice in known if choice.name == written]
    if len(named) == 1:
        return ProjectLookup(written, named[0].id, named[0].name)
    if named:
        return ProjectLookup(
            written, refusal=_eager("Several projects have this name. Enter the project ID.")
        )
    disabled = _disabled(request)
    is_within = scope.shares_within_domain and not is_cloud_admin(request)
    # For users who cannot query projects, text in another format is more likely a name, which
    # Glance would accept as a member.
    if disabled is None and (is_within or not PROJECT_ID.fullmatch(written)):
        refusal = _eager("The project could not be looked up. Try again.")
        return ProjectLookup(written, refusal=refusal)
    if disabled and written in disabled:
        return ProjectLookup(
            written,
            refusal=_eager("The project is disabled. Enable it before you share images with it."),
        )
    if is_within:
        return ProjectLookup(
            written,
            refusal=_eager("Not found in your domain. You can share only within your domain."),
        )
    return _look_up_unlisted(request, written)


def _disabled(request: HttpRequest) -> frozenset[str] | None:
    """Return IDs and names of the disabled projects that the user may list, as they are now;
    None if Keystone fails. Read once per request.
    """

    def fetch() -> frozenset[str] | None:
        try:
            found = [project for project in _with_disabled(request) if not project.enabled]
        except horizon_exceptions.NotAuthorized:
            return frozenset()
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            forgiven.log("the projects that are disabled", error)
            return None
        return frozenset(text for project in found for text in (project.id, project.name))

    return per_request(request, "disabled_projects", fetch, scoped_to_project=True)


def _with_disabled(request: HttpRequest) -> Sequence[Project]:
    if is_cloud_admin(request):
        return projects.all_projects(request)
    if policy.allows(request, policy.ADMIN):
        return projects.projects_now(request, domain_of(request))
    return projects.managed_projects_now(request) if manages_domain(request) else ()


def may_search(request: HttpRequest) -> bool:
    """Whether the user can list other projects than their own."""
    return policy.allows(request, policy.ADMIN) or manages_domain(request)


def _look_up_unlisted(request: HttpRequest, written: str) -> ProjectLookup:
    unknown = ProjectLookup(written, refusal=_eager("Project not found."))
    if policy.allows(request, policy.ADMIN):
        try:
            project = projects.project_get(request, written)
        except exceptions.ImageServiceError as error:
            forgiven.log("the project that was entered", error)
        else:
            # The project's domain may be one that this admin must not see names of.
            return ProjectLookup(written, project.id) if project else unknown
    if PROJECT_ID.fullmatch(written):
        return ProjectLookup(written, written, verified=False)
    return ProjectLookup(
        written,
        refusal=_eager(
            "No project with this name is visible to you. Enter the project ID (Identity > "
            "Projects)."
        ),
    )
