# SPDX-License-Identifier: Apache-2.0
"""The panel of boot checks in the details, and the dialog that corrects one finding."""

import html
import re
from types import SimpleNamespace

import pytest

from helion_images_panel.api import flavors
from helion_images_panel.core.boot_checks import findings
from helion_images_panel.core.image import Image
from tests import factories
from tests.unit.permissions import CHANGING, PermissionMatrix, path


class TestWhoMayOpenTheDialog(PermissionMatrix):
    page = "fix"
    expected = CHANGING


@pytest.fixture
def details(browser, glance):
    def open_details(person=None, **attributes):
        image = glance.add(**attributes)
        browser.login_as(person or factories.member())
        return image, browser.get(path("project", "detail", image["id"])).content.decode()

    return open_details


@pytest.fixture
def fix(browser, glance):
    class Fix:
        def open(self, **attributes):
            self.image = glance.add(**attributes)
            (finding, *_) = findings(Image.from_glance(self.image))
            self.url = path("project", "fix", self.image["id"])
            browser.login_as(factories.member())
            page = browser.get(self.url, {"finding": finding.key}).content.decode()
            self.fields = {
                name: html.unescape(value)
                for name, value in re.findall(
                    r'<input type="hidden" name="(finding|confirmed)" value="([^"]*)">', page
                )
            }
            return page

        def confirm(self, **fields):
            return browser.post(self.url, {**self.fields, **fields})

    return Fix()


def test_the_details_show_findings_and_offer_a_correction(details):
    image, page = details(hw_disk_bus="VirtIO")
    assert "hw_disk_bus is “VirtIO”, which Nova does not know." in page
    assert f"/project/images/{image['id']}/fix/?finding=wrong_value.hw_disk_bus" in page


def test_an_image_without_findings_says_so(details):
    _image, page = details()
    assert "Nothing in its properties and sizes keeps it from booting." in page


def test_a_note_keeps_no_image_from_booting(details):
    _image, page = details(os_distro="ubuntu")
    assert "In official images of ubuntu it is ubuntu." in page
    assert "Nothing in its properties and sizes keeps it from booting." in page
    assert "finding=login_user" not in page


def test_a_size_that_no_minimum_can_have(details, monkeypatch):
    monkeypatch.setattr(flavors, "_listed", lambda _request: [SimpleNamespace(disk=5, ram=1024)])
    image, page = details(min_disk=1, virtual_size=2**63 - 1)
    assert f"/project/images/{image['id']}/fix/" not in page


def test_flavors_that_are_too_small(details, monkeypatch):
    small = SimpleNamespace(disk=5, ram=1024)
    monkeypatch.setattr(flavors, "_listed", lambda _request: [small])
    _image, page = details(min_ram=2048)
    assert "your project has no flavor with 2048 MB of memory" in page
    _image, page = details(min_disk=6)
    assert "needs a disk of 6 GB, and no flavor of your project with enough memory has one" in page
    _image, page = details(min_disk=5, min_ram=1024)
    assert "Nothing in its properties and sizes keeps it from booting." in page


@pytest.mark.parametrize(
    ("attributes", "asked"),
    [
        ({"virtual_size": None}, False),
        ({"virtual_size": 5 * 1024**3}, True),
        ({"min_disk": 1}, True),
        ({"min_ram": 1}, True),
        # An installer has its system on another disk.
        ({"disk_format": "iso", "virtual_size": 5 * 1024**3}, False),
    ],
)
def test_nova_is_asked_only_if_the_flavors_matter(details, monkeypatch, attributes, asked):
    requests = []
    monkeypatch.setattr(flavors, "_listed", lambda _request: requests.append(1) or [])
    details(**{"virtual_size": None, "min_disk": 0, "min_ram": 0} | attributes)
    assert bool(requests) is asked


def test_readers_see_findings_without_a_correction(details):
    _image, page = details(factories.reader(), hw_disk_bus="VirtIO")
    assert "which Nova does not know." in page
    assert "accepts only these values: fdc, ide," in page
    assert "/fix/" not in page


def test_a_kernel_has_no_boot_checks(details):
    _image, page = details(disk_format="aki", container_format="aki", hw_disk_bus="VirtIO")
    assert "data-hip-boot" not in page


def test_values_are_text(details):
    _image, page = details(**{"hw_disk_bus": "<script>alert(1)</script>" + "x" * 100})
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_only_the_correction_is_sent(fix, glance):
    page = fix.open(hw_disk_bus="virtio-scsi", os_type="linux")
    assert "virtio-scsi" in page
    assert fix.confirm().status_code == 302
    image = glance.images[fix.image["id"]]
    assert (image["hw_disk_bus"], image["hw_scsi_model"]) == ("scsi", "virtio-scsi")
    assert image["os_type"] == "linux"


def test_a_property_is_removed(fix, glance):
    assert "removed" in fix.open(os_type="other")
    assert fix.confirm().status_code == 302
    assert "os_type" not in glance.images[fix.image["id"]]


def test_a_minimum_disk(fix, glance):
    assert "5 GB" in fix.open(min_disk=1, virtual_size=5 * 1024**3)
    assert fix.confirm().status_code == 302
    assert glance.images[fix.image["id"]]["min_disk"] == 5


def test_a_minimum_disk_that_is_missing(browser, glance, details, monkeypatch):
    offered = [SimpleNamespace(disk=size, ram=1024) for size in (2, 20)]
    monkeypatch.setattr(flavors, "_listed", lambda _request: offered)
    image, page = details(virtual_size=5 * 1024**3)
    assert "Instances of flavors with a disk of less than 5 GB fail to start" in page
    url = path("project", "fix", image["id"])
    page = browser.get(url, {"finding": "no_min_disk"}).content.decode()
    assert "5 GB" in page
    confirmed = html.unescape(re.search(r'name="confirmed" value="([^"]*)"', page)[1])
    assert browser.post(url, {"finding": "no_min_disk", "confirmed": confirmed}).status_code == 302
    assert glance.images[image["id"]]["min_disk"] == 5


def test_what_changed_meanwhile_is_shown_first(fix, glance):
    fix.open(hw_disk_bus="VirtIO")
    glance.images[fix.image["id"]]["hw_disk_bus"] = "nvme"
    page = fix.confirm().content.decode()
    assert "The image has changed meanwhile. Check the values again." in page
    assert glance.images[fix.image["id"]]["hw_disk_bus"] == "nvme"
    assert "nvme" in page


def test_what_was_corrected_meanwhile(fix, glance):
    fix.open(hw_disk_bus="VirtIO")
    glance.images[fix.image["id"]]["hw_disk_bus"] = "virtio"
    page = fix.confirm().content.decode()
    assert "there is nothing left to correct." in page


@pytest.mark.parametrize("finding", ["", "installer", "wrong_value.name", "no_such"])
def test_nothing_but_findings_is_corrected(fix, glance, finding):
    fix.open(hw_disk_bus="VirtIO")
    before = dict(glance.images[fix.image["id"]])
    fix.confirm(finding=finding)
    assert glance.images[fix.image["id"]] == before
