# SPDX-License-Identifier: Apache-2.0
"""Create Image for an image that is shared with projects from the start."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, PROJECT, Panel
from tests.integration.test_create import imported, submit
from tests.integration.test_sharing import UNKNOWN, inbox

Person = Callable[[str], Dashboard]

FILE = {"source": "file", "file_name": "a.img", "file_size": len(DATA), "disk_format": "raw"}


@pytest.mark.parametrize(("who", "panel"), [("alice", PROJECT), ("acme-admin", ADMIN)])
def test_the_other_project_has_it_pending_before_and_after_the_data(
    cloud: Cloud, person: Person, images: Images, who: str, panel: Panel
) -> None:
    """By the ID, as a member has to, and by the name."""
    data = cloud.project_id("acme-data")
    written = data if who == "alice" else "acme-data"
    page = submit(person(who), panel, **FILE, name=unique("shared"), projects=written)
    assert page.status == 201, page.form_errors
    steps = page.response.json()
    image_id = images.adopt(steps["id"])
    assert bool(steps["warnings"]) is (who == "alice"), "nobody could look the ID up"
    image = images.show(image_id)
    assert (image["status"], image["visibility"]) == ("queued", "shared")
    assert images.members(image_id) == {data: "pending"}
    assert person(who).put(steps["upload_url"], DATA).status_code == 200
    assert images.data(image_id) == DATA
    assert images.members(image_id) == {data: "pending"}
    assert image_id in inbox(person("bob"))


def test_an_import_is_shared_too(cloud: Cloud, person: Person, images: Images) -> None:
    lab = cloud.project_id("acme-lab")
    page = submit(
        person("alice"),
        source="location",
        location=f"{cloud.files.url}/tiny.qcow2",
        disk_format="qcow2",
        name=unique("shared"),
        projects=lab,
    )
    assert page.status == 201, page.form_errors
    image_id = images.adopt(page.response.json()["id"])
    assert imported(person("alice"), PROJECT, image_id)["status"] == "active"
    assert images.show(image_id)["visibility"] == "shared"
    assert images.members(image_id) == {lab: "pending"}


@pytest.mark.parametrize(
    ("who", "panel", "projects", "audience", "reason"),
    [
        ("alice", PROJECT, "globex-ops", None, "No project with this name is visible to you"),
        ("alice", PROJECT, "acme-web", None, "The project owns the image"),
        ("acme-admin", ADMIN, UNKNOWN, None, "Not found in your domain"),
        ("acme-admin", ADMIN, "globex-ops", None, "Not found in your domain"),
        # One wrong project is enough.
        ("acme-admin", ADMIN, "acme-data\nglobex-ops", None, "Not found in your domain"),
        ("acme-admin", ADMIN, "acme-data", "cloud", "only if its Visibility is"),
        ("acme-admin", ADMIN, "acme-data", "domain", "only if its Visibility is"),
    ],
)
def test_what_is_refused_creates_nothing(
    cloud: Cloud,
    person: Person,
    images: Images,
    who: str,
    panel: Panel,
    projects: str,
    audience: str | None,
    reason: str,
) -> None:
    name = unique("refused")
    if who != "alice":
        # Its ID would be enough anywhere but here.
        projects = projects.replace("globex-ops", cloud.project_id("globex-ops"))
    page = submit(person(who), panel, **FILE, name=name, projects=projects, audience=audience)
    assert page.status == 200
    (group,) = page.form("disk_format").element.all("div", "has-error")
    assert group.all("textarea", name="projects")
    assert reason in group.text
    assert images.named(name) == []


def test_a_reader_shares_no_new_image(person: Person, images: Images, cloud: Cloud) -> None:
    name = unique("reader")
    page = person("reader").post(
        PROJECT.create, {**FILE, "name": name, "projects": cloud.project_id("acme-data")}
    )
    assert page.status == 403
    assert images.named(name) == []
