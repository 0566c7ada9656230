# SPDX-License-Identifier: Apache-2.0
"""The whole cloud: its services, their accounts and their images."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import requests
from glanceclient.exc import ClientException as GlanceClientException
from glanceclient.v2.client import Client as GlanceClient
from keystoneauth1.exceptions import ClientException as KeystoneClientException
from keystoneauth1.identity import v3
from keystoneauth1.session import Session

from demo import accounts, ports, seed
from demo.accounts import User
from demo.compute.cloud import Compute
from demo.compute.service import ACCOUNTS as COMPUTE_ACCOUNTS
from demo.fileserver import FileServer
from demo.glance import Glance
from demo.horizon import Horizon
from demo.keystone import Directory, Keystone
from demo.service import Service, ServiceFailed, Stopped
from demo.state import State, StateError

__all__ = ["Cloud", "ServiceFailed", "StateError"]


def _say_nothing(_line: str) -> None:
    pass


class Cloud:
    """Keystone, Glance, Horizon and a file server below one folder.

    ``start`` makes in an empty folder whatever is missing and keeps what is
    there; ``stop`` also takes down what an earlier process left running.

    :param state: the folder; the images and accounts in it are kept
    :param port: of the dashboard; any free one if None
    :param settings: Django settings for the dashboard
    :param stock: a dashboard without the plugin
    :param reload: a dashboard that serves the working tree
    :param import_ports: ports of loopback that Glance may also import from
    :param cors_origins: origins, such as the dashboard's URL, from which a browser
        may talk to Glance
    :param seeded: whether to make the demo's images
    :param compute: with Nova, Placement, Neutron and Cinder; None as in the last run
    :param report: gets a short line for each thing done
    """

    def __init__(
        self,
        state: Path,
        port: int | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        stock: bool = False,
        reload: bool = False,
        import_ports: Sequence[int] = (),
        cors_origins: Sequence[str] = (),
        seeded: bool = True,
        compute: bool | None = False,
        report: Callable[[str], None] = _say_nothing,
    ) -> None:
        self.state = State(state)
        self.files = FileServer(self.state)
        self.keystone = Keystone(self.state)
        self.glance = Glance(
            self.state, self.keystone, self.files, import_ports, cors_origins=cors_origins
        )
        self.horizon = Horizon(
            self.state,
            self.keystone,
            settings=settings,
            stock=stock,
            reload=reload,
            files=self.files,
        )
        self._port = port
        self._import_ports = import_ports
        self._seeded = seeded
        self._report = report
        self._held = ExitStack()
        self._directory: Directory | None = None
        self._logins: dict[tuple[str, ...], v3.Password] = {}
        last_ports = self.state.notes().get("ports", {})
        if compute is None:
            compute = "nova" in last_ports
        self.compute = (
            Compute(
                self.state,
                self.keystone,
                self.glance,
                admin=lambda: self.session("admin"),
                report=report,
            )
            if compute
            else None
        )
        self._set_ports(last_ports)

    @property
    def services(self) -> tuple[Service, ...]:
        """In the order in which they are taken down."""
        compute = self.compute.services if self.compute else ()
        return (self.horizon, *compute, self.glance, self.keystone, self.files)

    @property
    def is_running(self) -> bool:
        return all(service.is_running for service in self.services)

    # Starting and stopping.

    def start(self) -> None:
        """Bring everything up and return when all answer.

        :raises StateError: the folder is in use, or is not a demo's
        :raises ServiceFailed: after everything else was taken down again
        """
        self.state.create()
        self._held.enter_context(self.state.lock())
        try:
            self._refuse_if_running()
        except StateError:
            self._held.close()
            raise
        try:
            self._bring_up()
        except BaseException:
            self.stop()
            raise

    def wipe(self) -> None:
        """Forget everything: the next start begins with an empty folder.

        :raises StateError: the cloud runs, or the folder is not a demo's
        """
        self.state.create()
        with self.state.lock():
            self._refuse_if_running()
            self.state.wipe()

    def stop(self) -> None:
        """Take everything down, all at once."""
        for service in self.services:
            service.terminate()
        for service in self.services:
            service.stop()
        self._held.close()

    def check(self) -> None:
        """Raise ServiceFailed if one of the services is gone."""
        for service in self.services:
            service.check()

    def _refuse_if_running(self) -> None:
        running = [service.name for service in self.services if service.is_running]
        if running:
            raise StateError(
                f"{', '.join(running)} of {self.state.path} still run; take them down first"
            )

    def _bring_up(self) -> None:
        self._choose_ports()
        for service in self.services:
            service.configure()
        with ThreadPoolExecutor(max_workers=11) as pool:
            identity = pool.submit(self._bring_up_identity)
            people = pool.submit(self._make_people, identity)
            glance = pool.submit(self._bring_up_service, self.glance, identity)
            others = [
                pool.submit(self._bring_up_service, each) for each in (self.horizon, self.files)
            ]
            images = pool.submit(self._bring_up_images, (people, glance))
            compute = self.compute.begin(pool, people) if self.compute else []
            work = [identity, people, glance, *others, images, *compute]
            try:
                wait(work, return_when=FIRST_EXCEPTION)
                failures = [error for each in work if each.done() and (error := each.exception())]
                # A service that was only told to stop is not the one to blame.
                failures.sort(key=lambda error: isinstance(error, Stopped))
                if failures:
                    raise failures[0]
            except BaseException:
                for service in self.services:
                    service.terminate()
                raise

    def _choose_ports(self) -> None:
        if self._port and not ports.is_free(self._port):
            raise ServiceFailed(
                "horizon", f"cannot start: port {self._port} is taken", "", self.horizon.log
            )
        wanted = {service.name: service.port or None for service in self.services}
        if self._port:
            wanted["horizon"] = self._port
        self._set_ports(ports.assign(wanted, taken=self._import_ports))
        self.state.note(ports={service.name: service.port for service in self.services})

    def _set_ports(self, chosen: Mapping[str, int]) -> None:
        for service in self.services:
            service.port = chosen.get(service.name, 0)

    def _bring_up_service(self, service: Service, needed: Future[None] | None = None) -> None:
        service.prepare()
        if needed:
            needed.result()
        service.launch()
        service.wait()
        self._report(f"{service.name} answers on {service.url}")

    def _bring_up_identity(self) -> None:
        self._bring_up_service(self.keystone)
        with _blamed_on(self.keystone):
            self._directory = Directory(self.session("admin", system=True), self.keystone.auth_url)
            self.keystone.endpoint_ids = self._directory.make_catalog(self.catalog())
            # A token has the catalog as it was at the login.
            self._logins.clear()

    def catalog(self) -> dict[str, tuple[str, str]]:
        """Names and URLs of the services that run, by type."""
        return {
            "identity": ("keystone", self.keystone.auth_url),
            "image": ("glance", self.glance.url),
            **(self.compute.catalog() if self.compute else {}),
        }

    def _make_people(self, identity: Future[None]) -> None:
        identity.result()
        with _blamed_on(self.keystone):
            self._once(
                f"accounts {accounts.fingerprint()}",
                self.directory.make_accounts,
                "domains, projects and users are made",
            )
            if self.compute:
                self.directory.make_users(COMPUTE_ACCOUNTS.values())
            self.directory.make_limits("image", accounts.LIMITS, accounts.PROJECT_LIMITS)

    def _bring_up_images(self, needed: Sequence[Future[None]]) -> None:
        for each in needed:
            each.result()
        if self._seeded:
            with _blamed_on(self.glance):
                self._once("images", self._make_images, "images are made")

    def _make_images(self) -> None:
        seed.make_images(self.glance_client("admin"), self.project_id, self._user_id)

    def _user_id(self, name: str) -> str:
        return str(self.session(name).get_user_id())

    def _once(self, what: str, make: Callable[[], None], done: str) -> None:
        """Make something unless the state says that it was made to its end before."""
        if what not in self.state.notes().get("made", []):
            make()
            self.state.note(made=[*self.state.notes().get("made", []), what])
            self._report(done)

    # The people.

    def user(self, name: str) -> User:
        return accounts.USERS[name]

    def session(
        self,
        user: str,
        *,
        project: str | None = None,
        domain: str | None = None,
        system: bool = False,
    ) -> Session:
        """A session of a user, scoped to their first project unless told otherwise.

        :param project: name of a project, in the user's domain if it is none of the demo's own
        :param domain: name of a domain, for a token of the whole domain
        :param system: for a token of the whole cloud
        """
        account = self.user(user)
        scope: dict[str, Any] = {}
        if system:
            scope["system_scope"] = "all"
        elif domain:
            scope["domain_name"] = domain
        else:
            scope["project_name"] = project or account.project
            scope["project_domain_name"] = accounts.PROJECTS.get(
                scope["project_name"], account.domain
            )
        direct = requests.Session()
        direct.trust_env = False
        return Session(auth=self._log_in(user, scope), session=direct)

    def _log_in(self, user: str, scope: Mapping[str, Any]) -> v3.Password:
        """The cloud's admin logs in once: what they may do in a project never changes."""
        account = self.user(user)
        login = v3.Password(
            self.keystone.auth_url,
            username=account.name,
            password=account.password,
            user_domain_name=account.domain,
            **scope,
        )
        if user != "admin" or "project_name" not in scope:
            return login
        return self._logins.setdefault((login.auth_url, *scope.values()), login)

    def glance_client(self, user: str, *, project: str | None = None) -> GlanceClient:
        """The image API as a user sees it."""
        return GlanceClient(session=self.session(user, project=project))

    def environment(self, user: str) -> dict[str, str]:
        """The variables by which the openstack client logs in as a user."""
        account = self.user(user)
        return {
            "OS_AUTH_URL": self.keystone.auth_url,
            "OS_IDENTITY_API_VERSION": "3",
            "OS_IMAGE_API_VERSION": "2",
            "OS_REGION_NAME": accounts.REGION,
            "OS_INTERFACE": "public",
            "OS_USERNAME": account.name,
            "OS_PASSWORD": account.password,
            "OS_USER_DOMAIN_NAME": account.domain,
            "OS_PROJECT_NAME": account.project,
            "OS_PROJECT_DOMAIN_NAME": accounts.PROJECTS[account.project],
        }

    # What Keystone calls things.

    @property
    def directory(self) -> Directory:
        if self._directory is None:
            self._directory = Directory(self.session("admin", system=True), self.keystone.auth_url)
        return self._directory

    def project_id(self, name: str) -> str:
        return self.directory.project_id(name)

    def domain_id(self, name: str) -> str:
        return self.directory.domain_id(name)


@contextmanager
def _blamed_on(service: Service) -> Iterator[None]:
    """Turn what a service refuses during the set-up into its failure."""
    try:
        yield
    except (KeystoneClientException, GlanceClientException) as error:
        raise service.failure(f"refused a part of the set-up: {error}") from error
