# SPDX-License-Identifier: Apache-2.0
"""The bytes of an image: refused with a reason, or stored whole, never in part."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from demo import imagefiles
from demo.cloud import Cloud
from demo.glance import Glance
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import (
    VERIFIED_PROPERTY,
    expected_property,
    verified_of,
)
from tests import releases
from tests.integration.bodies import MIB, Body, answer_of, send_head
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.reconfigured import reconfigured
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough


def test_whole(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("whole", data=None)
    body = Body(7)
    answer = person("alice").put(PROJECT.upload(image_id), body)
    assert (answer.status_code, answer.json()) == (200, verified(image_id))
    assert images.status(image_id) == "active"
    assert images.data(image_id) == b"".join(body)


def verified(image_id: str) -> dict[str, Any]:
    return {"id": image_id, "verification": "verified", "warnings": []}


def told(dashboard: Dashboard, image_id: str) -> dict[str, Any]:
    (state,) = dashboard.get_json(PROJECT.progress, id=image_id)["images"]
    return dict(state)


def test_verified(person: Callable[[str], Dashboard], images: Images) -> None:
    """What was computed on the way is what Glance says, and is noted on the image."""
    image_id, body = images.make("verified", data=None), Body(3)
    assert person("alice").put(PROJECT.upload(image_id), body).status_code == 200
    image = images.show(image_id)
    assert image["os_hash_value"] == body.sha512
    record = verified_of(Image.from_glance(image))
    assert record is not None
    assert (record.checksums[0], record.by) == (Checksum("sha512", body.sha512), "alice")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(record.at)) < timedelta(minutes=10)
    state = told(person("alice"), image_id)
    assert (state["verification"], state["check_due"]) == ("verified", False)


def test_snapshot_of_a_verified_image(person: Callable[[str], Dashboard], images: Images) -> None:
    """Nova copies properties: what they say is of another image's data."""
    base = images.make("base", data=None)
    assert person("alice").put(PROJECT.upload(base), DATA).json() == verified(base)
    snapshot = images.make(
        "snapshot", data=b"changed", **{VERIFIED_PROPERTY: images.show(base)[VERIFIED_PROPERTY]}
    )
    assert told(person("alice"), snapshot)["verification"] == ""


def expect(images: Images, image_id: str, checksum: Checksum) -> None:
    images.update(image_id, **expected_property(image_id, checksum))


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_expected_checksum(
    person: Callable[[str], Dashboard], images: Images, algorithm: str
) -> None:
    """A wrong file leaves nothing, and the right one may follow."""
    image_id, data = images.make("expected", data=None), DATA + algorithm.encode()
    expected = Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())
    expect(images, image_id, expected)
    wrong = Checksum(algorithm, hashlib.new(algorithm, DATA).hexdigest())
    answer = person("alice").put(PROJECT.upload(image_id), DATA)
    assert (answer.status_code, answer.json()["kind"]) == (422, "checksum")
    assert (answer.json()["expected"], answer.json()["actual"]) == (str(expected), str(wrong))
    images.wait_for_status(image_id, "queued")
    assert images.show(image_id)["size"] is None
    state = told(person("alice"), image_id)
    assert (state["failure"], state["failure_kind"]) == (answer.json()["reason"], "checksum")

    answer = person("alice").put(PROJECT.upload(image_id), data)
    assert answer.json() == verified(image_id)
    assert images.data(image_id) == data
    assert told(person("alice"), image_id)["failure"] == ""


def test_large_file_that_is_not_expected(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """Glance has all but the last part of it then, and keeps none."""
    image_id = images.make("large", data=None)
    expect(images, image_id, Checksum("sha256", "0" * 64))
    answer = person("alice").put(PROJECT.upload(image_id), Body(9))
    assert answer.status_code == 422
    images.wait_for_status(image_id, "queued")


@pytest.mark.parametrize("store", ["fast", "archive"])
def test_store(person: Callable[[str], Dashboard], images: Images, store: str) -> None:
    image_id = images.make("store", data=None)
    answer = person("alice").put(PROJECT.upload(image_id) + f"?store={store}", DATA)
    assert answer.json() == verified(image_id)
    assert images.show(image_id)["stores"] == store


def test_unknown_store(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("store", data=None)
    answer = person("alice").put(PROJECT.upload(image_id) + "?store=cellar", DATA)
    assert (answer.status_code, answer.json()["kind"]) == (400, "invalid")
    assert images.status(image_id) == "queued"


def test_progress_of_a_running_upload(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id, looks = images.make("progress", data=None), []
    images_path = PROJECT.upload(image_id)
    with send_head(person("alice"), images_path, str(8 * MIB)) as connection:
        connection.sendall(bytes(6 * MIB))
        looks.append(
            wait_until(
                lambda: told(person("acme-admin"), image_id),
                lambda state: state["stored_bytes"] is not None,
                "the upload to show",
            )
        )
        connection.sendall(bytes(2 * MIB))
        assert answer_of(connection)[0] == 200
    assert looks[0]["in_progress"]
    assert 0 <= looks[0]["stored_bytes"] <= 6 * MIB
    assert told(person("alice"), image_id)["stored_bytes"] is None


@pytest.fixture(scope="module")
def narrow(cloud: Cloud) -> Iterator[LogIn]:
    """A dashboard that carries one upload at a time."""
    yield from running(cloud, "narrow", {"HELION_IMAGES_UPLOADS_PER_PROCESS": 1})


@only_thorough
def test_busy(narrow: LogIn, images: Images) -> None:
    """The second has to wait for its turn, and has it when the first is over."""
    first_id, second_id = images.make("first", data=None), images.make("second", data=None)
    refused: list[requests.Response] = []
    first = Body(16, lambda: refused.append(narrow("bob").put(PROJECT.upload(second_id), DATA)))
    images.update(second_id, owner=images.cloud.project_id("acme-data"))
    answer = narrow("alice").put(PROJECT.upload(first_id), first)
    assert answer.json() == verified(first_id)
    (busy,) = refused
    assert (busy.status_code, busy.json()["kind"]) == (503, "busy")
    assert busy.json()["retry_after_s"] == int(busy.headers["Retry-After"]) > 0
    assert images.status(second_id) == "queued"
    answer = narrow("bob").put(PROJECT.upload(second_id), DATA)
    assert answer.json() == verified(second_id)


@pytest.fixture(scope="module")
def lenient(cloud: Cloud) -> Iterator[LogIn]:
    """A dashboard that warns of what others refuse."""
    names = ["reference", "unsafe", "format"]
    yield from running(cloud, "lenient", {"HELION_IMAGES_CONTENT_WARNINGS": names})


def test_content_warnings(lenient: LogIn, images: Images) -> None:
    """Glance has its own rules: it takes a qcow2 as raw, and nothing unsafe."""
    qcow2 = imagefiles.qcow2(MIB)
    image_id = images.make("lenient", data=None)
    answer = lenient("alice").put(PROJECT.upload(image_id), qcow2)
    assert answer.json() == {**verified(image_id), "warnings": ["The file is QCOW2, not Raw."]}
    assert images.data(image_id) == qcow2

    for data in (
        imagefiles.qcow2(MIB, backing_file="/etc/passwd"),
        imagefiles.iso9660("DISK", {"A": b"a"}),
    ):
        image_id = images.make("lenient", data=None, disk_format="qcow2")
        answer = lenient("alice").put(PROJECT.upload(image_id), data)
        assert (answer.status_code, answer.json()["kind"]) == (415, "stuck"), answer.text
        images.wait_for_status(image_id, "queued")


@pytest.mark.parametrize(
    ("length", "status", "reason"),
    [(None, 411, "size of the file"), ("0", 400, "empty"), ("9" * 20, 413, "maximum image size")],
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
        assert "cannot be replaced" in answer.json()["reason"]
    assert images.show(image_id) == before
    assert images.data(image_id) == DATA


@pytest.mark.parametrize(
    ("declared", "data", "actual"),
    [
        ("qcow2", imagefiles.raw(3 * MIB, b"no qcow2"), "raw"),
        ("qcow2", imagefiles.iso9660("DISK", {"A": b"a"}), "iso"),
        ("raw", imagefiles.qcow2(MIB), "qcow2"),
        ("raw", imagefiles.vmdk(MIB), "vmdk"),
    ],
    ids=["raw as qcow2", "iso as qcow2", "qcow2 as raw", "vmdk as raw"],
)
def test_wrong_format(
    person: Callable[[str], Dashboard], images: Images, declared: str, data: bytes, actual: str
) -> None:
    """The image can be given the right one, and the same file again."""
    image_id = images.make("wrong", data=None, disk_format=declared)
    answer = person("alice").put(PROJECT.upload(image_id), data)
    assert (answer.status_code, answer.json()["kind"]) == (415, "format")
    assert answer.json()["actual_format"] == actual
    images.wait_for_status(image_id, "queued")
    assert images.show(image_id)["size"] is None
    assert told(person("alice"), image_id)["actual_format"] == actual
    answer = person("alice").put(PROJECT.upload(image_id) + f"?format={actual}", data)
    assert answer.json() == verified(image_id)
    assert images.show(image_id)["disk_format"] == actual
    assert images.data(image_id) == data


def test_unknown_format(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("unknown", data=None)
    answer = person("alice").put(PROJECT.upload(image_id) + "?format=floppy", DATA)
    assert (answer.status_code, answer.json()["kind"]) == (400, "invalid")
    assert images.status(image_id) == "queued"


@pytest.mark.parametrize("declared", ["qcow2", "raw"])
@pytest.mark.parametrize(
    "data",
    [
        imagefiles.qcow2(MIB, backing_file="/etc/passwd"),
        imagefiles.qcow2(MIB, external_data=True),
    ],
    ids=["backing file", "data file"],
)
def test_unsafe(
    person: Callable[[str], Dashboard], images: Images, declared: str, data: bytes
) -> None:
    image_id = images.make("unsafe", data=None, disk_format=declared)
    answer = person("alice").put(PROJECT.upload(image_id), data)
    assert (answer.status_code, answer.json()["kind"]) == (415, "unsafe")
    assert "needs another file" in answer.json()["reason"]
    images.wait_for_status(image_id, "queued")
    assert images.show(image_id)["size"] is None


@releases.checks_sizes
def test_over_quota(person: Callable[[str], Dashboard], images: Images) -> None:
    """Carol's project may have 64 MiB."""
    image_id = images.make("quota", "acme-lab", None)
    answer = person("carol").put(PROJECT.upload(image_id), Body(65))
    assert (answer.status_code, answer.json()["kind"]) == (413, "refused")
    assert "of 64 MiB, and this image needs" in answer.json()["reason"]
    images.wait_for_status(image_id, "queued")


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
    assert (answer.status_code, answer.json()["kind"]) == (410, "gone"), answer.text
    assert not images.exists(image_id)


def test_two_uploads_into_one_image(person: Callable[[str], Dashboard], images: Images) -> None:
    """The second is refused, the first is whole, and both pages can learn which is which."""
    image_id, first = images.make("twice", data=None), Body(16)
    urls = [f"{PROJECT.upload(image_id)}?attempt={digit * 32}" for digit in "12"]
    answers: list[tuple[int, str]] = []

    def second() -> None:
        images.wait_for_status(image_id, "saving")
        answer = person("alice").put(urls[1], DATA)
        answers.append((answer.status_code, answer.json()["kind"]))

    other = threading.Thread(target=second)
    other.start()
    first.halfway = other.join
    answer = person("alice").put(urls[0], first)
    assert (answer.status_code, answers) == (200, [(409, "taken")])
    assert images.data(image_id) == b"".join(first)
    (state,) = person("alice").get_json(PROJECT.progress, id=image_id)["images"]
    assert (state["stored_attempt"], state["refused_attempts"]) == ("1" * 32, ["2" * 32])


@pytest.fixture
def in_pairs(cloud: Cloud) -> Iterator[None]:
    """Glance lets uploads begin two by two: see `uploads_in_pairs`."""
    first_lines = f"{cloud.glance.first_lines}import tests.integration.uploads_in_pairs\n"
    with reconfigured(cloud, first_lines=first_lines):
        yield


@only_thorough
@pytest.mark.usefixtures("in_pairs")
@pytest.mark.parametrize("size_bytes", [300_000, 64 * MIB])
def test_the_slower_of_two_uploads_that_began_together(
    person: Callable[[str], Dashboard], images: Images, cloud: Cloud, size_bytes: int
) -> None:
    """Glance returns 410 then, as if the image had been deleted."""
    dashboard = person("alice")
    dashboard.get(PROJECT.index)
    image_id = images.make("race", data=None)
    bodies = [byte * size_bytes for byte in (b"1", b"2")]

    def send(body: bytes) -> tuple[int, str]:
        answer = dashboard.put(PROJECT.upload(image_id), body)
        return answer.status_code, answer.json().get("kind", "")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, bodies))
    assert f"{image_id} could not be found after upload" in cloud.glance.log.read_text()
    assert sorted(answers) == [(200, ""), (409, "taken")]
    assert images.data(image_id) == bodies[answers.index((200, ""))]
    (state,) = dashboard.get_json(PROJECT.progress, id=image_id)["images"]
    assert not state.get("failure")


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
