# SPDX-License-Identifier: Apache-2.0
"""Keystone: who may do what, and where the services are."""

import os
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from keystoneauth1.session import Session
from keystoneclient.v3.client import Client

from demo import accounts, sqlite
from demo.service import FREEZE, QUEUE_TRANSACTIONS, GunicornService, script
from demo.state import State

CONFIG = """\
[api]
# Its own responses, for each of which it builds a class anew.
response_validation = ignore
[database]
connection = {database}
# What a crash of the machine loses, is made again.
sqlite_synchronous = false
[cache]
backend = oslo_cache.dict
[identity]
# Four rounds are too few for real passwords and make a log-in quick.
password_hash_rounds = 4
[token]
expiration = 86400
[fernet_tokens]
key_repository = {folder}/fernet-keys
[credential]
key_repository = {folder}/credential-keys
[oslo_middleware]
max_request_body_size = 1048576
[oslo_policy]
policy_file = {folder}/policy.yaml
"""

# Glance reads its own endpoint before it looks up a project's limits, each time
# anew: with a token of its project or, as Keystone allows by default, of the system.
POLICY = """\
identity:get_endpoint: "rule:admin_required or role:service or (role:reader and system_scope:all)"
"""


class Keystone(GunicornService):
    """The identity service."""

    wsgi_app = "keystone.wsgi.api:application"
    health_path = "/v3"
    set_up_makes = ("keystone.db*", "fernet-keys", "credential-keys")
    first_lines = QUEUE_TRANSACTIONS + FREEZE

    def __init__(self, state: State, name: str = "keystone") -> None:
        super().__init__(state, name)
        self.endpoint_ids: Mapping[str, str] = {}
        """Of the public interface, by service type; known once the catalog is made."""

    @property
    def database(self) -> Path:
        return self.folder / "keystone.db"

    @property
    def auth_url(self) -> str:
        return f"{self.url}/v3"

    def configure(self) -> None:
        super().configure()
        (self.folder / "keystone.conf").write_text(
            CONFIG.format(folder=self.folder, database=sqlite.url(self.database))
        )
        (self.folder / "policy.yaml").write_text(POLICY)

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "OS_KEYSTONE_CONFIG_DIR": str(self.folder)}

    def fingerprint(self) -> str:
        return version("keystone")

    def set_up(self) -> None:
        """Make the database, the keys and the first admin."""
        self._manage("db_sync")
        sqlite.use_write_ahead_log(self.database)
        for kind in ("fernet", "credential"):
            self._manage(
                f"{kind}_setup",
                "--keystone-user",
                str(os.getuid()),
                "--keystone-group",
                str(os.getgid()),
            )
        admin = accounts.USERS["admin"]
        self._manage(
            "bootstrap",
            "--bootstrap-password",
            admin.password,
            "--bootstrap-region-id",
            accounts.REGION,
        )

    def _manage(self, *arguments: str) -> None:
        self.run(script("keystone-manage"), "--config-dir", str(self.folder), *arguments)


class Directory:
    """The accounts and the catalog, written through Keystone's API.

    Everything here looks first and then makes only what is missing.
    """

    def __init__(self, session: Session, auth_url: str) -> None:
        # The catalog may be empty still, or tell of the ports of the last run.
        self._api = Client(session=session, endpoint_override=auth_url)
        self._domains: dict[str, str] = {
            domain.name: domain.id for domain in self._api.domains.list()
        }
        self._projects: dict[str, str] = {
            project.name: project.id for project in self._api.projects.list()
        }

    def domain_id(self, name: str) -> str:
        return self._domains[name]

    def project_id(self, name: str) -> str:
        return self._projects[name]

    def make_accounts(self) -> None:
        """Bring in the domains, projects, users and roles of ``demo.accounts``."""
        for name in accounts.DOMAINS:
            if name not in self._domains:
                self._domains[name] = self._api.domains.create(name).id
        for name, domain in accounts.PROJECTS.items():
            if name not in self._projects:
                self._projects[name] = self._api.projects.create(
                    name, domain=self.domain_id(domain)
                ).id
        self.make_users(accounts.USERS.values())

    def make_users(self, users: Iterable[accounts.User]) -> None:
        """Bring in users, with their roles in projects that are there."""
        roles = {role.name: role.id for role in self._api.roles.list()}
        for account in users:
            domain = self.domain_id(account.domain)
            found = self._api.users.list(domain=domain, name=account.name)
            user = (
                found[0]
                if found
                else self._api.users.create(
                    account.name,
                    domain=domain,
                    password=account.password,
                    default_project=self.project_id(account.project),
                )
            )
            self._api.roles.grant(
                roles[account.role], user=user, project=self.project_id(account.project)
            )
            for project, role in account.also:
                self._api.roles.grant(roles[role], user=user, project=self.project_id(project))
            if account.domain_role:
                self._api.roles.grant(roles[account.domain_role], user=user, domain=domain)
            if account.system_role:
                self._api.roles.grant(roles[account.system_role], user=user, system="all")

    def make_limits(
        self,
        service_type: str,
        defaults: Mapping[str, int],
        of_projects: Mapping[str, Mapping[str, int]],
    ) -> None:
        """Write down how much of a service the projects may use.

        :param defaults: resource to its limit for each project
        :param of_projects: project name to the resources of which it may use
            more or less
        """
        service = self._api.services.list(type=service_type)[0]
        known = {found.resource_name: found for found in self._api.registered_limits.list()}
        for name, limit in defaults.items():
            if name not in known:
                self._api.registered_limits.create(service, name, limit, region=accounts.REGION)
            elif known[name].default_limit != limit:
                self._api.registered_limits.update(known[name], default_limit=limit)
        own = {(found.project_id, found.resource_name): found for found in self._api.limits.list()}
        for project, limits in of_projects.items():
            for name, limit in limits.items():
                found = own.get((self.project_id(project), name))
                if found is None:
                    self._api.limits.create(
                        self.project_id(project), service, name, limit, region=accounts.REGION
                    )
                elif found.resource_limit != limit:
                    self._api.limits.update(found, resource_limit=limit)

    def make_catalog(self, urls: Mapping[str, tuple[str, str]]) -> dict[str, str]:
        """Point the catalog's three interfaces at the services, and forget all others.

        :param urls: service type to its name and its URL
        :returns: service type to the ID of its public endpoint
        """
        public = {}
        services: dict[str, Any] = {service.type: service for service in self._api.services.list()}
        for kind in services.keys() - urls.keys():
            self._api.services.delete(services[kind])
        endpoints = self._api.endpoints.list()
        for kind, (name, url) in urls.items():
            service = services.get(kind) or self._api.services.create(name, type=kind)
            mine = {
                endpoint.interface: endpoint
                for endpoint in endpoints
                if endpoint.service_id == service.id
            }
            for interface in ("public", "internal", "admin"):
                if interface not in mine:
                    mine[interface] = self._api.endpoints.create(
                        service, url, interface=interface, region=accounts.REGION
                    )
                elif mine[interface].url != url:
                    self._api.endpoints.update(mine[interface], url=url)
            public[kind] = mine["public"].id
        return public
