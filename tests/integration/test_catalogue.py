# SPDX-License-Identifier: Apache-2.0
"""The catalogue's command with a real Glance; a file server plays all publishers."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.cloud import Cloud
from tests import publishers
from tests.integration import commands
from tests.integration.images import Images
from tests.publishers import Publishers, Response
from tests.thorough import only_thorough

DEBIAN = "debian-13-genericcloud-amd64-20261117-2299.qcow2"
CIRROS = "cirros-0.6.3-x86_64-disk.img"

#: The demo has an image of it without a date and a source.
OF_THE_DEMO = "Debian 12"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def server() -> Iterator[Publishers]:
    with Publishers().running() as server:
        yield server


@pytest.fixture
def run(cloud: Cloud, server: Publishers, tmp_path: Path) -> Run:
    def command(
        *arguments: str,
        access: str = server.url,
        without: Collection[str] = (OF_THE_DEMO,),
        **changed: str,
    ) -> subprocess.CompletedProcess[str]:
        catalogue = yaml.safe_load(publishers.catalogue_text())
        for image in catalogue["images"]:
            image["enable"] = image["name"] not in without
        (tmp_path / "catalogue.yaml").write_text(yaml.safe_dump(catalogue))
        (tmp_path / "settings_with_catalogue.py").write_text(
            "from openstack_dashboard.settings import *\n"
            f"HELION_IMAGES_CATALOGUE = [{str(tmp_path / 'catalogue.yaml')!r}]\n"
            f"HELION_IMAGES_CATALOGUE_ACCESS = {access!r}\n"
        )
        environment = {
            **os.environ,
            **cloud.horizon.environment(),
            **cloud.environment("admin"),
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "settings_with_catalogue",
            **changed,
        }
        environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), environment["PYTHONPATH"]])
        return commands.run(
            ["helion_images_catalogue", *arguments], environment, cloud.horizon.folder
        )

    return command


def catalogue_of(folder: Path) -> list[dict[str, Any]]:
    """The entries of the file that the command reads."""
    return list(yaml.safe_load((folder / "catalogue.yaml").read_text())["images"])


def reported(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The entries of a report by name and architecture."""
    entries = json.loads(done.stdout)["images"]
    return {f"{each['name']} ({each['architecture']})": each for each in entries}


def test_what_the_cloud_has(cloud: Cloud, run: Run, images: Images) -> None:
    before = reported(run("--check", "--json"))
    assert {each["name"] for each in before.values()} == set(publishers.NEWEST) - {OF_THE_DEMO}
    assert {each["state"] for each in before.values()} == {"missing"}
    for each in before.values():
        version, build_date = publishers.NEWEST[each["name"]]
        assert each["newest"]["version"] == version
        assert each["newest"]["build_date"] == (build_date or None)

    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    # The data of the publisher, without its date or source.
    current = images.make(data=publishers.data_of(DEBIAN), visibility="public", **debian)
    # All properties of the report, as an operator would set them.
    talos = before["Talos Linux (x86_64)"]["newest"]["properties"]
    rolling = images.make(visibility="public", **talos)
    rocky = {"os_distro": "rocky", "os_version": "9", "architecture": "x86_64"}
    old = images.make(visibility="public", image_build_date="2026-08-19", **rocky)
    # A member's own image, with the properties of the newest build.
    ubuntu = before["Ubuntu 24.04 (x86_64)"]["newest"]["properties"]
    images.make(owner="acme-web", visibility="private", **ubuntu)
    # By the checksum that Glance has always: MD5.
    cirros = {"os_distro": "cirros", "os_purpose": "minimal", "architecture": "x86_64"}
    small = images.make(data=publishers.data_of(CIRROS), visibility="public", **cirros)

    done = run("--check", "--json")
    assert done.returncode == 3, done.stderr
    found = reported(done)
    states = {title: (each["state"], each["image"]) for title, each in found.items()}
    has = {title: (state, image["id"]) for title, (state, image) in states.items() if image}
    assert has == {
        "Debian 13 (x86_64)": ("current", current),
        "Talos Linux (x86_64)": ("current", rolling),
        "Rocky Linux 9 (x86_64)": ("out_of_date", old),
        "CirrOS (x86_64)": ("current", small),
    }
    assert found["Rocky Linux 9 (x86_64)"]["days"] == 60
    shown = run("--check")
    assert shown.returncode == 3
    line = f"Rocky Linux 9 (x86_64): out of date; newest build 9.8-20261018.0; this cloud has {old}"
    assert line in shown.stdout
    assert "3 current, 1 out of date, 0 cannot be told." in shown.stdout
    token = cloud.session("admin").get_token() or ""
    assert token not in done.stdout + done.stderr + shown.stdout + shown.stderr


@only_thorough
def test_a_snapshot_and_a_hidden_image_are_not_on_offer(run: Run, images: Images) -> None:
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    dated = {**debian, "image_build_date": "2026-11-17", "visibility": "public"}
    hidden = images.make(**dated)
    images.update(hidden, os_hidden=True)
    images.make(image_type="snapshot", **dated)
    assert reported(run("--check", "--json"))["Debian 13 (x86_64)"]["state"] == "missing"


@only_thorough
def test_an_image_without_a_date_or_a_source_cannot_be_told(run: Run) -> None:
    done = run("--check", "--json", without=())
    assert done.returncode == 2
    found = reported(done)["Debian 12 (x86_64)"]
    assert (found["state"], found["image"]["name"]) == ("unknown", "debian-12-generic")
    assert found["reason"].startswith("The image has no checksum that can be compared")


def test_publishers_get_no_request_if_access_is_off(run: Run, server: Publishers) -> None:
    server.requested.clear()
    done = run("--check", access="off")
    assert server.requested == []
    assert "Debian 13 (x86_64): missing" in done.stdout
    assert done.stdout.endswith("Publishers were not asked: access is off.\n")


def test_publishers_get_no_token(run: Run, server: Publishers) -> None:
    assert run("--check").returncode == 0
    assert server.requested
    names = {name.lower() for name in server.last_headers}
    assert not names & {"x-auth-token", "authorization", "cookie"}


@only_thorough
def test_a_publisher_that_does_not_respond(run: Run, server: Publishers) -> None:
    place = "factory.talos.dev/versions"
    server.special[place] = Response(503)
    try:
        done = run("--check")
    finally:
        del server.special[place]
    assert done.returncode == 2
    (line,) = [each for each in done.stdout.splitlines() if each.startswith("Talos")]
    assert line == (
        "Talos Linux (x86_64): missing. The publisher's server responded with HTTP status 503."
    )


@only_thorough
def test_without_credentials(run: Run) -> None:
    done = run("--check", OS_PASSWORD="wrong")
    assert done.returncode == 1
    assert done.stdout == ""
    # Libraries of the environment may warn before it.
    assert done.stderr.splitlines()[-1].startswith("helion_images_catalogue: ")


@only_thorough
def test_it_does_nothing_unasked(run: Run, server: Publishers) -> None:
    server.requested.clear()
    done = run()
    assert done.returncode == 1
    assert "--check" in done.stderr
    assert server.requested == []


def test_a_file_for_a_dashboard_without_a_way_out(
    cloud: Cloud, run: Run, server: Publishers, tmp_path: Path
) -> None:
    """Written where publishers are reached, without a cloud, and read where they are not."""
    file = tmp_path / "written.yaml"
    done = run("--write", str(file), OS_PASSWORD="wrong")
    assert done.returncode == 0, done.stderr
    count = sum(image["enable"] for image in catalogue_of(tmp_path))
    assert done.stdout == f"{count} of {count} entries have their newest build in {file}.\n"
    server.requested.clear()
    (tmp_path / "settings_without_a_way_out.py").write_text(
        "from openstack_dashboard.settings import *\n"
        f"HELION_IMAGES_CATALOGUE = [{str(file)!r}]\n"
        "HELION_IMAGES_CATALOGUE_ACCESS = 'off'\n"
    )
    done = run("--check", "--json", DJANGO_SETTINGS_MODULE="settings_without_a_way_out")
    found = reported(done)
    assert server.requested == []
    assert json.loads(done.stdout)["problems"] == []
    assert {each["name"] for each in found.values()} == set(publishers.NEWEST) - {OF_THE_DEMO}
    for each in found.values():
        version, build_date = publishers.NEWEST[each["name"]]
        assert each["newest"]["version"] == version
        assert each["newest"]["build_date"] == (build_date or None)
    debian = found["Debian 13 (x86_64)"]["newest"]
    assert debian["checksum"] == f"sha512:{publishers.digest('sha512', DEBIAN)}"
    assert debian["size"] == len(publishers.data_of(DEBIAN))


def test_a_file_that_lacks_a_build(run: Run, server: Publishers, tmp_path: Path) -> None:
    """What a publisher did not say is named, and the others are written."""
    file = tmp_path / "written.yaml"
    done = written_without_cirros(run, server, file)
    assert "CirrOS (x86_64): " in done.stderr
    assert builds_in(file) == {"CirrOS": 0, "Rocky Linux 9": 1}
    assert not list(tmp_path.glob(".written*"))


def written_without_cirros(
    run: Run, server: Publishers, file: Path
) -> subprocess.CompletedProcess[str]:
    """Write two entries while the publisher of one of them does not answer."""
    place = "download.cirros-cloud.net/"
    server.special[place] = Response(503)
    try:
        done = run("--write", str(file), "--only", "CirrOS", "--only", "Rocky Linux 9")
    finally:
        del server.special[place]
    assert done.returncode == 2
    return done


def builds_in(file: Path) -> dict[str, int]:
    images = yaml.safe_load(file.read_text())["images"]
    return {each["name"]: len(each["versions"]) for each in images}


def test_a_file_keeps_what_it_had(run: Run, server: Publishers, tmp_path: Path) -> None:
    """Builds of a publisher that does not answer now, and entries that were not named."""
    file, link = tmp_path / "written.yaml", tmp_path / "link.yaml"
    link.symlink_to(file)
    assert run("--write", str(link), "--only", "CirrOS").returncode == 0
    file.chmod(0o640)
    written_without_cirros(run, server, link)
    assert builds_in(file) == {"CirrOS": 1, "Rocky Linux 9": 1}
    assert run("--write", str(link), "--only", "Rocky Linux 9").returncode == 0
    assert builds_in(file) == {"CirrOS": 1, "Rocky Linux 9": 1}
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    refused = run("--write", str(link), "--missing")
    assert refused.returncode == 1
    assert builds_in(file) == {"CirrOS": 1, "Rocky Linux 9": 1}


def test_nothing_is_written_without_access(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "written.yaml"
    done = run("--write", str(file), access="off")
    assert done.returncode == 1
    assert "publishers cannot be asked" in done.stderr
    assert not file.exists()
