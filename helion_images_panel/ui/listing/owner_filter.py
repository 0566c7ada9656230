# SPDX-License-Identifier: Apache-2.0
"""The filter by owner: a project's name, with its domain if there are several, or its ID."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.http import HttpRequest

from helion_images_panel import exceptions
from helion_images_panel.api import forgiven, projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core.filter_values import OWNER, OWNER_UNKNOWN, OWNERS, WrongValue
from helion_images_panel.core.identifiers import PROJECT_ID
from helion_images_panel.core.query import comparable
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.owner import candidates
from helion_images_panel.ui.scopes.scope import PanelScope

_WITH_DOMAIN = re.compile(r"(.+) \((.+)\)", re.DOTALL)

#: Maximum number of projects that are named in a message, or offered in the field.
NAMED, OFFERED = 5, 200


def project_id(request: HttpRequest, scope: PanelScope, written: str) -> str:
    """Return the ID of the project that a user wrote; raise WrongValue for none, or several.

    The refusal of a project that the list does not have is the same as that of a project
    that does not exist.
    """
    if not scope.lists_all_owners:
        if not projects.KEYSTONE_ID.fullmatch(written):
            raise WrongValue(OWNER, written)
        return written
    try:
        return _of_list(request, scope, written)
    except exceptions.ImageServiceError as error:
        forgiven.log("the project to filter by", error)
        raise WrongValue(OWNER_UNKNOWN, written) from error


def _of_list(request: HttpRequest, scope: PanelScope, written: str) -> str:
    if _is_of_all_domains(scope):
        if project := projects.project_get(request, written):
            return project.id
        found = _named_in_cloud(request, written)
        # Images may outlive their project.
        if not found and PROJECT_ID.fullmatch(written):
            return written
    else:
        known = _projects_of(request, scope)
        found = [project for project in known if written in (project.id, project.name)]
        found = found or [p for p in known if comparable(p.name) == comparable(written)]
    if not found:
        raise WrongValue(OWNER, written)
    if len(found) > 1:
        labels = [isolated(label(request, scope, project.id)) for project in found[:NAMED]]
        raise WrongValue(OWNERS, ", ".join(labels))
    return found[0].id


def _named_in_cloud(request: HttpRequest, written: str) -> Sequence[Project]:
    found = projects.projects_named(request, written, None)
    if not found and (match := _WITH_DOMAIN.fullmatch(written)):
        domains = [domain.id for domain in projects.domain_list(request) if domain.name == match[2]]
        for domain_id in domains:
            found = projects.projects_named(request, match[1], domain_id)
    return found


def _is_of_all_domains(scope: PanelScope) -> bool:
    return scope.chooses_domain and scope.domain_id is None


def _projects_of(request: HttpRequest, scope: PanelScope) -> Sequence[Project]:
    if scope.domain_id is not None:
        return projects.project_list(request, scope.domain_id)
    managed = projects.managed_project_list(request)
    return [project for project in managed if scope.has_project(request, project.id)]


def offered(request: HttpRequest, scope: PanelScope) -> list[str]:
    """Return the names to offer; none of a list of all domains, or if there are too many."""
    if not scope.lists_all_owners or _is_of_all_domains(scope):
        return []
    try:
        names = [project.name for project in _projects_of(request, scope)]
    except exceptions.ImageServiceError as error:
        forgiven.log("the projects to filter by", error)
        return []
    return sorted(names, key=str.casefold) if len(names) <= OFFERED else []


def label(request: HttpRequest, scope: PanelScope, owner: str) -> str:
    """Return the project's name, with its domain's name in a list of all domains; else its ID."""
    try:
        names: Mapping[str, str] = scope.project_names(request, [owner])
        if owner not in names or not _is_of_all_domains(scope):
            return names.get(owner, owner)
        project = projects.project_get(request, owner)
        domains = {domain.id: domain.name for domain in projects.domain_list(request)}
    except exceptions.ImageServiceError as error:
        forgiven.log("the owner's name", error)
        return owner
    return candidates.label(project, domains) if project else names[owner]
