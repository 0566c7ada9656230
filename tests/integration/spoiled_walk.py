# SPDX-License-Identifier: Apache-2.0
"""Every address of the panels, while a service's answers are spoiled: run in Horizon's process.

Django's own client asks, so that what is left afterwards can be counted exactly: threads,
sockets, slots and locks of this process. The order comes on stdin, the answers go to stdout, as
JSON.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from demo.horizon import Horizon

PACKAGE = "helion_images_panel"

#: What a form of any page might have, so that it is sent to the service.
FIELDS: dict[str, Any] = {
    "name": "typed-by-a-person",
    "initial-name": "",
    "description": "typed",
    "initial-description": "",
    "visibility": "private",
    "initial-visibility": "private",
    "initial-protected": "False",
    "new_name": "os_distro",
    "new_value": "typed",
    "source": "file",
    "file_name": "typed.img",
    "file_size": "4",
    "disk_format": "raw",
    "audience": "domain",
}

#: How an empty list is told from one that failed.
NONE = re.compile("No images yet|No images are shared|No images match")

#: Parts of the names of locks in the cache.
LOCKS = ("helion_images.publishing.", "helion_images.verify.")

#: The panel's own time limit for what is slow; else it has those of its settings.
SOON_S = 0.3

#: What is asked of an address: a request, and what goes with it.
GET, POST, AJAX = "GET", "POST", "AJAX"


@dataclass(frozen=True)
class Address:
    """An address of a panel; `path` has `<image_id>` in it, `kind` is the sort of its view."""

    panel: str
    path: str
    kind: str


@dataclass(frozen=True)
class Case:
    who: str
    address: Address
    method: str
    service: str
    spoil: str


@dataclass
class Answer:
    """`locations` are the redirects that followed, `spoiled` the answers that were spoiled.

    `held` are locks, slots and places in queues that the request has not released.
    """

    case: dict[str, Any]
    status: int
    locations: list[str]
    headers: dict[str, str]
    said: list[str]
    text: str
    spoiled: int
    kept_input: bool
    says_none: bool
    held: list[str]


def walk(horizon: Horizon, order: Mapping[str, Any]) -> Any:
    ran = subprocess.run(
        [sys.executable, "-m", __name__],
        env={**os.environ, **horizon.environment()},
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=False,
    )
    horizon.log.write_text(ran.stderr)
    assert ran.returncode == 0, ran.stderr[-6000:]
    return json.loads(ran.stdout.splitlines()[-1])


def main() -> None:
    import django

    django.setup()
    order = json.load(sys.stdin)
    # Everything that is imported late is imported before anything is counted.
    people = {name: _logged_in(**each["account"]) for name, each in order["people"].items()}
    addresses = list(_addresses(order["panels"]))
    walker = _Walk(order, people)
    asked = [(case, walker.services_asked(case)) for case in _good(addresses, order)]
    walker.settle()
    before = _left()
    asking = [
        replace(case, service=service)
        for case, services in asked
        for service in order["people"][case.who]["services"]
        if case.method == POST or service in services
    ]
    answers = [asdict(walker.ask(case)) for case in _spoiled(asking, order)]
    walker.settle()
    print()
    print(
        json.dumps(
            {
                "addresses": [asdict(address) for address in addresses],
                "answers": answers,
                "before": before,
                "after": _left(),
            }
        )
    )


def _addresses(panels: Mapping[str, str]) -> Iterator[Address]:
    """:param panels: the module of a dashboard's URLs, by its path"""
    from importlib import import_module

    for index, dashboard in panels.items():
        urls = import_module(f"{PACKAGE}.dashboards.{dashboard}.images.urls")
        for path, view in _paths(urls.urlpatterns, ""):
            panel = "domain" if path.startswith("domain/") else dashboard
            yield Address(panel, index + path, _kind(view))


def _paths(patterns: Sequence[Any], before: str) -> Iterator[tuple[str, type]]:
    from helion_images_panel.ui.transfers.probe import WithoutLogin

    for pattern in patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _paths(pattern.url_patterns, path)
        elif not isinstance(pattern, WithoutLogin):
            yield path, pattern.callback.view_class


def _kind(view: type) -> str:
    names = [base.__name__ for base in view.__mro__]
    for name, kind in (
        ("JsonViewMixin", "json"),
        ("TableView", "list"),
        ("ImageFormView", "form"),
        ("WorkflowView", "form"),
        ("DialogView", "form"),
        ("DownloadView", "download"),
    ):
        if name in names:
            return kind
    return "page"


def _good(addresses: Sequence[Address], order: Mapping[str, Any]) -> Iterator[Case]:
    """Every request, of no service and without a spoil yet."""
    for address in addresses:
        for who in order["who"][address.panel]:
            for method in _methods(address):
                yield Case(who, address, method, "", "")


def _spoiled(cases: Sequence[Case], order: Mapping[str, Any]) -> Iterator[Case]:
    """Every case with every spoil, or a share: those of the same kind meet them in turn.

    The share is large enough for each kind to meet all.
    """
    spoils = order["spoils"]
    kinds: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        kinds.setdefault((case.address.kind, case.method, case.service), []).append(case)
    for same in kinds.values():
        needed = -(-len(spoils) // len(same)) if same[0].method == GET else 1
        share = max(needed, order["share"] or len(spoils))
        for number in range(share * len(same)):
            spoil = spoils[number % len(spoils)]
            yield replace(same[number // share], spoil=spoil)


def _methods(address: Address) -> tuple[str, ...]:
    if address.kind == "json":
        return (GET, POST)
    return (GET, AJAX, POST)


def _logged_in(user: str, password: str, domain: str, project: str) -> Any:
    from django.test import Client

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.cookies["recent_project"] = project
    fields = {"username": user, "password": password, "domain": domain, "region": "default"}
    response = client.post("/auth/login/", fields)
    assert response.status_code == 302, response.content.decode()[-3000:]
    return client


class _Walk:
    def __init__(self, order: Mapping[str, Any], people: Mapping[str, Any]):
        self.order = order
        self.people = people

    def settle(self) -> None:
        for service in self.order["spoilers"]:
            self._spoil(service, "")
        # What a request has left to be closed, is closed with it.
        import gc

        gc.collect()

    def services_asked(self, case: Case) -> set[str]:
        """Those that a case asks while none is spoiled."""
        self.ask(case)
        return {service for service in self.order["spoilers"] if self._spoil(service, "")}

    def ask(self, case: Case) -> Answer:
        from django.core.cache import cache
        from django.test import override_settings

        cache.clear()
        for service in self.order["spoilers"]:
            other = "read-only" if case.spoil else ""
            self._spoil(service, case.spoil if service == case.service else other)
        slow = override_settings(
            HELION_IMAGES_READ_TIMEOUT_S=SOON_S, HELION_IMAGES_WRITE_TIMEOUT_S=SOON_S
        )
        client = self.people[case.who]
        session = client.cookies["sessionid"].value
        cookies = client.cookies.copy()
        with slow if case.spoil in self.order["slow"] else nullcontext():
            response, locations = self._sent(client, case)
        text = b"".join(response.streaming_content) if response.streaming else response.content
        response.close()
        client.cookies = cookies
        self._keep_session(client, session)
        spoiled = self._spoil(case.service, "") if case.service else 0
        html = text.decode(errors="replace")
        return Answer(
            case=asdict(case),
            status=response.status_code,
            locations=locations,
            headers={k.lower(): v for k, v in response.headers.items()},
            said=_said(response, html),
            text=html[:300],
            spoiled=spoiled,
            kept_input=FIELDS["name"] in html,
            says_none=bool(NONE.search(html)),
            held=_held(),
        )

    def _sent(self, client: Any, case: Case) -> tuple[Any, list[str]]:
        path = case.address.path.replace("<image_id>", self.order["image_id"])
        for part in ("<instance_id>", "<family>"):
            path = path.replace(part, self.order["image_id"])
        headers = {"x-requested-with": "XMLHttpRequest"} if case.method == AJAX else {}
        query = f"?id={self.order['image_id']}&q=a&image={self.order['image_id']}"
        if case.method == POST:
            if case.address.kind == "list":
                fields = {"action": f"images__hide__{self.order['image_id']}"}
            else:
                fields = {**FIELDS, "id": self.order["image_id"]}
                fields["projects"] = self.order["project_id"]
                fields["project"] = fields["project_id"] = self.order["project_id"]
                fields["confirmed"] = f"{self.order['owner']}:{self.order['project_id']}"
            response = client.post(path, fields, headers=headers)
        else:
            response = client.get(path + query, headers=headers)
        locations: list[str] = []
        while response.status_code in (301, 302) and len(locations) < 6:
            location = response.headers["Location"]
            locations.append(location)
            if not location.startswith(tuple(self.order["panels"])):
                # The login, or the instances.
                break
            response.close()
            response = client.get(location)
        return response, locations

    def _keep_session(self, client: Any, session: str) -> None:
        """Horizon ends the session of whoever a service no longer knows."""
        from importlib import import_module

        from django.conf import settings

        store = import_module(settings.SESSION_ENGINE).SessionStore
        known = self.__dict__.setdefault("sessions", {})
        if session not in known:
            known[session] = dict(store(session).items())
            assert known[session], "a session that is empty"
        else:
            again = store(session)
            again.update(known[session])
            again.save()

    def _spoil(self, service: str, spoil: str) -> int:
        url = f"{self.order['spoilers'][service]}/spoiler/{spoil}"
        with urllib.request.urlopen(url) as response:
            return int(json.load(response))


def _said(response: Any, html: str) -> list[str]:
    """The errors that a person or a script gets to see."""
    said: list[str] = []
    if "json" in response.headers.get("Content-Type", ""):
        with suppress(ValueError, AttributeError):
            said.append(str(json.loads(html).get("reason") or ""))
    with suppress(ValueError):
        waiting = json.loads(response.headers.get("X-Horizon-Messages") or "[]")
        said += [text for level, text, *_more in waiting if level == "error"]
    html = re.sub(r"<noscript>.*?</noscript>", "", html, flags=re.S)
    for found in re.finditer(
        r'class="[^"]*\balert-danger\b[^"]*"[^>]*>(.*?)</(?:div|ul)>', html, re.S
    ):
        said.append(re.sub(r"<[^>]*>|\s+", " ", found[1]))
    return [" ".join(text.split()) for text in said if text.strip()]


def _held() -> list[str]:
    from django.core.cache import cache

    from helion_images_panel.api import waiting
    from helion_images_panel.transfers import slots

    held = [key for key in cache._cache if any(lock in key for lock in LOCKS)]
    held += [
        name
        for name, value in vars(slots).items()
        if isinstance(value, slots.Slots) and value.in_use
    ]
    return held + ["queue" for queue in waiting.QUEUES if queue.pages]


def _left() -> dict[str, Any]:
    sockets = 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            sockets += os.readlink(link).startswith("socket:")
    return {
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "sockets": sockets,
        "held": _held(),
    }


if __name__ == "__main__":
    main()
