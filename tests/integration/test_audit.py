# SPDX-License-Identifier: Apache-2.0
"""The operation log that the dashboard really writes: a line for each change."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT

FIELD = r"\[([^][]*)\]"
LINE = re.compile(
    r"\S+ \S+ INFO horizon\.operation_log\.helion_images: "
    + " ".join([FIELD] * 13)
    + r" \[(\{[^][]*\})\]"
)


HOSTILE_NAMES = (
    "two\nlines\rof [a] log",
    'x"}] [2026] [{"action": "image_delete"}]',
    "<script>alert(1)</script> %(param)s %s",
    "line\u2028separator",
)


@pytest.fixture
def record(cloud: Cloud) -> Callable[[str], list[tuple[list[str], dict[str, Any]]]]:
    """The entries of an image so far: Horizon's fields, and the change."""

    def read(image_id: str) -> list[tuple[list[str], dict[str, Any]]]:
        found = []
        for line in cloud.horizon.log.read_text().splitlines():
            if "horizon.operation_log.helion_images" in line and image_id in line:
                match = LINE.fullmatch(line)
                assert match, line
                *fields, change = match.groups()
                found.append((fields, json.loads(change)))
        return found

    return read


def test_a_life_in_the_log(
    cloud: Cloud,
    person: Callable[[str], Dashboard],
    images: Images,
    record: Callable[[str], list[tuple[list[str], dict[str, Any]]]],
) -> None:
    image_id = images.make("recorded")
    name = images.name(image_id)
    for action in (
        *("protect", "delete", "unprotect", "communitize", "hide", "deactivate", "delete"),
        "delete_permanently",
    ):
        person("acme-admin").act(ADMIN.index, action, image_id)
    entries = record(image_id)
    assert [(change["action"], change["before"], change["after"]) for _f, change in entries] == [
        ("image_update", {"protected": False}, {"protected": True}),
        # The panel itself refuses to delete what is protected, and changes nothing.
        ("image_update", {"protected": True}, {"protected": False}),
        (
            "image_update",
            {"visibility": "private", "helion_images_published": "********"},
            {"visibility": "community", "helion_images_published": "********"},
        ),
        ("image_update", {"os_hidden": False}, {"os_hidden": True}),
        ("image_deactivate", {"status": "active"}, {"status": "deactivated"}),
        (
            "image_update",
            {"visibility": "community", "helion_images_deleted": "********"},
            {"visibility": "private", "helion_images_deleted": "********"},
        ),
        ("image_delete", {"status": "deactivated"}, {"status": "deleted"}),
    ]
    user = cloud.user("acme-admin")
    for fields, change in entries:
        assert change["result"] == "success"
        assert change["image_name"] == name
        assert change["owner"] == cloud.project_id("acme-web")
        address, domain, _domain_id, project, project_id, who = fields[:6]
        assert (address, domain, project, who) == ("127.0.0.1", "acme", user.project, user.name)
        assert project_id == cloud.project_id(user.project)
        assert fields[9] == ADMIN.index
        assert fields[11] == "POST"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_make_one_line(
    person: Callable[[str], Dashboard],
    images: Images,
    record: Callable[[str], list[tuple[list[str], dict[str, Any]]]],
    name: str,
) -> None:
    image_id = images.make(name=f"{name}{unique()}")
    person("alice").act(PROJECT.index, "delete_permanently", image_id)
    ((_fields, change),) = record(image_id)
    assert change["image_name"].startswith(name)


def test_uploads_and_edits(
    person: Callable[[str], Dashboard],
    images: Images,
    record: Callable[[str], list[tuple[list[str], dict[str, Any]]]],
) -> None:
    image_id = images.make("waiting", data=None)
    assert person("alice").put(PROJECT.upload(image_id), b"some data").status_code == 200
    form = person("alice").get(PROJECT.update(image_id)).form("name")
    person("alice").submit(form, name=f"{unique('renamed')}")
    changes = [change for _fields, change in record(image_id)]
    by_action = {change["action"]: change for change in changes}
    assert by_action["image_upload"]["after"] == {"size": 9}
    assert by_action["image_update"]["after"]["name"].startswith("it-renamed")


def test_each_of_many_has_its_line(
    person: Callable[[str], Dashboard],
    images: Images,
    record: Callable[[str], list[tuple[list[str], dict[str, Any]]]],
) -> None:
    ids = [images.make("many", data=None) for _ in range(12)]
    person("alice").act(PROJECT.index, "delete", *ids, name="acme-web")
    assert [len(record(image_id)) for image_id in ids] == [1] * 12
