# SPDX-License-Identifier: Apache-2.0
"""The room that a project has left: told, kept to before the bytes, and refused by Glance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo import accounts
from demo.cloud import Cloud
from tests import releases
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import PROJECT
from tests.integration.reconfigured import reconfigured

MIB = 1024 * 1024
LIMITS = {**accounts.LIMITS, **accounts.PROJECT_LIMITS["acme-lab"]}


def submit(dashboard: Dashboard, **fields: Any) -> Page:
    form = dashboard.get(PROJECT.create).form("disk_format")
    given = {"name": unique("room"), "disk_format": "raw", "audience": None, **fields}
    return dashboard.submit(form, **given)


def file_of(size_bytes: int) -> dict[str, Any]:
    return {"source": "file", "file_name": "a.raw", "file_size": size_bytes}


def errors(page: Page) -> str:
    assert page.status == 200
    return " ".join(page.form("disk_format").errors)


def usage(cloud: Cloud, who: str) -> dict[str, dict[str, int]]:
    answer = cloud.session(who).get(f"{cloud.glance.url}/v2/info/usage")
    found: dict[str, dict[str, int]] = answer.json()["usage"]
    return found


def chunks(count: int) -> Iterator[bytes]:
    """Data of an unannounced length, which Glance lets in beyond the limit."""
    for _ in range(count):
        yield b"\1" * MIB


class Owner:
    """The project's own member at Glance: limits count for the project that asks."""

    def __init__(self, cloud: Cloud, images: Images):
        self.session = cloud.session("carol")
        self.url = cloud.glance.url
        self.images = images

    def make(self) -> str:
        body = {"name": unique("used"), "disk_format": "raw", "container_format": "bare"}
        made = self.session.post(f"{self.url}/v2/images", json=body).json()
        return self.images.adopt(str(made["id"]))

    def upload(self, image_id: str, data: Any) -> None:
        headers = {"Content-Type": "application/octet-stream"}
        self.session.put(f"{self.url}/v2/images/{image_id}/file", data=data, headers=headers)


@pytest.fixture
def owner(cloud: Cloud, images: Images) -> Owner:
    return Owner(cloud, images)


def test_the_dialog_tells_the_room(person: Callable[[str], Dashboard], cloud: Cloud) -> None:
    form = person("carol").get(PROJECT.create).form("disk_format").element
    used = usage(cloud, "carol")
    left = LIMITS["image_count_total"] - used["image_count_total"]["usage"]
    for told in (
        "Storage: 0 B of 64 MiB used, 64 MiB left",
        f"of {LIMITS['image_count_total']} used, {left} left",
        "Staging area for imports: 0 B of 20 GiB used",
    ):
        assert told in form.text
    marked = [form, *form.walk()]
    (room,) = [json.loads(e["data-hip-quota"]) for e in marked if e.get("data-hip-quota")]
    assert room == {
        # Glance counts whole MiB: what is beyond the last one is free.
        "size_left_bytes": 65 * MIB - 1,
        "size_left": "64 MiB",
        "staging_left_bytes": (20 * 1024 + 1) * MIB - 1,
        "count_left": left,
        "uploading_left": 50,
    }


def test_the_largest_file_that_fits_and_the_next(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """Refused by the panel exactly where Glance would refuse it."""
    carol = person("carol")
    page = submit(carol, name="too-large", **file_of(65 * MIB))
    assert "is too large (65 MiB); 64 MiB of quota is left" in errors(page)
    assert images.named("too-large") == []

    largest = 65 * MIB - 1
    steps = submit(carol, **file_of(largest)).response.json()
    image_id = images.adopt(steps["id"])
    answer = carol.put(steps["upload_url"], b"\1" * largest)
    assert answer.status_code == 200, answer.text
    assert images.show(image_id)["size"] == largest


@releases.checks_sizes
def test_what_was_taken_meanwhile_is_glances_to_refuse(
    person: Callable[[str], Dashboard], images: Images, owner: Owner
) -> None:
    carol = person("carol")
    steps = submit(carol, **file_of(40 * MIB)).response.json()
    image_id = images.adopt(steps["id"])
    owner.upload(owner.make(), b"\1" * (30 * MIB))
    answer = carol.put(steps["upload_url"], b"\1" * (40 * MIB))
    assert answer.status_code == 413
    reason = answer.json()["reason"]
    for told in ("64 MiB", "30 MiB", "40 MiB", "Delete images"):
        assert told in reason
    assert "image_size_total" not in reason
    assert images.status(image_id) == "queued"


def test_a_project_over_its_limit(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, owner: Owner
) -> None:
    owner.upload(owner.make(), chunks(70))
    assert usage(cloud, "carol")["image_size_total"] == {"usage": 70, "limit": 64}
    carol = person("carol")
    for fields in (
        file_of(1),
        {"source": "location", "location": f"{cloud.files.url}/tiny.raw"},
    ):
        name = unique("over")
        said = errors(submit(carol, name=name, **fields))
        assert "64 MiB" in said
        assert "Delete images" in said
        assert images.named(name) == []


def test_as_many_images_as_there_may_be(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images, owner: Owner
) -> None:
    carol = person("carol")
    count = usage(cloud, "carol")["image_count_total"]
    waiting = [owner.make() for _ in range(count["usage"], count["limit"])]
    name = unique("one-more")
    assert "has reached its limit of 10 images" in errors(submit(carol, name=name, **file_of(1)))
    assert images.named(name) == []
    # Data for one that is there already are none more.
    answer = carol.put(PROJECT.upload(waiting[0]), b"\1" * MIB)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("who", ["alice", "acme-admin"])
def test_other_projects_have_their_own_room(
    person: Callable[[str], Dashboard], images: Images, who: str
) -> None:
    assert "of 50 GiB used" in person(who).get(PROJECT.create).text
    page = submit(person(who), **file_of(65 * MIB))
    assert page.status == 201
    images.adopt(page.response.json()["id"])


def test_a_glance_without_limits(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    with reconfigured(cloud, more_config="[DEFAULT]\nuse_keystone_limits = false\n"):
        assert usage(cloud, "carol") == {}
        page = person("carol").get(PROJECT.create)
        assert "Project quota" not in page.text
        assert "data-hip-quota" not in page.html
        steps = submit(person("carol"), **file_of(70 * MIB))
        assert steps.status == 201
        images.adopt(steps.response.json()["id"])


def test_the_demos_limits_are_mended_at_its_next_start(cloud: Cloud) -> None:
    session, url = cloud.session("admin", system=True), cloud.keystone.auth_url
    own = {limit["resource_name"]: limit for limit in session.get(f"{url}/limits").json()["limits"]}
    session.patch(
        f"{url}/limits/{own['image_size_total']['id']}", json={"limit": {"resource_limit": 1}}
    )
    session.delete(f"{url}/limits/{own['image_count_total']['id']}")
    cloud.directory.make_limits("image", accounts.LIMITS, accounts.PROJECT_LIMITS)
    found = usage(cloud, "carol")
    assert {name: found[name]["limit"] for name in LIMITS} == LIMITS
