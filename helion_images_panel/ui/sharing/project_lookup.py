# SPDX-License-Identifier: Apache-2.0
"""Which projects a person may name, and which project they mean by what they write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions, policy
from helion_images_panel.api import projects
from helion_images_panel.api.projects import Project
from helion_images_panel.ui.scopes.domain_roles import domain_of, is_cloud_admin, manages_domain
from helion_images_panel.ui.scopes.scope import PanelScope

#: How Keystone makes the IDs of projects. Whoever cannot ask it for one of
#: another form has more likely written a name, which Glance would take as well.
_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class ProjectChoice:
    """A project that the person may know by name; `domain` is the name of its domain."""

    id: str
    name: str
    domain: str = ""


@dataclass(frozen=True)
class ProjectLookup:
    """What somebody wrote: the ID of the project, or why it is none to share with."""

    written: str
    project_id: str = ""
    name: str = ""
    refusal: str = ""

    @property
    def label(self) -> str:
        return self.name or self.written


def listable_projects(
    request: HttpRequest, scope: PanelScope, first_owner: str = ""
) -> list[ProjectChoice]:
    """All projects that the person may list, by name; those beside `first_owner` come first."""
    if policy.allows(request, policy.ADMIN):
        try:
            return _of_admin(request, first_owner)
        except (horizon_exceptions.NotAuthorized, exceptions.ImageServiceError):
            if scope.shares_within_domain:
                return []
    own = {
        found.id: ProjectChoice(found.id, found.name) for found in projects.own_projects(request)
    }
    for found in _managed(request):
        own.setdefault(found.id, ProjectChoice(found.id, found.name))
    return sorted(own.values(), key=lambda choice: choice.name.casefold())


def _managed(request: HttpRequest) -> list[Project]:
    """The projects of the domain that the person manages; none for who manages none."""
    if not manages_domain(request):
        return []
    try:
        found = projects.managed_project_list(request)
    except (exceptions.ImageServiceError, exceptions.SessionEnded):
        # The domain's token may have come to its end: their own projects remain.
        return []
    return [project for project in found if project.enabled]


def _of_admin(request: HttpRequest, first_owner: str) -> list[ProjectChoice]:
    if not is_cloud_admin(request):
        found = projects.project_list(request, domain_of(request))
        return [ProjectChoice(each.id, each.name) for each in _by_name(found)]
    every = _by_name(projects.all_projects(request))
    named = [
        ProjectChoice(each.id, each.name, domain.name)
        for domain in projects.domain_list(request)
        for each in every
        if each.domain_id == domain.id
    ]
    home = next((choice.domain for choice in named if choice.id == first_owner), "")
    return sorted(named, key=lambda choice: choice.domain != home)


def _by_name(found: Sequence[Project]) -> list[Project]:
    return sorted(
        (project for project in found if project.enabled),
        key=lambda project: project.name.casefold(),
    )


def look_up_project(
    request: HttpRequest, scope: PanelScope, known: Sequence[ProjectChoice], written: str
) -> ProjectLookup:
    """The project by its ID or, where the person may list it, by its name.

    In the Admin panel an admin of one domain stays in it: a project of another
    is refused as one that does not exist is, and nothing tells them apart.
    """
    by_id = next((choice for choice in known if choice.id == written), None)
    if by_id:
        return ProjectLookup(written, by_id.id, by_id.name)
    named = [choice for choice in known if choice.name == written]
    if len(named) == 1:
        return ProjectLookup(written, named[0].id, named[0].name)
    if named:
        return ProjectLookup(
            written, refusal=_eager("Several projects have this name. Choose one by its ID.")
        )
    if scope.shares_within_domain and not is_cloud_admin(request):
        return ProjectLookup(
            written,
            refusal=_eager(
                "There is no such project in your domain. Here you can share in it only."
            ),
        )
    return _by_asking(request, written)


def _by_asking(request: HttpRequest, written: str) -> ProjectLookup:
    unknown = ProjectLookup(written, refusal=_eager("There is no such project."))
    if policy.allows(request, policy.ADMIN):
        try:
            project = projects.project_get(request, written)
        except exceptions.ImageServiceError:
            project = None
        else:
            # Its name may be of a domain that is no business of this admin's.
            return ProjectLookup(written, project.id) if project else unknown
    if _ID.fullmatch(written):
        return ProjectLookup(written, written)
    return ProjectLookup(
        written,
        refusal=_eager(
            "You can see no project of this name. Write the ID of the project: whoever works in "
            "it finds it under Identity, Projects."
        ),
    )
