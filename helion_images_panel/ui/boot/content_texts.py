# SPDX-License-Identifier: Apache-2.0
"""What is said of the content of a disk, and of the findings in it."""

from __future__ import annotations

from django.utils.translation import gettext as _eager

from helion_images_panel.core import content_checks
from helion_images_panel.core.disk_content import DiskContent
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import labels

#: Findings that may be on purpose.
NOTES = frozenset(
    {content_checks.DISC_AS_DISK, content_checks.EMPTY_DISK, content_checks.NO_BOOT_CODE}
)


def summary(content: DiskContent | None) -> str:
    """Return how a disk with partitions starts; empty for any other."""
    if content is None or not content.partition_table:
        return ""
    texts = {
        (True, True): _eager(
            "The disk has a partition table (%(table)s) with an EFI partition, and boot code for "
            "BIOS."
        ),
        (True, False): _eager(
            "The disk has a partition table (%(table)s) with an EFI partition, and no boot code "
            "for BIOS."
        ),
        (False, True): _eager(
            "The disk has a partition table (%(table)s) without an EFI partition, and boot code "
            "for BIOS."
        ),
        (False, False): _eager(
            "The disk has a partition table (%(table)s) without an EFI partition, and no boot "
            "code for BIOS."
        ),
    }
    found = texts[(content.has_efi_partition, content.has_bios_boot)]
    return found % {"table": content.partition_table}


def sentence(finding: Finding, image: Image, content: DiskContent | None) -> str:
    """Return the sentence of a finding of the content; empty for any other."""
    is_set = bool(image.properties.get("hw_firmware_type"))
    return {
        content_checks.EFI_ONLY: (
            _eager(
                "Instances do not boot: hw_firmware_type is bios, and the disk starts by UEFI only."
            )
            if is_set
            else _eager(
                "Instances do not boot by BIOS, Nova's default for x86_64: the disk starts by "
                "UEFI only."
            )
        ),
        content_checks.NO_EFI_PARTITION: (
            _eager(
                "Instances do not boot: hw_firmware_type is uefi, and the disk has no EFI "
                "partition."
            )
            if is_set
            else _eager(
                "Instances do not boot by UEFI, Nova's default for aarch64: the disk has no EFI "
                "partition."
            )
        ),
        content_checks.SECURE_BOOT_CONTENT: _eager(
            "Instances do not boot: secure boot is required, and the disk has no EFI partition."
        ),
        content_checks.NO_BOOT_CODE: _eager(
            "The disk has partitions, but neither boot code nor an EFI partition."
        ),
        content_checks.NEEDS_KERNEL: _eager(
            "Instances do not boot without a kernel image: the disk is a file system (%(name)s) "
            "without a partition table."
        )
        % {"name": content.file_system if content else ""},
        content_checks.DISC_AS_DISK: _eager(
            "The data is a CD or DVD (ISO 9660), and instances get it as a hard disk: the format "
            "is %(format)s."
        )
        % {"format": labels.format_label(image.format)},
        content_checks.EMPTY_DISK: _eager(
            "The beginning of the disk is empty: there is nothing to boot from."
        ),
    }.get(finding.kind, "")


def reason(finding: Finding) -> str:
    """Return what in the content shows it, and the step that no change of a property replaces."""
    return {
        content_checks.EFI_ONLY: _eager(
            "The content of the disk shows this: it has an EFI partition, no boot code in the "
            "first sector, and no BIOS boot partition."
        ),
        content_checks.NO_EFI_PARTITION: _eager(
            "The content of the disk shows this: no partition is an EFI partition, or may have "
            "FAT, where UEFI firmware looks for a boot loader. Publishers often have another "
            "build for UEFI."
        ),
        content_checks.SECURE_BOOT_CONTENT: _eager(
            "The content of the disk shows this: secure boot is a part of UEFI firmware, which "
            "looks for a boot loader in an EFI partition. Use a build of the image for UEFI, or "
            "remove os_secure_boot with Update Metadata."
        ),
        content_checks.NO_BOOT_CODE: _eager(
            "The content of the disk shows this: the first sector has no boot code. This is "
            "normal for a data disk. A system on it starts only with a kernel image, which "
            "kernel_id names."
        ),
        content_checks.NEEDS_KERNEL: _eager(
            "The content of the disk shows this: without a partition table and a boot sector "
            "there is no boot loader. Set kernel_id with Update Metadata to the ID of an image "
            "with the kernel, and ramdisk_id to that of its ramdisk."
        ),
        content_checks.DISC_AS_DISK: _eager(
            "The content of the disk shows this. Only images of the format ISO are attached as a "
            "CD or DVD, and the format of this image cannot be changed any more: create it again "
            "with the format ISO."
        ),
        content_checks.EMPTY_DISK: _eager(
            "The content of the disk shows this: the first 72 KiB are zeros, without a partition "
            "table, a file system or boot code. It can be a disk for data, or start a system over "
            "the network."
        ),
    }.get(finding.kind, "")
