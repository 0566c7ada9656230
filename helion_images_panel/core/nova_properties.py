# SPDX-License-Identifier: Apache-2.0
"""Image properties whose values Nova checks before it launches an instance.

Source: `nova.objects.image_meta.ImageMetaProps` and `nova.objects.fields` of Nova 34, whose
values are a superset of those of the releases before. `tests/compute/test_boot.py` compares
both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_BUSES = ("fdc", "ide", "sata", "scsi", "usb", "virtio", "xen", "lxc", "uml")
_ARCHITECTURES = (
    *("alpha", "armv6", "armv7l", "armv7b", "aarch64", "cris", "i686", "ia64", "lm32", "m68k"),
    *("microblaze", "microblazeel", "mips", "mipsel", "mips64", "mips64el", "openrisc", "parisc"),
    *("parisc64", "ppc", "ppcle", "ppc64", "ppc64le", "ppcemb", "s390", "s390x", "sh4", "sh4eb"),
    *("sparc", "sparc64", "unicore32", "x86_64", "xtensa", "xtensaeb"),
)
_HYPERVISORS = (
    *("baremetal", "bhyve", "docker", "fake", "hyperv", "ironic", "kqemu", "kvm", "lxc", "lxd"),
    *("openvz", "parallels", "phyp", "qemu", "test", "uml", "vbox", "vz", "vmware", "xen"),
    *("zvm", "prsm"),
)
_MODES = ("hvm", "xen", "uml", "exe")
_SCSI_MODELS = (
    *("buslogic", "ibmvscsi", "lsilogic", "lsisas1068", "lsisas1078", "virtio-scsi", "vmpvscsi"),
)
_VIF_MODELS = (
    *("virtio", "ne2k_pci", "pcnet", "rtl8139", "e1000", "e1000e", "netfront", "spapr-vlan"),
    *("lan9118", "sriov", "vmxnet", "vmxnet3", "igb"),
)

#: Values by property, in Nova's spelling.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "architecture": _ARCHITECTURES,
    "hw_architecture": _ARCHITECTURES,
    "hw_emulation_architecture": _ARCHITECTURES,
    "hw_cdrom_bus": _BUSES,
    "hw_disk_bus": _BUSES,
    "hw_floppy_bus": _BUSES,
    "hw_rescue_bus": _BUSES,
    "hw_rescue_device": ("cdrom", "disk", "floppy", "fs", "lun"),
    "hw_cpu_policy": ("dedicated", "shared", "mixed"),
    "hw_cpu_thread_policy": ("prefer", "isolate", "require"),
    "hw_firmware_type": ("uefi", "bios"),
    "hw_input_bus": ("usb", "virtio"),
    "hw_maxphysaddr_mode": ("passthrough", "emulate"),
    "hw_mem_encryption_model": ("amd-sev", "amd-sev-es", "amd-sev-snp", "intel-tdx"),
    "hw_pci_numa_affinity_policy": ("required", "legacy", "preferred", "socket"),
    "hw_pointer_model": ("usbtablet",),
    "hw_rng_model": ("virtio",),
    "hw_scsi_model": _SCSI_MODELS,
    "hw_sound_model": ("sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "virtio"),
    "hw_tpm_model": ("tpm-tis", "tpm-crb"),
    "hw_tpm_version": ("1.2", "2.0"),
    "hw_usb_model": ("none", "nec-xhci", "qemu-xhci"),
    "hw_video_model": (
        *("cirrus", "qxl", "vga", "vmvga", "xen", "virtio", "gop", "none", "bochs"),
    ),
    "hw_vif_model": _VIF_MODELS,
    "hw_viommu_model": ("intel", "smmuv3", "virtio", "auto"),
    "hw_vm_mode": _MODES,
    "vm_mode": _MODES,
    "hw_watchdog_action": ("none", "pause", "poweroff", "reset", "disabled"),
    "hypervisor_type": _HYPERVISORS,
    "img_hv_type": _HYPERVISORS,
    "img_config_drive": ("optional", "mandatory"),
    "os_secure_boot": ("required", "disabled", "optional"),
    "os_type": ("linux", "windows"),
}

#: Whole numbers.
NUMBERS = frozenset(
    {
        *("hw_cpu_cores", "hw_cpu_sockets", "hw_cpu_threads"),
        *("hw_cpu_max_cores", "hw_cpu_max_sockets", "hw_cpu_max_threads"),
        *("hw_maxphysaddr_bits", "hw_numa_nodes", "hw_redirected_usb_ports"),
        *("hw_serial_port_count", "hw_video_ram"),
    }
)

#: "Yes" or "no"; Nova takes any other text for "no".
SWITCHES = frozenset(
    {
        *("hw_boot_menu", "hw_firmware_stateless", "hw_ipxe_boot", "hw_locked_memory"),
        *("hw_mem_encryption", "hw_pmu", "hw_qemu_guest_agent", "hw_time_hpet"),
        *("hw_vif_multiqueue_enabled", "hw_virtio_packed_ring"),
        *("img_hide_hypervisor_id", "os_require_quiesce"),
    }
)

#: oslo.utils' `bool_from_string`, which Nova reads them by.
_TRUE = frozenset({"1", "t", "true", "on", "y", "yes"})
_FALSE = frozenset({"0", "f", "false", "off", "n", "no"})

#: What people write for them.
_MEANT_SWITCHES = {
    **dict.fromkeys(("enabled", "enable", "required"), "yes"),
    **dict.fromkeys(("disabled", "disable", "none"), "no"),
}

#: Properties that Nova reads in capital letters too, with their further spellings.
_SPELLINGS: Mapping[tuple[str, ...], Mapping[str, str]] = {
    _ARCHITECTURES: {
        **dict.fromkeys(("i386", "i486", "i586", "x86_32", "x86_32p"), "i686"),
        "amd64": "x86_64",
    },
    _HYPERVISORS: {"xapi": "xen"},
    _MODES: {"pv": "xen", "hv": "hvm", "baremetal": "hvm"},
    _SCSI_MODELS: {"lsilogicsas": "lsisas1068", "paravirtual": "vmpvscsi"},
    _VIF_MODELS: {
        "virtuale1000": "e1000",
        "virtuale1000e": "e1000e",
        "virtualpcnet32": "pcnet",
        "virtualsriovethernetcard": "sriov",
        "virtualvmxnet": "vmxnet",
        "virtualvmxnet3": "vmxnet3",
    },
    CHOICES["os_type"]: {},
}

#: What people write, which Nova refuses, and what they mean by it.
_MEANT: Mapping[str, Mapping[str, str]] = {
    "architecture": {
        **{"arm64": "aarch64", "armv8": "aarch64", "x64": "x86_64", "x86-64": "x86_64"},
        **{"x86": "i686", "armhf": "armv7l", "armv7": "armv7l", "ppc64el": "ppc64le"},
    },
    "hw_firmware_type": {"efi": "uefi", "ovmf": "uefi", "seabios": "bios", "legacy": "bios"},
    "hw_tpm_version": {"2": "2.0", "1": "1.2"},
    "hw_tpm_model": {"tis": "tpm-tis", "crb": "tpm-crb"},
    "hw_video_model": {"std": "vga"},
    "os_secure_boot": {"true": "required", "yes": "required", "false": "disabled"},
    "img_config_drive": {"true": "mandatory", "yes": "mandatory", "false": "optional"},
}


@dataclass(frozen=True)
class WrongValue:
    """A value that Nova refuses, or takes for "no".

    `choices` are those that it knows, if they are a list. `meant` is the correct value;
    None if the property is better removed.
    """

    name: str
    value: str
    choices: tuple[str, ...] = ()
    meant: str | None = None


def read(properties: Mapping[str, Any], name: str) -> str:
    """Return the value as Nova reads it; empty if there is none, or one that Nova refuses."""
    value = properties.get(name)
    if value is None:
        return ""
    if name in CHOICES:
        return _spelled(name, str(value))
    return str(value)


def is_on(properties: Mapping[str, Any], name: str) -> bool:
    """Whether Nova takes the switch for "yes"."""
    return str(properties.get(name, "")).strip().lower() in _TRUE


def wrong_values(properties: Mapping[str, Any]) -> list[WrongValue]:
    """Return the values that Nova refuses to launch an instance with, by name."""
    return [
        _wrong(name, str(value))
        for name, value in sorted(properties.items())
        if value is not None and not _is_right(name, str(value))
    ]


def unclear_switches(properties: Mapping[str, Any]) -> list[WrongValue]:
    """Return the switches whose text Nova takes for "no" without saying so."""
    return [
        WrongValue(name, str(properties[name]), ("yes", "no"), _meant_switch(str(properties[name])))
        for name in sorted(SWITCHES & set(properties))
        if str(properties[name]).strip().lower() not in _TRUE | _FALSE
    ]


def _meant_switch(value: str) -> str | None:
    return _MEANT_SWITCHES.get(value.strip().lower())


def _is_right(name: str, value: str) -> bool:
    if name in CHOICES:
        return bool(_spelled(name, value))
    if name in NUMBERS:
        return bool(re.fullmatch(r"\s*[+-]?\d+(_\d+)*\s*", value))
    return True


def _spelled(name: str, value: str) -> str:
    """Return Nova's spelling of a value; empty if Nova refuses it."""
    choices = CHOICES[name]
    if choices in _SPELLINGS:
        value = value.lower()
        value = _SPELLINGS[choices].get(value, value)
    return value if value in choices else ""


def _wrong(name: str, value: str) -> WrongValue:
    if name in NUMBERS:
        return WrongValue(name, value)
    plain = value.strip().lower()
    meant = _spelled(name, plain)
    if not meant:
        kind = "architecture" if CHOICES[name] is _ARCHITECTURES else name
        meant = _MEANT.get(kind, {}).get(plain, "")
    return WrongValue(name, value, CHOICES[name], meant or None)
