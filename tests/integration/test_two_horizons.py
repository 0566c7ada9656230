# SPDX-License-Identifier: Apache-2.0
"""Two dashboards that take turns behind nginx; either of them dies, and so does memcached.

Each test asserts that both dashboards have answered the person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from demo import ports
from demo.cloud import Cloud
from demo.horizon import Horizon
from helion_images_panel.api.lock import HELD_S
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import expected_property
from tests.integration import two_horizons
from tests.integration.aftermath import Aftermath
from tests.integration.bodies import Body
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.publishing import Published, publish
from tests.integration.test_import_retry import followed
from tests.integration.two_horizons import SELECTION_PAGE_SIZE, Person, Site
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

ATTEMPT = "0123456789abcdef" * 2
BAD_GATEWAY = 502


@dataclass
class Running:
    site: Site
    #: A dashboard of the same memcached, whose sessions are in cookies.
    in_cookies: Horizon


@pytest.fixture(scope="module")
def running(cloud: Cloud) -> Iterator[Running]:
    two_horizons.require()
    site = Site(cloud)
    in_cookies = site.horizon(
        "horizon-cookie-sessions",
        ports.assign({"cookies": None})["cookies"],
        {"SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies"},
    )
    with site.running(in_cookies):
        yield Running(site, in_cookies)


@pytest.fixture
def site(running: Running) -> Site:
    """All of it, whatever the test before has killed."""
    running.site.whole()
    return running.site


@pytest.fixture
def person(cloud: Cloud, site: Site) -> Iterator[Callable[[str], Person]]:
    known: dict[str, Person] = {}

    def find(name: str) -> Person:
        if name not in known:
            known[name] = site.log_in(cloud.user(name))
        return known[name]

    yield find
    answered: set[str] = set()
    assert answered.union(*(each.hosts for each in known.values())) == site.hosts


@pytest.fixture
def alice(person: Callable[[str], Person]) -> Person:
    return person("alice")


@pytest.fixture
def acme_admin(person: Callable[[str], Person]) -> Person:
    return person("acme-admin")


def told(dashboard: Dashboard, image_id: str) -> list[dict[str, Any]]:
    """What each of the dashboards says of an image: two requests that follow one another."""
    return [dashboard.get_json(PROJECT.progress, id=image_id)["images"][0] for _turn in range(2)]


def expecting(images: Images, data: bytes) -> str:
    """An image of DATA that is expected to be of other data."""
    image_id = images.make("expected")
    checksum = Checksum("sha256", hashlib.sha256(data).hexdigest())
    images.update(image_id, **expected_property(image_id, checksum))
    return image_id


def key(cloud: Cloud, kind: str, image_id: str) -> str:
    region = hashlib.sha256(cloud.glance.url.encode()).hexdigest()
    return f"helion_images.{kind}.{image_id}.{region}"


# Whichever answers next.


def test_a_failed_import_is_started_again_by_one_of_them(
    alice: Person, cloud: Cloud, images: Images
) -> None:
    """Four tabs ask both dashboards as fast as they can."""
    image_id = images.make("imported", data=None, disk_format="qcow2")
    url, api = f"{cloud.glance.url}/v2/images/{image_id}", cloud.session("alice")
    source = f"{cloud.files.url}/once/{unique('key')}/tiny.qcow2"
    body = {
        "method": {"name": "web-download", "uri": source},
        "stores": ["fast"],
        "all_stores_must_succeed": False,
    }
    api.post(f"{url}/import", json=body)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda tab: followed(tab, image_id), [alice.another_tab() for _ in range(4)]))
    assert images.status(image_id) == "active"
    assert len(api.get(f"{url}/tasks").json()["tasks"]) == 2
    told(alice, image_id)


def test_upload_with_its_progress(alice: Person, images: Images) -> None:
    image_id = images.make("uploaded", data=None)
    tab, seen, refused = alice.another_tab(), [], []

    def look() -> None:
        images.wait_for_status(image_id, "saving")
        seen.extend(told(tab, image_id))
        refused.extend(tab.put(PROJECT.upload(image_id), DATA) for _turn in range(2))

    body = Body(16, halfway=look)
    answer = alice.put(f"{PROJECT.upload(image_id)}?attempt={ATTEMPT}", body)
    assert (answer.status_code, images.status(image_id)) == (200, "active"), answer.text
    assert images.show(image_id)["os_hash_value"] == body.sha512
    assert all(state["in_progress"] and state["stored_bytes"] is not None for state in seen)
    assert [each.json()["kind"] for each in refused] == ["taken", "taken"]
    states = told(alice, image_id)
    assert [state["stored_attempt"] for state in states] == [ATTEMPT, ATTEMPT]
    assert [state["verification"] for state in states] == ["verified", "verified"]


def test_the_reason_of_a_failed_upload(alice: Person, images: Images) -> None:
    image_id = images.make("refused", data=None, disk_format="qcow2")
    assert alice.put(PROJECT.upload(image_id), DATA).status_code == 415
    first, second = told(alice, image_id)
    assert "QCOW2" in first["failure"]
    assert first["failure"] == second["failure"]


def test_publish_one_at_a_time(
    site: Site, acme_admin: Person, person: Callable[[str], Person], images: Images
) -> None:
    """The other dashboard refuses publishing, and each other change of who has the image."""
    image_id, admin = images.make("published"), person("admin")
    with site.gate.holding(
        rf"PUT /v2/images/{image_id}/members/.*",
        lambda: publish(acme_admin, ADMIN, image_id, "domain"),
    ) as run:
        site.gate.sender()
        for audience in ("domain", "cloud"):
            other = publish(admin, ADMIN, image_id, audience)
            assert (other.status, "by another request" in other.reason) == (409, True), audience
        site.gate.release()
        published = run()
    assert (published.status, published.reached, published.total) == (200, 3, 3)
    assert len(images.members(image_id)) == 2
    run = publish(acme_admin, ADMIN, image_id, "own")
    assert (run.status, images.show(image_id)["visibility"]) == (200, "private")
    assert "helion_images_published" not in images.show(image_id)


def test_bulk_action_with_its_report(alice: Person, images: Images) -> None:
    """The report is shown by the other dashboard than the one that has acted."""
    ids = [images.make("bulk", data=None) for _number in range(3)]
    for action, protected in (("protect", True), ("unprotect", False)):
        page = alice.act(PROJECT.index, action, *ids)
        assert all(images.name(id_) in " ".join(page.messages) for id_ in ids), page.messages
        assert [images.show(id_)["protected"] for id_ in ids] == [protected] * 3


def test_select_all(alice: Person, images: Images) -> None:
    """Of more than are read at once: each dashboard goes on where the other one has stopped."""
    tag = unique("all")
    count = 2 * SELECTION_PAGE_SIZE + 1
    made = {images.make("all", data=None, tags=[tag]) for _number in range(count)}
    for _turn in range(2):  # Their code is loaded then.
        alice.get(PROJECT.index)
    pages: list[list[str]] = []
    position: Any = {}
    while position is not None:
        answer = alice.get_json(f"{PROJECT.index}selection/", action="delete", tag=tag, **position)
        pages.append([image["id"] for image in answer["images"]])
        position = answer["next"]
    assert [len(page) for page in pages] == [SELECTION_PAGE_SIZE, SELECTION_PAGE_SIZE, 1]
    assert set().union(*pages) == made
    for page in pages:
        fields = [("action", "delete"), *(("id", id_) for id_ in page)]
        fields.append(("confirmed_name", "acme-web"))
        results = alice.post(f"{PROJECT.index}selection/", fields).response.json()["results"]
        assert {each["failure"] for each in results} == {""}
    assert images.list(tag=tag) == []


def test_verification(site: Site, alice: Person, images: Images) -> None:
    image_id = expecting(images, DATA)
    with site.gate.holding(
        f"GET /v2/images/{image_id}/file",
        lambda: alice.post(PROJECT.verify(image_id)),
    ) as checked:
        site.gate.sender()
        tab = alice.another_tab()
        for _turn in range(2):
            assert tab.post(PROJECT.verify(image_id)).response.json()["kind"] == "busy"
        site.gate.release()
        assert checked().response.json() == {"verification": "verified"}
    assert [state["verification"] for state in told(alice, image_id)] == ["verified"] * 2


def test_mismatch(alice: Person, images: Images) -> None:
    """Both dashboards know the mismatch; the image is deleted once it was seen, and not twice."""
    image_id = expecting(images, b"other")
    answers = [alice.post(PROJECT.verify(image_id)).response.json() for _turn in range(2)]
    assert [each["deleted"] for each in answers] == [False, False]
    assert alice.post(answers[0]["seen_url"]).response.json()["deleted"] is True
    assert alice.post(answers[0]["seen_url"]).status == 404
    assert not images.exists(image_id)


def test_import(cloud: Cloud, alice: Person, images: Images) -> None:
    form = alice.get(PROJECT.create).form("disk_format")
    fields = {"name": unique("import"), "source": "location", "disk_format": "qcow2"}
    page = alice.submit(form, **fields, location=f"{cloud.files.url}/tiny.qcow2")
    assert page.status == 201, page.form_errors
    image_id = images.adopt(page.response.json()["id"])
    states = wait_until(
        lambda: told(alice, image_id),
        lambda states: not any(state["in_progress"] for state in states),
        "the end of the import",
    )
    assert [(state["status"], state["failure"]) for state in states] == [("active", "")] * 2


def test_export(alice: Person, images: Images) -> None:
    tag = unique("export")
    made = {images.make("exported", data=None, tags=[tag]) for _number in range(3)}
    first, second = (
        alice.get_json(f"{PROJECT.index}export/json/", tag=tag)["images"] for _turn in range(2)
    )
    assert first == second
    assert {image["id"] for image in first} == made


# One of them is killed.


def test_killed_during_an_upload(
    site: Site, alice: Person, images: Images, aftermath: Aftermath
) -> None:
    image_id = images.make("killed-upload", data=None)
    path = f"PUT /v2/images/{image_id}/file"
    with site.gate.watching(path):
        answer = put(alice, image_id, Body(32, halfway=site.kill_sender))
    assert answer in (BAD_GATEWAY, None)
    images.wait_for_status(image_id, "queued")
    aftermath.check()
    states = told(alice, image_id)
    assert [(each["status"], each["in_progress"]) for each in states] == [("queued", False)] * 2
    assert [each["stored_bytes"] for each in states] == [None, None]
    aftermath.sent[image_id] = hashlib.sha512(DATA).hexdigest()
    assert put(alice, image_id, DATA) == 200
    site.whole()
    assert [each["status"] for each in told(alice, image_id)] == ["active"] * 2


def put(dashboard: Dashboard, image_id: str, data: Any) -> int | None:
    """The status; None if the connection was reset while the data was sent."""
    try:
        return dashboard.put(PROJECT.upload(image_id), data).status_code
    except requests.ConnectionError:
        return None


def test_killed_while_publishing(
    cloud: Cloud, site: Site, acme_admin: Person, images: Images
) -> None:
    image_id = images.make("killed-publishing")
    before, lock = images.unchanging(image_id), key(cloud, "publishing", image_id)
    with site.gate.holding(
        rf"PUT /v2/images/{image_id}/members/.*",
        lambda: publish(acme_admin, ADMIN, image_id, "domain", steps=1),
    ) as run:
        site.kill_sender()
        assert run().status == BAD_GATEWAY
    assert len(images.members(image_id)) == 1
    left_s = site.memcached.remaining_s(lock)
    assert left_s is not None
    assert 0 < left_s <= HELD_S
    refused = publish(acme_admin, ADMIN, image_id, "domain")
    assert (refused.status, "Try again in a moment" in refused.reason) == (409, True)
    site.memcached.drop(lock)  # As it expires by itself.

    finished = publish(acme_admin, ADMIN, image_id, "domain")
    assert (finished.status, finished.reached, finished.total) == (200, 3, 3)
    assert set(images.members(image_id).values()) == {"accepted"}
    assert site.memcached.remaining_s(lock) is None
    publish(acme_admin, ADMIN, image_id, "own")
    assert images.unchanging(image_id) == before
    images.update(image_id, visibility="shared")
    assert images.members(image_id) == {}


def test_killed_during_a_bulk_action(site: Site, alice: Person, images: Images) -> None:
    ids = [images.make("killed-bulk", data=None) for _number in range(3)]
    by_name = sorted(ids, key=images.name)
    with site.gate.holding(
        f"PATCH /v2/images/{ids[1]}",
        lambda: alice.act(PROJECT.index, "protect", *by_name),
    ) as acted:
        site.kill_sender()
        assert acted().status == BAD_GATEWAY
    done = [images.show(id_)["protected"] for id_ in ids]
    assert True in done
    assert not done[1]
    page = alice.act(PROJECT.index, "protect", *by_name)
    assert page.status == 200
    assert all(images.show(id_)["protected"] for id_ in ids)
    assert all(images.name(id_) in " ".join(page.messages) for id_ in ids), page.messages


def test_killed_during_a_verification(
    cloud: Cloud, site: Site, alice: Person, images: Images
) -> None:
    image_id = expecting(images, b"other")
    before, lock = images.unchanging(image_id), key(cloud, "verify", image_id)
    with site.gate.holding(
        f"GET /v2/images/{image_id}/file",
        lambda: alice.post(PROJECT.verify(image_id)),
    ) as checked:
        site.kill_sender()
        assert checked().status == BAD_GATEWAY
    assert images.unchanging(image_id) == before
    left_s = site.memcached.remaining_s(lock)
    assert left_s is not None
    assert 0 < left_s <= HELD_S
    assert alice.post(PROJECT.verify(image_id)).response.json()["kind"] == "busy"
    assert told(alice, image_id)[0]["check_due"]
    site.memcached.drop(lock)  # As it expires by itself.
    answer = alice.post(PROJECT.verify(image_id)).response.json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
    assert images.exists(image_id)


# Memcached is killed, or forgets something.


def test_memcached_evicts_the_lock(
    cloud: Cloud, site: Site, acme_admin: Person, person: Callable[[str], Person], images: Images
) -> None:
    """Another run begins, and the first one writes no record any more."""
    image_id, admin = images.make("evicted"), person("admin")
    before, lock = images.unchanging(image_id), key(cloud, "publishing", image_id)
    with site.gate.holding(
        rf"PUT /v2/images/{image_id}/members/.*",
        lambda: publish(acme_admin, ADMIN, image_id, "domain"),
    ) as run:
        site.gate.sender()
        site.memcached.drop(lock)
        with site.second_gate.holding(
            f"POST /v2/images/{image_id}/members",
            lambda: publish(admin, ADMIN, image_id, "domain"),
        ) as other:
            site.second_gate.sender()
            site.gate.release()
            assert run().status == 409
            site.second_gate.release()
            assert other().status == 200
    assert publish(admin, ADMIN, image_id, "domain").reached == 3
    assert set(images.members(image_id).values()) == {"accepted"}
    assert publish(acme_admin, ADMIN, image_id, "own").status == 200
    assert images.unchanging(image_id) == before
    images.update(image_id, visibility="shared")
    assert images.members(image_id) == {}


@only_thorough
def test_memcached_stays_away_from_sessions_in_cookies(
    cloud: Cloud, site: Site, running: Running, images: Images
) -> None:
    """All goes on, but for what is unsafe without a lock."""
    alice, acme_admin = (
        Dashboard(running.in_cookies.url).log_in(cloud.user(name))
        for name in ("alice", "acme-admin")
    )
    owned = images.make("owned")
    site.memcached.kill()
    image_id = images.make("without", data=None)
    assert image_id in alice.get(PROJECT.index).rows
    assert alice.put(PROJECT.upload(image_id), DATA).status_code == 200
    assert [state["verification"] for state in told(alice, image_id)] == ["verified"] * 2
    page = alice.act(PROJECT.index, "protect", image_id)
    assert any(images.name(image_id) in text for text in page.messages), page.messages
    form = alice.get(PROJECT.update(image_id)).form("name")
    assert not alice.submit(form, name=unique("renamed")).form_errors
    assert "renamed" in images.name(image_id)
    expected = expecting(images, DATA)
    verified = alice.post(PROJECT.verify(expected)).response.json()
    assert verified == {"verification": "verified"}

    before = images.unchanging(owned)
    refused = publish(acme_admin, ADMIN, owned, "domain")
    assert (refused.status, "does not respond" in refused.reason) == (503, True)
    page = alice.post(PROJECT.share(owned), {"projects": cloud.project_id("acme-lab")})
    assert any("does not respond" in text for text in page.form_errors), page.text
    assert images.unchanging(owned) == before


def test_memcached_restarts_empty(
    cloud: Cloud, site: Site, acme_admin: Person, alice: Person, images: Images
) -> None:
    """While one user publishes an image, and another one uploads a file."""
    image_id, uploaded = images.make("memcached"), images.make("memcached", data=None)
    before, body = images.unchanging(image_id), Body(16, halfway=site.memcached.kill)
    with site.gate.holding(
        rf"PUT /v2/images/{image_id}/members/.*",
        lambda: publish(acme_admin, ADMIN, image_id, "domain"),
    ) as run:
        site.gate.sender()
        answer = alice.put(PROJECT.upload(uploaded), body)
        site.gate.release()
        interrupted = run()
    assert (answer.status_code, images.status(uploaded)) == (200, "active"), answer.text
    assert images.show(uploaded)["os_hash_value"] == body.sha512
    assert interrupted.status == 503
    assert "the cache of the dashboard does not respond" in interrupted.reason
    members = images.members(image_id)
    assert members
    assert all(id_ in images.show(image_id)["helion_images_published"] for id_ in members)
    # The sessions are in memcached: Horizon knows nobody.
    for _turn in range(2):
        assert alice.get(PROJECT.index).is_login

    site.whole()

    def run_again(audience: str) -> Published | None:
        """None as long as a dashboard counts memcached as dead."""
        try:
            again = site.log_in(cloud.user("acme-admin"))
        except AssertionError:
            return None
        return publish(again, ADMIN, image_id, audience)

    def is_done(run: Published | None) -> bool:
        return run is not None and run.status == 200

    finished = wait_until(lambda: run_again("domain"), is_done, "the rest to be published")
    assert finished is not None
    assert (finished.reached, finished.total) == (3, 3)
    assert set(images.members(image_id).values()) == {"accepted"}
    wait_until(lambda: run_again("own"), is_done, "the image to be unpublished")
    assert images.unchanging(image_id) == before
    images.update(image_id, visibility="shared")
    assert images.members(image_id) == {}
