# SPDX-License-Identifier: Apache-2.0
"""What the compute cloud's services have in common: an environment, an account, a database."""

from collections.abc import Sequence
from pathlib import Path

from demo import accounts
from demo.accounts import DEFAULT_DOMAIN, User
from demo.compute.environment import Environment
from demo.keystone import Keystone
from demo.service import QUEUE_TRANSACTIONS, GunicornService, Service
from demo.state import State


def _account(name: str) -> User:
    # The first role shows that a token is a service's; the second allows what Nova does for users.
    return User(name, DEFAULT_DOMAIN, "service", "service", also=(("service", "admin"),))


ACCOUNTS = {name: _account(name) for name in ("placement", "nova", "neutron", "cinder")}
"""The accounts with which the services check tokens and talk to each other."""

#: How a service logs in: a section of its configuration file.
LOGIN = """\
[{section}]
auth_type = password
auth_url = {auth_url}
www_authenticate_uri = {auth_url}
username = {user.name}
password = {user.password}
user_domain_name = {user.domain}
project_name = {user.project}
project_domain_name = {user.domain}
region_name = {region}
service_token_roles_required = true
{more}
"""


class ComputeService(Service):
    """A service that runs in the compute environment."""

    def __init__(
        self, state: State, keystone: Keystone, environment: Environment, name: str
    ) -> None:
        super().__init__(state, name)
        self.keystone = keystone
        self.python_environment = environment

    @property
    def database(self) -> Path:
        return self.folder / f"{self.name}.db"

    def login(self, section: str, more: str = "") -> str:
        """A section with the account of this service."""
        return LOGIN.format(
            section=section,
            auth_url=self.keystone.auth_url,
            user=ACCOUNTS[self.name],
            region=accounts.REGION,
            more=more,
        )

    def fingerprint(self) -> str:
        return self.python_environment.fingerprint()

    def manage(self, script: str, *arguments: str) -> None:
        self.run(str(self.python_environment.script(script)), *arguments)


class ComputeApi(ComputeService, GunicornService):
    """A service that is a WSGI application."""

    first_lines = QUEUE_TRANSACTIONS

    def command(self) -> Sequence[str]:
        return [
            str(self.python_environment.python),
            str(self.python_environment.script("gunicorn")),
        ]
