# SPDX-License-Identifier: Apache-2.0
"""Official Images with a real Glance, which downloads from a server that plays publishers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from demo import imagefiles
from demo.cloud import Cloud
from demo.ports import HOST
from helion_images_panel.core.family import LATEST, NEW
from tests import programs, publishers
from tests.converting import CONVERTING, make_disk, require_qemu
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.publishing import publish as publish_steps
from tests.integration.reconfigured import reconfigured
from tests.integration.test_imports import ended
from tests.integration.test_versions import Families
from tests.integration.waiting import wait_until
from tests.publishers import Publishers
from tests.thorough import only_thorough

MIB = 1024 * 1024
FOLDER = "images/cloud/trixie/20261117-2299"
FILE = "debian-13-genericcloud-amd64-20261117-2299.qcow2"
DATA = imagefiles.qcow2(MIB, b"A disk of Debian.")
OLDER_FOLDER = "images/cloud/bookworm/20261103-2273"
OLDER = "debian-12-genericcloud-amd64-20261103-2273.qcow2"
ROCKY = "Rocky-9-GenericCloud-Base-9.8-20261018.0.x86_64.qcow2"
CATALOGUE = PROJECT.catalogue


def add_url(name: str) -> str:
    return f"{CATALOGUE}add/?{urlencode({'name': name, 'architecture': 'x86_64'})}"


ADD = add_url("Debian 13")


@pytest.fixture(scope="module")
def server(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishers]:
    """The publishers, from whom this Glance may download. Debian 12 is a disk of qemu-img."""
    with Publishers().running() as server:
        if programs.path_of("qemu-img"):
            disk = make_disk(tmp_path_factory.mktemp("disk") / "disk.qcow2").read_bytes()
            digest = hashlib.sha512(disk).hexdigest()
            server.trees["cloud.debian.org"] |= {
                f"{OLDER_FOLDER}/{OLDER}": disk,
                f"{OLDER_FOLDER}/SHA512SUMS": f"{digest}  {OLDER}\n".encode(),
            }
        with reconfigured(cloud, more_config=filters(cloud, server)):
            yield server


def filters(cloud: Cloud, server: Publishers) -> str:
    port = server.url.rpartition(":")[2]
    return (
        "[import_filtering_opts]\n"
        f"allowed_ports = [{cloud.files.port},{port}]\n"
        f"allowed_hosts = [{HOST},localhost]\n"
    )


@pytest.fixture(scope="module")
def log_in(
    cloud: Cloud, server: Publishers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LogIn]:
    """A dashboard that reaches the publishers; no host of theirs is in a URL."""
    text = publishers.catalogue_text().replace("http://", f"{server.url}/")
    names = ("Debian 12", "Debian 13", "Rocky Linux 9")
    images = [each for each in yaml.safe_load(text)["images"] if each["name"] in names]
    file: Path = tmp_path_factory.mktemp("catalogue") / "catalogue.yaml"
    file.write_text(yaml.safe_dump({"images": images}))
    settings: dict[str, Any] = {
        "HELION_IMAGES_CATALOGUE": [str(file)],
        "HELION_IMAGES_CATALOGUE_ACCESS": "direct",
    }
    yield from running(cloud, "official", settings)


@pytest.fixture
def publish(server: Publishers) -> Callable[[bytes], None]:
    """Has the publisher offer this data, with the checksum of `DATA`."""

    def offer(data: bytes) -> None:
        tree = server.trees["cloud.debian.org"]
        tree[f"{FOLDER}/{FILE}"] = data
        digest = hashlib.sha512(DATA).hexdigest()
        tree[f"{FOLDER}/SHA512SUMS"] = f"{digest}  {FILE}\n".encode()

    return offer


def look_up(dashboard: Dashboard) -> Page:
    return dashboard.post(f"{CATALOGUE}builds/")


def add(dashboard: Dashboard, images: Images, url: str = ADD, **fields: Any) -> str:
    form = dashboard.get(url).form("build")
    page = dashboard.submit(form, audience=None, **fields)
    assert page.status == 201, page.form_errors
    return images.adopt(page.response.json()["id"])


def test_an_image_of_a_publisher(
    log_in: LogIn,
    server: Publishers,
    images: Images,
    publish: Callable[[bytes], None],
) -> None:
    publish(DATA)
    alice = log_in("alice")
    server.requested.clear()
    assert "The publisher's list was not read yet." in alice.get(CATALOGUE).text
    assert server.requested == []
    assert "The publishers' lists were read." in look_up(alice).text
    assert "Not in this cloud" in alice.get(CATALOGUE).text

    url = f"{server.url}/cloud.debian.org/{FOLDER}/{FILE}"
    image_id = add(alice, images, name="official", tags="one, two", protected="on")
    assert ended(alice, image_id)["status"] == "active"
    assert images.data(image_id) == DATA
    answer = alice.post(PROJECT.verify(image_id)).response.json()
    assert answer["verification"] == "verified"
    shown = images.show(image_id)
    expected = {
        "name": "official",
        "protected": True,
        "visibility": "private",
        "disk_format": "qcow2",
        "min_disk": 8,
        "min_ram": 512,
        "image_source": url,
        "image_build_date": "2026-11-17",
        "image_original_user": "debian",
        "os_distro": "debian",
        "os_version": "13",
        "os_purpose": "generic",
        "architecture": "x86_64",
        "replace_frequency": "monthly",
        "uuid_validity": "last-3",
        "provided_until": "none",
        "maintained_until": "2030-06-30",
    }
    assert {name: shown.get(name) for name in expected} == expected
    assert sorted(shown["tags"]) == ["one", "two"]
    page = alice.get(CATALOGUE)
    assert "In this cloud, up to date: official" in " ".join(page.text.split())
    assert page.tree.first("a", href=PROJECT.detail(image_id)).text == "official"
    images.update(image_id, protected=False)


def test_as_a_version_of_a_family(
    log_in: LogIn, images: Images, publish: Callable[[bytes], None]
) -> None:
    """The only family that fits is chosen; the next step is Make It the Latest."""
    publish(DATA)
    alice = log_in("alice")
    look_up(alice)
    family = Families(images)
    system = {"os_distro": "debian", "os_version": "13", "os_purpose": "generic"}
    old = family.make(
        LATEST, "", tags=["lts"], visibility="shared", architecture="x86_64", **system
    )
    images.share(old, "acme-data")
    form = alice.get(ADD).form("build")
    assert form.fields["family"] == form.fields["family_shown"] == old
    assert str(form.fields["name"]).startswith(f"{family.name} (2026-11-17")
    steps = alice.submit(form, audience=None).response.json()
    new = images.adopt(steps["id"])
    assert (family.role(new), images.show(new)["visibility"]) == (NEW, "private")
    assert "lts" in images.show(new)["tags"]
    assert ended(alice, new)["status"] == "active"
    assert alice.post(PROJECT.verify(new)).response.json()["verification"] == "verified"
    page = alice.get(steps["make_latest_url"])
    alice.submit(page.form("confirmed"))
    assert images.name(new) == family.name
    assert images.members(new) == {images.cloud.project_id("acme-data"): "pending"}


@pytest.mark.parametrize("algorithm", ["sha512", "sha256"])
def test_other_data_than_the_publisher_names(
    log_in: LogIn,
    server: Publishers,
    images: Images,
    publish: Callable[[bytes], None],
    algorithm: str,
) -> None:
    """The image goes when its owner has seen why. Of SHA-256 Glance has no hash of its own."""
    data, named, url = imagefiles.qcow2(MIB, b"Another disk."), DATA, ADD
    publish(data)
    if algorithm == "sha256":
        named, url = publishers.data_of(ROCKY), add_url("Rocky Linux 9")
        server.trees["dl.rockylinux.org"][f"pub/rocky/9/images/x86_64/{ROCKY}"] = data
    alice = log_in("alice")
    look_up(alice)
    image_id = add(alice, images, url, name="not-the-publishers", protected="on")
    assert ended(alice, image_id)["status"] == "active"
    row = alice.get(PROJECT.index, name="not-the-publishers").rows[image_id]
    assert "Verified" not in row["Status"]
    answer = alice.post(PROJECT.verify(image_id)).response.json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
    assert answer["expected"] == f"{algorithm}:{hashlib.new(algorithm, named).hexdigest()}"
    assert answer["actual"] == f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"
    assert images.exists(image_id)
    seen = alice.post(answer["seen_url"]).response.json()
    assert seen["deleted"] is True
    assert "does not match the publisher's checksum. The image was deleted." in seen["reason"]
    assert "Add the image again from Official Images." in seen["reason"]
    assert not images.exists(image_id)


def test_a_cloud_that_converts_official_images_keeps_them(
    cloud: Cloud, server: Publishers, log_in: LogIn, images: Images
) -> None:
    require_qemu()
    alice = log_in("alice")
    with reconfigured(cloud, more_config=f"{CONVERTING}{filters(cloud, server)}"):
        look_up(alice)
        image_id = add(alice, images, add_url("Debian 12"), name="converted-official")
        assert ended(alice, image_id)["status"] == "active"
        assert images.show(image_id)["disk_format"] == "raw"
        for _time in range(2):
            answer = alice.post(PROJECT.verify(image_id)).response.json()
            assert answer["verification"] == "converted"
            assert "The image is kept." in answer["reason"]
        row = alice.get(PROJECT.index, name="converted-official").rows[image_id]
        assert row["Status"] == "Active Converted"
        assert images.exists(image_id)


def test_the_store_of_an_official_image(
    log_in: LogIn, images: Images, publish: Callable[[bytes], None]
) -> None:
    publish(DATA)
    alice = log_in("alice")
    look_up(alice)
    assert alice.get(ADD).form("build").options("store") == ["fast", "archive"]
    image_id = add(alice, images, store="archive")
    assert ended(alice, image_id)["status"] == "active"
    assert images.show(image_id)["stores"] == "archive"


def test_an_image_on_its_way_is_on_its_card(cloud: Cloud, log_in: LogIn, images: Images) -> None:
    """Whoever began it, and as long as it has no data."""
    image_id = images.make(
        "official", data=None, os_distro="debian", os_version="13", architecture="x86_64"
    )
    alice = log_in("alice")
    mark = f'data-hip-watch="{image_id}"'
    assert mark not in alice.get(CATALOGUE).html
    uri = f"{cloud.files.url}/slow/cirros-like.qcow2?seconds=6"
    cloud.session("alice").post(
        f"{cloud.glance.url}/v2/images/{image_id}/import",
        json={"method": {"name": "web-download", "uri": uri}},
    )
    wait_until(lambda: alice.get(CATALOGUE).html, lambda html: mark in html, "the card")
    ended(alice, image_id)
    page = alice.get(CATALOGUE)
    assert mark not in page.html
    assert image_id in page.html


class Watched:
    """What members of other projects see of all images, asked again and again."""

    def __init__(self, cloud: Cloud, people: tuple[str, ...]) -> None:
        self.sessions = {name: cloud.session(name) for name in people}
        self.url = f"{cloud.glance.url}/v2/images"
        self.seen: set[tuple[str, str]] = set()
        self.looks = 0
        self.end = threading.Event()

    def run(self) -> None:
        while not self.end.is_set():
            self.look()

    def look(self) -> None:
        for name, session in self.sessions.items():
            for query in ("", "?member_status=all&visibility=shared", "?visibility=public"):
                found = session.get(f"{self.url}{query}").json()["images"]
                self.seen |= {(name, image["id"]) for image in found}
        self.looks += 1

    def who_has_seen(self, image_id: str) -> set[str]:
        return {name for name, id_ in self.seen if id_ == image_id}


@contextmanager
def watched(cloud: Cloud) -> Iterator[Watched]:
    """The projects of bob, of the same domain, and of gina, of another one."""
    others = Watched(cloud, ("bob", "gina"))
    thread = threading.Thread(target=others.run)
    thread.start()
    try:
        yield others
    finally:
        others.end.set()
        thread.join()


def checked(dashboard: Dashboard, url: str) -> dict[str, Any]:
    """What the comparison says, once Glance has ended the import."""
    return wait_until(
        lambda: dict(dashboard.post(url).response.json()),
        lambda answer: "verification" in answer,
        "the comparison",
    )


OTHERS = {"own": set(), "domain": {"bob"}, "cloud": {"bob", "gina"}}


@pytest.mark.parametrize("audience", OTHERS)
def test_others_see_it_once_it_is_verified(
    cloud: Cloud,
    log_in: LogIn,
    images: Images,
    publish: Callable[[bytes], None],
    audience: str,
) -> None:
    publish(DATA)
    admin = log_in("acme-admin")
    look_up(admin)
    with watched(cloud) as others:
        form = admin.get(ADD).form("build")
        steps = admin.submit(form, audience=audience, name=f"planned-{audience}").response.json()
        image_id = images.adopt(steps["id"])
        assert steps.get("planned", "own") == audience
        assert images.show(image_id)["visibility"] == "private"
        ended(admin, image_id)
        others.look()
        assert others.who_has_seen(image_id) == set()
        page = admin.get(PROJECT.detail(image_id))
        assert ("when its data is verified." in page.text) == (audience != "own")
        assert checked(admin, steps["verify_url"])["verification"] == "verified"
        others.look()
        assert others.who_has_seen(image_id) == set()
        # The page is closed here: the next one that shows the image goes on.
        row = admin.get(PROJECT.index, name=f"planned-{audience}").row(image_id)
        assert bool(row.all(data_hip_verify=PROJECT.verify(image_id))) == (audience != "own")
        answer = admin.post(PROJECT.verify(image_id)).response.json()
        assert answer.get("publication", {"audience": "own"})["audience"] == audience
        if audience != "own":
            run = publish_steps(admin, PROJECT, image_id, audience)
            assert (run.status, run.projects) == (200, [])
        others.look()
    assert others.looks > 3
    assert others.who_has_seen(image_id) == OTHERS[audience]
    assert "helion_images_publish_to" not in images.show(image_id)
    assert "publication" not in admin.post(PROJECT.verify(image_id)).response.json()
    row = admin.get(PROJECT.index, name=f"planned-{audience}").row(image_id)
    assert not row.all(data_hip_verify=PROJECT.verify(image_id))


@pytest.mark.parametrize("audience", ["domain", "cloud"])
def test_others_never_see_what_is_not_the_publishers(
    cloud: Cloud,
    log_in: LogIn,
    images: Images,
    publish: Callable[[bytes], None],
    audience: str,
) -> None:
    publish(imagefiles.qcow2(MIB, b"Another disk."))
    admin = log_in("acme-admin")
    look_up(admin)
    with watched(cloud) as others:
        form = admin.get(f"{ADMIN.catalogue}{ADD.removeprefix(CATALOGUE)}").form("build")
        steps = admin.submit(form, audience=audience, name=f"wrong-{audience}").response.json()
        image_id = images.adopt(steps["id"])
        ended(admin, image_id, ADMIN)
        answer = checked(admin, steps["verify_url"])
        assert answer["verification"] == "mismatch"
        assert "publication" not in answer
        others.look()
        assert admin.post(answer["seen_url"]).response.json()["deleted"] is True
    assert not images.exists(image_id)
    assert others.looks > 1
    assert others.who_has_seen(image_id) == set()


def test_a_member_of_the_project_does_not_publish_it(
    log_in: LogIn, images: Images, publish: Callable[[bytes], None]
) -> None:
    """Nor does another admin: the next page of whoever wanted it does, and once."""
    publish(DATA)
    admin, alice = log_in("acme-admin"), log_in("alice")
    look_up(admin)
    form = admin.get(ADD).form("build")
    image_id = images.adopt(admin.submit(form, audience="cloud").response.json()["id"])
    ended(admin, image_id)
    assert checked(alice, PROJECT.verify(image_id)) == {"verification": "verified"}
    assert images.show(image_id)["visibility"] == "private"
    assert "publication" not in log_in("admin").post(PROJECT.verify(image_id)).response.json()
    planned = images.show(image_id)["helion_images_publish_to"]
    publication = admin.post(PROJECT.verify(image_id)).response.json()["publication"]
    step = publication["url"]
    assert admin.post(step, {"audience": "cloud"}).status == 200
    assert images.show(image_id)["visibility"] == "public"
    # The admin thinks again, and the member writes the plan to the image once more.
    assert publish_steps(admin, PROJECT, image_id, "own").status == 200
    images.update(image_id, helion_images_publish_to=planned)
    assert "publication" not in admin.post(PROJECT.verify(image_id)).response.json()
    assert admin.post(step, {"audience": "cloud"}).status == 403
    assert images.show(image_id)["visibility"] != "public"


def test_a_converted_image_is_left_to_its_user(
    cloud: Cloud, server: Publishers, log_in: LogIn, images: Images
) -> None:
    """What was converted was not compared: others could have had Glance convert other data."""
    require_qemu()
    admin = log_in("acme-admin")
    with reconfigured(cloud, more_config=f"{CONVERTING}{filters(cloud, server)}"):
        look_up(admin)
        form = admin.get(add_url("Debian 12")).form("build")
        image_id = images.adopt(admin.submit(form, audience="cloud").response.json()["id"])
        ended(admin, image_id)
        answer = wait_until(
            lambda: admin.post(PROJECT.verify(image_id)).response.json(),
            lambda answer: answer.get("verification") == "converted",
            "the comparison",
        )
        assert "publication" not in answer
        assert "and was not. Publish it." in admin.get(PROJECT.detail(image_id)).text


@only_thorough
def test_a_publisher_from_which_the_image_service_may_not_download(
    cloud: Cloud, log_in: LogIn, images: Images, publish: Callable[[bytes], None]
) -> None:
    publish(DATA)
    alice = log_in("alice")
    look_up(alice)
    form = alice.get(ADD).form("build")
    with reconfigured(cloud, more_config=""):
        page = alice.submit(form, audience=None, name="refused-by-filter")
    assert page.status == 200
    assert any("does not download images from that URL" in error for error in page.form_errors)
    assert not alice.get(PROJECT.index, name="refused-by-filter").rows
