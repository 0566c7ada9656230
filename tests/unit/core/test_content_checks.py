# SPDX-License-Identifier: Apache-2.0
"""Findings in the content of a disk, beside the image's properties."""

import pytest

from helion_images_panel.core.boot_checks import findings
from helion_images_panel.core.content_checks import may_be_read
from helion_images_panel.core.disk_content import GPT, MBR, DiskContent
from tests import factories

EFI_ONLY = DiskContent(GPT, True, True)
BIOS_ONLY = DiskContent(MBR, has_bios_boot=True)
BOTH = DiskContent(GPT, True, True, True)
MAYBE_EFI = DiskContent(MBR, may_start_by_efi=True)
NEITHER = DiskContent(GPT)
POWER = DiskContent(GPT, has_prep_partition=True)
BARE = DiskContent(file_system="XFS")
BARE_WITH_CODE = DiskContent(file_system="XFS", has_bios_boot=True)
DISC = DiskContent(is_disc=True)
EMPTY = DiskContent(is_empty=True)

TO_UEFI = {"hw_firmware_type": "uefi"}
TO_BIOS = {"hw_firmware_type": "bios"}


def found(content, hosts=(), **properties):
    image = factories.image(disk_format="raw", **properties)
    return {finding.key: dict(finding.changes) for finding in findings(image, (), content, hosts)}


@pytest.mark.parametrize(
    ("content", "properties", "expected"),
    [
        (EFI_ONLY, {}, {"efi_only": TO_UEFI}),
        (EFI_ONLY, {"hw_firmware_type": "bios"}, {"efi_only": TO_UEFI}),
        (EFI_ONLY, {"architecture": "amd64"}, {"efi_only": TO_UEFI}),
        (EFI_ONLY, {"architecture": "aarch64"}, {}),
        (EFI_ONLY, {"architecture": "ppc64le"}, {}),
        (EFI_ONLY, {"hw_firmware_type": "uefi"}, {}),
        # Bare metal and other hypervisors choose their firmware themselves.
        (EFI_ONLY, {"hypervisor_type": "ironic"}, {}),
        (EFI_ONLY, {"img_hv_type": "VMware"}, {}),
        (EFI_ONLY, {"hw_vm_mode": "xen"}, {}),
        (EFI_ONLY, {"hypervisor_type": "kvm", "vm_mode": "hvm"}, {"efi_only": TO_UEFI}),
        (EFI_ONLY, {"kernel_id": "1"}, {}),
        # The emulated one counts.
        (EFI_ONLY, {"hw_architecture": "x86_64", "hw_emulation_architecture": "aarch64"}, {}),
        (BIOS_ONLY, {}, {}),
        (BIOS_ONLY, {"hw_firmware_type": "uefi"}, {"no_efi_partition": TO_BIOS}),
        (BIOS_ONLY, {"architecture": "aarch64"}, {"no_efi_partition": {}}),
        (
            BIOS_ONLY,
            {"hw_firmware_type": "uefi", "hw_mem_encryption": "yes"},
            {"no_efi_partition": {}},
        ),
        (BOTH, {}, {}),
        (BOTH, {"hw_firmware_type": "uefi"}, {}),
        (BOTH, {"hw_firmware_type": "bios"}, {}),
        (MAYBE_EFI, {}, {}),
        (MAYBE_EFI, {"hw_firmware_type": "uefi"}, {}),
        (NEITHER, {}, {"no_boot_code": {}}),
        (NEITHER, {"hw_firmware_type": "uefi"}, {"no_efi_partition": {}}),
        (NEITHER, {"architecture": "s390x"}, {}),
        (NEITHER, {"kernel_id": "1"}, {}),
        (POWER, {}, {}),
        (BARE, {}, {"needs_kernel": {}}),
        (BARE, {"kernel_id": "1"}, {}),
        (BARE_WITH_CODE, {}, {}),
        (DISC, {}, {"disc_as_disk": {}}),
        (EMPTY, {}, {"empty_disk": {}}),
        (EMPTY, {"hw_ipxe_boot": "true"}, {}),
        (DiskContent(), {"hw_firmware_type": "uefi"}, {}),
        (None, {"hw_firmware_type": "uefi"}, {}),
        (
            EFI_ONLY,
            {"os_secure_boot": "required"},
            {"efi_only": TO_UEFI, "secure_boot_firmware": TO_UEFI},
        ),
        (EFI_ONLY, {"os_secure_boot": "required", "hw_firmware_type": "uefi"}, {}),
        # UEFI would not help.
        (BIOS_ONLY, {"os_secure_boot": "required"}, {"secure_boot_content": {}}),
        (
            BIOS_ONLY,
            {"os_secure_boot": "required", "hw_firmware_type": "uefi"},
            {"secure_boot_content": {}},
        ),
        # What Nova refuses is said by another finding alone.
        (
            EFI_ONLY,
            {"hw_firmware_type": "efi"},
            {"wrong_value.hw_firmware_type": TO_UEFI},
        ),
    ],
)
def test_content_and_properties(content, properties, expected):
    assert found(content, **properties) == expected


@pytest.mark.parametrize(
    ("hosts", "content", "expected"),
    [
        (("x86_64",), EFI_ONLY, {"efi_only": TO_UEFI}),
        (("aarch64",), EFI_ONLY, {}),
        (("aarch64",), BIOS_ONLY, {"no_efi_partition": {}}),
        # The instance may come to a host of either.
        (("aarch64", "x86_64"), EFI_ONLY, {}),
        (("aarch64", "x86_64"), BIOS_ONLY, {}),
    ],
)
def test_an_image_without_an_architecture_has_that_of_the_hosts(hosts, content, expected):
    assert found(content, hosts) == expected


@pytest.mark.parametrize("content", [EFI_ONLY, BIOS_ONLY, BOTH, MAYBE_EFI, NEITHER])
@pytest.mark.parametrize("firmware", ["", "uefi", "bios"])
def test_each_correction_corrects(content, firmware):
    properties = {"hw_firmware_type": firmware} if firmware else {}
    for changes in found(content, **properties).values():
        if changes:
            assert found(content, **{**properties, **changes}) == {}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, True),
        ({"disk_format": "qcow2"}, True),
        ({"disk_format": "vmdk"}, False),
        ({"disk_format": "iso"}, False),
        ({"container_format": "ova"}, False),
        ({"container_format": "compressed"}, False),
        ({"status": "queued"}, False),
        ({"status": "deactivated"}, False),
        ({"size": 0}, False),
        ({"size": None}, False),
        ({"os_encrypt_format": "GPG"}, False),
        ({"cinder_encryption_key_id": "1"}, False),
    ],
)
def test_what_may_be_read(attributes, expected):
    image = factories.image(**{"disk_format": "raw", "size": 1024, **attributes})
    assert may_be_read(image) is expected


@pytest.mark.parametrize(
    ("hosts", "properties", "is_found"),
    [
        (("x86_64",), {"architecture": "aarch64"}, True),
        (("x86_64",), {"hw_architecture": "aarch64"}, True),
        # Nova takes the newer property.
        (("x86_64",), {"architecture": "aarch64", "hw_architecture": "x86_64"}, False),
        (("x86_64",), {"architecture": "amd64"}, False),
        (("x86_64",), {"architecture": "i386"}, False),
        (("x86_64", "aarch64"), {"architecture": "aarch64"}, False),
        (("aarch64",), {"architecture": "armv7l"}, False),
        (("x86_64",), {}, False),
        ((), {"architecture": "aarch64"}, False),
        # Nova refuses it: another finding says so.
        (("x86_64",), {"architecture": "arm64"}, False),
    ],
)
def test_hosts_of_another_architecture(hosts, properties, is_found):
    assert any(key.startswith("no_host") for key in found(None, hosts, **properties)) is is_found
