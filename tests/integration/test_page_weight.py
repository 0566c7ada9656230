# SPDX-License-Identifier: Apache-2.0
"""What the pages of Horizon load: those of others nothing of this panel, in each theme."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.panels import PROJECT

pytestmark = pytest.mark.with_frame

#: Pages that are not ours: the log-in page, and one of a person who is logged in.
FOREIGN = [("anonymous", "/auth/login/"), ("alice", "/project/api_access/")]
THEMES = ("default", "material")
#: Most of what a page of the panel may load beyond any other page, as the web sends it.
OWN_BYTES = 72_000


@pytest.fixture
def bundles(
    cloud: Cloud, person: Callable[[str], Dashboard]
) -> Callable[[str, str, str], dict[str, bytes]]:
    """The compressed scripts and styles that a page names, by their addresses."""
    known: dict[str, bytes] = {}

    def read(who: str, path: str, theme: str) -> dict[str, bytes]:
        browser = person(who)
        browser.session.cookies.set("theme", theme)
        try:
            page = browser.get(path)
        finally:
            browser.session.cookies.set("theme", None)
        assert page.status == 200
        names = set(re.findall(r'(?:src|href)="(/static/dashboard/[^"]+\.(?:js|css))"', page.html))
        assert names
        for name in names - known.keys():
            known[name] = browser.session.get(cloud.horizon.url + name).content
        return {name: known[name] for name in names}

    return read


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("who", "path"), FOREIGN)
def test_a_foreign_page_loads_nothing_of_the_panel(
    bundles: Callable[[str, str, str], dict[str, bytes]], who: str, path: str, theme: str
) -> None:
    found = bundles(who, path, theme)
    assert any(b"horizon.datatables" in content for content in found.values())
    assert [name for name, content in found.items() if is_ours(content)] == []


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_of_the_panel_loads_one_bundle_of_each_more(
    bundles: Callable[[str, str, str], dict[str, bytes]], theme: str
) -> None:
    foreign = bundles("alice", "/project/api_access/", theme)
    own = bundles("alice", PROJECT.index, theme)
    assert foreign.keys() < own.keys()
    more = {name: content for name, content in own.items() if name not in foreign}
    assert sorted(name.rsplit(".", 1)[1] for name in more) == ["css", "js"]
    assert all(map(is_ours, more.values()))
    assert sum(len(gzip.compress(content, 9)) for content in more.values()) < OWN_BYTES


def is_ours(content: bytes) -> bool:
    return b"helionImages" in content or b".hip-" in content
