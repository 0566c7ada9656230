# SPDX-License-Identifier: Apache-2.0
"""Projects and domains at Keystone, cached for a short time.

Only admins and managers of a domain use the cached lists. They contain the owners of
projects, which are the same for all of them; what a user may see is decided anew for
every request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from django.http import HttpRequest
from keystoneauth1 import exceptions as keystone_exc

from helion_images_panel import conf
from helion_images_panel.api import cache, identity, keystone_lists
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel

Value = TypeVar("Value")

#: Pattern of Keystone's IDs. Its client would put any other text unescaped into the path
#: of a request.
KEYSTONE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")

#: Pattern of the IDs that Keystone gives to projects.
_GENERATED_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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

    return _cached(request, "domains", lambda: _domains(request))


def domains_now(request: Request) -> list[Domain]:
    """Return the same without the cache."""
    with identity.requested():
        return _domains(request)


def _domains(request: Request) -> list[Domain]:
    domains = [
        Domain(_text(domain, "id"), _text(domain, "name"), _is_enabled(domain))
        for domain in keystone_lists.entries(_keystone(request), "domains")
    ]
    return sorted(domains, key=lambda domain: domain.name.casefold())


def project_list(request: Request, domain_id: str) -> list[Project]:
    """Return all projects of a domain, disabled ones included: their images still exist."""

    def fetch() -> list[Project]:
        return _projects(_keystone(request), domain_id)

    return _cached(request, f"domain.{domain_id}", fetch)


def all_projects(request: Request) -> list[Project]:
    """Return the projects of all domains; the caller is a cloud admin."""

    def fetch() -> list[Project]:
        return _projects(_keystone(request))

    return _cached(request, "projects", fetch)


def projects_now(request: Request, domain_id: str) -> list[Project]:
    """Return the projects of a domain without the cache, by name."""
    with identity.requested():
        projects = _projects(_keystone(request), domain_id)
    return sorted(projects, key=lambda project: project.name.casefold())


def project_now(request: Request, project_id: str) -> Project | None:
    """Return a project without the cache, for decisions that cannot be undone."""
    if not KEYSTONE_ID.fullmatch(project_id):
        return None
    with identity.requested():
        try:
            return _project(_keystone(request).projects.get(project_id))
        except keystone_exc.NotFound:
            return None


def projects_named(request: Request, name: str, domain_id: str | None) -> list[Project]:
    """Return the projects of exactly this name, in one domain or in all; not cached."""
    with identity.requested():
        projects = _projects(_keystone(request), domain_id, name)
    # Some databases compare names without regard to case.
    return [project for project in projects if project.name == name]


def projects_written(request: Request, texts: Sequence[str]) -> list[list[Project]]:
    """Return the projects of all domains that each of the texts names: that of this ID, or those
    of exactly this name. The caller is a cloud admin.
    """
    _keystone(request)  # creates the client before the threads share it
    return in_parallel(lambda text: _written(request, text), texts)


def _written(request: Request, text: str) -> list[Project]:
    project = project_get(request, text) if _GENERATED_ID.fullmatch(text) else None
    return [project] if project else projects_named(request, text, None)


def project_get(request: Request, project_id: str) -> Project | None:
    """Return the project; None if it was deleted, or if the ID is invalid."""
    if not KEYSTONE_ID.fullmatch(project_id):
        return None

    def fetch() -> Project | None:
        try:
            return _project(_keystone(request).projects.get(project_id))
        except keystone_exc.NotFound:
            return None

    return _cached(request, f"project.{project_id}", fetch)


def project_names(request: Request, project_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of these projects by ID, without deleted ones."""
    _keystone(request)  # creates the client before the threads share it
    projects = in_parallel(lambda id_: project_get(request, id_), sorted(set(project_ids)))
    return {project.id: project.name for project in projects if project}


def own_projects(request: Request) -> list[Project]:
    """Return the enabled projects in which the user has a role, from Horizon's session."""
    identity.load_own_projects(request)
    with identity.requested():
        projects = [_project(tenant) for tenant in request.user.authorized_tenants]
    return [project for project in projects if project.enabled]


def admin_roles(request: Request) -> AdminRoles:
    """Return where the user has the role admin, by groups and inheritance too; not cached."""
    with identity.requested():
        return _admin_roles(request, request.user.id)


def admin_roles_of(request: Request, user_id: str) -> AdminRoles:
    """Return the same of another user, without roles if that one is disabled or was deleted; the
    caller is a cloud admin.
    """
    nowhere = AdminRoles(frozenset(), frozenset())
    if not KEYSTONE_ID.fullmatch(user_id):
        return nowhere
    with identity.requested():
        try:
            user = _keystone(request).users.get(user_id)
        except keystone_exc.NotFound:
            return nowhere
        return _admin_roles(request, user_id) if _is_enabled(user) else nowhere


def _admin_roles(request: Request, user_id: str) -> AdminRoles:
    assignments = _keystone(request).role_assignments.list(
        user=user_id, effective=True, include_names=True
    )
    scopes = [each.scope for each in assignments if each.role.get("name") == "admin"]
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
    return _cached(request, f"managed.{domain_id}", lambda: _managed_projects(request))


def managed_projects_now(request: HttpRequest) -> list[Project]:
    """Return the same without the cache, for publishing."""
    with identity.requested():
        return _managed_projects(request)


def _managed_projects(request: HttpRequest) -> list[Project]:
    token = request.session["domain_token"]
    client = identity.client_of_token(request, token.auth_token)
    projects = _projects(client, token.domain_id)
    return sorted(projects, key=lambda project: project.name.casefold())


def _keystone(request: Request) -> Any:
    return identity.client(request)


def _projects(
    connection: Any, domain_id: str | None = None, name: str | None = None
) -> list[Project]:
    found = keystone_lists.entries(connection, "projects", domain_id=domain_id, name=name)
    return [_project(project) for project in found]


def _project(resource: Any) -> Project:
    return Project(
        _text(resource, "id"),
        _text(resource, "name"),
        _text(resource, "domain_id"),
        _is_enabled(resource),
    )


def _text(resource: Any, name: str) -> str:
    """Return the value; raise KeyError or TypeError, which `identity.requested` converts."""
    value = _values(resource)[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _is_enabled(resource: Any) -> bool:
    return bool(_values(resource).get("enabled", True))


def _values(resource: Any) -> dict[str, Any]:
    """Return the values of an entry of a list, or of a resource of Keystone's client.

    The client would send a request for an attribute that is missing.
    """
    return resource if isinstance(resource, dict) else getattr(resource, "_info", vars(resource))


def _cached(request: Request, key: str, fetch: Callable[[], Value]) -> Value:
    timeout_s = conf.PROJECT_CACHE_S.value
    # IDs come from users too, and not every cache accepts any key. Each region of a
    # dashboard may have a Keystone of its own.
    safe_key = f"helion_images.{quote(key, safe='')[:150]}.{identity.endpoint_key(request)}"
    # The cached value is a tuple, since None is a valid result.
    cached: tuple[Value] | None = cache.get(safe_key) if timeout_s else None
    if cached is None:
        with identity.requested():
            cached = (fetch(),)
        if timeout_s:
            cache.set(safe_key, cached, timeout_s)
    return cached[0]
