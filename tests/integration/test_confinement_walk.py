# SPDX-License-Identifier: Apache-2.0
"""Every address and every action of the Admin panel, by the admin of another domain.

To Glance, whose only word for "admin" is the role, all of it would be allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN
from tests.integration.routes import Routes, routes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PROJECTS = ("globex-research", "globex-ops")

#: What stands in a URL beside the image's ID.
OTHER_PARTS = {"<project_id>": "globex-ops", "<member_id>": "globex-ops"}

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
            assert not gives_away(page, foreign.secrets, path), f"{method} {path}"
    assert kept_images.state(image_id) == before


@pytest.mark.parametrize("kind", KINDS)
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


@pytest.mark.parametrize("kind", ["private", "shared", "queued"])
def test_every_address_of_the_panel(
    acme_admin: Dashboard, kept_images: Images, foreign: Foreign, admin_routes: Routes, kind: str
) -> None:
    """What takes images or projects as parameters: asked in all the ways that any of them knows."""
    image_id = foreign.ids[kind]
    name = str(kept_images.show(image_id)["name"])
    before = kept_images.state(image_id)
    for route in admin_routes.others:
        for query in (
            {"id": image_id},
            {"ids": image_id, "image": image_id, "object_ids": image_id},
            {"q": "globex", "name": name, "domain": "all"},
            {"marker": image_id},
        ):
            asked = "&".join(f"{key}={value}" for key, value in query.items())
            path = f"{ADMIN.index}{route}?{asked}"
            page = ask(acme_admin, "GET", path)
            assert not gives_away(page, foreign.secrets, path), path
            page = ask(acme_admin, "POST", path, {**FORGED, **query, "name": ""})
            assert not gives_away(page, foreign.secrets, path), path
    assert kept_images.state(image_id) == before
