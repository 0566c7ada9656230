# SPDX-License-Identifier: Apache-2.0
"""Browsers that are refused and neither go on nor go: they hold up nobody."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from demo.cloud import Cloud
from tests.integration.bodies import MIB, answer_of, send_head
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images
from tests.integration.panels import PROJECT
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

pytestmark = only_thorough

#: Far more than a refused browser is read, and less than a test waits.
ANSWERED_WITHIN_S = 25


@pytest.fixture(scope="module")
def narrow(cloud: Cloud) -> Iterator[LogIn]:
    """A dashboard that carries one upload at a time."""
    yield from running(cloud, "narrow-drain", {"HELION_IMAGES_UPLOADS_PER_PROCESS": 1})


def begun(dashboard: Dashboard, image_id: str, data: bytes) -> socket.socket:
    """An upload of 64 MiB that has come so far."""
    connection = send_head(dashboard, PROJECT.upload(image_id), str(64 * MIB))
    connection.sendall(data)
    connection.settimeout(ANSWERED_WITHIN_S)
    return connection


@contextlib.contextmanager
def trickling(connection: socket.socket) -> Iterator[None]:
    """It sends a byte now and then, as long as somebody takes it."""
    over = threading.Event()

    def trickle() -> None:
        with contextlib.suppress(OSError):
            while not over.wait(0.2):
                connection.sendall(b"x")

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_browsers_that_stall_while_all_places_are_taken(narrow: LogIn, images: Images) -> None:
    carried = images.make("carried", data=None)
    waiting = [images.make("stalls", data=None) for _ in range(4)]
    with begun(narrow("alice"), carried, bytes(2 * MIB)):
        images.wait_for_status(carried, "saving")
        with contextlib.ExitStack() as connections:
            stalled = [
                connections.enter_context(begun(narrow("alice"), image_id, bytes(1000)))
                for image_id in waiting
            ]
            found = [answer_of(connection) for connection in stalled]
        assert [(status, '"busy"' in text) for status, text in found] == [(503, True)] * 4


@pytest.mark.parametrize("keeps_sending", [False, True], ids=["stalls", "trickles"])
def test_refused_content_gives_its_place_back_at_once(
    narrow: LogIn, images: Images, keeps_sending: bool
) -> None:
    refused = images.make("refused", data=None, disk_format="qcow2")
    next_one = images.make("next", data=None)

    def told() -> str:
        (state,) = narrow("alice").get_json(PROJECT.progress, id=refused)["images"]
        return str(state["failure"])

    with begun(narrow("alice"), refused, b"no qcow2".ljust(MIB + 10, b"-")) as connection:
        wait_until(told, bool, "the refusal")
        answer = narrow("alice").put(PROJECT.upload(next_one), DATA)
        assert answer.status_code == 200, answer.text
        with trickling(connection) if keeps_sending else contextlib.nullcontext():
            status, text = answer_of(connection)
    assert (status, '"format"' in text) == (415, True)
