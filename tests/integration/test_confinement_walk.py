# SPDX-License-Identifier: Apache-2.0
"""Every address and every action of the panels, by users of another domain.

To Glance, whose only word for "admin" is the role, all of it would be allowed to an admin.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PANELS
from tests.integration.routes import Routes, routes
from tests.thorough import thinned

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PROJECTS = ("globex-research", "globex-ops")

#: What stands in a URL beside the image's ID.
OTHER_PARTS = {"<project_id>": "globex-ops", "<member_id>": "globex-ops"}

#: Who has which panel, and images of globex that are not there to them. The rest of what the
#: Admin panel has is in `test_every_address_of_an_image`.
OTHERS = (
    ("acme-admin", "project", ("private", "queued")),
    ("alice", "project", ("private",)),
    ("mona", "domain", ("private", "pending")),
)

#: Parameters with the images that a request is about.
IDS = {"id", "image"}

#: What a form of any page might have: the walk is to get as far as it can.
FORGED = {
    "name": "taken",
    "initial-name": "",
    "description": "taken",
    "visibility": "public",
    "initial-visibility": "private",
    "initial-protected": "True",
    "new_name": "os_distro",
    "new_value": "taken",
    "source": "file",
    "file_name": "taken.img",
    "file_size": "4",
    "disk_format": "raw",
    "audience": "cloud",
    "tags": "taken",
    "store": "archive",
}


@dataclass
class Foreign:
    """Images of globex by kind, and what no answer may hold."""

    ids: dict[str, str]
    secrets: list[str]


@pytest.fixture(scope="module")
def foreign(cloud: Cloud, kept_images: Images) -> Foreign:
    secret = unique("secret")

    def make(kind: str, data: bytes | None = b"data", **fields: Any) -> str:
        owner = PROJECTS[len(kind) % 2]
        properties = {"description": f"{secret}-description", "vendor": f"{secret}-vendor"}
        return kept_images.make(f"{secret}-{kind}", owner, data, **properties, **fields)

    ids = {
        "private": make("private"),
        "shared": make("shared", visibility="shared"),
        "pending": make("pending", visibility="shared"),
        "community": make("community", visibility="community"),
        "public": make("public", visibility="public"),
        "protected": make("protected", protected=True),
        "queued": make("queued", None),
        "hidden": make("hidden", os_hidden=True),
        "deactivated": make("deactivated"),
    }
    kept_images.share(ids["shared"], "acme-web")
    kept_images.share(ids["pending"], "acme-data", "pending")
    cloud.glance_client("admin").images.deactivate(ids["deactivated"])
    return Foreign(ids, [secret, *PROJECTS, *map(cloud.project_id, PROJECTS)])


KINDS = (
    "private",
    "shared",
    "pending",
    "community",
    "public",
    "protected",
    "queued",
    "hidden",
    "deactivated",
)


@pytest.fixture(scope="module")
def admin_routes(cloud: Cloud) -> Routes:
    return routes(cloud.horizon, "admin")


@pytest.fixture
def acme_admin(person: Callable[[str], Dashboard]) -> Dashboard:
    return person("acme-admin")


def ask(dashboard: Dashboard, method: str, path: str, fields: Any = None) -> Page:
    """As a page's script would, so that nothing is refused for the lack of a header."""
    headers = {
        "X-CSRFToken": dashboard.csrf_token,
        "Referer": dashboard.base,
        "X-Requested-With": "XMLHttpRequest",
    }
    return dashboard.request(method, path, data=fields, headers=headers)


def gives_away(page: Page, secrets: list[str], asked: str = "") -> list[str]:
    """What is told that was not in the question itself."""
    answers = (*page.response.history, page.response)
    told = "".join(answer.text + str(answer.headers) for answer in answers)
    return [secret for secret in secrets if secret in told and secret not in asked]


@pytest.mark.parametrize("kind", KINDS)
def test_every_address_of_an_image(
    cloud: Cloud,
    acme_admin: Dashboard,
    kept_images: Images,
    foreign: Foreign,
    admin_routes: Routes,
    kind: str,
) -> None:
    image_id = foreign.ids[kind]
    before = kept_images.state(image_id)
    assert len(admin_routes.of_an_image) > 5
    for route in admin_routes.of_an_image:
        path = ADMIN.index + route.replace("<image_id>", image_id)
        for part, project in OTHER_PARTS.items():
            path = path.replace(part, cloud.project_id(project))
        assert "<" not in path, f"{route}: say what {path} stands for"
        for method in METHODS:
            fields = FORGED if method == "POST" else None
            page = ask(acme_admin, method, path, fields)
            assert page.status in (403, 404, 405), f"{method} {path}: {page.status}"
            assert is_private(page), f"{method} {path}: {page.response.headers}"
            assert not gives_away(page, foreign.secrets, path), f"{method} {path}"
    assert kept_images.state(image_id) == before


def addresses(cloud: Cloud, panel: str, image_id: str) -> list[str]:
    """All addresses of an image in a panel."""
    found = routes(cloud.horizon, panel).of_an_image
    assert len(found) > 5
    paths = [PANELS[panel].index + route.replace("<image_id>", image_id) for route in found]
    assert not [path for path in paths if "<" in path], "say what that stands for"
    return paths


def is_private(page: Page) -> bool:
    """Whether no cache stores the answer, and no browser guesses what it is."""
    headers = page.response.headers
    is_stored = "no-store" not in headers.get("Cache-Control", "")
    return not is_stored and headers.get("X-Content-Type-Options") == "nosniff"


def said(page: Page, image_id: str) -> tuple[int, str, str]:
    """What a user, or a script, can tell by."""
    announced = page.response.headers.get("X-Horizon-Messages", "")
    return page.status, page.text.replace(image_id, "ID"), announced.replace(image_id, "ID")


@pytest.mark.parametrize(
    ("who", "panel", "kinds"), OTHERS, ids=[f"{who}-{panel}" for who, panel, _kinds in OTHERS]
)
def test_every_address_of_an_image_that_is_not_there(
    cloud: Cloud,
    person: Callable[[str], Dashboard],
    kept_images: Images,
    foreign: Foreign,
    who: str,
    panel: str,
    kinds: tuple[str, ...],
) -> None:
    """It is as an image that does not exist."""
    someone, absent = person(who), str(uuid.uuid4())
    before = {kind: kept_images.state(foreign.ids[kind]) for kind in kinds}
    paths = [addresses(cloud, panel, id_) for id_ in (absent, *(foreign.ids[k] for k in kinds))]
    for address, *others in zip(*paths, strict=True):
        for method in METHODS:
            fields = FORGED if method == "POST" else None
            expected = said(ask(someone, method, address, fields), absent)
            assert expected[0] in (403, 404, 405), f"{method} {address}: {expected[0]}"
            for kind, path in zip(kinds, others, strict=True):
                page = ask(someone, method, path, fields)
                assert said(page, foreign.ids[kind]) == expected, f"{method} {path}"
                assert is_private(page), f"{method} {path}: {page.response.headers}"
                assert not gives_away(page, foreign.secrets, path), f"{method} {path}"
    assert before == {kind: kept_images.state(foreign.ids[kind]) for kind in kinds}


# An action is refused before the state of the image is looked at: some kinds are enough.
@pytest.mark.parametrize("kind", thinned(["private", "shared", "community", "hidden"], type))
def test_every_action_on_an_image(
    acme_admin: Dashboard, kept_images: Images, foreign: Foreign, admin_routes: Routes, kind: str
) -> None:
    image_id = foreign.ids[kind]
    before = kept_images.state(image_id)
    assert "images__delete" in admin_routes.actions
    for action in admin_routes.actions:
        for page_path in (ADMIN.index, ADMIN.detail(image_id)):
            for fields in (
                [("action", f"{action}__{image_id}")],
                [("action", action), ("object_ids", image_id)],
            ):
                page = acme_admin.post(page_path, fields)
                assert not gives_away(page, foreign.secrets), f"{action} at {page_path}"
                assert not [text for text in page.messages if text.startswith("Success")]
    assert kept_images.state(image_id) == before


@pytest.mark.parametrize(
    ("who", "panel", "kind"),
    [
        ("acme-admin", "admin", "shared"),
        ("acme-admin", "project", "private"),
        ("alice", "project", "private"),
        ("mona", "domain", "private"),
    ],
)
def test_every_address_of_the_panel(
    cloud: Cloud,
    person: Callable[[str], Dashboard],
    kept_images: Images,
    foreign: Foreign,
    who: str,
    panel: str,
    kind: str,
) -> None:
    """What takes images or projects as parameters: asked in all the ways that any of them knows."""
    someone, image_id = person(who), foreign.ids[kind]
    image = kept_images.show(image_id)
    # The Project panel has the public image of globex.
    secrets = foreign.secrets if panel != "project" else [str(image["name"]), *PROJECTS]
    before = kept_images.state(image_id)
    for route in routes(cloud.horizon, panel).others:
        for query in (
            {"id": image_id, "action": "delete"},
            {"ids": image_id, "image": image_id, "object_ids": image_id},
            {"q": "globex", "name": image["name"], "domain": "all"},
            {"marker": image_id},
            {"prev_marker": image_id, "part": "named", "sort": "-size"},
            {"after": image_id, "part": "named", "action": "delete"},
            {"name": image_id, "action": "delete"},
            {"property": f"vendor={image['vendor']}"},
            {"checksum": image["os_hash_value"] or "0" * 128},
        ):
            asked = urlencode(query)
            path = f"{PANELS[panel].index}{route.replace('<instance_id>', image_id)}?{asked}"
            page = ask(someone, "GET", path)
            assert not gives_away(page, secrets, asked), path
            assert image_id not in page.rows, path
            if IDS.isdisjoint(query):
                continue
            page = ask(someone, "POST", path, {**FORGED, **query, "name": ""})
            assert not gives_away(page, secrets, asked), path
    assert kept_images.state(image_id) == before
