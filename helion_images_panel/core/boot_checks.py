# SPDX-License-Identifier: Apache-2.0
"""What in an image keeps instances from launching, or from working as its properties say.

Each check names its source in the documents: `doc/source/boot-checks.md`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from helion_images_panel.core import architectures, content_checks, login_users, nova_properties
from helion_images_panel.core.disk_content import DiskContent
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.flavors import Flavor
from helion_images_panel.core.image import Image
from helion_images_panel.core.nova_properties import is_on, read

GIB = 1024**3

# Kinds of findings.
WRONG_VALUE = "wrong_value"
UNCLEAR_SWITCH = "unclear_switch"
MIN_DISK = "min_disk"
NO_MIN_DISK = "no_min_disk"
NO_FLAVOR_DISK = "no_flavor_disk"
NO_FLAVOR_RAM = "no_flavor_ram"
NO_HOST = "no_host"
SECURE_BOOT_FIRMWARE = "secure_boot_firmware"
SECURE_BOOT_MACHINE = "secure_boot_machine"
IDE_BUS = "ide_bus"
SCSI_MODEL = "scsi_model"
TPM_CRB = "tpm_crb"
TPM_VERSION = "tpm_version"
QUIESCE = "quiesce"
INSTALLER = "installer"
OVA = "ova"
CONTAINER = "container"
LOGIN_USER = "login_user"

#: Largest minimum, of the disk and of the memory, that Glance accepts.
LARGEST_MINIMUM = 2**31 - 1


def findings(
    image: Image,
    flavors: Sequence[Flavor] = (),
    content: DiskContent | None = None,
    hosts: Collection[str] = (),
) -> list[Finding]:
    """Return what the image's properties, sizes and content tell; those that prevent a launch
    first.

    :param flavors: those that may be used; none if they are unknown
    :param content: None if it is unknown
    :param hosts: architectures of the cloud's hosts; none if they are unknown
    """
    found = [
        *_values(image.properties),
        *_size(image, flavors),
        *_flavors(image, flavors),
        *_architecture(image.properties, hosts),
        *(content_checks.findings(image, content, hosts) if content else ()),
        *_firmware(image.properties, content),
        *_buses(image.properties),
        *_tpm(image.properties),
        *_agent(image.properties),
        *_content(image),
        *_login(image),
    ]
    return sorted(found, key=lambda each: not each.prevents)


def _values(properties: Mapping[str, Any]) -> Iterator[Finding]:
    for wrong in nova_properties.wrong_values(properties):
        changes: dict[str, Any] = {wrong.name: wrong.meant}
        if wrong.name == "hw_disk_bus" and wrong.value.lower() in ("virtio-scsi", "virtio_scsi"):
            changes = {"hw_disk_bus": "scsi", "hw_scsi_model": "virtio-scsi"}
        yield Finding(WRONG_VALUE, name=wrong.name, changes=changes, wrong=wrong)
    for wrong in nova_properties.unclear_switches(properties):
        yield Finding(
            UNCLEAR_SWITCH, False, name=wrong.name, changes={wrong.name: wrong.meant}, wrong=wrong
        )


def needed_disk_gib(image: Image) -> int:
    """Return the size of the disk that instances need; 0 if it is unknown."""
    # An installer has its system on another disk.
    virtual_size_bytes = 0 if image.disk_format == "iso" else image.virtual_size_bytes
    return max(image.min_disk_gib, math.ceil((virtual_size_bytes or 0) / GIB))


def depends_on_flavors(image: Image) -> bool:
    """Whether the flavors matter: an image without a minimum or a size fits into each."""
    return bool(image.min_ram_mib) or _flavor_disk_gib(image) > 0


def _flavor_disk_gib(image: Image) -> int:
    """Return the disk that a flavor must have; 0 if it is unknown, or a volume is the disk."""
    return 0 if image.is_volume_backed else needed_disk_gib(image)


def _size(image: Image, flavors: Sequence[Flavor]) -> Iterator[Finding]:
    needed = _flavor_disk_gib(image)
    # A file may claim any size; Glance takes no larger minimum.
    changes = {"min_disk": needed} if needed <= LARGEST_MINIMUM else {}
    if 0 < image.min_disk_gib < needed:
        yield Finding(MIN_DISK, False, changes=changes)
    elif not image.min_disk_gib and any(_is_too_small(each, image, needed) for each in flavors):
        yield Finding(NO_MIN_DISK, False, changes=changes)


def _is_too_small(flavor: Flavor, image: Image, needed_gib: int) -> bool:
    """Whether Nova accepts the flavor, and the host fails: only the file fits into its disk.

    With a disk of 0 the flavor is for volumes.
    """
    return (
        flavor.ram_mib >= image.min_ram_mib
        and 0 < flavor.disk_gib < needed_gib
        and (image.size_bytes or 0) <= flavor.disk_gib * GIB
    )


def _flavors(image: Image, flavors: Sequence[Flavor]) -> Iterator[Finding]:
    if not flavors:
        return
    with_memory = [each for each in flavors if each.ram_mib >= image.min_ram_mib]
    if not with_memory:
        yield Finding(NO_FLAVOR_RAM)
        return
    needed = _flavor_disk_gib(image)
    # A new volume may be larger than the flavor's disk.
    if needed and all(each.disk_gib < needed for each in with_memory):
        yield Finding(NO_FLAVOR_DISK, False)


def depends_on_hosts(image: Image) -> bool:
    """Whether the architectures of the cloud's hosts matter."""
    return bool(architectures.of_hosts(image.properties))


def _architecture(properties: Mapping[str, Any], hosts: Collection[str]) -> Iterator[Finding]:
    architecture = architectures.of_hosts(properties)
    if architecture and hosts and not architectures.run(hosts, architecture):
        yield Finding(NO_HOST, False, name=architecture)


def _firmware(properties: Mapping[str, Any], content: DiskContent | None) -> Iterator[Finding]:
    # Without an EFI partition no firmware would help: another finding says so.
    if read(properties, "os_secure_boot") != "required" or content_checks.lacks_efi(content):
        return
    architecture = architectures.of_system(properties)
    firmware, machine = read(properties, "hw_firmware_type"), read(properties, "hw_machine_type")
    # Nova's default for this architecture is UEFI.
    if firmware != "uefi" and not (architecture == "aarch64" and not firmware):
        yield Finding(SECURE_BOOT_FIRMWARE, False, changes={"hw_firmware_type": "uefi"})
    elif machine and "q35" not in machine and architecture in ("x86_64", ""):
        yield Finding(SECURE_BOOT_MACHINE, changes={"hw_machine_type": "q35"})


def _buses(properties: Mapping[str, Any]) -> Iterator[Finding]:
    bus, machine = read(properties, "hw_disk_bus"), read(properties, "hw_machine_type")
    if "q35" in machine or machine.startswith("virt"):
        cdrom_bus = "sata" if "q35" in machine else "scsi"
        for name, better in (("hw_disk_bus", "virtio"), ("hw_cdrom_bus", cdrom_bus)):
            if read(properties, name) == "ide":
                yield Finding(IDE_BUS, name=name, changes={name: better})
    uses_scsi = {bus, read(properties, "hw_cdrom_bus"), read(properties, "hw_rescue_bus")}
    if read(properties, "hw_scsi_model") and bus and "scsi" not in uses_scsi:
        yield Finding(SCSI_MODEL, False, changes={"hw_disk_bus": "scsi"})


def _tpm(properties: Mapping[str, Any]) -> Iterator[Finding]:
    model, version = read(properties, "hw_tpm_model"), read(properties, "hw_tpm_version")
    if model == "tpm-crb" and version == "1.2":
        yield Finding(TPM_CRB, changes={"hw_tpm_version": "2.0"})
    elif model and "hw_tpm_version" not in properties:
        yield Finding(TPM_VERSION, False, changes={"hw_tpm_version": "2.0"})


def _agent(properties: Mapping[str, Any]) -> Iterator[Finding]:
    if is_on(properties, "os_require_quiesce") and not is_on(properties, "hw_qemu_guest_agent"):
        yield Finding(QUIESCE, False, changes={"hw_qemu_guest_agent": "yes"})


def _content(image: Image) -> Iterator[Finding]:
    if image.format == "iso":
        yield Finding(INSTALLER, False)
    elif image.format == "ova":
        yield Finding(OVA, False)
    elif image.container_format == "docker":
        yield Finding(CONTAINER, False)


def _login(image: Image) -> Iterator[Finding]:
    # A snapshot has the users of its instance, and an installer none yet.
    if image.is_snapshot or image.format in ("iso", "ova") or image.container_format != "bare":
        return
    if user := login_users.missing_user(image.properties):
        # It may be another one in an image that a user has made: nothing is filled in.
        yield Finding(LOGIN_USER, False, name=user)
