# SPDX-License-Identifier: Apache-2.0
"""A page of as many rows as Horizon allows, with more images than one call of Glance returns."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT, Panel
from tests.integration.test_call_budget import Log, wait_until_quiet

#: More than the most rows of a page, 1,000.
COUNT = 1003


@pytest.fixture(scope="module")
def many(kept_images: Images) -> str:
    """The tag of images of two owners with equal names, with none, and all without a size."""
    tag = unique("many")

    def make(n: int) -> str:
        name = (f"many {n}", "same", None)[n % 3]
        owner = "acme-web" if n % 500 else "acme-data"
        return kept_images.make("many", owner, data=None, tags=[tag], name=name)

    with ThreadPoolExecutor(4) as executor:
        list(executor.map(make, range(COUNT)))
    return tag


@pytest.mark.parametrize(("who", "panel"), [("alice", PROJECT), ("acme-admin", ADMIN)])
def test_pages_of_a_thousand(
    person: Callable[[str], Dashboard], many: str, who: str, panel: Panel
) -> None:
    dashboard = person(who)
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "1000")
    count = 1000 if panel is PROJECT else COUNT
    for sort in ("name", "-size"):
        first = dashboard.get(panel.index, tag=many, sort=sort)
        assert first.status == 200
        assert len(first.rows) == 1000
        if count == 1000:
            assert first.next_url is None
            assert "1–1000 of 1000 images" in first.text
            continue
        assert "1–1000 of more than 1000 images" in first.text
        second = dashboard.get(first.next_url or "")
        assert len(first.rows | second.rows) == count
        assert len(second.rows) == count - 1000
        assert f"1001–{count} of {count} images" in second.text
        assert list(dashboard.get(second.previous_url or "").rows) == list(first.rows)


def test_a_page_of_a_thousand_takes_two_calls(
    cloud: Cloud, person: Callable[[str], Dashboard], many: str
) -> None:
    """Glance returns 1,000 at a time, and the one after them says that more follow."""
    dashboard = person("admin")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "1000")
    path = f"{ADMIN.index}?tag={many}&domain=all"
    dashboard.get(path)  # What is cached of projects is for another test.
    wait_until_quiet(cloud.glance)
    log = Log(cloud.glance)
    assert len(dashboard.get(path).rows) == 1000
    requests = log.requests()
    assert len(requests) == 2, requests
    # The second call asks for few rows, not for another thousand.
    assert "limit=100&" in requests[1] + "&"
