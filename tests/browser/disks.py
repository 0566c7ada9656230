# SPDX-License-Identifier: Apache-2.0
"""Beginnings of disk images: all that a browser reads of them, and no data."""

import io
import os
import struct
import tarfile
import uuid
from pathlib import Path

SECTOR = 512

#: What a file consists of, one after the other; a number is of that many zeros, which take no
#: place in memory and on the disk.
Parts = tuple[bytes | int, ...]


def write(file: Path, *parts: bytes | int) -> Path:
    with file.open("wb") as opened:
        for part in parts:
            if isinstance(part, int):
                opened.truncate(opened.seek(part, os.SEEK_CUR))
            else:
                opened.write(part)
    return file


def _vhd_footer(virtual_size_bytes: int, disk_type: int) -> bytes:
    return struct.pack(
        ">8sIIQI4sIIQQIII",
        b"conectix",
        2,
        0x00010000,
        SECTOR,
        0,
        b"test",
        0x00010000,
        0,
        virtual_size_bytes,
        virtual_size_bytes,
        0,
        disk_type,
        0,
    ).ljust(SECTOR, b"\0")


def vhd_dynamic(virtual_size_bytes: int) -> bytes:
    footer = _vhd_footer(virtual_size_bytes, 3)
    return footer + bytes(2 * SECTOR) + footer


def vhd_fixed(virtual_size_bytes: int) -> Parts:
    return virtual_size_bytes, _vhd_footer(virtual_size_bytes, 2)


def vhdx(virtual_size_bytes: int) -> bytes:
    """Region table at 192 KiB, the metadata at 2 MiB; what else there is is zeros."""
    metadata_at, kib = 2 * 1024 * 1024, 1024
    region = uuid.UUID("8b7ca206-4790-4b9a-b8fe-575f050f886e").bytes_le + struct.pack(
        "<QII", metadata_at, 1024 * kib, 1
    )
    items = {
        "caa16737-fa36-4d43-b3b6-33f0aa44e76b": struct.pack("<II", 1024 * kib, 0),
        "2fa54224-cd1b-4876-b211-5dbed83bf4b8": struct.pack("<Q", virtual_size_bytes),
    }
    entries, values = b"", b""
    for name, value in items.items():
        at = 64 * kib + len(values)
        entries += uuid.UUID(name).bytes_le + struct.pack("<IIII", at, len(value), 4, 0)
        values += value
    content = b"vhdxfile".ljust(192 * kib, b"\0") + struct.pack("<4sIII", b"regi", 0, 1, 0) + region
    metadata = struct.pack("<8sHH20x", b"metadata", 0, len(items)) + entries
    return content.ljust(metadata_at, b"\0") + metadata.ljust(64 * kib, b"\0") + values


def vdi(virtual_size_bytes: int) -> bytes:
    head = b"<<< Oracle VM VirtualBox Disk Image >>>\n".ljust(64, b"\0")
    head += struct.pack("<II", 0xBEDA107F, 0x00010001)
    return (head.ljust(0x170, b"\0") + struct.pack("<Q", virtual_size_bytes)).ljust(4096, b"\0")


def vmdk_descriptor(virtual_size_bytes: int) -> bytes:
    half = virtual_size_bytes // SECTOR // 2
    return (
        '# Disk DescriptorFile\nversion=1\ncreateType="twoGbMaxExtentFlat"\n'
        f'RW {half} FLAT "disk-f001.vmdk" 0\nRW {half} FLAT "disk-f002.vmdk" 0\n'
    ).encode()


def raw_gpt(size_bytes: int) -> bytes:
    protective = struct.pack("<B3BB3BII", 0, 0, 2, 0, 0xEE, 0, 0, 0, 1, size_bytes // SECTOR - 1)
    mbr = bytes(446) + protective + bytes(48) + b"\x55\xaa"
    return (mbr + b"EFI PART").ljust(size_bytes, b"\0")


def tar(*names: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name))
    return buffer.getvalue()
