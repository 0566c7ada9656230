# SPDX-License-Identifier: Apache-2.0
"""Files that are staged and imported: with the same results as files that are stored at once."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from demo.glance import Glance
from demo.horizon import Horizon
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_property, verified_of
from tests.dashboards import dashboard
from tests.integration.aftermath import Aftermath
from tests.integration.bodies import MIB, Body, send_head
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn
from tests.integration.images import DATA, Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.reconfigured import reconfigured
from tests.integration.sessions import revoke_tokens
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

STAGE = {"HELION_IMAGES_UPLOAD_METHOD": "stage"}
#: The request that starts the import of what was staged before.
IMPORT = "?staged=1"


@pytest.fixture(scope="module")
def horizon(cloud: Cloud) -> Iterator[Horizon]:
    with dashboard(cloud, "stage", STAGE) as horizon:
        yield horizon


@pytest.fixture(scope="module")
def new_login(cloud: Cloud, horizon: Horizon) -> LogIn:
    """A session of its own for each call."""
    return lambda who: Dashboard(horizon.url).log_in(cloud.user(who))


@pytest.fixture(scope="module")
def uploader(new_login: LogIn) -> LogIn:
    known: dict[str, Dashboard] = {}

    def find(who: str) -> Dashboard:
        if who not in known:
            known[who] = new_login(who)
        return known[who]

    return find


def accepted(image_id: str) -> dict[str, Any]:
    return {"id": image_id, "verification": "", "warnings": [], "importing": True}


def told(dashboard: Dashboard, image_id: str) -> dict[str, Any]:
    (state,) = dashboard.get_json(PROJECT.progress, id=image_id)["images"]
    return dict(state)


def imported(
    dashboard: Dashboard, images: Images, image_id: str, aftermath: Aftermath, sha512: str
) -> dict[str, Any]:
    """The state of the image when its import has ended well."""
    aftermath.sent[image_id] = sha512
    images.wait_for_status(image_id, "active", within_s=60)
    return told(dashboard, image_id)


def upload(
    dashboard: Dashboard, images: Images, aftermath: Aftermath, image_id: str, data: bytes = DATA
) -> dict[str, Any]:
    answer = dashboard.put(PROJECT.upload(image_id), data)
    assert (answer.status_code, answer.json()) == (200, accepted(image_id)), answer.text
    sha512 = hashlib.sha512(data).hexdigest()
    return imported(dashboard, images, image_id, aftermath, sha512)


def test_whole(uploader: LogIn, images: Images, aftermath: Aftermath) -> None:
    """Glance has imported what was sent, and its checksum confirms it."""
    alice, image_id, body = uploader("alice"), images.make("whole", data=None), Body(7)
    answer = alice.put(PROJECT.upload(image_id), body)
    assert (answer.status_code, answer.json()) == (200, accepted(image_id))
    state = imported(alice, images, image_id, aftermath, body.sha512)
    assert (state["verification"], state["check_due"], state["failure"]) == ("verified", False, "")
    assert state["stored_attempt"] == ""
    image = images.show(image_id)
    record = verified_of(Image.from_glance(image))
    assert record is not None
    assert (record.checksums[0], record.by) == (Checksum("sha512", body.sha512), "alice")
    (task,) = images.session.get(f"{images.cloud.glance.url}/v2/images/{image_id}/tasks").json()[
        "tasks"
    ]
    assert task["input"]["import_req"]["method"] == {"name": "glance-direct"}
    assert "Yes, " in alice.get(PROJECT.detail(image_id)).text


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_expected_checksum(
    uploader: LogIn, images: Images, aftermath: Aftermath, algorithm: str
) -> None:
    """A wrong file is refused before all of it is staged, and the right one may follow."""
    image_id, data = images.make("expected", data=None), DATA + algorithm.encode()
    expected = Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())
    images.update(image_id, **expected_property(image_id, expected))
    answer = uploader("alice").put(PROJECT.upload(image_id), Body(9))
    assert (answer.status_code, answer.json()["kind"]) == (422, "checksum")
    assert (images.status(image_id), images.show(image_id)["size"]) == ("queued", None)
    aftermath.check()
    assert told(uploader("alice"), image_id)["failure"] == answer.json()["reason"]

    state = upload(uploader("alice"), images, aftermath, image_id, data)
    assert (state["verification"], state["failure"]) == ("verified", "")


def test_refused_content(uploader: LogIn, images: Images, aftermath: Aftermath) -> None:
    image_id = images.make("refused", data=None)
    answer = uploader("alice").put(PROJECT.upload(image_id), imagefiles.qcow2(MIB))
    assert (answer.status_code, answer.json()["kind"]) == (415, "format")
    images.wait_for_status(image_id, "queued")
    upload(uploader("alice"), images, aftermath, image_id)


@pytest.mark.parametrize("store", ["fast", "archive"])
def test_store(uploader: LogIn, images: Images, aftermath: Aftermath, store: str) -> None:
    image_id = images.make("store", data=None)
    answer = uploader("alice").put(PROJECT.upload(image_id) + f"?store={store}", DATA)
    assert answer.json() == accepted(image_id)
    imported(uploader("alice"), images, image_id, aftermath, hashlib.sha512(DATA).hexdigest())
    assert images.show(image_id)["stores"] == store


def test_browser_gone(uploader: LogIn, images: Images, aftermath: Aftermath) -> None:
    """Its progress shows until then. Nothing of it stays, and the next upload is taken."""
    alice, image_id = uploader("alice"), images.make("gone", data=None)
    connection = send_head(alice, PROJECT.upload(image_id), str(64 * MIB))
    connection.sendall(bytes(9 * MIB))
    state = wait_until(
        lambda: told(alice, image_id),
        lambda state: state["status"] == "uploading",
        "bytes to be staged",
    )
    assert (state["in_progress"], state["failure"]) == (True, "")
    assert 0 <= state["stored_bytes"] <= 9 * MIB
    connection.close()
    images.wait_for_status(image_id, "queued")
    wait_until(lambda: told(alice, image_id)["failure"], bool, "a reason")
    aftermath.check()
    upload(alice, images, aftermath, image_id)


def test_two_people(uploader: LogIn, images: Images, aftermath: Aftermath) -> None:
    image_id, body = images.make("two", data=None), Body(16)
    second: list[tuple[int, str]] = []

    def try_too() -> None:
        images.wait_for_status(image_id, "uploading")
        answer = uploader("acme-admin").put(ADMIN.upload(image_id), DATA)
        second.append((answer.status_code, answer.json()["kind"]))

    other = threading.Thread(target=try_too)
    other.start()
    body.halfway = other.join
    answer = uploader("alice").put(PROJECT.upload(image_id), body)
    assert (answer.status_code, second) == (200, [(409, "taken")])
    imported(uploader("alice"), images, image_id, aftermath, body.sha512)


@only_thorough
def test_two_people_at_the_same_moment(
    uploader: LogIn, images: Images, aftermath: Aftermath
) -> None:
    image_id, bodies = images.make("race", data=None), {"alice": Body(8), "acme-admin": Body(9)}
    panels = {"alice": PROJECT, "acme-admin": ADMIN}
    ready = threading.Barrier(2)
    answers: dict[str, int] = {}

    def put(who: str) -> None:
        session = uploader(who)
        ready.wait(timeout=30)
        answers[who] = session.put(panels[who].upload(image_id), bodies[who]).status_code

    both = [threading.Thread(target=put, args=(who,)) for who in bodies]
    for each in both:
        each.start()
    for each in both:
        each.join()
    # The dashboard lets one of them begin: Glance would refuse both, and keep the file of one.
    # The other is told at once, or has to ask once more.
    (winner,) = [who for who, status in answers.items() if status == 200]
    assert sorted(answers.values()) in ([200, 409], [200, 503]), answers
    imported(uploader("alice"), images, image_id, aftermath, bodies[winner].sha512)


@pytest.fixture
def forgetful(cloud: Cloud) -> Iterator[None]:
    """A Glance that asks Keystone about a token each time."""
    with reconfigured(cloud, more_config="[keystone_authtoken]\ntoken_cache_time = -1\n"):
        yield


@pytest.mark.usefixtures("forgetful")
def test_session_ends_before_the_import(
    cloud: Cloud, horizon: Horizon, new_login: LogIn, images: Images, aftermath: Aftermath
) -> None:
    """Glance has all of the file. After the next login its import is started, without the file."""
    image_id, ending = images.make("session", data=None), new_login("alice")
    body = Body(64, halfway=lambda: revoke_tokens(cloud, ending, horizon))
    answer = ending.put(PROJECT.upload(image_id), body)
    assert (answer.status_code, answer.json()["kind"]) == (400, "staged"), answer.text
    assert "not sent again" in answer.json()["reason"]
    assert images.status(image_id) == "uploading"

    alice = new_login("alice")
    state = told(alice, image_id)
    assert (state["failure"], state["failure_kind"]) == (answer.json()["reason"], "staged")
    assert state["in_progress"] is False
    assert state["failure"] in alice.get(PROJECT.detail(image_id)).text
    # Another file is not taken.
    assert alice.put(PROJECT.upload(image_id), DATA).json()["kind"] == "taken"

    answer = alice.put(PROJECT.upload(image_id) + IMPORT, b"")
    assert answer.json() == accepted(image_id)
    state = imported(alice, images, image_id, aftermath, body.sha512)
    assert (state["verification"], state["failure"]) == ("verified", "")


def test_a_file_that_glance_has_forgotten(
    cloud: Cloud, uploader: LogIn, images: Images, aftermath: Aftermath
) -> None:
    """As two clients leave it that stage at the same moment: the image takes no file any more."""
    image_id = images.make("forgotten", data=None)
    forgotten = cloud.glance.folder / "staging" / image_id
    forgotten.write_bytes(DATA)
    answer = uploader("alice").put(PROJECT.upload(image_id), DATA)
    assert (answer.status_code, answer.json()["kind"]) == (415, "stuck")
    assert "earlier upload" in answer.json()["reason"]
    assert images.status(image_id) == "queued"
    uploader("alice").act(PROJECT.index, "delete", image_id)
    assert not images.exists(image_id)
    forgotten.unlink(missing_ok=True)


def test_nothing_waits_for_an_import(uploader: LogIn, images: Images) -> None:
    for data in (None, DATA):
        image_id = images.make("nothing", data=data)
        before = images.state(image_id)
        answer = uploader("alice").put(PROJECT.upload(image_id) + IMPORT, b"")
        assert (answer.status_code, answer.json()["kind"]) == (409, "taken")
        assert images.state(image_id) == before


@pytest.mark.usefixtures("forgetful")
def test_staged_data_is_deleted_with_its_image(
    cloud: Cloud, horizon: Horizon, new_login: LogIn, images: Images, aftermath: Aftermath
) -> None:
    image_id, ending = images.make("deleted", data=None), new_login("alice")
    body = Body(64, halfway=lambda: revoke_tokens(cloud, ending, horizon))
    assert ending.put(PROJECT.upload(image_id), body).json()["kind"] == "staged"
    new_login("alice").act(PROJECT.index, "delete", image_id)
    assert not images.exists(image_id)


def test_glance_killed_over_the_file(
    uploader: LogIn, images: Images, glance: Glance, aftermath: Aftermath
) -> None:
    image_id = images.make("killed", data=None)
    answer = uploader("alice").put(PROJECT.upload(image_id), Body(64, halfway=glance.kill))
    assert answer.status_code == 503
    glance.start()
    assert images.status(image_id) == "uploading"
    state = told(uploader("alice"), image_id)
    assert state["failure"].startswith(answer.json()["reason"])
    assert "delete it" in state["failure"]
    assert state["in_progress"] is False
    uploader("alice").act(PROJECT.index, "delete", image_id)
    assert not images.exists(image_id)


@only_thorough
def test_glance_killed_over_the_import(
    uploader: LogIn, images: Images, glance: Glance, aftermath: Aftermath
) -> None:
    """Glance never goes on with it, as with an import from a URL; the image can be deleted."""
    image_id = images.make("killed", data=None)
    assert uploader("alice").put(PROJECT.upload(image_id), Body(256)).status_code == 200
    glance.kill()
    glance.start()
    assert images.status(image_id) in ("uploading", "importing")
    state = told(uploader("alice"), image_id)
    assert (state["in_progress"], state["failure"]) == (True, "")
    answer = uploader("alice").put(PROJECT.upload(image_id) + IMPORT, b"")
    assert answer.json()["kind"] == "taken"
    uploader("alice").act(PROJECT.index, "delete", image_id)
    assert not images.exists(image_id)
    # Glance leaves it there, as it leaves the part that it had in its store.
    (glance.folder / "staging" / image_id).unlink(missing_ok=True)
    aftermath.forgive(image_id)


def test_put(person: Callable[[str], Dashboard], uploader: LogIn, images: Images) -> None:
    """The setting `put`, which the other tests have, stores the file at once."""
    image_id = images.make("put", data=None)
    answer = person("alice").put(PROJECT.upload(image_id), DATA)
    assert answer.json() == {"id": image_id, "verification": "verified", "warnings": []}
