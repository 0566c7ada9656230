# SPDX-License-Identifier: Apache-2.0
"""People who are logged in, and images for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from demo.cloud import Cloud
from demo.glance import Glance
from tests.integration import frameless
from tests.integration.aftermath import Aftermath
from tests.integration.client import Dashboard
from tests.integration.images import Images, removed_at_the_end
from tests.integration.waiting import wait_until


@pytest.fixture(scope="session")
def log_in(cloud: Cloud) -> Callable[[str], Dashboard]:
    """A person with a session of their own, who works in the project of their account.

    "anonymous" is logged in nowhere.
    """

    def start(name: str) -> Dashboard:
        if name == "anonymous":
            return Dashboard(cloud.horizon.url)
        user = cloud.user(name)
        return Dashboard(cloud.horizon.url).log_in(user, cloud.project_id(user.project))

    return start


@pytest.fixture(scope="module", autouse=True)
def frame(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everybody gets pages without Horizon's frame, unless the module is marked `with_frame`."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.node.get_closest_marker("with_frame"):
            patch.setattr(Dashboard, "theme", frameless.THEME)
        yield


@pytest.fixture(scope="session")
def known() -> dict[str, Dashboard]:
    """Who has logged in for all tests."""
    return {}


@pytest.fixture(autouse=True)
def no_order_from_another_test(known: dict[str, Dashboard]) -> Iterator[None]:
    """The dashboard remembers the order of a list, in a cookie."""
    yield
    for dashboard in known.values():
        jar = dashboard.session.cookies
        for cookie in [each for each in jar if each.name.startswith("hip_sort_")]:
            jar.clear(cookie.domain, cookie.path, cookie.name)


@pytest.fixture(scope="session")
def person(
    cloud: Cloud, log_in: Callable[[str], Dashboard], known: dict[str, Dashboard]
) -> Callable[[str], Dashboard]:
    """A person with the session that they have in all tests; "anonymous" has none."""

    def find(name: str) -> Dashboard:
        if name == "anonymous":
            return Dashboard(cloud.horizon.url)
        if name not in known:
            known[name] = log_in(name)
        return known[name]

    return find


@pytest.fixture
def grant(cloud: Cloud) -> Iterator[Callable[[str, str], None]]:
    """Makes a user an admin of projects/ID or domains/ID until the test is over."""
    session, granted = cloud.session("admin"), []
    roles = session.get(f"{cloud.keystone.auth_url}/roles", params={"name": "admin"})
    role = roles.json()["roles"][0]["id"]

    def make_admin(user: str, of: str) -> None:
        path = f"/{of}/users/{cloud.session(user).get_user_id()}/roles/{role}"
        session.put(cloud.keystone.auth_url + path)
        granted.append(path)

    yield make_admin
    for path in granted:
        session.delete(cloud.keystone.auth_url + path)


@pytest.fixture
def images(cloud: Cloud) -> Iterator[Images]:
    with removed_at_the_end(cloud) as made:
        yield made


@pytest.fixture
def aftermath(cloud: Cloud, images: Images) -> Iterator[Aftermath]:
    """Afterwards, looks at what a failure has left of the test's images."""
    seen = Aftermath(cloud, images)
    yield seen
    seen.check()


@pytest.fixture(scope="module")
def kept_images(cloud: Cloud) -> Iterator[Images]:
    """Images that all tests of a module look at."""
    with removed_at_the_end(cloud) as made:
        yield made


@pytest.fixture
def glance(cloud: Cloud) -> Iterator[Glance]:
    """Glance, for a test that kills it: runs again afterwards."""
    yield cloud.glance
    if not cloud.glance.is_running:
        cloud.glance.start()
    wait_until(cloud.glance.answers, bool, "Glance to answer")
