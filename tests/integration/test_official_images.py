# SPDX-License-Identifier: Apache-2.0
"""Official Images with a real Glance, which downloads from a server that plays publishers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo import imagefiles
from demo.cloud import Cloud
from demo.ports import HOST
from tests import publishers
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.reconfigured import reconfigured
from tests.integration.test_imports import ended
from tests.integration.waiting import wait_until
from tests.publishers import Publishers
from tests.thorough import only_thorough

MIB = 1024 * 1024
FOLDER = "images/cloud/trixie/20261117-2299"
FILE = "debian-13-genericcloud-amd64-20261117-2299.qcow2"
DATA = imagefiles.qcow2(MIB, b"A disk of Debian.")
CATALOGUE = PROJECT.catalogue
ADD = f"{CATALOGUE}add/?name=Debian+13&architecture=x86_64"


@pytest.fixture(scope="module")
def server(cloud: Cloud) -> Iterator[Publishers]:
    """The publishers, from whom this Glance may download."""
    with Publishers().running() as server:
        port = server.url.rpartition(":")[2]
        config = (
            "[import_filtering_opts]\n"
            f"allowed_ports = [{cloud.files.port},{port}]\n"
            f"allowed_hosts = [{HOST},localhost]\n"
        )
        with reconfigured(cloud, more_config=config):
            yield server


@pytest.fixture(scope="module")
def log_in(
    cloud: Cloud, server: Publishers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LogIn]:
    """A dashboard that reaches the publishers; no host of theirs is in a URL."""
    text = publishers.catalogue_text().replace("http://", f"{server.url}/")
    images = [each for each in yaml.safe_load(text)["images"] if each["name"] == "Debian 13"]
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


def add(dashboard: Dashboard, images: Images, **fields: Any) -> str:
    form = dashboard.get(ADD).form("build")
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


def test_other_data_than_the_publisher_names(
    log_in: LogIn, images: Images, publish: Callable[[bytes], None]
) -> None:
    """As for each import: a cloud may have converted it, so it is reported, and kept."""
    publish(imagefiles.qcow2(MIB, b"Another disk."))
    alice = log_in("alice")
    look_up(alice)
    image_id = add(alice, images)
    assert ended(alice, image_id)["status"] == "active"
    answer = alice.post(PROJECT.verify(image_id)).response.json()
    assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
    row = alice.get(PROJECT.index, name=images.name(image_id)).rows[image_id]
    assert "Verified" not in row["Status"]


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
