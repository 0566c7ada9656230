# SPDX-License-Identifier: Apache-2.0
"""Projects and domains at Keystone, cached for a short time.

Only admins and managers of a domain use the cached lists. They contain the owners of
projects, which are the same for all of them; what a user may see is decided anew for
every request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from keystoneauth1 import exceptions as keystone_exc
from keystoneauth1 import token_endpoint
from keystoneclient.v3 import client as keystone
from openstack_auth import utils as auth_utils
from openstack_dashboard.api import keystone as horizon_keystone

from helion_images_panel import conf
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.exceptions import (
    ImageForbidden,
    SessionEnded,
    identity_does_not_answer,
)

Value = TypeVar("Value")

#: Pattern of Keystone's IDs. Its client would put any other text unescaped into the path
#: of a request.
KEYSTONE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True)
class Project:
    id: str
    name: str
    domain_id: str
    enabled: bool = True


@dataclass(frozen=True)
class Domain:
    id: str
    name: str
    enabled: bool = True


@dataclass(frozen=True)
class AdminRoles:
    """IDs of the domains on which, and on a project of which, a user has the role admin."""

    domains: frozenset[str]
    projects_of: frozenset[str]


def domain_list(request: Request) -> list[Domain]:
    """Return all domains by name, disabled ones included; the caller is a cloud admin."""

    def fetch() -> list[Domain]:
        domains = [
            Domain(domain.id, domain.name, bool(getattr(domain, "enabled", True)))
            for domain in _keystone(request).domains.list()
        ]
        return sorted(domains, key=lambda domain: domain.name.casefold())

    return _cached("domains", fetch)


def project_list(request: Request, domain_id: str) -> list[Project]:
    """Return all projects of a domain, disabled ones included: their images still exist."""

    def fetch() -> list[Project]:
        return [_project(project) for project in _keystone(request).projects.list(domain=domain_id)]

    return _cached(f"domain.{domain_id}", fetch)


def all_projects(request: Request) -> list[Project]:
    """Return the projects of all domains; the caller is a cloud admin."""

    def fetch() -> list[Project]:
        return [_project(project) for project in _keystone(request).projects.list()]

    return _cached("projects", fetch)


def projects_now(request: Request, domain_id: str) -> list[Project]:
    """Return the projects of a domain without the cache, by name."""
    with _keystone_errors():
        projects = [
            _project(project) for project in _keystone(request).projects.list(domain=domain_id)
        ]
    return sorted(projects, key=lambda project: project.name.casefold())


def project_now(request: Request, project_id: str) -> Project | None:
    """Return a project without the cache, for decisions that cannot be undone."""
    if not KEYSTONE_ID.fullmatch(project_id):
        return None
    with _keystone_errors():
        try:
            return _project(_keystone(request).projects.get(project_id))
        except keystone_exc.NotFound:
            return None


def projects_named(request: Request, name: str, domain_id: str | None) -> list[Project]:
    """Return the projects of exactly this name, in one domain or in all; not cached."""
    with _keystone_errors():
        projects = _keystone(request).projects.list(domain=domain_id, name=name)
    # Some databases compare names without regard to case.
    return [project for project in map(_project, projects) if project.name == name]


def project_get(request: Request, project_id: str) -> Project | None:
    """Return the project; None if it was deleted, or if the ID is invalid."""
    if not KEYSTONE_ID.fullmatch(project_id):
        return None

    def fetch() -> Project | None:
        try:
            return _project(_keystone(request).projects.get(project_id))
        except keystone_exc.NotFound:
            return None

    return _cached(f"project.{project_id}", fetch)


def project_names(request: Request, project_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of these projects by ID, without deleted ones."""
    _keystone(request)  # creates the client before the threads share it
    projects = in_parallel(lambda id_: project_get(request, id_), sorted(set(project_ids)))
    return {project.id: project.name for project in projects if project}


def own_projects(request: Request) -> list[Project]:
    """Return the enabled projects in which the user has a role, from Horizon's session."""
    return [_project(tenant) for tenant in request.user.authorized_tenants if tenant.enabled]


def admin_roles(request: Request) -> AdminRoles:
    """Return where the user has the role admin, by groups and inheritance too; not cached."""
    with _keystone_errors():
        assignments = _keystone(request).role_assignments.list(
            user=request.user.id, effective=True, include_names=True
        )
    scopes = [
        assignment.scope for assignment in assignments if assignment.role.get("name") == "admin"
    ]
    return AdminRoles(
        frozenset(scope["domain"]["id"] for scope in scopes if "domain" in scope),
        frozenset(scope["project"]["domain"]["id"] for scope in scopes if "project" in scope),
    )


def managed_domain(request: HttpRequest) -> Domain | None:
    """Return the domain that the user manages without being an admin; None for most users.

    It is read from the domain token that Horizon requests at login.
    """
    token = request.session.get("domain_token")
    roles = set(getattr(token, "role_names", None) or ())
    if token is None or not token.domain_id or token.will_expire_soon():
        return None
    if not roles.intersection(conf.DOMAIN_MANAGER_ROLES.value):
        return None
    return Domain(token.domain_id, token.domain_name)


def managed_project_list(request: HttpRequest) -> list[Project]:
    """Return all projects of the domain that the user manages, by name."""
    domain_id = request.session["domain_token"].domain_id
    return _cached(f"managed.{domain_id}", lambda: _managed_projects(request))


def managed_projects_now(request: HttpRequest) -> list[Project]:
    """Return the same without the cache, for publishing."""
    with _keystone_errors():
        return _managed_projects(request)


def _managed_projects(request: HttpRequest) -> list[Project]:
    token = request.session["domain_token"]
    session = auth_utils.get_session(original_ip=auth_utils.get_client_ip(request))
    session.auth = token_endpoint.Token(request.user.endpoint, token.auth_token)
    projects = keystone.Client(session=session).projects.list(domain=token.domain_id)
    return sorted(map(_project, projects), key=lambda project: project.name.casefold())


def _keystone(request: Request) -> Any:
    return horizon_keystone.keystoneclient(request, admin=True, force_scoped=True)


def _project(resource: Any) -> Project:
    return Project(
        resource.id, resource.name, resource.domain_id, bool(getattr(resource, "enabled", True))
    )


@contextmanager
def _keystone_errors() -> Iterator[None]:
    """Convert Keystone's errors to the exceptions that the views handle."""
    try:
        yield
    except (keystone_exc.ConnectionError, keystone_exc.HttpServerError) as error:
        raise identity_does_not_answer() from error
    except keystone_exc.Forbidden as error:
        reason = _("You are not allowed to list the projects of the identity service.")
        raise ImageForbidden(reason) from error
    except keystone_exc.Unauthorized as error:
        raise SessionEnded() from error


def _cached(key: str, fetch: Callable[[], Value]) -> Value:
    timeout_s = conf.PROJECT_CACHE_S.value
    with _keystone_errors():
        if not timeout_s:
            return fetch()
        # IDs come from users too, and not every cache accepts any key. The cached value
        # is a tuple, since None is a valid result.
        safe_key = f"helion_images.{quote(key, safe='')[:200]}"
        cached: tuple[Value] = cache.get_or_set(safe_key, lambda: (fetch(),), timeout_s)
    return cached[0]
