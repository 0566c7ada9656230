# SPDX-License-Identifier: Apache-2.0
"""The content of the disk in the panel of boot checks."""

import html
import re

import pytest

from demo import imagefiles
from helion_images_panel.api import hosts
from helion_images_panel.core.disk_content import GPT, DiskContent
from helion_images_panel.core.file_parts import MOST_BYTES
from helion_images_panel.ui.boot import content_texts
from tests import factories
from tests.unit.fakes import refusal
from tests.unit.permissions import CHANGING, PermissionMatrix, path

#: A first sector with one EFI partition in it, and no code.
EFI_ONLY = (
    (bytes(446) + b"\0\0\2\0\xef\xff\xff\xff\1\0\0\0\xff\7\0\0" + bytes(48) + b"\x55\xaa")
    + bytes(600)
    + b"some data"
)
FINDING = "Instances do not boot by BIOS, Nova's default for x86_64: the disk starts by UEFI only."


class TestWhoMayRead(PermissionMatrix):
    """Those who may download it; a reader may not."""

    page = "boot"
    expected = CHANGING


@pytest.fixture
def add(glance):
    def add_image(data=EFI_ONLY, **attributes):
        image = glance.add(**{"disk_format": "raw", "size": len(data), **attributes})
        glance.uploads[image["id"]] = data
        return image["id"]

    return add_image


@pytest.fixture
def pages(browser):
    class Pages:
        def __init__(self):
            browser.login_as(factories.member())

        def get(self, page, image_id, **query):
            response = browser.get(path("project", page, image_id), query)
            return html.unescape(response.content.decode())

    return Pages()


def parts(glance):
    return [headers["Range"] for headers in glance.opened]


def test_the_page_does_not_wait_for_the_content(add, pages, glance):
    image_id = add()
    page = pages.get("detail", image_id)
    assert f'data-hip-boot="/project/images/{image_id}/boot/"' in page
    assert "Looking at the content of the disk…" in page
    assert FINDING not in page
    assert glance.opened == []


def test_the_content_is_read_once(add, pages, glance):
    image_id = add()
    panel = pages.get("boot", image_id)
    assert FINDING in panel
    assert f"/project/images/{image_id}/fix/?finding=efi_only" in panel
    assert "The content of the disk shows this" in panel
    assert "a partition table (MBR) with an EFI partition, and no boot code for BIOS." in panel
    assert "Looking at" not in panel
    assert parts(glance) == [f"bytes=0-{len(EFI_ONLY) - 1}"]
    page = pages.get("detail", image_id)
    assert FINDING in page
    assert "data-hip-boot=" not in page
    pages.get("boot", image_id)
    assert len(glance.opened) == 1
    assert glance.open_downloads == 0


def test_another_hash_is_another_content(add, pages, glance):
    image_id = add(os_hash_value="a" * 128)
    pages.get("boot", image_id)
    glance.images[image_id]["os_hash_value"] = "b" * 128
    glance.uploads[image_id] = bytes(len(EFI_ONLY))
    assert "The beginning of the disk is empty" in pages.get("boot", image_id)


def test_a_correction_by_the_content(add, pages, glance, browser):
    image_id = add(os_type="linux")
    page = pages.get("fix", image_id, finding="efi_only")
    assert FINDING in page
    assert "not set" in page
    fields = dict(re.findall(r'name="(finding|confirmed)" value="(.*?)">', page))
    assert browser.post(path("project", "fix", image_id), fields).status_code == 302
    assert glance.images[image_id]["hw_firmware_type"] == "uefi"
    assert glance.images[image_id]["os_type"] == "linux"
    page = pages.get("detail", image_id)
    assert "Nothing in its properties, its sizes and its content keeps it from booting." in page


def test_other_corrections_read_no_content(add, pages, glance):
    image_id = add(hw_disk_bus="VirtIO")
    pages.get("fix", image_id, finding="wrong_value.hw_disk_bus")
    assert glance.opened == []


@pytest.mark.parametrize(
    "attributes",
    [
        {"disk_format": "vmdk"},
        {"status": "deactivated"},
        {"container_format": "ova"},
        {"os_encrypt_format": "GPG"},
        {"size": 0},
    ],
)
def test_data_that_is_not_looked_at(add, pages, glance, attributes):
    image_id = add(**attributes)
    assert "data-hip-boot=" not in pages.get("detail", image_id)
    assert FINDING not in pages.get("boot", image_id)
    assert glance.opened == []


def test_readers_get_nothing_of_what_others_have_read(add, pages, browser):
    image_id = add()
    assert FINDING in pages.get("boot", image_id)
    browser.login_as(factories.reader())
    page = pages.get("detail", image_id)
    assert "Nothing in its properties and sizes keeps it from booting." in page
    assert "data-hip-boot=" not in page
    assert FINDING not in pages.get("fix", image_id, finding="efi_only")


def test_a_store_without_parts_leaves_the_content_out(add, pages, glance):
    image_id = add()
    url = f"/v2/images/{image_id}/file"
    glance.failing[f"GET {url}"] = refusal(400, "No parts.")
    panel = pages.get("boot", image_id)
    assert "Nothing in its properties and sizes keeps it from booting." in panel
    assert "No parts." not in panel
    # Nor does the next page try.
    assert "data-hip-boot=" not in pages.get("detail", image_id)
    pages.get("boot", image_id)
    assert len([call for call in glance.calls if call.path == url]) == 1


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503])
def test_a_refusal_of_one_request_is_not_that_of_others(add, pages, glance, status):
    image_id = add()
    request = f"GET /v2/images/{image_id}/file"
    glance.failing[request] = refusal(status, "Not now.")
    panel = pages.get("boot", image_id)
    assert "Nothing in its properties and sizes keeps it from booting." in panel
    assert "Not now." not in panel
    del glance.failing[request]
    assert "data-hip-boot=" in pages.get("detail", image_id)
    assert FINDING in pages.get("boot", image_id)


def test_data_that_is_shorter_than_glance_says(add, pages, glance):
    image_id = add(size=10_000)
    assert FINDING not in pages.get("boot", image_id)
    assert glance.open_downloads == 0


def test_a_response_that_breaks_off(add, pages, glance):
    image_id = add()
    glance.breaks_after = 100
    assert FINDING not in pages.get("boot", image_id)
    assert glance.open_downloads == 0


@pytest.mark.parametrize(
    "answer",
    [
        {"ignores_ranges": True},
        {"content_range": f"bytes 512-{len(EFI_ONLY) - 1}/{len(EFI_ONLY)}"},
        {"content_range": "bytes */1"},
    ],
)
def test_a_store_that_returns_other_parts_is_not_read(add, pages, glance, answer):
    """Its data has the finding all the same."""
    image_id = add()
    for name, value in answer.items():
        setattr(glance, name, value)
    assert FINDING not in pages.get("boot", image_id)
    assert (len(glance.opened), glance.open_downloads) == (1, 0)
    assert "data-hip-boot=" not in pages.get("detail", image_id)


def test_the_tables_of_a_qcow2_are_followed(add, pages, glance):
    data = imagefiles.qcow2(2**30, EFI_ONLY)
    image_id = add(data, disk_format="qcow2")
    assert FINDING in pages.get("boot", image_id)
    read = [re.fullmatch(r"bytes=(\d+)-(\d+)", each) for each in parts(glance)]
    assert sum(int(each[2]) - int(each[1]) + 1 for each in read) <= MOST_BYTES
    external = imagefiles.qcow2(2**30, EFI_ONLY, backing_file="/etc/passwd")
    assert FINDING not in pages.get("boot", add(external, disk_format="qcow2"))


def test_an_architecture_that_the_cloud_does_not_run(add, pages, settings):
    settings.HELION_IMAGES_ARCHITECTURES = ["x86_64"]
    image_id = add(b"no disk", architecture="aarch64")
    page = pages.get("detail", image_id)
    assert "The cloud has no hosts of the architecture aarch64." in page
    assert "This cloud runs x86_64." in page
    assert "no hosts of the architecture" not in pages.get("detail", add(architecture="i686"))


def test_only_an_admin_asks_nova_for_its_hosts(add, pages, browser, monkeypatch):
    asked = []
    body = {"hypervisors": [{"cpu_info": {"arch": "x86_64"}}]}
    monkeypatch.setattr(hosts, "_listed", lambda request: asked.append(request) or body)
    image_id = add(architecture="aarch64", disk_format="vmdk")
    sentence = "The cloud has no hosts of the architecture aarch64."
    assert sentence not in pages.get("detail", image_id)
    assert asked == []
    browser.login_as(factories.cloud_admin())
    page = browser.get(path("admin", "detail", image_id)).content.decode()
    assert sentence in page
    browser.login_as(factories.member())
    assert sentence in pages.get("detail", image_id)
    assert len(asked) == 1


@pytest.mark.parametrize("has_efi", [True, False])
@pytest.mark.parametrize("has_bios", [True, False])
def test_each_disk_with_partitions_has_a_summary(has_efi, has_bios):
    text = content_texts.summary(DiskContent(GPT, has_efi, has_efi, has_bios))
    assert ("with an EFI partition" in text) is has_efi
    assert ("no boot code" in text) is not has_bios
    assert content_texts.summary(DiskContent(is_empty=True)) == ""
    assert content_texts.summary(None) == ""
