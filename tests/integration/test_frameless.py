# SPDX-License-Identifier: Apache-2.0
"""The theme without Horizon's frame, which tests of many pages use, leaves nothing of ours out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration import frameless
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.markup import Element
from tests.integration.panels import PROJECT


def links(page: Element) -> list[str]:
    return [each["href"] for each in page.all("a") if each.get("href")]


def own_part(page: Page) -> Element:
    return page.tree.first("div", id="content_body")


def marks(page: Page) -> set[str]:
    """Names of what the panel's own scripts read, wherever on the page it stands."""
    names = (name for each in page.tree.walk() for name in each.attributes)
    return {name for name in names if name.startswith("data-hip-")}


@pytest.mark.parametrize("name", ["list", "details", "Create Image", "Shared with Me"])
def test_a_page_is_the_same_but_for_the_frame(
    person: Callable[[str], Dashboard],
    images: Images,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    image_id = images.make("framed")
    path = {
        "list": f"{PROJECT.index}?name={images.name(image_id)}",
        "details": PROJECT.detail(image_id),
        "Create Image": PROJECT.create,
        "Shared with Me": PROJECT.shared,
    }[name]
    alice = person("alice")
    monkeypatch.setattr(Dashboard, "theme", "")
    framed = alice.get(path)
    monkeypatch.setattr(Dashboard, "theme", frameless.THEME)
    page = alice.get(path)
    assert (page.status, page.path) == (framed.status, framed.path) == (200, path.partition("?")[0])
    assert links(own_part(page)) == links(own_part(framed))
    assert marks(page) == marks(framed)
    assert [len(each.tree.all("nav", id="sidebar")) for each in (framed, page)] == [1, 0]


def test_the_result_of_an_action_is_on_it(
    person: Callable[[str], Dashboard], images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Dashboard, "theme", frameless.THEME)
    image_id = images.make("framed")
    page = person("alice").act(PROJECT.index, "protect", image_id)
    assert [text for text in page.messages if images.name(image_id) in text]
    page = person("alice").get(PROJECT.detail("0" * 8 + "-0000-0000-0000-" + "0" * 12))
    assert page.status == 404
