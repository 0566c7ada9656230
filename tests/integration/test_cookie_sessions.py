# SPDX-License-Identifier: Apache-2.0
"""A dashboard whose sessions are cookies, which browsers keep up to 4 KiB."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images, unique
from tests.integration.panels import PROJECT

ENGINE = "django.contrib.sessions.backends.signed_cookies"
COOKIE_BYTES = 4096
COUNT = 60


@pytest.fixture(scope="module")
def in_cookies(cloud: Cloud) -> Iterator[LogIn]:
    yield from running(cloud, "cookies", {"SESSION_ENGINE": ENGINE})


def sizes(dashboard: Dashboard) -> dict[str, int]:
    return {each.name: len(each.name) + len(each.value or "") for each in dashboard.session.cookies}


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
