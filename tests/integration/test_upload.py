# SPDX-License-Identifier: Apache-2.0
"""The bytes of an image: refused with a reason, or stored whole, never in part."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from demo.glance import Glance
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.waiting import wait_until

MIB = 1024 * 1024


class Body:
    """A body of known length that is made while it is sent.

    `halfway` is called once, when half of it has been handed out.
    """

    def __init__(self, mib: int, halfway: Callable[[], None] = lambda: None):
        self.mib = mib
        self.halfway = halfway

    def __len__(self) -> int:
        return self.mib * MIB

    def __iter__(self) -> Iterator[bytes]:
        for i in range(self.mib):
            if i == self.mib // 2:
                self.halfway()
            yield i.to_bytes(4, "big") * (MIB // 4)


def send_head(dashboard: Dashboard, path: str, length: str | None) -> socket.socket:
    """A connection on which a PUT has begun, its headers sent."""
    address = urlsplit(dashboard.base)
    cookies = "; ".join(f"{k}={v}" for k, v in dashboard.session.cookies.items())
    lines = [
        f"PUT {path} HTTP/1.1",
        f"Host: {address.netloc}",
        f"Cookie: {cookies}",
        f"X-CSRFToken: {dashboard.csrf_token}",
        "X-Requested-With: XMLHttpRequest",
        "Content-Type: application/octet-stream",
        "Connection: close",
    ]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    connection = socket.create_connection((address.hostname or "", address.port or 80), 60)
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


def answer_of(connection: socket.socket) -> tuple[int, str]:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


def test_whole(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("whole", data=None)
    body = Body(7)
    answer = person("alice").put(PROJECT.upload(image_id), body)
    assert (answer.status_code, answer.json()) == (200, {"id": image_id})
    assert images.status(image_id) == "active"
    assert images.data(image_id) == b"".join(body)


@pytest.mark.parametrize(
    ("length", "status", "reason"),
    [(None, 411, "how large"), ("0", 400, "empty"), ("9" * 20, 413, "as large as that")],
)
def test_length_is_needed(
    person: Callable[[str], Dashboard],
    images: Images,
    length: str | None,
    status: int,
    reason: str,
) -> None:
    image_id = images.make("length", data=None)
    with send_head(person("alice"), PROJECT.upload(image_id), length) as connection:
        answer = answer_of(connection)
    assert answer[0] == status
    assert reason in answer[1]
    assert images.status(image_id) == "queued"


def test_chunked_body_without_a_length(person: Callable[[str], Dashboard], images: Images) -> None:
    """A chunked body could be cut short and still look whole."""
    image_id = images.make("chunked", data=None)
    answer = person("alice").put(PROJECT.upload(image_id), iter([b"a", b"b"]))
    assert answer.status_code == 411
    assert images.status(image_id) == "queued"


def test_data_never_changes(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("golden")
    before = images.show(image_id)
    for panel, who in ((PROJECT, "alice"), (ADMIN, "acme-admin")):
        answer = person(who).put(panel.upload(image_id), b"other bytes")
        assert answer.status_code == 409
        assert "never changes" in answer.json()["reason"]
    assert images.show(image_id) == before
    assert images.data(image_id) == DATA


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (imagefiles.raw(3 * MIB, b"no qcow2"), "does not match stream data raw"),
        (imagefiles.qcow2(MIB, backing_file="/etc/passwd"), "failed safety checks"),
        (imagefiles.iso9660("DISK", {"A": b"a"}), "does not match stream data iso"),
    ],
    ids=["raw", "backing file", "iso"],
)
def test_wrong_format(
    person: Callable[[str], Dashboard], images: Images, data: bytes, reason: str
) -> None:
    image_id = images.make("wrong", data=None, disk_format="qcow2")
    answer = person("alice").put(PROJECT.upload(image_id), data)
    assert answer.status_code == 415
    assert reason in answer.json()["reason"]
    assert "<" not in answer.json()["reason"]
    assert images.status(image_id) == "queued"
    assert images.show(image_id)["size"] is None


def test_browser_that_stops_sending(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("short", data=None)
    with send_head(person("alice"), PROJECT.upload(image_id), str(64 * MIB)) as connection:
        connection.sendall(bytes(9 * MIB))
        images.wait_for_status(image_id, "saving")
    wait_until(
        cloud.horizon.log.read_text,
        lambda log: f"Upload into image {image_id} failed: The browser sent" in log,
        "the dashboard to notice",
    )
    images.wait_for_status(image_id, "queued")
    assert images.show(image_id)["size"] is None
    answer = person("alice").put(PROJECT.upload(image_id), DATA)
    assert (answer.status_code, images.status(image_id)) == (200, "active")


def test_glance_dies_halfway(
    person: Callable[[str], Dashboard], images: Images, glance: Glance
) -> None:
    image_id = images.make("killed", data=None)
    answer = person("alice").put(PROJECT.upload(image_id), Body(64, halfway=glance.kill))
    assert answer.status_code == 503
    assert "image service" in answer.json()["reason"]
    glance.start()
    assert images.status(image_id) != "active"
    assert person("alice").get(PROJECT.detail(image_id)).status == 200


def test_image_deleted_halfway(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("deleted", data=None)
    body = Body(16, halfway=lambda: images.delete(image_id))
    answer = person("alice").put(PROJECT.upload(image_id), body)
    assert answer.status_code in (404, 409, 410, 400)
    assert answer.json()["reason"]
    assert not images.exists(image_id)


def test_two_uploads_into_one_image(person: Callable[[str], Dashboard], images: Images) -> None:
    """The second is refused, the first is whole."""
    image_id, first = images.make("twice", data=None), Body(16)
    statuses: list[int] = []

    def second() -> None:
        images.wait_for_status(image_id, "saving")
        statuses.append(person("alice").put(PROJECT.upload(image_id), DATA).status_code)

    other = threading.Thread(target=second)
    other.start()
    first.halfway = other.join
    answer = person("alice").put(PROJECT.upload(image_id), first)
    assert (answer.status_code, statuses) == (200, [409])
    assert images.data(image_id) == b"".join(first)


def test_image_of_another_project(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("foreign", "acme-data", None)
    for who, panel in (("alice", PROJECT), ("acme-admin", PROJECT), ("gina", PROJECT)):
        assert person(who).put(panel.upload(image_id), DATA).status_code == 404
    assert images.status(image_id) == "queued"


def test_unknown_image(person: Callable[[str], Dashboard]) -> None:
    for image_id in ("4f8b1f6c-1a5f-4c77-b5cc-0a6b1f1f9c11", "no-id"):
        assert person("alice").put(PROJECT.upload(image_id), DATA).status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_put(person: Callable[[str], Dashboard], images: Images, method: str) -> None:
    path = PROJECT.upload(images.make("put", data=None))
    dashboard = person("alice")
    page = dashboard.get(path) if method == "GET" else dashboard.post(path, {"a": "b"})
    assert page.status == 405
