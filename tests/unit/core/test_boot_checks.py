# SPDX-License-Identifier: Apache-2.0
"""Findings of images; `tests/compute/test_boot.py` compares the values with Nova's own."""

import json

import pytest
import yaml

from helion_images_panel.catalogue.files import OFFICIAL_FILE
from helion_images_panel.core import boot_checks, login_users, nova_properties
from helion_images_panel.core.boot_checks import GIB, findings
from helion_images_panel.core.flavors import Flavor
from tests import factories


def found(**attributes):
    return findings(factories.image(**attributes))


def changes_of(**attributes):
    return {finding.key: dict(finding.changes) for finding in found(**attributes)}


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"architecture": "x86_64", "os_type": "Linux", "hw_vif_model": "VirtIO"},
        {"architecture": "amd64", "hypervisor_type": "QEMU", "vm_mode": "hv"},
        {"hw_scsi_model": "VIRTIO-SCSI", "hw_disk_bus": "scsi"},
        {"hw_cpu_cores": "2", "hw_numa_nodes": 1, "hw_qemu_guest_agent": "True"},
        {"os_secure_boot": "required", "hw_firmware_type": "uefi", "hw_machine_type": "pc-q35-8.2"},
        {"os_secure_boot": "required", "architecture": "aarch64", "hw_machine_type": "virt"},
        {"os_require_quiesce": "yes", "hw_qemu_guest_agent": "yes"},
        {"hw_tpm_model": "tpm-crb", "hw_tpm_version": "2.0"},
        {"hw_machine_type": "q35", "hw_disk_bus": "virtio", "hw_cdrom_bus": "sata"},
        {"hw_scsi_model": "virtio-scsi"},
        {"hw_scsi_model": "virtio-scsi", "hw_disk_bus": "virtio", "hw_cdrom_bus": "scsi"},
        {"os_distro": "anything", "my_own": "VirtIO", "hw_mem_page_size": "large"},
    ],
)
def test_nothing_is_found(properties):
    assert found(**properties) == []


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("hw_disk_bus", "VirtIO", "virtio"),
        ("hw_disk_bus", " virtio ", "virtio"),
        ("hw_disk_bus", "nvme", None),
        ("hw_disk_bus", "", None),
        ("architecture", "arm64", "aarch64"),
        ("hw_architecture", "ARM64", "aarch64"),
        ("hypervisor_type", "powervm", None),
        ("hw_firmware_type", "efi", "uefi"),
        ("hw_firmware_type", "UEFI", "uefi"),
        ("os_type", "other", None),
        ("hw_tpm_version", "2", "2.0"),
        ("os_secure_boot", "true", "required"),
        ("hw_cpu_cores", "two", None),
        ("hw_video_ram", "64M", None),
    ],
)
def test_a_value_that_nova_refuses(name, value, meant):
    (finding,) = found(**{name: value})
    assert (finding.kind, finding.name, finding.prevents) == ("wrong_value", name, True)
    assert finding.wrong.value == value
    assert dict(finding.changes) == {name: meant}


def test_a_scsi_controller_for_a_bus():
    assert changes_of(hw_disk_bus="virtio-scsi") == {
        "wrong_value.hw_disk_bus": {"hw_disk_bus": "scsi", "hw_scsi_model": "virtio-scsi"}
    }


@pytest.mark.parametrize(
    ("value", "meant"), [("installed", None), ("Enabled", "yes"), ("disabled", "no"), ("", None)]
)
def test_a_switch_that_says_neither_yes_nor_no(value, meant):
    (finding,) = found(hw_qemu_guest_agent=value)
    assert (finding.kind, finding.prevents) == ("unclear_switch", False)
    assert dict(finding.changes) == {"hw_qemu_guest_agent": meant}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"min_disk": 2, "virtual_size": 2 * GIB + 1}, {"min_disk": {"min_disk": 3}}),
        ({"min_disk": 2, "virtual_size": 2 * GIB}, {}),
        ({"min_disk": 0, "virtual_size": 2 * GIB}, {}),
        ({"min_disk": 1, "virtual_size": None}, {}),
        (
            {"os_secure_boot": "required"},
            {"secure_boot_firmware": {"hw_firmware_type": "uefi"}},
        ),
        (
            {"os_secure_boot": "required", "hw_firmware_type": "bios", "architecture": "aarch64"},
            {"secure_boot_firmware": {"hw_firmware_type": "uefi"}},
        ),
        (
            {"os_secure_boot": "required", "hw_firmware_type": "uefi", "hw_machine_type": "pc"},
            {"secure_boot_machine": {"hw_machine_type": "q35"}},
        ),
        (
            {"hw_machine_type": "q35", "hw_disk_bus": "ide", "hw_cdrom_bus": "ide"},
            {
                "ide_bus.hw_disk_bus": {"hw_disk_bus": "virtio"},
                "ide_bus.hw_cdrom_bus": {"hw_cdrom_bus": "sata"},
            },
        ),
        (
            {"hw_machine_type": "virt-8.2", "hw_cdrom_bus": "ide"},
            {"ide_bus.hw_cdrom_bus": {"hw_cdrom_bus": "scsi"}},
        ),
        (
            {"hw_scsi_model": "virtio-scsi", "hw_disk_bus": "virtio"},
            {"scsi_model": {"hw_disk_bus": "scsi"}},
        ),
        (
            {"hw_tpm_model": "tpm-crb", "hw_tpm_version": "1.2"},
            {"tpm_crb": {"hw_tpm_version": "2.0"}},
        ),
        ({"hw_tpm_model": "tpm-tis"}, {"tpm_version": {"hw_tpm_version": "2.0"}}),
        ({"os_require_quiesce": "true"}, {"quiesce": {"hw_qemu_guest_agent": "yes"}}),
        ({"disk_format": "iso", "min_disk": 1, "virtual_size": 3 * GIB}, {"installer": {}}),
        ({"disk_format": "vmdk", "container_format": "ova"}, {"ova": {}}),
        ({"disk_format": "raw", "container_format": "docker"}, {"container": {}}),
    ],
)
def test_what_contradicts_itself(attributes, expected):
    assert changes_of(**attributes) == expected


def test_what_prevents_a_launch_is_first():
    kinds = [finding.kind for finding in found(os_require_quiesce="yes", hw_disk_bus="nvme")]
    assert kinds == ["wrong_value", "quiesce"]


def test_each_correction_corrects():
    """And brings no new finding."""
    for attributes in (
        {"hw_disk_bus": "virtio-scsi"},
        {"architecture": "arm64"},
        {"os_type": "other"},
        {"hw_cpu_cores": "two"},
        {"hw_qemu_guest_agent": "maybe"},
        {"os_require_quiesce": "yes"},
        {"hw_tpm_model": "tpm-crb", "hw_tpm_version": "1.2"},
        {"hw_machine_type": "q35", "hw_disk_bus": "ide"},
        {"os_secure_boot": "required", "hw_firmware_type": "uefi", "hw_machine_type": "pc"},
        {"min_disk": 1, "virtual_size": 5 * GIB},
    ):
        (finding,) = found(**attributes)
        corrected = {**attributes, **finding.changes}
        assert found(**{k: v for k, v in corrected.items() if v is not None}) == []


def test_all_meant_values_are_known():
    for name, meant in nova_properties._MEANT.items():
        assert set(meant.values()) <= set(nova_properties.CHOICES[name])
        assert not set(meant) & set(nova_properties.CHOICES[name])


def test_keys_tell_findings_apart():
    image = factories.image(hw_disk_bus="a", hw_vif_model="b", hw_cpu_cores="c")
    assert len({finding.key for finding in boot_checks.findings(image)}) == 3


#: As Nova writes it on the snapshot of an instance that boots from a volume.
VOLUME = json.dumps([{"boot_index": 0, "source_type": "snapshot", "snapshot_id": "1"}])

SMALL, LARGE, FOR_VOLUMES = Flavor(5, 1024), Flavor(20, 4096), Flavor(0, 1024)


def test_a_missing_minimum_is_what_the_disk_needs():
    (finding,) = findings(factories.image(virtual_size=7 * GIB + 1), [SMALL, LARGE])
    assert (finding.kind, dict(finding.changes)) == (boot_checks.NO_MIN_DISK, {"min_disk": 8})


@pytest.mark.parametrize(
    ("attributes", "flavors", "kinds"),
    [
        ({}, [SMALL], []),
        ({"min_ram": 1024, "min_disk": 5}, [SMALL], []),
        ({"min_ram": 4097}, [SMALL, LARGE], [boot_checks.NO_FLAVOR_RAM]),
        ({"min_disk": 21}, [SMALL, LARGE], [boot_checks.NO_FLAVOR_DISK]),
        ({"min_disk": 21}, [LARGE, FOR_VOLUMES], [boot_checks.NO_FLAVOR_DISK]),
        ({"min_disk": 1}, [FOR_VOLUMES], [boot_checks.NO_FLAVOR_DISK]),
        # No data yet, and no minimum.
        ({"virtual_size": None}, [FOR_VOLUMES], []),
        # The one with the memory has not the disk.
        (
            {"min_disk": 21, "min_ram": 2048},
            [LARGE, Flavor(40, 1024)],
            [boot_checks.NO_FLAVOR_DISK],
        ),
        # Its disk is a volume already.
        ({"min_disk": 21, "size": 0, "block_device_mapping": VOLUME}, [LARGE], []),
        ({"virtual_size": 20 * GIB, "min_disk": 20}, [SMALL, LARGE], []),
        (
            {"virtual_size": 20 * GIB + 1, "min_disk": 21},
            [SMALL, LARGE],
            [boot_checks.NO_FLAVOR_DISK],
        ),
        # Nova accepts the smaller one, and its host fails.
        ({"virtual_size": 20 * GIB}, [SMALL, LARGE], [boot_checks.NO_MIN_DISK]),
        (
            {"virtual_size": 20 * GIB + 1},
            [SMALL, LARGE],
            [boot_checks.NO_MIN_DISK, boot_checks.NO_FLAVOR_DISK],
        ),
        ({"virtual_size": 5 * GIB}, [SMALL, LARGE], []),
        ({"virtual_size": 20 * GIB}, [LARGE, FOR_VOLUMES], []),
        # Nova refuses a flavor that is smaller than the file, or has too little memory.
        ({"virtual_size": 20 * GIB, "size": 20 * GIB}, [SMALL, LARGE], []),
        ({"virtual_size": 20 * GIB, "min_ram": 2048}, [SMALL, LARGE], []),
        ({"virtual_size": 20 * GIB, "disk_format": "iso"}, [SMALL], [boot_checks.INSTALLER]),
        # A CD is no disk of an instance.
        (
            {"virtual_size": 40 * GIB, "disk_format": "iso"},
            [SMALL],
            [boot_checks.INSTALLER],
        ),
        # Unknown, or no compute service.
        ({"min_ram": 4097, "min_disk": 21}, [], []),
    ],
)
def test_flavors(attributes, flavors, kinds):
    image = factories.image(**attributes)
    assert [finding.kind for finding in findings(image, flavors)] == kinds


@pytest.mark.parametrize(
    ("attributes", "user"),
    [
        ({"os_distro": "ubuntu"}, "ubuntu"),
        ({"os_distro": "Flatcar"}, "core"),
        ({"os_distro": "ubuntu", "image_original_user": "me"}, None),
        ({"os_distro": "ubuntu", "os_admin_user": "me"}, None),
        ({"os_distro": "ubuntu", "image_type": "snapshot"}, None),
        ({"os_distro": "windows", "os_type": "windows"}, None),
        ({"os_distro": "centos"}, None),
        ({"os_type": "linux"}, None),
    ],
)
def test_the_user_to_log_in_as(attributes, user):
    notes = [(finding.name, finding.changes) for finding in found(**attributes)]
    assert notes == ([(user, {})] if user else [])


@pytest.mark.parametrize("formats", [("iso", "bare"), ("vmdk", "ova"), ("raw", "docker")])
def test_what_has_no_user_to_log_in_as(formats):
    disk_format, container_format = formats
    kinds = {
        finding.kind
        for finding in found(
            os_distro="ubuntu", disk_format=disk_format, container_format=container_format
        )
    }
    assert boot_checks.LOGIN_USER not in kinds


def test_the_users_are_those_of_the_official_images():
    entries = yaml.safe_load(OFFICIAL_FILE.read_text())["images"]
    users = {entry["meta"]["os_distro"]: entry["login"] for entry in entries}
    known = {distro: login_users.missing_user({"os_distro": distro}) for distro in users}
    assert known == {**users, "centos": "", "cirros": "", "talos": ""}
