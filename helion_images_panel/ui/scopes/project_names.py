# SPDX-License-Identifier: Apache-2.0
"""Names of projects that a user may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions, policy
from helion_images_panel.api import forgiven, projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.domain_roles import domain_of, is_cloud_admin, manages_domain
from helion_images_panel.ui.scopes.scope import PanelScope


def bare_names(
    request: HttpRequest, scope: PanelScope, project_ids: Iterable[str]
) -> Mapping[str, str]:
    """Return the names of the panel's projects; none if Keystone fails, as IDs are shown then."""
    try:
        return scope.project_names(request, project_ids)
    except exceptions.ImageServiceError as error:
        forgiven.log("the names of projects", error)
        return {}


def panel_names(
    request: HttpRequest, scope: PanelScope, project_ids: Iterable[str]
) -> Mapping[str, str]:
    """Return the same for sentences: see `isolated`."""
    names = bare_names(request, scope, project_ids)
    return {id_: isolated(name) for id_, name in names.items()}


def names_of(
    request: HttpRequest, scope: PanelScope, project_ids: Sequence[str]
) -> Mapping[str, str]:
    """Return names by project ID: those that the panel shows, the user's own projects, and
    those that the user may list at Keystone.
    """
    own = {project.id: project.name for project in projects.own_projects(request)}
    names = {**own, **bare_names(request, scope, project_ids)}
    unknown = [id_ for id_ in dict.fromkeys(project_ids) if id_ and id_ not in names]
    if unknown:
        names |= _listed(request, unknown)
    return {id_: isolated(name) for id_, name in names.items()}


def _listed(request: HttpRequest, project_ids: Sequence[str]) -> Mapping[str, str]:
    """Names of projects elsewhere, for admins and managers of a domain; without those for which
    Keystone fails.
    """
    try:
        if is_cloud_admin(request):
            return projects.project_names(request, project_ids)
        return {project.id: project.name for project in _of_domain(request)}
    except horizon_exceptions.NotAuthorized:
        return {}
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        forgiven.log("the names of projects", error)
        return {}


def _of_domain(request: HttpRequest) -> Sequence[Project]:
    if policy.allows(request, policy.ADMIN):
        return projects.project_list(request, domain_of(request))
    return projects.managed_project_list(request) if manages_domain(request) else ()
