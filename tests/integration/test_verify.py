# SPDX-License-Identifier: Apache-2.0
"""Images that Glance fetched itself, checked against what somebody expects of them."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests

from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import IMPORTED, requested_of
from helion_images_panel.core.verification import (
    EXPECTED_PROPERTY,
    VERIFIED_PROPERTY,
    expected_property,
    verified_of,
)
from tests.integration.bodies import MIB, send_head
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, PROJECT, Panel
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough


def of(algorithm: str, data: bytes = DATA) -> Checksum:
    return Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())


def expecting(images: Images, checksum: Checksum, owner: str = "acme-web", **fields: Any) -> str:
    image_id = images.make("verify", owner, **fields)
    images.update(image_id, **expected_property(image_id, checksum))
    return image_id


def check(dashboard: Dashboard, image_id: str, panel: Panel = PROJECT) -> tuple[int, Any]:
    page = dashboard.post(panel.verify(image_id))
    is_json = page.response.headers["Content-Type"] == "application/json"
    return page.status, page.response.json() if is_json else {}


def told(dashboard: Dashboard, image_id: str, panel: Panel = PROJECT) -> dict[str, Any]:
    (state,) = dashboard.get_json(panel.progress, id=image_id)["images"]
    return dict(state)


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_what_was_expected(
    person: Callable[[str], Dashboard], images: Images, algorithm: str
) -> None:
    image_id = expecting(images, of(algorithm))
    state = told(person("alice"), image_id)
    assert (state["verification"], state["check_due"]) == ("pending", True)
    assert state["verify_url"] == PROJECT.verify(image_id)
    assert check(person("alice"), image_id) == (200, {"verification": "verified"})
    record = verified_of(Image.from_glance(images.show(image_id)))
    assert record is not None
    assert record.checksums == tuple(dict.fromkeys((of("sha512"), of(algorithm))))
    assert record.by == "alice"
    state = told(person("alice"), image_id)
    assert (state["verification"], state["check_due"]) == ("verified", False)


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
@pytest.mark.parametrize("protected", [False, True])
def test_what_was_not_expected(
    person: Callable[[str], Dashboard], images: Images, algorithm: str, protected: bool
) -> None:
    expected, actual = of(algorithm, b"other"), of(algorithm)
    image_id = expecting(images, expected, protected=protected)
    status, answer = check(person("alice"), image_id)
    assert (status, answer["verification"], answer["deleted"]) == (200, "mismatch", False)
    assert (answer["expected"], answer["actual"]) == (str(expected), str(actual))
    answer = person("alice").post(answer["seen_url"]).response.json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", True)
    assert (answer["expected"], answer["actual"]) == (str(expected), str(actual))
    assert not images.exists(image_id)
    assert check(person("alice"), image_id)[0] == 404


def test_answer_that_reaches_nobody(person: Callable[[str], Dashboard], images: Images) -> None:
    """The tab was closed while it was checked: the next look at the image tells both values."""
    expected, actual = of("sha256", b"other"), of("sha256")
    image_id = expecting(images, expected)
    with send_head(person("alice"), PROJECT.verify(image_id), "0", "POST") as connection:
        connection.shutdown(socket.SHUT_WR)
    wait_until(
        lambda: told(person("alice"), image_id)["verification"],
        lambda state: state == "mismatch",
        "the mark of a mismatch",
    )
    assert "Checksum mismatch" in person("alice").get(PROJECT.index).rows[image_id]["Status"]
    details = person("alice").get(PROJECT.detail(image_id)).text
    assert str(expected) in details
    assert str(actual) in details
    assert told(person("alice"), image_id)["check_due"] is True
    status, answer = check(person("alice"), image_id)
    assert (status, answer["expected"], answer["actual"]) == (200, str(expected), str(actual))
    assert person("alice").post(answer["seen_url"]).response.json()["deleted"] is True
    assert not images.exists(image_id)


def fetched(person: Callable[[str], Dashboard], images: Images, checksum: Checksum) -> str:
    """The ID of an image that Glance has fetched from the cloud's file server."""
    dashboard, form_field = person("alice"), "disk_format"
    form = dashboard.get(PROJECT.create).form(form_field)
    fields = {
        "name": unique("fetched"),
        "source": "location",
        "location": f"{images.cloud.files.url}/tiny.qcow2",
        "disk_format": "qcow2",
        "checksum": str(checksum),
    }
    page = dashboard.submit(form, **fields)
    assert page.status == 201, page.form(form_field).errors
    image_id = images.adopt(page.response.json()["id"])
    assert page.response.json()["verify_url"] == PROJECT.verify(image_id)
    images.wait_for_status(image_id, "active", within_s=60)
    return image_id


def test_location_of_what_was_expected(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    data = (cloud.files.offer / "tiny.qcow2").read_bytes()
    image_id = fetched(person, images, of("sha256", data))
    state = told(person("alice"), image_id)
    assert (state["verification"], state["check_due"]) == ("pending", True)
    assert check(person("alice"), image_id) == (200, {"verification": "verified"})
    assert told(person("alice"), image_id)["verification"] == "verified"


def test_location_of_something_else(person: Callable[[str], Dashboard], images: Images) -> None:
    """It is told, and kept: nothing shows whether the cloud has converted it."""
    alice = person("alice")
    image_id = fetched(person, images, of("sha256", b"what the publisher has printed"))
    status, answer = check(alice, image_id)
    assert (status, answer["verification"], answer["deleted"]) == (200, "mismatch", False)
    assert answer["expected"] in answer["reason"]
    assert answer["actual"] in answer["reason"]
    assert "seen_url" not in answer
    answer = alice.post(f"{PROJECT.verify(image_id)}?seen={answer['actual']}").response.json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
    state = told(alice, image_id)
    assert (state["verification"], state["check_due"]) == ("mismatch", False)
    assert "Checksum mismatch" in alice.get(PROJECT.index).rows[image_id]["Status"]
    assert images.status(image_id) == "active"


def test_an_import_of_another_client_stays_known(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """Glance deletes the task that shows it after a time: the image says it from then on."""
    alice = person("alice")
    image_id = images.make("verify", data=None)
    images.update(image_id, **expected_property(image_id, of("sha256", b"a file")))
    url = f"{cloud.files.url}/tiny.qcow2"
    cloud.glance_client("alice").images.image_import(image_id, "web-download", url)
    images.wait_for_status(image_id, "active", within_s=60)
    status, answer = check(alice, image_id)
    assert (status, answer["verification"], answer["deleted"]) == (200, "mismatch", False)
    assert "seen_url" not in answer
    requested = requested_of(Image.from_glance(images.show(image_id)))
    assert requested is not None
    assert requested.source == IMPORTED
    state = told(alice, image_id)
    assert (state["verification"], state["check_due"]) == ("mismatch", False)
    assert "The image is kept" in state["verification_note"]


def test_who_may(person: Callable[[str], Dashboard], images: Images) -> None:
    """It removes what is wrong: nobody has it made for an image of others."""
    other = of("sha256", b"other")
    own = expecting(images, other, visibility="public")
    of_readers = expecting(images, other, "demo")
    private = expecting(images, other, "globex-ops")
    for who, panel, image_id, status in (
        ("bob", PROJECT, own, 403),
        ("gina", PROJECT, own, 403),
        ("alice", ADMIN, own, 403),
        ("reader", PROJECT, of_readers, 403),
        ("alice", PROJECT, private, 404),
        ("acme-admin", ADMIN, private, 404),
        ("acme-admin", PROJECT, private, 404),
    ):
        assert check(person(who), image_id, panel)[0] == status, (who, panel)
    assert person("anonymous").post(PROJECT.verify(own)).is_login
    for image_id in (own, of_readers, private):
        assert VERIFIED_PROPERTY not in images.show(image_id)
    for who in ("bob", "gina"):
        state = told(person(who), own)
        assert (state["verification"], state["check_due"]) == ("pending", False)


def test_admin_of_the_domain(person: Callable[[str], Dashboard], images: Images) -> None:
    """Their look at a list moves no data; their click does."""
    image_id = expecting(images, of("sha256"), "acme-data")
    assert told(person("acme-admin"), image_id, ADMIN)["check_due"] is False
    assert check(person("acme-admin"), image_id, ADMIN) == (200, {"verification": "verified"})
    record = verified_of(Image.from_glance(images.show(image_id)))
    assert record is not None
    assert record.by == "acme-admin"


def test_nothing_to_check(person: Callable[[str], Dashboard], images: Images) -> None:
    queued = images.make("queued", data=None)
    images.update(queued, **expected_property(queued, of("sha256")))
    for image_id in (images.make("plain"), queued):
        status, answer = check(person("alice"), image_id)
        assert (status, answer["kind"]) == (409, "invalid")
        assert images.exists(image_id)


def test_snapshot_of_an_image_with_an_expectation(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """Nova copies properties: these speak of another image's data."""
    base = images.show(expecting(images, of("sha256", b"other")))
    snapshot = images.make(
        "snapshot", **{EXPECTED_PROPERTY: base[EXPECTED_PROPERTY]}, image_type="snapshot"
    )
    state = told(person("alice"), snapshot)
    assert (state["verification"], state["check_due"]) == ("", False)
    assert check(person("alice"), snapshot)[0] == 409
    assert images.exists(snapshot)


@pytest.mark.parametrize("visibility", ["private", "public"])
def test_forged(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images, visibility: str
) -> None:
    """Whoever may change an image can write its properties, but not sign them."""
    other = images.make("checked")
    images.update(other, **expected_property(other, of("sha256")))
    assert check(person("alice"), other) == (200, {"verification": "verified"})
    signed = images.show(other)
    image_id = images.make("forged", visibility=visibility)
    record = f"{image_id} {of('sha512')} 2026-11-23T12:00:00Z alice"
    wrong = f"{image_id} {of('sha512', b'other')}"
    for verified, expected in (
        (record, wrong),
        (f"{record}:{signed[VERIFIED_PROPERTY].rpartition(':')[2]}", f"{wrong}:"),
        # Signed for another image, and for the other property.
        (signed[VERIFIED_PROPERTY], signed[EXPECTED_PROPERTY]),
        (signed[EXPECTED_PROPERTY], signed[VERIFIED_PROPERTY]),
    ):
        forged = {VERIFIED_PROPERTY: verified, EXPECTED_PROPERTY: expected}
        cloud.glance_client("alice").images.update(image_id, **forged)
        before, name = images.show(image_id), images.name(image_id)
        for who, panel in (("alice", PROJECT), ("acme-admin", ADMIN)):
            state = told(person(who), image_id, panel)
            assert (state["verification"], state["check_due"]) == ("", False)
            row = person(who).get(panel.index, name=name).rows[image_id]
            assert row["Status"] == "Active"
            page = person(who).get(panel.detail(image_id))
            assert page.status == 200
            assert "Verified" not in page.text
            status, answer = check(person(who), image_id, panel)
            assert (status, answer["kind"]) == (409, "invalid")
        assert images.show(image_id) == before


def test_forged_for_the_same_image(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """Its own signed texts, swapped: the pages of all who see the image stay whole."""
    image_id = expecting(images, of("sha256"), visibility="public")
    assert check(person("alice"), image_id) == (200, {"verification": "verified"})
    signed = images.show(image_id)
    cloud.glance_client("alice").images.update(
        image_id,
        **{
            VERIFIED_PROPERTY: signed[EXPECTED_PROPERTY],
            EXPECTED_PROPERTY: signed[VERIFIED_PROPERTY],
        },
    )
    for who in ("alice", "gina"):
        page = person(who).get(PROJECT.index, name=signed["name"])
        assert page.rows[image_id]["Status"] == "Active"
        assert person(who).get(PROJECT.detail(image_id)).status == 200
    assert check(person("alice"), image_id)[0] == 409


#: Seconds for which a download may stop.
STOPS_S = 5


@pytest.fixture(scope="module")
def narrow(cloud: Cloud) -> Iterator[LogIn]:
    """A dashboard that reads the data of one image at a time, and waits for no browser for long."""
    settings = {"HELION_IMAGES_DOWNLOADS_PER_PROCESS": 1, "HELION_IMAGES_DATA_TIMEOUT_S": STOPS_S}
    yield from running(cloud, "narrow-reading", settings)


@only_thorough
def test_busy(narrow: LogIn, images: Images) -> None:
    """While somebody downloads, a check that has to read waits, and one that has not does not."""
    large = images.make("large", data=bytes(32 * MIB))
    waits, does_not = expecting(images, of("sha256")), expecting(images, of("sha512"))
    path = narrow("alice").base + PROJECT.download(large)
    with narrow("alice").session.get(path, stream=True, timeout=60) as download:
        assert download.status_code == 200
        status, answer = check(narrow("alice"), waits)
        assert (status, answer["kind"]) == (503, "busy")
        assert answer["retry_after_s"] > 0
        assert check(narrow("alice"), does_not) == (200, {"verification": "verified"})
    found = wait_until(
        lambda: check(narrow("alice"), waits), lambda found: found[0] != 503, "a free place"
    )
    assert found == (200, {"verification": "verified"})


@only_thorough
def test_a_download_that_is_paused_gives_way(narrow: LogIn, images: Images) -> None:
    """The browser is still there, and reads no more."""
    large = images.make("paused", data=bytes(32 * MIB))
    waits = expecting(images, of("sha256"))
    path = narrow("alice").base + PROJECT.download(large)
    with narrow("alice").session.get(path, stream=True, timeout=60) as download:
        assert check(narrow("alice"), waits)[0] == 503
        found = wait_until(
            lambda: check(narrow("alice"), waits), lambda found: found[0] != 503, "a free place"
        )
        assert found == (200, {"verification": "verified"})
        # Which part it has shows by the length, so that it can be resumed.
        # urllib3 before 2.0 does not compare it, as a browser does.
        got = 0
        with suppress(requests.RequestException):
            for chunk in download.iter_content(MIB):
                got += len(chunk)
        assert got < int(download.headers["Content-Length"])


def test_many_ask_at_once(person: Callable[[str], Dashboard], images: Images) -> None:
    """Every page that shows the image may have it checked: the data is read by few of them."""
    image_id = expecting(images, of("sha256", bytes(16 * MIB)), data=bytes(16 * MIB))
    found: list[tuple[int, Any]] = []
    threads = [
        threading.Thread(target=lambda: found.append(check(person("alice"), image_id)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _answer in found} <= {200, 503}
    assert (200, {"verification": "verified"}) in found
    assert told(person("alice"), image_id)["verification"] == "verified"
