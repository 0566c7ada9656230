# SPDX-License-Identifier: Apache-2.0
"""Download Image: whole, in parts, under its name, and never more than somebody may have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import unquote

import pytest
import requests

from demo.cloud import Cloud
from demo.glance import Glance
from tests.integration.aftermath import nothing_left_open
from tests.integration.bodies import MIB, Body
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, PANELS, PROJECT
from tests.integration.processes import Process, Watch
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

BIG_MIB = 64
MEMORY_MIB = 512
MEMORY_LIMIT_MIB = 32


def ask(dashboard: Dashboard, path: str, method: str = "GET", **headers: str) -> requests.Response:
    """The answer, whose body has not been read yet."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return dashboard.session.request(
        method, dashboard.base + path, headers=named, stream=True, timeout=120
    )


@pytest.fixture(scope="module")
def big(kept_images: Images) -> str:
    image_id = kept_images.make("big", disk_format="raw", data=None)
    kept_images.upload(image_id, Body(BIG_MIB))  # type: ignore[arg-type]
    return image_id


@pytest.mark.parametrize(("who", "panel"), [("alice", "project"), ("acme-admin", "admin")])
def test_whole_file(
    person: Callable[[str], Dashboard], images: Images, who: str, panel: str
) -> None:
    image_id = images.make("whole")
    image = images.show(image_id)
    answer = ask(person(who), PANELS[panel].download(image_id))
    assert answer.status_code == 200
    assert answer.content == DATA
    assert answer.headers["Content-Length"] == str(len(DATA))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == f'"{image["os_hash_value"]}"'
    assert f'filename="{image["name"]}.img"' in answer.headers["Content-Disposition"]
    assert "Content-Encoding" not in answer.headers


def test_head(person: Callable[[str], Dashboard], big: str) -> None:
    answer = ask(person("alice"), PROJECT.download(big), "HEAD")
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(BIG_MIB * MIB)
    assert answer.content == b""


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=5-", 5, len(DATA) - 1),
        ("bytes=-7", len(DATA) - 7, len(DATA) - 1),
        ("bytes=10-999999", 10, len(DATA) - 1),
        ("bytes=0-", 0, len(DATA) - 1),
    ],
)
def test_range(
    person: Callable[[str], Dashboard], images: Images, asked: str, first: int, last: int
) -> None:
    answer = ask(person("alice"), PROJECT.download(images.make("range")), Range=asked)
    assert (answer.status_code, answer.content) == (206, DATA[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-3", "lines=1-2", "nonsense"])
def test_other_ranges_give_the_whole(
    person: Callable[[str], Dashboard], images: Images, asked: str
) -> None:
    answer = ask(person("alice"), PROJECT.download(images.make("ranges")), Range=asked)
    assert (answer.status_code, answer.content) == (200, DATA)


def test_range_beyond_the_end(person: Callable[[str], Dashboard], images: Images) -> None:
    path = PROJECT.download(images.make("beyond"))
    answer = ask(person("alice"), path, Range=f"bytes={len(DATA)}-")
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(DATA)}"


def test_goes_on_after_a_break(
    person: Callable[[str], Dashboard], images: Images, big: str
) -> None:
    """As browsers do it: the rest, if it is still of the same file."""
    path, digest = PROJECT.download(big), hashlib.sha512()
    first = ask(person("alice"), path)
    got = 0
    for chunk in first.iter_content(MIB):
        digest.update(chunk)
        got += len(chunk)
        if got >= 20 * MIB:
            break
    first.close()
    rest = ask(person("alice"), path, Range=f"bytes={got}-", If_Range=first.headers["ETag"])
    assert rest.status_code == 206
    for chunk in rest.iter_content(MIB):
        digest.update(chunk)
    assert digest.hexdigest() == images.show(big)["os_hash_value"] == Body(BIG_MIB).sha512


def test_goes_on_only_with_the_same_file(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    path = PROJECT.download(images.make("other"))
    answer = ask(person("alice"), path, Range="bytes=10-", If_Range='"of another image"')
    assert (answer.status_code, answer.content) == (200, DATA)


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("صورة دبيان", "صورة دبيان.img"),
        ('say "cheese"', 'say "cheese".img'),
        ("two\r\nSet-Cookie: evil=1", "two Set-Cookie: evil=1.img"),
        ("<script>alert(1)</script>", "<script>alert(1)<_script>.img"),
        ("../../etc/passwd", "_.._etc_passwd.img"),
        ("debian.img", "debian.img"),
        ("100 % Größe; x=1", "100 % Größe; x=1.img"),
    ],
)
def test_names(person: Callable[[str], Dashboard], images: Images, name: str, saved: str) -> None:
    answer = ask(person("alice"), PROJECT.download(images.make(name=name)), "HEAD")
    said = answer.headers["Content-Disposition"]
    assert "evil" not in answer.cookies
    kind, _, value = said.partition("; ")
    assert kind == "attachment"
    if value.startswith("filename*"):
        assert unquote(value.removeprefix("filename*=utf-8''")) == saved
    else:
        assert value == 'filename="{}"'.format(saved.replace("\\", "\\\\").replace('"', r"\""))


@pytest.mark.parametrize(
    ("who", "panel", "owner", "visibility", "status"),
    [
        ("alice", "project", "acme-web", "private", 200),
        ("demo", "project", "demo", "private", 200),
        ("reader", "project", "demo", "private", 403),
        ("reader", "project", "admin", "public", 403),
        ("alice", "project", "globex-ops", "public", 200),
        ("alice", "project", "globex-ops", "community", 200),
        ("bob", "project", "acme-web", "private", 404),
        ("gina", "project", "acme-web", "private", 404),
        ("acme-admin", "admin", "acme-data", "private", 200),
        ("acme-admin", "admin", "globex-ops", "private", 404),
        ("acme-admin", "admin", "globex-ops", "public", 404),
        ("acme-admin", "project", "globex-ops", "private", 404),
        ("alice", "admin", "acme-web", "private", 403),
        ("admin", "admin", "globex-ops", "private", 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_may(
    person: Callable[[str], Dashboard],
    images: Images,
    who: str,
    panel: str,
    owner: str,
    visibility: str,
    status: int,
    method: str,
) -> None:
    image_id = images.make("who", owner, visibility=visibility)
    answer = ask(person(who), PANELS[panel].download(image_id), method)
    assert answer.status_code == status
    assert (answer.content == DATA) is (status == 200 and method == "GET")
    assert (DATA[:20] in answer.content) is (status == 200 and method == "GET")


def test_nobody(person: Callable[[str], Dashboard], images: Images) -> None:
    assert person("anonymous").get(PROJECT.download(images.make("nobody"))).is_login


def test_image_without_data(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("empty", data=None)
    page = person("alice").get(PROJECT.download(image_id))
    assert page.path == PROJECT.index
    assert f"Image {images.name(image_id)} was not downloaded. The image has no data." in (
        " ".join(page.errors)
    )


def test_deactivated_image(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """Glance gives it to admins only; others are told why not."""
    image_id = images.make("deactivated")
    url = f"{cloud.glance.url}/v2/images/{image_id}/actions/deactivate"
    cloud.session("admin").post(url)
    page = person("alice").get(PROJECT.download(image_id))
    assert page.path == PROJECT.index
    assert "has been deactivated" in " ".join(page.errors)
    offered = person("alice").get(PROJECT.index, name=images.name(image_id))
    assert "download" not in offered.row_actions(image_id)
    assert ask(person("acme-admin"), ADMIN.download(image_id)).content == DATA


def test_data_that_the_store_has_lost(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("lost")
    (cloud.glance.folder / "fast" / image_id).unlink()
    page = person("alice").get(PROJECT.download(image_id))
    assert page.path == PROJECT.index
    assert images.name(image_id) in " ".join(page.errors)


def test_offered(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("offered")
    name = images.name(image_id)
    assert "download" in person("alice").get(PROJECT.index, name=name).row_actions(image_id)
    page = person("alice").get(PROJECT.detail(image_id))
    assert page.link("Download Image") == person("alice").base + PROJECT.download(image_id)


def chunks_of(answer: requests.Response) -> Iterator[bytes]:
    yield from answer.iter_content(MIB)


@only_thorough
def test_glance_dies_halfway(
    cloud: Cloud, log_in: Callable[[str], Dashboard], glance: Glance, big: str
) -> None:
    """The browser sees that the file is not whole, and the dashboard lets go of it."""
    dashboard = log_in("alice")
    dashboard.get(PROJECT.index)
    answer = ask(dashboard, PROJECT.download(big))
    chunks = chunks_of(answer)
    got = [len(next(chunks))]
    glance.kill()
    # urllib3 before 2.0 does not compare the length, as a browser does.
    with suppress(requests.RequestException):
        got.extend(len(chunk) for chunk in chunks)
    assert sum(got) < BIG_MIB * MIB
    assert answer.headers["Content-Length"] == str(BIG_MIB * MIB)


def test_browser_goes_away(cloud: Cloud, log_in: Callable[[str], Dashboard], big: str) -> None:
    dashboard = log_in("alice")
    dashboard.get(PROJECT.index)
    with nothing_left_open(cloud, dashboard):
        for _ in range(6):  # more than a process carries at once
            answer = wait_until(
                lambda: ask(dashboard, PROJECT.download(big)),
                lambda answer: answer.status_code == 200,
                "a place for another download",
            )
            next(chunks_of(answer))
            answer.close()


def test_no_more_than_the_process_may_carry(
    log_in: Callable[[str], Dashboard], big: str, images: Images
) -> None:
    dashboard = log_in("alice")
    path = PROJECT.download(big)
    running: list[requests.Response] = []

    def another() -> requests.Response:
        answer = ask(dashboard, path)
        if answer.status_code == 200:
            running.append(answer)
        return answer

    try:
        busy = wait_until(another, lambda answer: answer.status_code != 200, "no more places")
        assert busy.status_code == 503
        assert int(busy.headers["Retry-After"]) > 0
        assert "Unable to download image" in busy.text
        assert images.name(big) in busy.text
        assert len(running) <= 4
    finally:
        for answer in running:
            answer.close()
    freed = wait_until(another, lambda answer: answer.status_code == 200, "a place to be free")
    freed.close()


@only_thorough
def test_memory(
    cloud: Cloud,
    person: Callable[[str], Dashboard],
    images: Images,
    record_property: Callable[[str, object], None],
) -> None:
    dashboard = person("alice")
    assert len(ask(dashboard, PROJECT.download(images.make("warm"))).content) == len(DATA)
    image_id = images.make(unique("large"), data=None)
    images.upload(image_id, Body(MEMORY_MIB))  # type: ignore[arg-type]
    (worker,) = cloud.horizon.worker_pids
    process = Process(worker)
    process.forget_peak()
    before_mib = process.memory_mib("VmRSS")
    watch = Watch(process, [cloud.horizon.folder / "uploads"])
    watch.start()
    try:
        digest = hashlib.sha512()
        for chunk in ask(dashboard, PROJECT.download(image_id)).iter_content(MIB):
            digest.update(chunk)
    finally:
        watch.stop()
    grown_mib = max(watch.peak_mib, process.memory_mib("VmHWM")) - before_mib
    record_property("grown_mib", round(grown_mib, 1))
    print(f"\nDownload of {MEMORY_MIB} MiB: memory grew by {grown_mib:.1f} MiB")
    assert digest.hexdigest() == images.show(image_id)["os_hash_value"]
    assert grown_mib < MEMORY_LIMIT_MIB
    assert not watch.made
