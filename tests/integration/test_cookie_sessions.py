# SPDX-License-Identifier: Apache-2.0
"""A dashboard whose sessions are cookies, which browsers keep up to 4 KiB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images, unique
from tests.integration.panels import PROJECT
from tests.thorough import only_thorough

ENGINE = "django.contrib.sessions.backends.signed_cookies"
COOKIE_BYTES = 4096
COUNT = 60


@pytest.fixture(scope="module")
def in_cookies(cloud: Cloud) -> Iterator[LogIn]:
    yield from running(cloud, "cookies", {"SESSION_ENGINE": ENGINE})


def sizes(dashboard: Dashboard) -> dict[str, int]:
    return {each.name: len(each.name) + len(each.value or "") for each in dashboard.session.cookies}


@only_thorough
def test_the_result_for_many_images_is_told(in_cookies: LogIn, images: Images) -> None:
    name = unique("in-cookies-" + "n" * 100)
    ids = [images.make(name=name, data=None, protected=True) for _number in range(COUNT)]
    alice = in_cookies("alice")
    alice.get(PROJECT.index)
    before = sizes(alice)["sessionid"]
    fields = [("action", "images__delete"), *(("object_ids", id_) for id_ in ids)]
    answer = alice.post(PROJECT.index, fields, follow=False)
    assert answer.status == 302
    assert sizes(alice)["sessionid"] < before + 100
    assert sizes(alice)["messages"] < COOKIE_BYTES
    told = alice.get(PROJECT.index).messages
    assert any("60 images" in text and "protected" in text for text in told), told
    assert all(images.exists(id_) for id_ in ids)


def test_few_are_named(in_cookies: LogIn, images: Images) -> None:
    image_id = images.make("named", data=None)
    page = in_cookies("alice").act(PROJECT.index, "protect", image_id)
    assert any(images.name(image_id) in text for text in page.messages), page.messages


def test_long_lists_in_messages_are_counted(in_cookies: LogIn, images: Images) -> None:
    """Of projects and of images, when they are added, removed and accepted."""
    image_id = images.make("many members", data=None, visibility="shared")
    projects = [f"{number:032x}" for number in range(1, COUNT)]
    alice = in_cookies("alice")
    form = alice.get(PROJECT.share(image_id)).form("projects")
    before = sizes(alice)["sessionid"]

    def told(path: str, fields: Any) -> str:
        """What the next page says, if a browser stores what the answer leaves for it."""
        answer = alice.post(path, fields, follow=False)
        assert answer.status == 302, answer.text
        assert sizes(alice)["sessionid"] < before + 100
        assert sizes(alice)["messages"] < COOKIE_BYTES
        return " ".join(alice.get(PROJECT.index).messages)

    shared = told(form.action, {**form.fields, "projects": "\n".join(projects)})
    assert f"with {projects[0]}" in shared
    assert "more." in shared
    assert len(images.members(image_id)) == len(projects)
    fields = [("action", "members__remove"), *(("object_ids", id_) for id_ in projects)]
    assert "more." in told(f"{PROJECT.detail(image_id)}?tab=image_details__access", fields)
    assert images.members(image_id) == {}

    ids = [
        images.make(
            name=unique("\N{LATIN SMALL LETTER U WITH DIAERESIS}" * 100),
            owner="acme-data",
            data=None,
            visibility="shared",
        )
        for _number in range(10)
    ]
    for id_ in ids:
        images.share(id_, "acme-web", "pending")
    fields = [("action", "shared__accept"), *(("object_ids", id_) for id_ in ids)]
    assert "9 more" in told(PROJECT.shared, fields)
