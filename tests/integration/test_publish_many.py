# SPDX-License-Identifier: Apache-2.0
"""A domain with more projects than an image may have members, in Glance's own count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.cloud import Cloud
from tests.big_domain import BigDomain
from tests.dashboards import dashboard
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.publishing import create, publish
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

#: One owner, and 120 others; Glance lets an image have 128 members.
PROJECTS, MORE = 121, 20
GLANCES_QUOTA = 128
CONCURRENCY = 8


@pytest.fixture(scope="module")
def domain(cloud: Cloud) -> Iterator[BigDomain]:
    made = BigDomain(cloud)
    made.add(PROJECTS)
    yield made
    made.remove()


@pytest.fixture
def admin(person: Callable[[str], Dashboard]) -> Dashboard:
    return person("admin")


def make(images: Images, domain: BigDomain) -> str:
    image_id = images.make("many")
    images.update(image_id, owner=domain.projects[0])
    return image_id


@only_thorough
def test_run_that_is_cut_off_is_finished_by_the_next(
    admin: Dashboard, images: Images, domain: BigDomain
) -> None:
    image_id = make(images, domain)
    before = images.unchanging(image_id)
    first = publish(admin, ADMIN, image_id, "domain", steps=2)
    assert 0 < len(images.members(image_id)) < PROJECTS - 1
    second = publish(admin, ADMIN, image_id, "domain")
    assert (second.reached, second.total, second.projects) == (PROJECTS, PROJECTS, [])
    assert not set(first.tried) & set(second.tried)
    found = images.members(image_id)
    assert set(found) == set(domain.projects[1:])
    assert set(found.values()) == {"accepted"}
    page = admin.act(ADMIN.index, "unpublish", image_id)
    assert not page.errors
    assert images.unchanging(image_id) == before
    images.update(image_id, visibility="shared")
    assert images.members(image_id) == {}


@pytest.fixture
def their_admin(cloud: Cloud, log_in: Callable[[str], Dashboard], domain: BigDomain) -> Dashboard:
    """The cloud's admin, in a session of its own, at work in a project of the big domain."""
    admin = log_in("admin")
    domain.make_admin("admin")
    admin.get(f"/auth/switch/{domain.projects[0]}/")
    return admin


def test_a_new_image_is_published_step_by_step(
    their_admin: Dashboard, images: Images, domain: BigDomain
) -> None:
    steps = create(their_admin, audience="domain").response.json()
    image_id, first = images.adopt(steps["id"]), steps["publish"]
    assert 0 < first["reached"] < PROJECTS
    assert first["left"] == PROJECTS - first["reached"]
    run = publish(their_admin, PROJECT, image_id, "domain", tried=first["tried"])
    assert (run.reached, run.total, run.projects) == (PROJECTS, PROJECTS, [])
    assert len(images.members(image_id)) == PROJECTS - 1


def test_a_new_image_is_published_before_glance_fetches_it(
    cloud: Cloud, their_admin: Dashboard, images: Images, domain: BigDomain
) -> None:
    location = f"{cloud.files.url}/tiny.qcow2"
    fields = {"source": "location", "location": location, "disk_format": "qcow2"}
    answer = create(their_admin, audience="domain", **fields).response.json()
    image_id = images.adopt(answer["id"])
    assert (answer["publish"]["left"], answer["publish"]["reached"]) == (0, PROJECTS)
    assert len(images.members(image_id)) == PROJECTS - 1


def test_more_than_may_be_is_refused_before_it_begins(
    admin: Dashboard, images: Images, domain: BigDomain
) -> None:
    domain.add(MORE - (len(domain.projects) - PROJECTS))
    image_id = make(images, domain)
    before = images.unchanging(image_id)
    form = admin.get(ADMIN.publish, id=image_id).form("audience")
    (choice,) = form.element.all("input", value="domain")
    assert "disabled" in choice.attributes
    run = publish(admin, ADMIN, image_id, "domain")
    assert run.status == 409
    assert f"{PROJECTS + MORE - 1} members" in run.reason
    assert images.unchanging(image_id) == before


def test_no_image_is_made_for_more_than_may_be(
    cloud: Cloud, their_admin: Dashboard, domain: BigDomain
) -> None:
    domain.add(MORE - (len(domain.projects) - PROJECTS))
    page = create(their_admin, audience="domain")
    assert page.status == 200
    assert any(
        f"{PROJECTS + MORE - 1} members" in error for error in page.form("disk_format").errors
    )
    owned = {"filters": {"owner": domain.projects[0], "visibility": "all"}}
    assert not [
        image
        for image in cloud.glance_client("admin").images.list(**owned)
        if image["name"].startswith("it-new-")
    ]


@only_thorough
def test_two_at_once(cloud: Cloud, images: Images, domain: BigDomain) -> None:
    """A step of one project after the other is slow enough for another page to come meanwhile."""
    image_id = make(images, domain)
    before = images.unchanging(image_id)
    # Whatever other tests have made of the domain, a step takes no more than 24 of its projects.
    settings = {"HELION_IMAGES_MEMBERS_QUOTA": -1, "HELION_IMAGES_CONCURRENCY": 1}
    with dashboard(cloud, "at-once", settings) as horizon:
        first, second = (Dashboard(horizon.url).log_in(cloud.user("admin")) for _ in range(2))
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(publish, first, ADMIN, image_id, "domain", steps=1)
            wait_until(
                lambda: images.show(image_id)["visibility"], "shared".__eq__, "the step to begin"
            )
            refused = publish(second, ADMIN, image_id, "domain", steps=1)
            # This one waits a moment, and may have its turn.
            meanwhile = publish(second, ADMIN, image_id, "cloud")
            taken = running.result()
        busy = (
            "The image is being published or unpublished by another request. Try again in a moment."
        )
        assert (refused.status, refused.reason) == (409, busy)
        assert (meanwhile.status, meanwhile.reason) in ((200, ""), (409, busy))
        assert (taken.status, len(taken.tried)) == (200, 24)
        # Whoever came, all that was given is known.
        assert publish(first, ADMIN, image_id, "cloud").status == 200
        assert publish(first, ADMIN, image_id, "own").status == 200
    assert images.unchanging(image_id) == before
    images.update(image_id, visibility="shared")
    assert images.members(image_id) == {}


@only_thorough
def test_where_glance_refuses_the_rest_each_project_is_told(
    cloud: Cloud, images: Images, domain: BigDomain
) -> None:
    """The setting says more than Glance allows: the 129th member is refused by Glance."""
    domain.add(MORE - (len(domain.projects) - PROJECTS))
    image_id = make(images, domain)
    before = images.unchanging(image_id)
    settings = {"HELION_IMAGES_MEMBERS_QUOTA": 1000, "HELION_IMAGES_CONCURRENCY": CONCURRENCY}
    with dashboard(cloud, "many", settings) as horizon:
        admin = Dashboard(horizon.url).log_in(cloud.user("admin"))
        run = publish(admin, ADMIN, image_id, "domain")
        # Glance counts before it adds: those that come at the same time may all be let in.
        assert GLANCES_QUOTA < run.reached < GLANCES_QUOTA + CONCURRENCY
        assert run.total == PROJECTS + MORE
        assert len(run.projects) == run.total - run.reached > 0
        assert {each["reason"] for each in run.projects} == {
            "The image has reached this cloud's limit of members."
        }
        assert len(images.members(image_id)) == run.reached - 1
        publish(admin, ADMIN, image_id, "own")
    assert images.unchanging(image_id) == before
