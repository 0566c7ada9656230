# SPDX-License-Identifier: Apache-2.0
"""What in the content of a disk keeps instances from booting, or contradicts the properties.

Each check names its source in the documents: `doc/source/boot-checks.md`. A content that is
not understood has no findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from helion_images_panel.core import architectures
from helion_images_panel.core.disk_content import FORMATS, DiskContent
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.image import Image
from helion_images_panel.core.nova_properties import is_on, read

# Kinds of findings.
EFI_ONLY = "efi_only"
NO_EFI_PARTITION = "no_efi_partition"
NO_BOOT_CODE = "no_boot_code"
SECURE_BOOT_CONTENT = "secure_boot_content"
NEEDS_KERNEL = "needs_kernel"
DISC_AS_DISK = "disc_as_disk"
EMPTY_DISK = "empty_disk"

#: Those that a change of a property may correct.
CORRECTED = frozenset({EFI_ONLY, NO_EFI_PARTITION})

#: Beginnings of the properties of encrypted data.
_ENCRYPTED = ("os_encrypt", "os_decrypt", "cinder_encryption")

_HYPERVISORS = ("", "kvm", "qemu")
_MODES = ("", "hvm")


def may_be_read(image: Image) -> bool:
    """Whether the content is complete, and can be read."""
    return image.status == "active" and image.has_data and is_readable(image)


def is_readable(image: Image) -> bool:
    """Whether the format can be read, and the data is not encrypted."""
    return (
        image.container_format == "bare"
        and image.disk_format in FORMATS
        and not any(name.startswith(_ENCRYPTED) for name in image.properties)
    )


def findings(image: Image, content: DiskContent, hosts: Collection[str] = ()) -> Iterator[Finding]:
    """Return what the content tells.

    :param hosts: architectures of the cloud's hosts; none if they are unknown
    """
    properties = image.properties
    # Others choose the firmware by other properties, and a kernel starts without a boot loader.
    if not _is_virtual_machine(properties) or properties.get("kernel_id"):
        return
    if content.is_empty:
        if not is_on(properties, "hw_ipxe_boot"):
            yield Finding(EMPTY_DISK, False)
    elif content.is_disc:
        yield Finding(DISC_AS_DISK, False)
    elif content.file_system:
        if not content.has_bios_boot:
            yield Finding(NEEDS_KERNEL)
    elif content.partition_table:
        yield from _partitioned(properties, content, hosts)


def lacks_efi(content: DiskContent | None) -> bool:
    """Whether the content is known, and UEFI firmware certainly starts nothing from it."""
    return bool(content and content.partition_table and not content.may_start_by_efi)


def _is_virtual_machine(properties: Mapping[str, Any]) -> bool:
    return all(
        read(properties, name) in known
        for names, known in (
            (("hypervisor_type", "img_hv_type"), _HYPERVISORS),
            (("vm_mode", "hw_vm_mode"), _MODES),
        )
        for name in names
    )


def _partitioned(
    properties: Mapping[str, Any], content: DiskContent, hosts: Collection[str]
) -> Iterator[Finding]:
    firmware = read(properties, "hw_firmware_type")
    if properties.get("hw_firmware_type") and not firmware:
        return  # Nova refuses it, and another finding says so.
    if read(properties, "os_secure_boot") == "required" and lacks_efi(content):
        yield Finding(SECURE_BOOT_CONTENT)
        return
    named = architectures.of_system(properties)
    systems = {named} if named else set(hosts)
    is_pc = systems <= architectures.BY_BIOS
    if firmware == "uefi" or (not firmware and systems and systems <= architectures.BY_UEFI):
        if lacks_efi(content):
            yield Finding(NO_EFI_PARTITION, changes=_to_bios(properties, content, is_pc))
    elif is_pc and not content.has_bios_boot:
        if content.has_efi_partition:
            yield Finding(EFI_ONLY, changes={"hw_firmware_type": "uefi"})
        elif lacks_efi(content) and not content.has_prep_partition:
            yield Finding(NO_BOOT_CODE, False)


def _to_bios(properties: Mapping[str, Any], content: DiskContent, is_pc: bool) -> Mapping[str, Any]:
    """Return the change to the firmware that starts the disk; empty if there is none."""
    needs_uefi = is_on(properties, "hw_mem_encryption") or is_on(
        properties, "hw_firmware_stateless"
    )
    return (
        {"hw_firmware_type": "bios"} if content.has_bios_boot and is_pc and not needs_uefi else {}
    )
