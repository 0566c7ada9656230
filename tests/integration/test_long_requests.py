# SPDX-License-Identifier: Apache-2.0
"""What a person does elsewhere while a request takes long stays done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from demo.cloud import Cloud
from tests.integration.bodies import Body
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import running
from tests.integration.images import Images
from tests.integration.panels import DOMAIN, PROJECT
from tests.integration.stalled import stalled
from tests.thorough import only_thorough

pytestmark = pytest.mark.with_frame

LogIn = Callable[[str], Dashboard]


def test_project_switched_during_an_upload(cloud: Cloud, log_in: LogIn, images: Images) -> None:
    there = cloud.project_id("acme-lab")
    mine = images.make("stays", data=None, owner="acme-data")
    theirs = images.make("elsewhere", data=None, owner="acme-lab")
    dashboard = log_in("mona")
    assert mine in dashboard.get(PROJECT.index).rows
    tab = dashboard.another_tab()

    def switch() -> None:
        page = tab.get(f"/auth/switch/{there}/", next=PROJECT.index)
        assert theirs in page.rows, page.text[:500]

    answer = dashboard.put(PROJECT.upload(mine), Body(8, halfway=switch))
    assert (answer.status_code, images.status(mine)) == (200, "active"), answer.text
    rows = tab.get(PROJECT.index).rows
    assert theirs in rows
    assert mine not in rows


def test_logged_out_during_an_upload(log_in: LogIn, images: Images) -> None:
    """The data has come: the answer says so, and nobody is logged in again by it."""
    image_id, dashboard = images.make("logout", data=None), log_in("alice")
    tab = dashboard.another_tab()

    def log_out() -> None:
        assert tab.post("/auth/logout/").is_login

    answer = dashboard.put(PROJECT.upload(image_id), Body(8, halfway=log_out))
    assert (answer.status_code, images.status(image_id)) == (200, "active"), answer.text
    assert dashboard.get(PROJECT.index).is_login


@contextmanager
def meanwhile(cloud: Cloud, ask: Callable[[], Page]) -> Iterator[list[Page]]:
    """What is done inside happens while the request waits for Glance; its answer comes then."""
    answers: list[Page] = []
    with ThreadPoolExecutor(1) as pool:
        with stalled(cloud.glance) as glance:
            running_request = pool.submit(ask)
            glance.wait_for_a_request()
            yield answers
        answers.append(running_request.result())


#: A request that waits for Glance, by what a person would call it.
SLOW: dict[str, Callable[[Dashboard, str], Page]] = {
    "list": lambda tab, image_id: tab.get(PROJECT.index),
    "list of the domain": lambda tab, image_id: tab.get(DOMAIN.index),
    "shared with me": lambda tab, image_id: tab.get(PROJECT.shared),
    "details": lambda tab, image_id: tab.get(PROJECT.detail(image_id)),
    "dialog": lambda tab, image_id: tab.get(PROJECT.create),
    "bulk action": lambda tab, image_id: tab.request(
        "POST",
        PROJECT.index,
        data=[
            ("action", "images__protect"),
            ("object_ids", image_id),
            ("csrfmiddlewaretoken", tab.csrf_token),
        ],
        headers={"Referer": tab.base},
        allow_redirects=False,
    ),
    "publish step": lambda tab, image_id: tab.post(
        PROJECT.publish_step(image_id), {"audience": "domain", "tried": ""}
    ),
    "portion of a bulk action": lambda tab, image_id: tab.post(
        f"{PROJECT.index}selection/", {"action": "protect", "id": image_id}
    ),
    "export": lambda tab, image_id: tab.get(f"{PROJECT.index}export/csv/"),
    "download": lambda tab, image_id: tab.get(PROJECT.download(image_id)),
    "verify": lambda tab, image_id: tab.post(PROJECT.verify(image_id)),
}


def active_project(dashboard: Dashboard) -> str:
    """The ID, as a script of the page is told."""
    return str(dashboard.get_json(PROJECT.progress)["project"])


@pytest.mark.parametrize("kind", SLOW)
def test_project_switched_while_glance_is_slow(
    cloud: Cloud, log_in: LogIn, images: Images, kind: str
) -> None:
    image_id, there = images.make("slow", "acme-data"), cloud.project_id("acme-lab")
    dashboard = log_in("mona")
    tab = dashboard.another_tab()
    with meanwhile(cloud, lambda: SLOW[kind](dashboard, image_id)):
        tab.switch(there)
    assert active_project(tab) == there
    assert active_project(dashboard) == there


@pytest.mark.parametrize("kind", ["list", "bulk action", "download"])
def test_logged_in_anew_while_glance_is_slow(
    cloud: Cloud, log_in: LogIn, images: Images, kind: str
) -> None:
    """The late answer brings no session back, and takes none away."""
    image_id, dashboard = images.make("slow", "acme-data"), log_in("mona")
    tab, bob = dashboard.another_tab(), cloud.user("bob")
    with meanwhile(cloud, lambda: SLOW[kind](dashboard, image_id)) as answers:
        tab.post("/auth/logout/")
        # To a page that needs no Glance.
        form = tab.get("/auth/login/", next="/settings/").form("username")
        page = tab.submit(form, username=bob.name, password=bob.password, domain=bob.domain)
        assert page.path == "/settings/"
    assert answers[0].status in (200, 302)
    assert tab.get("/settings/").text.count("bob") > 0
    assert not dashboard.get(PROJECT.index).is_login


def test_what_became_of_a_slow_action_is_told_after_the_switch(
    cloud: Cloud, log_in: LogIn, images: Images
) -> None:
    """And so is what the switch itself has to say."""
    image_id, dashboard = images.make("slow", "acme-data"), log_in("mona")
    tab, there = dashboard.another_tab(), cloud.project_id("acme-lab")
    with meanwhile(cloud, lambda: SLOW["bulk action"](dashboard, image_id)):
        tab.switch(there)
    assert images.show(image_id)["protected"]
    told = " ".join(dashboard.get(PROJECT.index).messages)
    assert "Protected Image" in told
    assert images.name(image_id) in told


def test_two_slow_actions_are_both_told(cloud: Cloud, log_in: LogIn, images: Images) -> None:
    """Each adds to the session that it finds, and not to that with which it began."""
    first, second = images.make("first"), images.make("second")
    dashboard = log_in("alice")
    tab = dashboard.another_tab()
    with (
        ThreadPoolExecutor(1) as pool,
        meanwhile(cloud, lambda: SLOW["bulk action"](dashboard, first)),
    ):
        other = pool.submit(SLOW["bulk action"], tab, second)
    assert other.result().status == 302
    told = " ".join(dashboard.get(PROJECT.index).messages)
    assert images.name(first) in told
    assert images.name(second) in told


@pytest.fixture(scope="module")
def with_messages_in_sessions(cloud: Cloud) -> Iterator[LogIn]:
    storage = "django.contrib.messages.storage.session.SessionStorage"
    yield from running(cloud, "session-messages", {"MESSAGE_STORAGE": storage})


@only_thorough
def test_messages_in_sessions_stay(
    cloud: Cloud, with_messages_in_sessions: LogIn, images: Images
) -> None:
    """A page that has none to show takes none away."""
    dashboard = with_messages_in_sessions("mona")
    tab, there = dashboard.another_tab(), cloud.project_id("acme-lab")
    tab.switch(cloud.project_id("acme-data"))
    dashboard.get(PROJECT.index)
    with meanwhile(cloud, lambda: dashboard.get(PROJECT.index)):
        tab.switch(there)
    assert "acme-lab" in " ".join(tab.get(PROJECT.index).messages)
