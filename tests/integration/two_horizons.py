# SPDX-License-Identifier: Apache-2.0
"""Two dashboards behind nginx, which takes turns, with memcached for sessions and cache.

nginx has the settings of doc/source/web-servers.md, and the dashboards those of
doc/source/several-dashboards.md: the documents are what is tested.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import requests

from demo import REPOSITORY, ports
from demo.accounts import User
from demo.cloud import Cloud
from demo.horizon import Horizon
from demo.ports import HOST
from demo.service import Service
from demo.state import State
from tests import programs
from tests.integration.client import Dashboard
from tests.integration.nginx import TEMPORARY
from tests.integration.waiting import wait_until

Answer = TypeVar("Answer")

#: Images that each dashboard reads at once for Select All.
SELECTION_PAGE_SIZE = 5

#: The response header with the address of the dashboard that nginx has asked, or of both.
UPSTREAM = "X-Upstream"

NGINX = (
    """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
{user}
events {{}}
http {{
    access_log off;
"""
    + TEMPORARY
    + """\
    upstream horizons {{
{servers}
    }}
    server {{
        listen {host}:{port};
        add_header {header} $upstream_addr always;
{location}
    }}
}}
"""
)

#: Run by each dashboard when it starts: its requests to Glance can be held, see Gate, and few
#: images are more than it reads at once for Select All.
GATES = """\
import http.client
import os
import re
import sys
import time
from pathlib import Path

FOLDER, NAME = Path({folder!r}), {name!r}
_putrequest = http.client.HTTPConnection.putrequest


def pass_gate(gate, request):
    try:
        pattern = (gate / "pattern").read_text()
    except FileNotFoundError:
        return
    if not re.fullmatch(pattern, request):
        return
    try:
        (gate / "reached").mkdir()
    except FileExistsError:
        return
    (gate / "reached" / NAME).touch()
    while (gate / "held").exists():
        time.sleep(0.01)


def putrequest(self, method, url, *args, **kwargs):
    # Imported by then, which this file cannot do before the dashboard is set up.
    if selection := sys.modules.get("helion_images_panel.ui.listing.selection"):
        selection.PAGE_SIZE = {page_size}
    for gate in FOLDER.iterdir():
        pass_gate(gate, f"{{method}} {{url}}")
    return _putrequest(self, method, url, *args, **kwargs)


http.client.HTTPConnection.putrequest = putrequest
"""


def require() -> None:
    missing = [name for name in ("nginx", "memcached") if not programs.path_of(name)]
    if not importlib.util.find_spec("pymemcache"):
        missing.append("pymemcache")
    if missing:
        programs.do_without(
            f"{', '.join(missing)} not found: apt-get install nginx memcached, pip install "
            "pymemcache"
        )


def code_block(page: str, language: str, beginning: str) -> str:
    """The example in a page of the documentation that begins with this text."""
    text = (REPOSITORY / "doc" / "source" / page).read_text()
    (found,) = re.findall(rf"^```{language}\n({re.escape(beginning)}.*?)^```", text, re.M | re.S)
    return str(found)


def assignments(source: str) -> dict[str, Any]:
    """The values of settings, by their names."""
    found = {}
    for node in ast.parse(source).body:
        assert isinstance(node, ast.Assign)
        (target,) = node.targets
        assert isinstance(target, ast.Name)
        found[target.id] = ast.literal_eval(node.value)
    return found


class Gate:
    """Holds the first request to Glance that matches, in whichever dashboard sends it."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._reached = folder / "reached"
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def holding(self, pattern: str, ask: Callable[[], Answer]) -> Iterator[Callable[[], Answer]]:
        """Ask in a thread; yields what waits for the answer.

        :param pattern: of the method and the path that are held, such as
            "PUT /v2/images/.*/file"
        """
        with ThreadPoolExecutor(1) as pool, self.watching(pattern):
            (self._folder / "held").touch()
            try:
                yield pool.submit(ask).result
            finally:
                self.release()

    @contextmanager
    def watching(self, pattern: str) -> Iterator[None]:
        """Let the request pass, and note who has sent it."""
        shutil.rmtree(self._reached, ignore_errors=True)
        (self._folder / "pattern").write_text(pattern)
        try:
            yield
        finally:
            (self._folder / "pattern").unlink()

    def release(self) -> None:
        (self._folder / "held").unlink(missing_ok=True)

    def sender(self) -> str:
        """The name of the dashboard that has sent the request."""

        def names() -> list[str]:
            return [path.name for path in self._reached.glob("*")]

        (name,) = wait_until(names, bool, "a request at the gate")
        return name


class Memcached(Service):
    """An own process of Debian's memcached."""

    def command(self) -> Sequence[str]:
        own = ["-u", "root"] if os.geteuid() == 0 else []
        return [
            programs.path_of("memcached"),
            *own,
            "-l",
            HOST,
            "-p",
            str(self.port),
            "-m",
            "64",
            "-t",
            "1",
        ]

    def answers(self) -> bool:
        try:
            return self._ask("version").startswith("VERSION")
        except OSError:
            return False

    def remaining_s(self, key: str) -> int | None:
        """Seconds until a key of Django's expires; None if there is none."""
        answer = self._ask(f"mg :1:{key} t")
        return int(answer.removeprefix("HD t")) if answer.startswith("HD") else None

    def drop(self, key: str) -> None:
        """As if it had been evicted, or had expired."""
        assert self._ask(f"delete :1:{key}") == "DELETED"

    def _ask(self, line: str) -> str:
        with socket.create_connection((HOST, self.port), 10) as connection:
            connection.sendall(f"{line}\r\n".encode())
            with connection.makefile("rb") as answer:
                return answer.readline().decode().strip()


class Nginx(Service):
    """An own process of Debian's nginx, which asks one dashboard after the other."""

    health_path = "/auth/login/"

    def __init__(self, state: State, horizons: Sequence[Horizon]) -> None:
        super().__init__(state, "nginx")
        self._horizons = horizons

    def configure(self) -> None:
        super().configure()
        # With its default nginx would leave out a dashboard for ten seconds after it was
        # killed, and no turns would be taken.
        servers = "\n".join(
            f"        server {HOST}:{each.port} max_fails=0;" for each in self._horizons
        )
        location = code_block("web-servers.md", "nginx", "location /")
        (self.folder / "nginx.conf").write_text(
            NGINX.format(
                folder=self.folder,
                user="user root;" if os.geteuid() == 0 else "",
                servers=servers,
                host=HOST,
                port=self.port,
                header=UPSTREAM,
                location=re.sub(r"proxy_pass [^;]*;", "proxy_pass http://horizons;", location),
            )
        )

    def command(self) -> Sequence[str]:
        return [
            programs.path_of("nginx"),
            "-p",
            str(self.folder),
            "-e",
            "stderr",
            "-c",
            "nginx.conf",
        ]


class Person(Dashboard):
    """A person behind nginx; `hosts` are the addresses of the dashboards that have answered."""

    def __init__(self, url: str):
        super().__init__(url)
        self.hosts: set[str] = set()
        self.session.hooks["response"].append(self._note)

    def _note(self, response: requests.Response, *_args: Any, **_kwargs: Any) -> None:
        # After "a, b" it was b that has answered.
        self.hosts.add(response.headers.get(UPSTREAM, "").rpartition(", ")[2])


class Site:
    """The dashboards by name, nginx, memcached, and gates before Glance."""

    def __init__(self, cloud: Cloud, names: Sequence[str] = ("horizon-one", "horizon-two")):
        state, taken = cloud.state, [service.port for service in cloud.services]
        port = ports.assign(dict.fromkeys(["memcached", "nginx", *names]), taken)
        self._cloud = cloud
        self._gates = state.path / "gates"
        self.gate, self.second_gate = Gate(self._gates / "1"), Gate(self._gates / "2")
        self.memcached = Memcached(state, "memcached")
        self.memcached.port = port["memcached"]
        self.horizons = {name: self.horizon(name, port[name]) for name in names}
        self.nginx = Nginx(state, list(self.horizons.values()))
        self.nginx.port = port["nginx"]

    @property
    def hosts(self) -> set[str]:
        return {f"{HOST}:{each.port}" for each in self.horizons.values()}

    def horizon(self, name: str, port: int, more: Mapping[str, Any] | None = None) -> Horizon:
        """A dashboard of the site, not started: of the same memcached."""
        documented = assignments(code_block("several-dashboards.md", "python", "SESSION_ENGINE"))
        documented["CACHES"]["default"]["LOCATION"] = f"{HOST}:{self.memcached.port}"
        settings = {
            **documented,
            "STATIC_ROOT": str(self._cloud.horizon.folder / "static"),
            # One request after the other, so that a run can be stopped at one of them.
            "HELION_IMAGES_CONCURRENCY": 1,
        }
        horizon = Horizon(
            self._cloud.state,
            self._cloud.keystone,
            files=self._cloud.files,
            settings={**settings, **(more or {})},
            name=name,
        )
        horizon.port = port
        horizon.configure()
        (horizon.folder / "sitecustomize.py").write_text(
            GATES.format(folder=str(self._gates), name=name, page_size=SELECTION_PAGE_SIZE)
        )
        return horizon

    @contextmanager
    def running(self, *others: Horizon) -> Iterator[Site]:
        """:param others: dashboards that are started and stopped at the same time"""
        services: list[Service] = [self.memcached, *self.horizons.values(), *others]
        with ExitStack() as held:
            for service in services:
                service.folder.mkdir(exist_ok=True)
                held.callback(service.stop)
                service.launch()
            for service in services:
                service.wait()
            self.nginx.configure()
            held.callback(self.nginx.stop)
            self.nginx.start()
            yield self

    def whole(self) -> None:
        """Start again whatever a test has killed."""
        killed = [each for each in (self.memcached, *self.horizons.values()) if not each.is_running]
        for service in killed:
            service.launch()
        for service in killed:
            service.wait()

    def log_in(self, user: User) -> Person:
        """Logged in anew, with the turns of nginx counted from then on."""
        person = Person(self.nginx.url)
        person.log_in(user, self._cloud.project_id(user.project))
        person.hosts.clear()
        return person

    def kill_sender(self) -> Horizon:
        """Kill the dashboard that has reached the gate, with all that it does."""
        horizon = self.horizons[self.gate.sender()]
        horizon.kill()
        return horizon
