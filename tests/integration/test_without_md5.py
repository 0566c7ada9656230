# SPDX-License-Identifier: Apache-2.0
"""A dashboard whose Python refuses MD5, as in FIPS mode, beside one that has it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from tests.integration.client import Dashboard
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import PROJECT

SITE = """
import hashlib

_new = hashlib.new


def new(name, *args, **kwargs):
    if name == "md5":
        raise ValueError("[digital envelope routines] unsupported")
    return _new(name, *args, **kwargs)


hashlib.new = new
"""
MD5 = Checksum("md5", hashlib.md5(DATA, usedforsecurity=False).hexdigest())
SHA256 = Checksum("sha256", hashlib.sha256(DATA).hexdigest())


@pytest.fixture(scope="module")
def fips(cloud: Cloud) -> Iterator[LogIn]:
    yield from running(cloud, "fips", {}, SITE)


def fields_of_file(checksum: str) -> dict[str, str]:
    return {
        "name": unique("fips"),
        "source": "file",
        "file_name": "a.raw",
        "file_size": str(len(DATA)),
        "disk_format": "raw",
        "checksum": checksum,
    }


def test_md5_is_refused_before_there_is_an_image(fips: LogIn, images: Images) -> None:
    alice = fips("alice")
    form = alice.get(PROJECT.create).form("disk_format")
    page = alice.submit(form, **fields_of_file(MD5.value))
    said = page.form("disk_format").errors
    assert any("This dashboard cannot compute MD5 checksums" in error for error in said)
    steps = alice.submit(form, **fields_of_file(f"{MD5} {SHA256}")).response.json()
    images.adopt(steps["id"])
    assert alice.put(steps["upload_url"], DATA).json()["verification"] == "verified"


def test_an_upload_that_expects_md5_ends_before_glance_has_a_byte(
    fips: LogIn, person: Callable[[str], Dashboard], images: Images
) -> None:
    alice = person("alice")
    form = alice.get(PROJECT.create).form("disk_format")
    steps = alice.submit(form, **fields_of_file(MD5.value)).response.json()
    image_id = images.adopt(steps["id"])
    response = fips("alice").put(steps["upload_url"], DATA)
    assert (response.status_code, response.json()["kind"]) == (422, "checksum")
    assert "does not allow MD5" in response.json()["reason"]
    image = images.show(image_id)
    assert (image["status"], image["size"]) == ("queued", None)
    assert alice.put(steps["upload_url"], DATA).json()["verification"] == "verified"


def test_an_md5_that_glance_has_is_compared(
    fips: LogIn, person: Callable[[str], Dashboard], images: Images
) -> None:
    alice = person("alice")
    form = alice.get(PROJECT.create).form("disk_format")
    steps = alice.submit(form, **fields_of_file(MD5.value)).response.json()
    images.upload(images.adopt(steps["id"]), DATA)
    answer = fips("alice").post(PROJECT.verify(steps["id"]), {}).response.json()
    assert answer == {"verification": "verified"}
