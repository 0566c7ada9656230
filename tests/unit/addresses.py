# SPDX-License-Identifier: Apache-2.0
"""Every address of the panels, from the URL conf: a new one is in each walk without an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from openstack_auth.user import User
from openstack_dashboard.api import nova

from helion_images_panel.api import instances, projects
from helion_images_panel.api.projects import Domain, Project
from helion_images_panel.ui.transfers.probe import WithoutLogin
from tests import factories

PACKAGE = "helion_images_panel"

#: Who opens which panel, by the beginning of its paths.
PEOPLE: dict[str, Callable[[], User]] = {
    "/project/images/": factories.member,
    "/project/images/domain/": factories.member,
    "/admin/images/": factories.domain_admin,
}


def patterns(dashboard: str) -> list[tuple[str, Any]]:
    """Return each path of a panel with its view; without the one that needs no session."""
    module = import_module(f"{PACKAGE}.dashboards.{dashboard}.images.urls")
    return list(_walk(module.urlpatterns))


def _walk(found: Sequence[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in found:
        whole = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, whole)
        elif not isinstance(pattern, WithoutLogin):
            yield whole, pattern.callback


def routes() -> list[str]:
    """Return the path of each address, with `<image_id>`, `<instance_id>` and `<family>` in it."""
    return [
        f"/{dashboard}/images/{route}"
        for dashboard in ("project", "admin")
        for route, _view in patterns(dashboard)
    ]


def filled(route: str, value: str) -> str:
    for part in ("<image_id>", "<instance_id>", "<family>"):
        route = route.replace(part, value)
    return route


def person_of(route: str) -> User:
    """Return the user who has the panel of an address."""
    beginning = max((each for each in PEOPLE if route.startswith(each)), key=len)
    return PEOPLE[beginning]()


def is_open(tab: str, response: Any) -> bool:
    """Whether a tab, by the ID of its pane, is the one that a page opens."""
    return f'<div id="{tab}" class="tab-pane active">' in response.content.decode()


def let_in(monkeypatch: Any, route: str, names: dict[str, str] | None = None) -> None:
    """Let the member be manager of the domain too, and have an instance for Create Snapshot.

    :param names: of projects by ID, in place of the usual ones
    """
    names = names or {id_: name for id_, (name, _domain) in factories.PROJECTS.items()}

    def project(id_: str) -> Project:
        return Project(id_, names[id_], factories.DOMAIN)

    managed = [project(factories.PROJECT), project(factories.SIBLING)]
    if "/domain/" in route:
        domain = Domain(factories.DOMAIN, factories.DOMAINS[factories.DOMAIN])
        monkeypatch.setattr(projects, "managed_domain", lambda _request: domain)
        monkeypatch.setattr(projects, "managed_project_list", lambda _request: managed)
        monkeypatch.setattr(projects, "managed_projects_now", lambda _request: managed)
    monkeypatch.setattr(projects, "own_projects", lambda _request: managed[:1])
    monkeypatch.setattr(instances, "has_compute", lambda _request: False)
    monkeypatch.setattr(instances, "_limit_time", lambda _request: True)
    server = SimpleNamespace(id="i", name=names[factories.PROJECT], tenant_id=factories.PROJECT)
    monkeypatch.setattr(nova, "server_get", lambda _request, _id: server)
    monkeypatch.setattr(nova, "snapshot_create", lambda _request, _id, _name: "image-id")
