# SPDX-License-Identifier: Apache-2.0
"""The dialog Create Image with the values of an official image whose file is compressed."""

import html
import re

import pytest
import yaml

from helion_images_panel.api import publishers
from helion_images_panel.core.decompression import decompressed_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of_source
from tests import factories
from tests.unit.catalogue.samples import raw
from tests.unit.permissions import MISSING, PANEL_CHANGING, PermissionMatrix, path

ENTRY = {"name": "FreeBSD", "architecture": "x86_64"}
URL = f"{path('project', 'catalogue/file')}?name=FreeBSD&architecture=x86_64"
CREATE = path("project", "create")
SOURCE = "https://files.example/15.1/disk.qcow2.xz"
SHA512 = f"sha512:{'b' * 128}"
META = {
    "architecture": "x86_64",
    "os_distro": "freebsd",
    "hw_rng_model": "virtio",
    "description": "A system",
}
VERSION = {"version": "15.1", "url": SOURCE, "checksum": SHA512, "build_date": "2026-11-10"}


@pytest.fixture(autouse=True)
def catalogue(tmp_path, settings):
    settings.HELION_IMAGES_CATALOGUE = [str(tmp_path / "catalogue.yaml")]
    settings.HELION_IMAGES_CATALOGUE_ACCESS = publishers.DIRECT

    def write(**changed):
        image = raw(**{"name": "FreeBSD", "versions": [VERSION], "meta": META, **changed})
        (tmp_path / "catalogue.yaml").write_text(yaml.safe_dump({"images": [image]}))

    write(tags=["official", "a, b"])
    return write


class TestWhoMayOpenIt(PermissionMatrix):
    page, expected, of_an_image = "catalogue/file", PANEL_CHANGING, False

    def ask(self, browser, url):
        return browser.get(url, ENTRY)


class TestAnotherEntry(TestWhoMayOpenIt):
    expected = {
        panel: {person: MISSING if answer == 200 else answer for person, answer in people.items()}
        for panel, people in PANEL_CHANGING.items()
    }

    def ask(self, browser, url):
        return browser.get(url, {**ENTRY, "name": "OpenBSD"})


def opened(browser, person=None, url=URL):
    return browser.login_as(person or factories.member()).get(url).content.decode()


def values(text):
    """What a browser would send of the fields, without a file."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        attributes = dict(re.findall(r'([\w.:-]+)="([^"]*)"', tag))
        if "name" in attributes and attributes.get("type") not in ("checkbox", "file"):
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, value in re.findall(r'(?s)<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text):
        found[name] = html.unescape(value).removeprefix("\r\n").removeprefix("\n")
    for name, choices in re.findall(r'(?s)<select[^>]*name="([^"]*)".*?>(.*?)</select>', text):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', choices)
        found[name] = chosen[1] if chosen else ""
    return found


def test_the_fields_have_the_values_of_the_catalogue(browser):
    found = values(opened(browser))
    expected = {
        "name": "FreeBSD",
        "description": "A system",
        "source": "file",
        "disk_format": "qcow2",
        "checksum": SHA512,
        "tags": 'official, "a, b"',
        "architecture": "x86_64",
        "min_disk": "8",
        "min_ram": "512",
    }
    assert {name: found.get(name) for name in expected} == expected
    assert found["properties"].splitlines() == [
        "hw_rng_model = virtio",
        "image_build_date = 2026-11-10",
        "image_original_user = ubuntu",
        f"image_source = {SOURCE}",
        "os_distro = freebsd",
        "os_version = 15.1",
    ]


def test_it_is_sent_to_create_image_as_it_is(browser, glance):
    text = opened(browser)
    assert f'action="{CREATE}"' in text
    chosen = {"file_name": "disk.qcow2.xz", "file_size": "5", "decompress": "on"}
    response = browser.post(CREATE, {**values(text), **chosen})
    assert response.status_code == 201, response.content
    (body,) = (call.body for call in glance.writes)
    image = Image.from_glance(body)
    assert str(expected_of_source(image)) == SHA512
    assert decompressed_of(image) is not None
    assert (image.name, image.min_disk_gib) == ("FreeBSD", 8)
    assert set(image.tags) == {"official", "a, b"}
    assert body["image_source"] == SOURCE
    assert body["hw_rng_model"] == "virtio"
    assert body["architecture"] == "x86_64"


def test_properties_that_the_cloud_requires_have_their_fields(browser, glance):
    glance.required = {"os_distro": {"type": "string"}}
    found = values(opened(browser))
    assert found["required.os_distro"] == "freebsd"
    assert "os_distro" not in found["properties"]


def test_nothing_of_the_address_is_taken(browser):
    text = opened(browser, url=f"{URL}&checksum=abc&properties=x%3Dy&disk_format=iso&min_disk=99")
    found = values(text)
    assert (found["checksum"], found["disk_format"], found["min_disk"]) == (SHA512, "qcow2", "8")
    assert "x=y" not in found["properties"]


def test_values_of_the_catalogue_are_text(browser, catalogue):
    evil = '"><script>alert(1)</script>'
    catalogue(meta={**META, "os_admin_user": evil})
    text = opened(browser)
    assert "<script>alert(1)" not in text
    assert f"os_admin_user = {evil}" in values(text)["properties"]


def test_only_for_files_that_the_dashboard_decompresses(browser, catalogue, settings):
    settings.HELION_IMAGES_DECOMPRESSED_GIB = 0
    assert "Download it, unpack it" in opened(browser)
    settings.HELION_IMAGES_DECOMPRESSED_GIB = 1
    settings.HORIZON_IMAGES_UPLOAD_MODE = "off"
    assert "File uploads are disabled on this dashboard." in opened(browser)
    settings.HORIZON_IMAGES_UPLOAD_MODE = "legacy"
    catalogue(versions=[{**VERSION, "url": SOURCE.removesuffix(".xz")}])
    assert "The image service can download this image by itself." in opened(browser)


def test_it_takes_no_form(browser):
    assert browser.login_as(factories.member()).post(URL, {"name": "x"}).status_code == 405
