# SPDX-License-Identifier: Apache-2.0
"""Uploads while a service or a browser fails: what is left, and what the page says."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from demo.cloud import Cloud
from demo.glance import Glance
from tests.integration.aftermath import Aftermath, nothing_left_open
from tests.integration.bodies import MIB, Body, answer_of, send_head
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images
from tests.integration.panels import ADMIN, PROJECT, Panel
from tests.integration.sessions import revoke_tokens
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

DATA_SHA512 = hashlib.sha512(DATA).hexdigest()
#: Looks at something that does not move before it counts as standing still.
LOOKS = 20


@pytest.fixture(scope="module", autouse=True)
def closed(cloud: Cloud, person: Callable[[str], Dashboard]) -> Iterator[None]:
    with nothing_left_open(cloud, person("alice")):
        yield


def told(dashboard: Dashboard, image_id: str, panel: Panel = PROJECT) -> str:
    """Why there is no data, as a page asks that has seen no answer, and as the details say."""
    (state,) = dashboard.get_json(panel.progress, id=image_id)["images"]
    reason = str(state["failure"])
    if reason:
        assert reason in dashboard.get(panel.detail(image_id)).text
    return reason


def retry(dashboard: Dashboard, aftermath: Aftermath, image_id: str) -> None:
    """A second upload into the same image, which nothing hinders any more."""
    aftermath.sent[image_id] = DATA_SHA512
    answer = dashboard.put(PROJECT.upload(image_id), DATA)
    assert answer.status_code == 200, answer.text
    assert told(dashboard, image_id) == ""


def test_glance_killed(
    person: Callable[[str], Dashboard], images: Images, glance: Glance, aftermath: Aftermath
) -> None:
    image_id = images.make("killed", data=None)
    answer = person("alice").put(PROJECT.upload(image_id), Body(64, halfway=glance.kill))
    assert answer.status_code == 503
    assert "image service" in answer.json()["reason"]
    glance.start()
    # Glance does not tidy up after its own death, and calls the image "saving" for ever.
    aftermath.forgive(image_id)
    assert images.status(image_id) == "saving"
    reason = told(person("alice"), image_id)
    assert reason.startswith(answer.json()["reason"])
    assert "delete it" in reason


def test_glance_slow(
    person: Callable[[str], Dashboard], images: Images, glance: Glance, aftermath: Aftermath
) -> None:
    """It stops in the middle, and goes on when all the rest has long been waiting."""
    image_id, body = images.make("slow", data=None), Watched(64)
    aftermath.sent[image_id] = body.sha512
    (worker,) = glance.worker_pids

    def wake() -> None:
        try:
            wait_until(body.stands_still, bool, "the upload to stand still")
        finally:
            os.kill(worker, signal.SIGCONT)

    waking = threading.Thread(target=wake)

    def fall_asleep() -> None:
        os.kill(worker, signal.SIGSTOP)
        waking.start()

    body.halfway = fall_asleep
    answer = person("alice").put(PROJECT.upload(image_id), body)
    waking.join()
    assert answer.status_code == 200, answer.text
    assert images.status(image_id) == "active"


class Watched(Body):
    """A body that knows how much of it was taken."""

    taken = 0
    seen_taken = -1
    seen_times = 0

    def __iter__(self) -> Iterator[bytes]:
        for part in super().__iter__():
            self.taken += 1
            yield part

    def stands_still(self) -> bool:
        """Whether nothing was taken over several looks."""
        self.seen_times = self.seen_times + 1 if self.taken == self.seen_taken else 0
        self.seen_taken = self.taken
        return self.seen_times >= LOOKS


def close(connection: socket.socket) -> None:
    connection.close()


def reset(connection: socket.socket) -> None:
    """As a computer that goes down, or a proxy that gives up."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("go", [close, reset])
def test_browser_gone(
    person: Callable[[str], Dashboard],
    images: Images,
    aftermath: Aftermath,
    go: Callable[[socket.socket], None],
) -> None:
    image_id = images.make("gone", data=None)
    connection = send_head(person("alice"), PROJECT.upload(image_id), str(64 * MIB))
    connection.sendall(bytes(9 * MIB))
    images.wait_for_status(image_id, "saving")
    go(connection)
    images.wait_for_status(image_id, "queued")
    reason = wait_until(lambda: told(person("alice"), image_id), bool, "a reason")
    assert "interrupted" in reason
    retry(person("alice"), aftermath, image_id)


@contextmanager
def full_store(glance: Glance, room_bytes: int) -> Iterator[None]:
    """Glance cannot write files larger than that, which it takes for a full disk."""
    (worker,) = glance.worker_pids
    soft, hard = resource.prlimit(worker, resource.RLIMIT_FSIZE)
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        yield
    finally:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (soft, hard))


def test_store_full(
    person: Callable[[str], Dashboard], images: Images, glance: Glance, aftermath: Aftermath
) -> None:
    image_id = images.make("full", data=None)
    with full_store(glance, 24 * MIB):
        answer = person("alice").put(PROJECT.upload(image_id), Body(64))
    assert answer.status_code == 413
    assert "full" in answer.json()["reason"]
    images.wait_for_status(image_id, "queued")
    assert told(person("alice"), image_id) == answer.json()["reason"]
    retry(person("alice"), aftermath, image_id)


def test_token_revoked(
    cloud: Cloud, log_in: Callable[[str], Dashboard], images: Images, aftermath: Aftermath
) -> None:
    """Glance looked at the token as the upload began, and keeps what it has got."""
    image_id, dashboard = images.make("revoked", data=None), log_in("alice")
    body = Body(16, halfway=lambda: revoke_tokens(cloud, dashboard))
    aftermath.sent[image_id] = body.sha512
    answer = dashboard.put(PROJECT.upload(image_id), body)
    assert (answer.status_code, images.status(image_id)) == (200, "active"), answer.text
    assert answer.json() == {"id": image_id, "verification": "verified", "warnings": []}


def test_less_than_promised(
    person: Callable[[str], Dashboard], images: Images, aftermath: Aftermath
) -> None:
    image_id = images.make("less", data=None)
    with send_head(person("alice"), PROJECT.upload(image_id), str(len(DATA) + 1)) as connection:
        connection.sendall(DATA)
        connection.shutdown(socket.SHUT_WR)
        status, text = answer_of(connection)
    assert status == 400
    assert "interrupted" in text
    images.wait_for_status(image_id, "queued")
    assert "interrupted" in told(person("alice"), image_id)
    retry(person("alice"), aftermath, image_id)


def test_more_than_promised(
    person: Callable[[str], Dashboard], images: Images, aftermath: Aftermath
) -> None:
    """What comes after the promised length is no part of the image."""
    image_id = images.make("more", data=None)
    aftermath.sent[image_id] = DATA_SHA512
    with send_head(person("alice"), PROJECT.upload(image_id), str(len(DATA))) as connection:
        connection.sendall(DATA + b"and more")
        status, _text = answer_of(connection)
    assert status == 200
    assert images.show(image_id)["size"] == len(DATA)


def test_two_people(
    person: Callable[[str], Dashboard], images: Images, aftermath: Aftermath
) -> None:
    """Both want to fill the same image: the first does, the second is told."""
    image_id, body = images.make("two", data=None), Body(16)
    aftermath.sent[image_id] = body.sha512
    second: list[int] = []

    def try_too() -> None:
        images.wait_for_status(image_id, "saving")
        answer = person("acme-admin").put(ADMIN.upload(image_id), DATA)
        second.append(answer.status_code)
        assert answer.json()["reason"]

    other = threading.Thread(target=try_too)
    other.start()
    body.halfway = other.join
    answer = person("alice").put(PROJECT.upload(image_id), body)
    assert (answer.status_code, second) == (200, [409])
    assert told(person("alice"), image_id) == ""


@only_thorough
def test_two_people_at_the_same_moment(
    person: Callable[[str], Dashboard], images: Images, aftermath: Aftermath
) -> None:
    """Whoever Glance takes first: the image is that person's file, whole."""
    image_id, bodies = images.make("race", data=None), {"alice": Body(8), "acme-admin": Body(9)}
    panels = {"alice": PROJECT, "acme-admin": ADMIN}
    ready = threading.Barrier(2)
    statuses: dict[str, int] = {}

    def put(who: str) -> None:
        dashboard = person(who)
        ready.wait(timeout=30)
        answer = dashboard.put(panels[who].upload(image_id), bodies[who])
        statuses[who] = answer.status_code

    both = [threading.Thread(target=put, args=(who,)) for who in bodies]
    for each in both:
        each.start()
    for each in both:
        each.join()
    (winner,) = [who for who, status in statuses.items() if status == 200]
    aftermath.sent[image_id] = bodies[winner].sha512
    # Glance itself says 410 where it noticed only after it had begun.
    assert sorted(statuses.values()) in ([200, 409], [200, 410]), statuses
