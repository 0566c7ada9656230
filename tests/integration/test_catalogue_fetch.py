# SPDX-License-Identifier: Apache-2.0
"""The catalogue's command fetches images: a real Glance downloads them from a file server that
plays the publishers.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from demo import imagefiles
from demo.cloud import Cloud
from helion_images_panel.core.decompression import decompressed_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import state_of
from tests import programs, publishers
from tests.converting import CONVERTING, make_disk, require_qemu
from tests.integration.commands import Command
from tests.integration.images import Images
from tests.integration.reconfigured import reconfigured
from tests.integration.test_official_images import filters
from tests.integration.waiting import wait_until
from tests.publishers import Publishers, Response
from tests.thorough import only_thorough

MIB = 1024 * 1024
COMPRESSED = ("FreeBSD", "Fedora CoreOS", "Talos Linux")
NAMES = ("Debian 13", "Fedora 44", "Rocky Linux 9", "Rocky Linux 10", *COMPRESSED)
DEBIAN = (
    "cloud.debian.org/images/cloud/trixie/20261117-2299/"
    "debian-13-genericcloud-amd64-20261117-2299.qcow2"
)
FEDORA = (
    "dl.fedoraproject.org/pub/fedora/linux/releases/44/Cloud/x86_64/images/"
    "Fedora-Cloud-Base-Generic-44-1.7.x86_64.qcow2"
)
ROCKY_9 = (
    "dl.rockylinux.org/pub/rocky/9/images/x86_64/"
    "Rocky-9-GenericCloud-Base-9.8-20261018.0.x86_64.qcow2"
)
ROCKY_10 = (
    "dl.rockylinux.org/pub/rocky/10/images/x86_64/"
    "Rocky-10-GenericCloud-Base-10.2-20261019.0.x86_64.qcow2"
)
FREEBSD = (
    "download.freebsd.org/releases/VM-IMAGES/15.1-RELEASE/amd64/Latest/"
    "FreeBSD-15.1-RELEASE-amd64-BASIC-CLOUDINIT-ufs.qcow2.xz"
)
COREOS = "builds.coreos.fedoraproject.org"
TALOS = (
    "factory.talos.dev/image/376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d703b4ba/"
    "v1.12.10/openstack-amd64.raw.xz"
)
#: What the compressed files have in them: more than one chunk of each form.
CONTENTS = {
    "FreeBSD": imagefiles.qcow2(16 * MIB, os.urandom(8 * MIB)),
    "Fedora CoreOS": imagefiles.qcow2(4 * MIB, b"CoreOS." * MIB),
    "Talos Linux": imagefiles.raw(MIB, b"Talos."),
}
OF_DEBIAN = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}

Process = subprocess.CompletedProcess[str]
Start = Callable[..., Command]
Run = Callable[..., Process]


def put(server: Publishers, place: str, data: bytes, sums: str, algorithm: str) -> None:
    """Have a publisher offer the data, with its checksum."""
    host, _, path = place.partition("/")
    folder, _, name = path.rpartition("/")
    digest = hashlib.new(algorithm, data).hexdigest()
    server.trees[host] |= {
        path: data,
        f"{folder}/{sums.format(name=name)}": f"{digest}  {name}\n".encode(),
    }


def put_compressed(server: Publishers) -> None:
    """Have the publishers of `COMPRESSED` offer their contents; Talos has no checksums."""
    freebsd, coreos, talos = (lzma.compress(CONTENTS[name], preset=0) for name in COMPRESSED)
    put(server, FREEBSD, freebsd, "CHECKSUM.SHA512", "sha512")
    # Its own links begin at the root of a server, which this one is for no publisher.
    index = publishers.nginx_index("/releases/VM-IMAGES/", ["15.1-RELEASE/"])
    server.special["download.freebsd.org/releases/VM-IMAGES/"] = Response(body=index.encode())
    tree = server.trees[COREOS]
    stream = json.loads(tree["streams/stable.json"])
    formats = stream["architectures"]["x86_64"]["artifacts"]["openstack"]["formats"]
    disk = formats["qcow2.xz"]["disk"]
    path = urlsplit(disk["location"]).path
    disk["location"] = f"{server.url}/{COREOS}{path}"
    disk["sha256"] = hashlib.sha256(coreos).hexdigest()
    disk["uncompressed-sha256"] = hashlib.sha256(CONTENTS["Fedora CoreOS"]).hexdigest()
    tree |= {"streams/stable.json": json.dumps(stream).encode(), path.lstrip("/"): coreos}
    host, _, path = TALOS.partition("/")
    server.trees[host][path] = talos


@pytest.fixture(scope="module")
def server(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishers]:
    """The publishers, from whom this Glance may download. The list of Rocky Linux 9 has other
    checksums than its file, and Fedora 44 is a disk of qemu-img.
    """
    with Publishers().running() as server:
        put(server, DEBIAN, imagefiles.qcow2(MIB, b"Debian."), "SHA512SUMS", "sha512")
        put(server, ROCKY_10, imagefiles.qcow2(MIB, b"Rocky 10."), "{name}.CHECKSUM", "sha256")
        host, _, path = ROCKY_9.partition("/")
        server.trees[host][path] = imagefiles.qcow2(MIB, b"Not Rocky 9.")
        if programs.path_of("qemu-img"):
            disk = make_disk(tmp_path_factory.mktemp("disk") / "disk.qcow2").read_bytes()
            put(server, FEDORA, disk, "Fedora-Cloud-44-1.7-x86_64-CHECKSUM", "sha256")
        put_compressed(server)
        with reconfigured(cloud, more_config=filters(cloud, server)):
            yield server


@pytest.fixture
def start(cloud: Cloud, server: Publishers, tmp_path: Path) -> Start:
    text = publishers.catalogue_text().replace("http://", f"{server.url}/")
    entries = [
        each
        for each in yaml.safe_load(text)["images"]
        if each["name"] in NAMES and each["meta"]["architecture"] == "x86_64"
    ]
    (tmp_path / "catalogue.yaml").write_text(yaml.safe_dump({"images": entries}))

    def command(
        *arguments: str, who: str = "admin", settings: Mapping[str, Any] | None = None
    ) -> Command:
        given = {
            "HELION_IMAGES_CATALOGUE": [str(tmp_path / "catalogue.yaml")],
            "HELION_IMAGES_CATALOGUE_ACCESS": "direct",
            **(settings or {}),
        }
        (tmp_path / "settings_with_catalogue.py").write_text(
            "from openstack_dashboard.settings import *\n"
            + "".join(f"{name} = {value!r}\n" for name, value in given.items())
        )
        environment = {
            **os.environ,
            **cloud.horizon.environment(),
            **cloud.environment(who),
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "settings_with_catalogue",
        }
        environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), environment["PYTHONPATH"]])
        return Command(
            ["helion_images_catalogue", "--fetch", *arguments], environment, cloud.horizon.folder
        )

    return command


@pytest.fixture
def run(start: Start, images: Images) -> Run:
    """Runs the command to its end; the images that it reports are taken away after the test."""

    def command(*arguments: str, **options: Any) -> Process:
        process = start(*arguments, **options)
        out, err = process.communicate(timeout=120)
        if "--json" in arguments and out:
            for each in json.loads(out)["images"]:
                if each["image"] and each["outcome"] not in ("current", "to_fetch"):
                    images.adopt(each["image"]["id"])
        return subprocess.CompletedProcess(process.args, process.returncode or 0, out, err)

    return command


def reported(done: Process) -> dict[str, dict[str, Any]]:
    """The entries of a report by name."""
    assert done.stdout, done.stderr
    return {each["name"]: each for each in json.loads(done.stdout)["images"]}


def downloads(server: Publishers) -> list[str]:
    return [url for url in server.requested if url.endswith(".qcow2")]


def made(images: Images, entry: str) -> list[str]:
    return [each["id"] for each in images.list() if (each["name"] or "").startswith(f"{entry} ")]


def test_what_is_out_of_date_is_fetched_compared_and_handed_over(
    run: Run, server: Publishers, images: Images
) -> None:
    old = images.make(
        "Debian 13",
        owner="admin",
        visibility="public",
        image_build_date="2026-08-06",
        **OF_DEBIAN,
    )
    before = images.state(old)
    dry = run("--dry-run", "--json")
    assert dry.returncode == 3, dry.stderr
    assert {name: each["outcome"] for name, each in reported(dry).items()} == {
        "Debian 13": "to_fetch",
        **dict.fromkeys(NAMES[1:], "missing"),
    }
    assert made(images, "Debian 13") == []

    done = run("--json", "--visibility", "public", "--protected", "--tag", "cron")
    assert done.returncode == 0, done.stdout + done.stderr
    found = reported(done)
    assert [name for name, each in found.items() if each["outcome"] != "missing"] == ["Debian 13"]
    debian = found["Debian 13"]
    image_id = debian["image"]["id"]
    shown = images.show(image_id)
    assert debian == {
        "name": "Debian 13",
        "architecture": "x86_64",
        "outcome": "fetched",
        "reason": None,
        "build": {
            "version": "20261117-2299",
            "url": f"{server.url}/{DEBIAN}",
            "checksum": f"sha512:{shown['os_hash_value']}",
            "build_date": "2026-11-17",
        },
        "image": {
            "id": image_id,
            "name": "Debian 13 20261117-2299 x86_64",
            "checksum": f"sha512:{shown['os_hash_value']}",
            "build_date": "2026-11-17",
            "visibility": "public",
            "protected": True,
        },
        "verification": "verified",
        "replaces": old,
    }
    assert images.data(image_id) == imagefiles.qcow2(MIB, b"Debian.")
    expected = {
        "status": "active",
        "visibility": "public",
        "protected": True,
        "disk_format": "qcow2",
        "min_disk": 8,
        "os_distro": "debian",
        "image_source": f"{server.url}/{DEBIAN}",
        "image_original_user": "debian",
    }
    assert {name: shown.get(name) for name in expected} == expected
    assert "cron" in shown["tags"]
    assert "helion_images_verified" in shown
    assert "helion_images_fetching" not in shown
    assert images.state(old) == before

    server.requested.clear()
    again = run("--json", "--visibility", "public", "--protected")
    assert (again.returncode, reported(again)["Debian 13"]["outcome"]) == (0, "current")
    assert downloads(server) == []
    assert made(images, "Debian 13") == [image_id]
    images.update(image_id, protected=False)


@only_thorough
def test_a_missing_one_whose_data_has_to_be_read(run: Run, images: Images) -> None:
    """Glance has no SHA-256 of it; the image is private as long as nobody wants it otherwise."""
    done = run("--missing", "--only", "Rocky Linux 10", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    (rocky,) = reported(done).values()
    assert (rocky["outcome"], rocky["verification"], rocky["replaces"]) == (
        "fetched",
        "verified",
        None,
    )
    assert rocky["build"]["checksum"].startswith("sha256:")
    assert images.show(rocky["image"]["id"])["visibility"] == "private"


def test_data_that_is_not_the_publishers_is_deleted(run: Run, images: Images) -> None:
    """And another entry is fetched all the same."""
    arguments = ("--missing", "--only", "Rocky Linux 9", "--only", "Rocky Linux 10", "--json")
    done = run(*arguments, "--visibility", "public")
    assert done.returncode == 4, done.stdout + done.stderr
    found = reported(done)
    rocky, data = found["Rocky Linux 9"], imagefiles.qcow2(MIB, b"Not Rocky 9.")
    assert (rocky["outcome"], rocky["image"]) == ("mismatch", None)
    assert rocky["reason"] == (
        "the data is not the publisher's, and the image was deleted: expected "
        f"{rocky['build']['checksum']}, found sha256:{hashlib.sha256(data).hexdigest()}"
    )
    assert made(images, "Rocky Linux 9") == []
    assert found["Rocky Linux 10"]["outcome"] == "fetched"


def test_a_run_that_was_killed_is_continued(
    run: Run, start: Start, server: Publishers, images: Images
) -> None:
    """With the same image: Glance downloads it once."""
    data = server.response(f"http://{DEBIAN}").body
    hold = threading.Event()
    server.special[DEBIAN] = Response(body=data, hold=hold)
    server.requested.clear()
    arguments = ("--missing", "--only", "Debian 13 (x86_64)", "--json")
    try:
        process = start(*arguments)
        (image_id,) = wait_until(
            lambda: made(images, "Debian 13") if downloads(server) else [],
            lambda found: found,
            "the download to begin",
            60,
        )
        images.adopt(image_id)
        process.kill()
        process.communicate()
        assert images.show(image_id)["status"] == "importing"
        dry = run(*arguments, "--dry-run")
        assert (dry.returncode, reported(dry)["Debian 13"]["outcome"]) == (3, "to_resume")
        waiting = run(*arguments, "--timeout", "1")
        assert waiting.returncode == 2
        assert reported(waiting)["Debian 13"]["outcome"] == "in_progress"
        hold.set()
        done = run(*arguments, "--visibility", "community")
    finally:
        hold.set()
        del server.special[DEBIAN]
    assert done.returncode == 0, done.stdout + done.stderr
    debian = reported(done)["Debian 13"]
    assert (debian["outcome"], debian["verification"]) == ("fetched", "verified")
    assert debian["image"]["id"] == image_id
    assert made(images, "Debian 13") == [image_id]
    assert images.show(image_id)["visibility"] == "community"
    assert len(downloads(server)) == 1


@only_thorough
def test_a_download_that_fails_leaves_no_image(
    run: Run, server: Publishers, images: Images
) -> None:
    server.special[DEBIAN] = Response(404)
    try:
        done = run("--missing", "--only", "debian 13", "--json")
    finally:
        del server.special[DEBIAN]
    assert done.returncode == 2
    debian = reported(done)["Debian 13"]
    assert (debian["outcome"], debian["image"]) == ("failed", None)
    assert "Glance could not download the file" in debian["reason"]
    assert made(images, "Debian 13") == []


def test_what_a_cloud_has_converted_is_handed_over_as_such(
    cloud: Cloud, run: Run, server: Publishers, images: Images
) -> None:
    require_qemu()
    with reconfigured(cloud, more_config=f"{CONVERTING}{filters(cloud, server)}"):
        done = run("--missing", "--only", "Fedora 44", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        (fedora,) = reported(done).values()
        assert (fedora["outcome"], fedora["verification"]) == ("fetched", "converted")
        assert images.show(fedora["image"]["id"])["disk_format"] == "raw"


def test_who_may_not_publish_is_refused_before_the_download(
    run: Run, server: Publishers, images: Images
) -> None:
    server.requested.clear()
    done = run("--missing", "--visibility", "public", who="alice")
    assert (done.returncode, done.stdout) == (1, "")
    assert "policy does not allow publicize_image" in done.stderr
    assert server.requested == []
    lines = run("--missing", "--only", "Debian 13", who="alice")
    assert lines.returncode == 0, lines.stderr
    (image_id,) = made(images, "Debian 13")
    images.adopt(image_id)
    first, last = lines.stdout.splitlines()
    assert first.startswith("Debian 13 (x86_64): fetched; newest build 20261117-2299; image ")
    assert first.endswith('"; build of 2026-11-17; verified')
    assert last == "1 fetched."


def compressed(name: str) -> tuple[str, ...]:
    return ("--missing", "--only", name, "--json")


def test_compressed_builds_are_decompressed_on_their_way(
    run: Run, server: Publishers, images: Images
) -> None:
    """By this command: Glance gets the content, and downloads none of them."""
    only = [argument for name in COMPRESSED for argument in ("--only", name)]
    server.requested.clear()
    done = run("--missing", *only, "--json", "--visibility", "community")
    assert done.returncode == 0, done.stdout + done.stderr
    found = reported(done)
    assert {name: (each["outcome"], each["verification"]) for name, each in found.items()} == {
        "FreeBSD": ("fetched", "verified"),
        "Fedora CoreOS": ("fetched", "verified"),
        "Talos Linux": ("fetched", "no_checksum"),
    }
    assert len([url for url in server.requested if url.endswith(".xz")]) == 3
    for name, each in found.items():
        image = Image.from_glance(images.show(each["image"]["id"]))
        assert (image.status, image.visibility) == ("active", "community")
        assert images.data(image.id) == CONTENTS[name]
        record = decompressed_of(image)
        assert record
        assert record.kind == "xz"
        assert record.is_expected == (name != "Talos Linux")
        assert state_of(image) == "verified"
        assert image.properties["image_source"] == each["build"]["url"]
        assert "helion_images_fetching" not in image.properties

    again = run("--missing", *only, "--json")
    assert (again.returncode, {each["outcome"] for each in reported(again).values()}) == (
        0,
        {"current"},
    )


def test_a_compressed_build_through_the_staging_area(run: Run, images: Images) -> None:
    stage = {"HELION_IMAGES_UPLOAD_METHOD": "stage"}
    done = run(*compressed("Fedora CoreOS"), settings=stage)
    assert done.returncode == 0, done.stdout + done.stderr
    (coreos,) = reported(done).values()
    assert (coreos["outcome"], coreos["verification"]) == ("fetched", "verified")
    assert images.data(coreos["image"]["id"]) == CONTENTS["Fedora CoreOS"]


def test_a_compressed_file_that_is_refused_leaves_no_image(
    run: Run, server: Publishers, images: Images
) -> None:
    """Nothing of it was active at any time: Glance never saw the end."""
    whole = lzma.compress(CONTENTS["FreeBSD"], preset=0)
    other = lzma.compress(imagefiles.qcow2(MIB, b"Another."), preset=0)
    bomb = lzma.compress(imagefiles.qcow2(MIB) + bytes(96 * MIB), preset=0)
    small = {"HELION_IMAGES_DECOMPRESSED_GIB": 1 / 64}
    cases: list[tuple[Response, dict[str, Any], int, str, str]] = [
        (Response(body=other), {}, 4, "mismatch", "was not stored: expected sha512:"),
        (Response(body=whole[:-20]), {}, 2, "failed", "it ends in the middle"),
        (Response(body=bomb), small, 2, "failed", "becomes larger than"),
    ]
    try:
        for response, settings, code, outcome, reason in cases:
            server.special[FREEBSD] = response
            done = run(*compressed("FreeBSD"), settings=settings)
            assert done.returncode == code, done.stdout + done.stderr
            (freebsd,) = reported(done).values()
            assert (freebsd["outcome"], freebsd["image"]) == (outcome, None)
            assert reason in freebsd["reason"]
            assert made(images, "FreeBSD") == []
    finally:
        del server.special[FREEBSD]


def test_a_run_that_was_killed_in_a_compressed_file_begins_again(
    run: Run, start: Start, server: Publishers, images: Images
) -> None:
    data, hold = lzma.compress(CONTENTS["FreeBSD"], preset=0), threading.Event()
    server.special[FREEBSD] = Response(body=data, hold=hold, first_bytes=6 * MIB)
    try:
        process = start(*compressed("FreeBSD"))
        (killed_id,) = wait_until(
            lambda: [each for each in made(images, "FreeBSD") if images.status(each) == "saving"],
            lambda found: found,
            "the data to be sent",
            60,
        )
        images.adopt(killed_id)
        process.kill()
        process.communicate()
    finally:
        hold.set()
        del server.special[FREEBSD]
    images.wait_for_status(killed_id, "queued")
    dry = run(*compressed("FreeBSD"), "--dry-run")
    assert (dry.returncode, reported(dry)["FreeBSD"]["outcome"]) == (3, "to_resume")
    done = run(*compressed("FreeBSD"))
    assert done.returncode == 0, done.stdout + done.stderr
    freebsd = reported(done)["FreeBSD"]
    assert (freebsd["outcome"], freebsd["verification"]) == ("fetched", "verified")
    assert made(images, "FreeBSD") == [freebsd["image"]["id"]]
    assert freebsd["image"]["id"] != killed_id
    assert images.data(freebsd["image"]["id"]) == CONTENTS["FreeBSD"]
