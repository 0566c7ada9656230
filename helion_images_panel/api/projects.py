# SPDX-License-Identifier: Apache-2.0
"""Projects and domains at Keystone, remembered for a short while.

Only admins get this far. What is remembered is the same for all of them: who
owns what. Who may see it is decided anew for every request.
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

#: What Keystone takes for an ID. Its client would put anything else into the
#: path of a request as it is.
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
    """IDs of the domains on which, and on a project of which, somebody is admin."""

    domains: frozenset[str]
    projects_of: frozenset[str]


def domain_list(request: Request) -> list[Domain]:
    """All domains by name, disabled ones too; the caller is a cloud admin."""

    def ask() -> list[Domain]:
        found = [
            Domain(each.id, each.name, bool(getattr(each, "enabled", True)))
            for each in _keystone(request).domains.list()
        ]
        return sorted(found, key=lambda domain: domain.name.casefold())

    return _remembered("domains", ask)


def project_list(request: Request, domain_id: str) -> list[Project]:
    """All projects of a domain, disabled ones too: their images still exist."""

    def ask() -> list[Project]:
        return [_project(found) for found in _keystone(request).projects.list(domain=domain_id)]

    return _remembered(f"domain.{domain_id}", ask)


def every_project(request: Request) -> list[Project]:
    """The projects of all domains; the caller is a cloud admin."""

    def ask() -> list[Project]:
        return [_project(found) for found in _keystone(request).projects.list()]

    return _remembered("projects", ask)


def projects_now(request: Request, domain_id: str) -> list[Project]:
    """As `project_list`, but asked for anew, and by name."""
    with _keystone_errors():
        found = [_project(each) for each in _keystone(request).projects.list(domain=domain_id)]
    return sorted(found, key=lambda project: project.name.casefold())


def project_now(request: Request, project_id: str) -> Project | None:
    """As `project_get`, but asked for anew: what is decided by it cannot be taken back."""
    if not KEYSTONE_ID.fullmatch(project_id):
        return None
    with _keystone_errors():
        try:
            return _project(_keystone(request).projects.get(project_id))
        except keystone_exc.NotFound:
            return None


def projects_named(request: Request, name: str, domain_id: str | None) -> list[Project]:
    """The projects of this very name, in one domain or in all; asked for anew."""
    with _keystone_errors():
        found = _keystone(request).projects.list(domain=domain_id, name=name)
    # To some databases, names that differ in case are the same.
    return [project for project in map(_project, found) if project.name == name]


def project_get(request: Request, project_id: str) -> Project | None:
    """None for a project that is gone, or for what cannot be a project's ID."""
    if not KEYSTONE_ID.fullmatch(project_id):
        return None

    def ask() -> Project | None:
        try:
            return _project(_keystone(request).projects.get(project_id))
        except keystone_exc.NotFound:
            return None

    return _remembered(f"project.{project_id}", ask)


def project_names(request: Request, project_ids: Iterable[str]) -> dict[str, str]:
    """The names of these projects, without those that are gone."""
    _keystone(request)  # made once, before the threads share it
    found = in_parallel(lambda id_: project_get(request, id_), sorted(set(project_ids)))
    return {project.id: project.name for project in found if project}


def own_projects(request: Request) -> list[Project]:
    """The enabled projects in which the user has a role, as Horizon knows them."""
    return [_project(found) for found in request.user.authorized_tenants if found.enabled]


def admin_roles(request: Request) -> AdminRoles:
    """Where the user has the role admin, by groups and inheritance too: asked each time."""
    with _keystone_errors():
        assignments = _keystone(request).role_assignments.list(
            user=request.user.id, effective=True, include_names=True
        )
    scopes = [found.scope for found in assignments if found.role.get("name") == "admin"]
    return AdminRoles(
        frozenset(scope["domain"]["id"] for scope in scopes if "domain" in scope),
        frozenset(scope["project"]["domain"]["id"] for scope in scopes if "project" in scope),
    )


def managed_domain(request: HttpRequest) -> Domain | None:
    """The domain that the person manages without being an admin anywhere; None for most.

    Told by the token of the domain that Horizon asks for when somebody logs in.
    """
    token = request.session.get("domain_token")
    roles = set(getattr(token, "role_names", None) or ())
    if token is None or not token.domain_id or token.will_expire_soon():
        return None
    if not roles.intersection(conf.DOMAIN_MANAGER_ROLES.value):
        return None
    return Domain(token.domain_id, token.domain_name)


def managed_project_list(request: HttpRequest) -> list[Project]:
    """All projects of the domain that the person manages, by name."""
    domain_id = request.session["domain_token"].domain_id
    return _remembered(f"managed.{domain_id}", lambda: _managed_projects(request))


def managed_projects_now(request: HttpRequest) -> list[Project]:
    """The same, asked for anew: who is given an image by it has it."""
    with _keystone_errors():
        return _managed_projects(request)


def _managed_projects(request: HttpRequest) -> list[Project]:
    token = request.session["domain_token"]
    session = auth_utils.get_session(original_ip=auth_utils.get_client_ip(request))
    session.auth = token_endpoint.Token(request.user.endpoint, token.auth_token)
    found = keystone.Client(session=session).projects.list(domain=token.domain_id)
    return sorted(map(_project, found), key=lambda project: project.name.casefold())


def _keystone(request: Request) -> Any:
    return horizon_keystone.keystoneclient(request, admin=True, force_scoped=True)


def _project(found: Any) -> Project:
    return Project(found.id, found.name, found.domain_id, bool(getattr(found, "enabled", True)))


@contextmanager
def _keystone_errors() -> Iterator[None]:
    """Turns Keystone's refusals into what the pages know how to answer."""
    try:
        yield
    except (keystone_exc.ConnectionError, keystone_exc.HttpServerError) as error:
        raise identity_does_not_answer() from error
    except keystone_exc.Forbidden as error:
        reason = _("You are not allowed to list the projects of the identity service.")
        raise ImageForbidden(reason) from error
    except keystone_exc.Unauthorized as error:
        raise SessionEnded() from error


def _remembered(key: str, ask: Callable[[], Value]) -> Value:
    timeout_s = conf.PROJECT_CACHE_S.value
    with _keystone_errors():
        if not timeout_s:
            return ask()
        # IDs come from outside too, and not every cache takes any key. What is
        # kept is a tuple, since None is an answer too.
        safe_key = f"helion_images.{quote(key, safe='')[:200]}"
        kept: tuple[Value] = cache.get_or_set(safe_key, lambda: (ask(),), timeout_s)
    return kept[0]
