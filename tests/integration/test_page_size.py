# SPDX-License-Identifier: Apache-2.0
"""A page of as many rows as Glance returns at once: 1,000, and here fewer, to make fewer images."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT, Panel
from tests.integration.reconfigured import reconfigured
from tests.integration.test_call_budget import Log, wait_until_quiet

#: Rows of a page, and of a response of Glance.
SIZE = 20
#: Images of the first owner, who has one page of them, and of all.
OWN, COUNT = 20, 23


@pytest.fixture(scope="module", autouse=True)
def _short_responses(cloud: Cloud) -> Iterator[None]:
    with reconfigured(cloud, more_config=f"[DEFAULT]\napi_limit_max = {SIZE}\n"):
        yield


@pytest.fixture(scope="module")
def tag(kept_images: Images) -> str:
    """The tag of images of two owners with equal names, with none, and all without a size."""
    found = unique("many")
    for n in range(COUNT):
        name = (f"many {n}", "same", None)[n % 3]
        owner = "acme-web" if n < OWN else "acme-data"
        kept_images.make("many", owner, data=None, tags=[found], name=name)
    return found


@pytest.mark.parametrize("sort", ["name", "-size", "updated"])
@pytest.mark.parametrize(("who", "panel"), [("alice", PROJECT), ("acme-admin", ADMIN)])
def test_a_full_page(
    person: Callable[[str], Dashboard], tag: str, who: str, panel: Panel, sort: str
) -> None:
    dashboard = person(who)
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", str(SIZE))
    first = dashboard.get(panel.index, tag=tag, sort=sort)
    assert (first.status, len(first.rows)) == (200, SIZE)
    if panel is PROJECT:
        assert first.next_url is None
        assert "1–20 of 20 images" in first.text
        return
    assert "1–20 of more than 20 images" in first.text
    second = dashboard.get(first.next_url or "")
    assert len(second.rows) == COUNT - SIZE
    assert len(first.rows | second.rows) == COUNT
    assert "21–23 of 23 images" in second.text
    assert list(dashboard.get(second.previous_url or "").rows) == list(first.rows)


def test_a_full_page_takes_two_calls(
    cloud: Cloud, person: Callable[[str], Dashboard], tag: str
) -> None:
    """The second one says that more follow: it does not ask for as many again."""
    dashboard = person("admin")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", str(SIZE))
    path = f"{ADMIN.index}?tag={tag}&domain=all&sort=updated"
    dashboard.get(path)  # Names of projects are requested once.
    wait_until_quiet(cloud.glance)
    log = Log(cloud.glance)
    assert len(dashboard.get(path).rows) == SIZE
    assert len(log.requests()) == 2, log.requests()
