# SPDX-License-Identifier: Apache-2.0
"""Disk images, as qemu-img, sfdisk and cryptsetup make them."""

from __future__ import annotations

from pathlib import Path

from tests.verdicts import tools
from tests.verdicts.content import (
    KIB,
    MIB,
    Content,
    converted,
    created,
    formatted,
    source,
    written,
)

#: Of qemu-img, for disks that are encrypted with the passphrase "secret".
_SECRET = ("--object", "secret,id=key,data=secret")


def _with_backing_file(folder: Path) -> Path:
    tools.run(folder, "qemu-img", "create", "-f", "qcow2", "base", "1M")
    tools.run(folder, "qemu-img", *["create", "-f", "qcow2", "-b", "base", "-F", "qcow2", "disk"])
    return folder / "disk"


def _with_snapshot(folder: Path) -> Path:
    made = converted("qcow2")(folder)
    tools.run(folder, "qemu-img", "snapshot", "-c", "before", "disk")
    return made


def _encrypted(folder: Path, *arguments: str) -> Path:
    """qemu-img measures how fast it can derive a key, and gives up if that went too fast."""
    for _ in range(20):
        try:
            tools.run(folder, "qemu-img", "create", *_SECRET, *arguments, "disk", "1M")
            return folder / "disk"
        except tools.ToolFailed as error:
            if "Unable to get accurate CPU usage" not in str(error):
                raise
            failed = error
    raise failed


def _encrypted_qcow2(folder: Path) -> Path:
    options = "encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10"
    return _encrypted(folder, "-f", "qcow2", "-o", options)


def _luks_of_qemu(folder: Path) -> Path:
    return _encrypted(folder, "-f", "luks", "-o", "key-secret=key,iter-time=10")


def _luks(version: str) -> tuple[str, ...]:
    quick = ("--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000")
    return ("cryptsetup", "luksFormat", "--batch-mode", "--type", version, *quick, "--key-file=-")


def _fixed_vhd_of_partitions(folder: Path) -> Path:
    disk = formatted(MIB, "sfdisk", stdin=b"label: dos\n,\n")(folder)
    tools.run(
        folder,
        "qemu-img",
        *f"convert -f raw -O vpc -o subformat=fixed,force_size {disk.name} disk".split(),
    )
    return folder / "disk"


def _partitioned(label: str) -> Content:
    names = {"dos": "Raw disk, MBR partitions", "gpt": "Raw disk, GPT partitions"}
    script = f"label: {label}\n,\n".encode()
    return Content(names[label], "raw", formatted(2 * MIB, "sfdisk", stdin=script))


QCOW2 = (
    Content("QCOW2, blank", "qcow2", created("qcow2")),
    Content("QCOW2 with data", "qcow2", converted("qcow2")),
    Content("QCOW2, version 2", "qcow2", converted("qcow2", "compat=0.10")),
    Content("QCOW2, compressed (zlib)", "qcow2", converted("qcow2", "", "-c")),
    Content(
        "QCOW2, compressed (Zstandard)", "qcow2", converted("qcow2", "compression_type=zstd", "-c")
    ),
    Content("QCOW2, clusters of 2 MiB", "qcow2", created("qcow2", "cluster_size=2M")),
    Content("QCOW2, lazy reference counts", "qcow2", created("qcow2", "lazy_refcounts=on")),
    Content("QCOW2, preallocated", "qcow2", created("qcow2", "preallocation=full")),
    Content("QCOW2, with a snapshot", "qcow2", _with_snapshot),
    Content("QCOW2, encrypted", "qcow2", _encrypted_qcow2),
    Content("QCOW2, of 8 TiB", "qcow2", created("qcow2", size="8T")),
    Content("QCOW2, extended L2 entries", "qcow2", created("qcow2", "extended_l2=on")),
    Content("QCOW2, with a backing file", "qcow2", _with_backing_file),
    Content(
        "QCOW2, with an external data file",
        "qcow2",
        created("qcow2", "data_file=data,data_file_raw=on"),
    ),
    Content("QCOW, version 1", "qcow2", created("qcow")),
    Content("QED", "qcow2", created("qed")),
)

VMDK = (
    Content("VMDK, monolithicSparse", "vmdk", created("vmdk", "subformat=monolithicSparse")),
    Content("VMDK, monolithicSparse with data", "vmdk", converted("vmdk")),
    Content(
        "VMDK, monolithicSparse for ESX",
        "vmdk",
        created("vmdk", "adapter_type=lsilogic,hwversion=7"),
    ),
    Content("VMDK, streamOptimized", "vmdk", converted("vmdk", "subformat=streamOptimized")),
    Content(
        "VMDK, descriptor of monolithicFlat", "vmdk", created("vmdk", "subformat=monolithicFlat")
    ),
    Content(
        "VMDK, extent of monolithicFlat",
        "raw",
        converted("vmdk", "subformat=monolithicFlat", part="disk-flat"),
    ),
    Content(
        "VMDK, descriptor of twoGbMaxExtentSparse",
        "vmdk",
        created("vmdk", "subformat=twoGbMaxExtentSparse"),
    ),
    Content(
        "VMDK, extent of twoGbMaxExtentSparse",
        "vmdk",
        converted("vmdk", "subformat=twoGbMaxExtentSparse", part="disk-s001"),
    ),
    Content(
        "VMDK, descriptor of twoGbMaxExtentFlat",
        "vmdk",
        created("vmdk", "subformat=twoGbMaxExtentFlat"),
    ),
    Content(
        "VMDK, extent of twoGbMaxExtentFlat",
        "raw",
        converted("vmdk", "subformat=twoGbMaxExtentFlat", part="disk-f001"),
    ),
)

OTHERS = (
    Content("VHD, dynamic", "vhd", created("vpc", "subformat=dynamic")),
    Content("VHD, dynamic with data", "vhd", converted("vpc", "subformat=dynamic,force_size")),
    Content("VHD, fixed", "raw", converted("vpc", "subformat=fixed,force_size")),
    Content("VHD, fixed, MBR partitions", "raw", _fixed_vhd_of_partitions),
    Content("VHDX, dynamic", "vhdx", created("vhdx", "subformat=dynamic")),
    Content("VHDX, fixed", "vhdx", created("vhdx", "subformat=fixed")),
    Content("VHDX with data", "vhdx", converted("vhdx")),
    Content("VDI, dynamic", "vdi", created("vdi")),
    Content("VDI, static", "vdi", created("vdi", "preallocation=full")),
    Content("Parallels (PLOOP)", "ploop", created("parallels")),
)

RAW = (
    Content("Raw disk, blank", "raw", created("raw")),
    Content("Raw disk with data", "raw", lambda folder: source(folder)),
    _partitioned("dos"),
    _partitioned("gpt"),
    Content(
        "Raw disk, 4 MBR partitions",
        "raw",
        formatted(8 * MIB, "sfdisk", stdin=b"label: dos\n" + b",1M\n" * 4),
    ),
    Content("LUKS 1 (cryptsetup)", "raw", formatted(4 * MIB, *_luks("luks1"), stdin=b"secret")),
    Content("LUKS 1 (qemu-img)", "raw", _luks_of_qemu),
    Content("LUKS 2 (cryptsetup)", "qcow2", formatted(20 * MIB, *_luks("luks2"), stdin=b"secret")),
    Content("One sector", "raw", written(bytes(512))),
    Content("64 KiB of zeros", "raw", written(bytes(64 * KIB))),
)
