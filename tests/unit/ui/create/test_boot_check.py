# SPDX-License-Identifier: Apache-2.0
"""The boot checks of a form that is not sent yet."""

import json
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helion_images_panel.api import flavors
from tests import disks, factories
from tests.unit.permissions import CHANGING, PermissionMatrix, path

GIB = 1024**3
FIELDS = {"check_boot": "true", "disk_format": "qcow2"}


class TestWhoMayAsk(PermissionMatrix):
    page, expected, status = "upload_data", CHANGING, "queued"

    def ask(self, browser, url):
        return browser.post(url, FIELDS)


@pytest.fixture
def member(browser):
    return browser.login_as(factories.member())


def told(browser, **fields):
    response = browser.post(path("project", "create"), {**FIELDS, **fields})
    assert response.status_code == 200
    return response.json()


def sentences(browser, **fields):
    return [each["sentence"] for each in told(browser, **fields)["findings"]]


def content(browser, file, disk_format="raw"):
    """Ask as the script does, part by part."""
    url, parts = path("project", "create"), []
    for _round in range(8):
        sent = [SimpleUploadedFile(name, data) for name, data in parts]
        fields = {"check_content": "true", "disk_format": disk_format, "file_size": len(file)}
        answer = browser.post(url, {**fields, "part": sent}).json()
        if "needs" not in answer:
            return answer["content"]
        first, end = answer["needs"]
        parts.append((f"{first}-{end - 1}", file[first:end]))
    raise AssertionError("the dashboard asks for ever")


def test_nothing_is_found_of_an_empty_form(member):
    assert told(member, disk_format="")["findings"] == []
    assert told(member)["findings"] == []
    assert told(member, disk_format="aki", properties="hw_disk_bus=VirtIO")["findings"] == []


def test_a_property_has_the_correction_of_its_line(member):
    (finding,) = told(member, properties="hw_disk_bus = VirtIO\nno line")["findings"]
    assert finding["sentence"].startswith("Instances cannot be launched: hw_disk_bus is “VirtIO”")
    assert finding["changes"] == {"hw_disk_bus": "virtio"}
    assert finding["prevents"]
    assert "virtio" in finding["reason"]


def test_the_preset_counts_and_a_line_replaces_it(member):
    given = {"preset": "Appliance, IDE", "properties": "hw_machine_type = q35"}
    assert "hw_disk_bus is ide" in sentences(member, **given)[0]
    given["properties"] += "\nhw_disk_bus = sata"
    assert sentences(member, **given) == []


def test_a_property_of_a_preset_is_not_removed(member, settings):
    settings.HELION_IMAGES_PRESETS = [{"name": "mine", "properties": {"os_type": "other"}}]
    (finding,) = told(member, preset="mine")["findings"]
    assert finding["changes"] == {}
    (finding,) = told(member, properties="os_type = other")["findings"]
    assert finding["changes"] == {"os_type": None}


def test_a_required_property_counts(member):
    (finding,) = told(member, **{"required.os_type": "other"})["findings"]
    assert "os_type" in finding["sentence"]


def test_sizes_and_flavors(member, monkeypatch):
    offered = [SimpleNamespace(disk=size, ram=1024) for size in (2, 20)]
    monkeypatch.setattr(flavors, "_listed", lambda _request: offered)
    sizes = {"file_size": 100, "virtual_size": 5 * GIB}
    (finding,) = told(member, **sizes)["findings"]
    assert finding["changes"] == {"min_disk": 5}
    assert told(member, **sizes, min_disk=5)["findings"] == []
    assert "no flavor with 2048 MB" in sentences(member, min_ram=2048)[0]
    # Numbers that no field takes say nothing.
    assert sentences(member, min_ram="-1", min_disk="x" * 9999, virtual_size="٣") == []
    assert sentences(member, min_ram="9" * 20)


@pytest.fixture
def efi_only(tmp_path):
    return disks.partitioned(tmp_path / "disk", "gpt", disks.EFI, disks.LINUX).read_bytes()


def test_the_content_of_a_chosen_file(member, efi_only):
    found = content(member, efi_only)
    assert (found["partition_table"], found["has_efi_partition"]) == ("GPT", True)
    given = {"disk_format": "raw", "content": json.dumps(found)}
    answer = told(member, **given)
    (finding,) = answer["findings"]
    assert finding["changes"] == {"hw_firmware_type": "uefi"}
    assert answer["content"].startswith("The disk has a partition table (GPT)")
    answer = told(member, **given, preset="Linux, virtio and UEFI")
    assert answer["findings"] == []
    assert answer["nothing"].startswith("Nothing in its properties")
    # A note keeps no image from booting.
    noted = told(member, **given, preset="Linux, virtio and UEFI", properties="os_distro = ubuntu")
    assert [finding["is_note"] for finding in noted["findings"]] == [True]
    assert noted["nothing"] == answer["nothing"]


@pytest.mark.parametrize("data", [b"", b"short", b"\x01" * 100_000])
def test_a_file_that_says_nothing(member, data):
    assert content(member, data) is None
    assert content(member, data, "qcow2") is None
    assert content(member, data, "vmdk") is None


def test_a_part_that_is_not_whole(member):
    fields = {"check_content": "true", "disk_format": "raw", "file_size": 10**9}
    url = path("project", "create")
    (first, end) = member.post(url, fields).json()["needs"]
    part = SimpleUploadedFile(f"{first}-{end - 1}", b"x")
    assert member.post(url, {**fields, "part": part}).json() == {"content": None}


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "{" * 900, '{"partition_table": 1}'])
def test_a_content_that_the_dashboard_has_not_given(member, text):
    assert told(member, disk_format="raw", content=text)["findings"] == []


def test_upload_data_knows_the_image_and_corrects_nothing(member, glance):
    image = glance.add(status="queued", hw_disk_bus="VirtIO", size=None)
    url = path("project", "upload_data", image["id"])
    (finding,) = member.post(url, FIELDS).json()["findings"]
    assert "VirtIO" in finding["sentence"]
    assert finding["changes"] == {}
    # The last question may arrive after the data was sent.
    glance.images[image["id"]]["status"] = "importing"
    assert member.post(url, FIELDS).json()["findings"]
    assert member.post(url, {"source": "file"}).status_code == 409


def test_the_form_names_the_script(member):
    page = member.get(path("project", "create")).content.decode()
    assert 'data-hip-boot-check="/static/helion_images_panel/js/create/boot_check.js"' in page
