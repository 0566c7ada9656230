# SPDX-License-Identifier: Apache-2.0
"""A Glance that takes requests and answers none: the dashboard goes on without it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.dashboards import dashboard
from tests.integration import spoiler
from tests.integration.client import Dashboard, Page
from tests.integration.panels import PROJECT
from tests.integration.spoiler import Spoiler
from tests.integration.waiting import wait_until

#: Pages that may wait at the same time.
WAITING = 5

#: Longer than the test takes: what ends is not ended by this.
TIMEOUT_S = 300


@pytest.fixture(scope="module")
def glance(cloud: Cloud) -> Iterator[Spoiler]:
    with spoiler.spoiler(cloud.glance.url) as between:
        yield between


@pytest.fixture(scope="module")
def behind(cloud: Cloud, glance: Spoiler) -> Iterator[Horizon]:
    """A dashboard whose Glance is the proxy, by the catalog that its Keystone returns."""
    with spoiler.spoiler(cloud.keystone.url) as keystone:
        keystone.rewritten = {cloud.keystone.url: keystone.url, cloud.glance.url: glance.url}
        settings = {
            "OPENSTACK_KEYSTONE_URL": f"{keystone.url}/v3",
            "HELION_IMAGES_WAITING_PER_PROCESS": WAITING,
            "HELION_IMAGES_READ_TIMEOUT_S": TIMEOUT_S,
        }
        with dashboard(cloud, "standstill", settings) as horizon:
            yield horizon


def test_pages_that_wait_leave_threads_for_others(
    cloud: Cloud, behind: Horizon, glance: Spoiler
) -> None:
    user = cloud.user("alice")
    people = [Dashboard(behind.url).log_in(user) for _ in range(behind.threads + 2)]
    glance.set("standstill")
    answers: list[Page] = []
    with ThreadPoolExecutor(len(people)) as pool:
        for person in people:
            pool.submit(lambda person=person: answers.append(person.get(PROJECT.index)))
        try:
            wait_until(
                lambda: len(answers), lambda n: n == len(people) - WAITING, "the other pages"
            )
            assert {page.status for page in answers} == {503}
            assert all("The image service is not responding." in page.text for page in answers)
            assert all(page.link("Retry") == f"{behind.url}{PROJECT.index}" for page in answers)
            assert Dashboard(behind.url).get("/auth/login/").form("username")
            assert len(answers) == len(people) - WAITING, "some still wait"
        finally:
            glance.set("")
    assert len(answers) == len(people)
    page = people[0].get(PROJECT.index)
    assert (page.status, page.errors) == (200, [])


def test_a_page_that_is_not_answered_in_time(cloud: Cloud, glance: Spoiler) -> None:
    """However the time passes: in silence, or byte by byte."""
    with spoiler.spoiler(cloud.keystone.url) as keystone:
        keystone.rewritten = {cloud.keystone.url: keystone.url, cloud.glance.url: glance.url}
        settings = {
            "OPENSTACK_KEYSTONE_URL": f"{keystone.url}/v3",
            "HELION_IMAGES_READ_TIMEOUT_S": 1,
        }
        with dashboard(cloud, "intime", settings) as horizon:
            person = Dashboard(horizon.url).log_in(cloud.user("alice"))
            for spoil in spoiler.SLOW:
                glance.set(spoil)
                page = person.get(PROJECT.index)
                assert page.status == 503
                assert "The image service is not responding." in page.text
                assert "No images yet" not in page.text
            glance.set("")
            assert person.get(PROJECT.index).status == 200
