# SPDX-License-Identifier: Apache-2.0
"""A service that takes requests and answers none: the dashboard goes on without it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from demo import accounts
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.dashboards import dashboard
from tests.integration import spoiler
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.spoiler import Spoiler
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

#: Pages that may wait at the same time.
WAITING = 5

#: Longer than the test takes: what ends is not ended by this.
TIMEOUT_S = 300


@pytest.fixture(scope="module")
def glance(cloud: Cloud) -> Iterator[Spoiler]:
    with spoiler.spoiler(cloud.glance.url) as between:
        yield between


@pytest.fixture(scope="module")
def nova(cloud: Cloud) -> Iterator[Spoiler]:
    """A compute service that has nothing to say."""
    with spoiler.spoiler(cloud.glance.url) as service:
        yield service


@contextmanager
def dashboard_behind(
    cloud: Cloud, name: str, glance: Spoiler, nova: Spoiler, settings: dict[str, float]
) -> Iterator[Horizon]:
    """A dashboard whose Glance and Nova are the proxies, by the catalog of its Keystone."""
    region = accounts.REGION
    endpoints = [
        {"id": f"nova-{kind}", "interface": kind, "region": region, "region_id": region}
        | {"url": f"{nova.url}/v2.1"}
        for kind in ("public", "internal")
    ]
    compute = {"type": "compute", "name": "nova", "id": "nova", "endpoints": endpoints}
    with spoiler.spoiler(cloud.keystone.url) as keystone:
        keystone.rewritten = {
            cloud.keystone.url: keystone.url,
            cloud.glance.url: glance.url,
            '"catalog": [': f'"catalog": [{json.dumps(compute)}, ',
        }
        urls = {"OPENSTACK_KEYSTONE_URL": f"{keystone.url}/v3"}
        with dashboard(cloud, name, {**urls, **settings}) as horizon:
            yield horizon


@pytest.fixture(scope="module")
def behind(cloud: Cloud, glance: Spoiler, nova: Spoiler) -> Iterator[Horizon]:
    settings = {
        "HELION_IMAGES_WAITING_PER_PROCESS": WAITING,
        "HELION_IMAGES_READ_TIMEOUT_S": TIMEOUT_S,
    }
    with dashboard_behind(cloud, "standstill", glance, nova, settings) as horizon:
        yield horizon


@pytest.fixture(scope="module")
def people(cloud: Cloud, behind: Horizon) -> list[Dashboard]:
    """More than the dashboard has threads."""
    user = cloud.user("alice")
    return [Dashboard(behind.url).log_in(user) for _ in range(behind.threads + 2)]


def all_ask(
    people: list[Dashboard], service: Spoiler, ask: Callable[[Dashboard], Page]
) -> list[Page]:
    """While a service stands still, those who may not wait are answered, and so is somebody who
    logs in.
    """
    service.set("standstill")
    answers: list[Page] = []
    with ThreadPoolExecutor(len(people)) as pool:
        for person in people:
            pool.submit(lambda person=person: answers.append(ask(person)))
        try:
            wait_until(
                lambda: len(answers), lambda n: n == len(people) - WAITING, "the other pages"
            )
            assert Dashboard(people[0].base).get("/auth/login/").form("username")
            answered = list(answers)
            assert len(answered) == len(people) - WAITING, "some still wait"
        finally:
            service.set("")
    assert len(answers) == len(people)
    return answered


@only_thorough
def test_pages_that_wait_leave_threads_for_others(people: list[Dashboard], glance: Spoiler) -> None:
    answers = all_ask(people, glance, lambda person: person.get(PROJECT.index))
    assert {page.status for page in answers} == {503}
    assert all("The image service is not responding." in page.text for page in answers)
    assert all(page.link("Retry") == f"{people[0].base}{PROJECT.index}" for page in answers)
    page = people[0].get(PROJECT.index)
    assert (page.status, page.errors) == (200, [])


def test_confirmations_that_wait_for_nova_leave_threads_for_others(
    people: list[Dashboard], nova: Spoiler, images: Images
) -> None:
    """Its instances are left out, which is said beside the rest."""
    image_id = images.make("used", visibility="shared")
    images.share(image_id, "acme-data")
    answers = all_ask(people, nova, lambda person: person.get(PROJECT.uses, id=image_id))
    note = "Unable to retrieve the instances. The compute service is not responding."
    assert [page.response.json() for page in answers] == [
        {"uses": {image_id: ["Shared with 1 project"]}, "note": note}
    ] * len(answers)


@pytest.mark.parametrize(
    ("only", "tab", "said"),
    [
        ("/info/stores", "overview", "Stores"),
        ("/info/stores", "stores", "Unable to retrieve the stores."),
        ("/info/import", "stores", "archive"),
    ],
)
def test_the_details_work_without_one_answer(
    cloud: Cloud, behind: Horizon, glance: Spoiler, images: Images, only: str, tab: str, said: str
) -> None:
    """One part of Glance fails, and the page says what is missing."""
    image_id, admin = images.make("partly"), Dashboard(behind.url).log_in(cloud.user("acme-admin"))
    glance.only = only
    try:
        # The cloud's answers are cached for a minute.
        for spoil in ("503", "html"):
            glance.set(spoil)
            page = admin.get(ADMIN.detail(image_id), tab=f"image_details__{tab}")
            assert (page.status, page.errors) == (200, [])
            assert said in page.tree.first("div", "active", id=f"image_details__{tab}").text
            assert glance.set("")
    finally:
        glance.set("")
        glance.only = ""


def test_the_details_do_without_flavors(
    cloud: Cloud, behind: Horizon, nova: Spoiler, images: Images
) -> None:
    """Nova is asked once, for less time than the dashboard allows, and then no more for a while."""
    # In another project than the other tests: flavors are cached for each.
    image_id, person = images.make("no-flavors", "acme-data"), Dashboard(behind.url)
    person.log_in(cloud.user("bob"))
    nova.set("standstill")
    try:
        began = time.monotonic()
        page = person.get(PROJECT.detail(image_id))
        assert time.monotonic() - began < TIMEOUT_S / 10
        assert (page.status, page.errors) == (200, [])
        assert "keeps it from booting" in page.text
        assert nova.set("standstill")
        assert person.get(PROJECT.detail(image_id)).status == 200
        assert not nova.set("")
    finally:
        nova.set("")


def test_a_page_that_is_not_answered_in_time(
    cloud: Cloud, glance: Spoiler, nova: Spoiler, images: Images
) -> None:
    """However the time passes: in silence, or byte by byte."""
    image_id, settings = images.make("used"), {"HELION_IMAGES_READ_TIMEOUT_S": 1}
    with dashboard_behind(cloud, "intime", glance, nova, settings) as horizon:
        person = Dashboard(horizon.url).log_in(cloud.user("alice"))
        for spoil in spoiler.SLOW:
            glance.set("")
            nova.set(spoil)
            assert person.get_json(PROJECT.uses, id=image_id)["uses"] == {image_id: []}
            assert nova.set("")
            glance.set(spoil)
            page = person.get(PROJECT.index)
            assert page.status == 503
            assert "The image service is not responding." in page.text
            assert "No images yet" not in page.text
        glance.set("")
        assert person.get(PROJECT.index).status == 200
