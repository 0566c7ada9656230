# SPDX-License-Identifier: Apache-2.0
"""What the beginning of a disk says of how a system starts from it.

Sources: UEFI specification, "GUID Partition Table (GPT) Disk Layout"; ECMA-119 for ISO 9660;
libblkid for the marks of file systems.
"""

from __future__ import annotations

import struct
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from helion_images_panel.core.byte_range import ByteRange
from helion_images_panel.core.file_parts import Disk, FileParts, NotRead
from helion_images_panel.core.qcow2 import Qcow2

SECTOR = 512

#: The mark of Btrfs is the last that is looked for.
HEAD_BYTES = 72 * 1024

#: Formats whose disk can be read from parts of the file.
FORMATS = ("raw", "qcow2")

GPT, MBR = "GPT", "MBR"

_EFI, _PREP, _PROTECTIVE = 0xEF, 0x41, 0xEE
#: FAT, where UEFI firmware finds a boot loader too, and partitions with others in them.
_MAYBE_EFI = frozenset({1, 4, 5, 6, 0xB, 0xC, 0xE, 0xF, 0x11, 0x14, 0x16, 0x1B, 0x1C, 0x1E, 0x85})

_GPT_EFI = uuid.UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
_GPT_BIOS = uuid.UUID("21686148-6449-6e6f-744e-656564454649")
_GPT_PREP = uuid.UUID("9e1a2d38-c612-4316-aa26-8b49521e5a8b")
#: Windows' own, of file systems of all kinds.
_GPT_DATA = uuid.UUID("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7")
_GPT_HEADER = struct.Struct("<8sIIIIQQQQ16sQIII")
_GPT_ENTRIES, _GPT_ENTRY_BYTES = 1024, range(128, 4097, 8)

#: Marks of file systems of Linux, and those of anything else that is no disk with partitions.
_LINUX = (
    ("ext2, ext3 or ext4", 1024 + 56, b"\x53\xef"),
    ("XFS", 0, b"XFSB"),
    ("Btrfs", 64 * 1024 + 64, b"_BHRfS_M"),
    ("SquashFS", 0, b"hsqs"),
)
_OTHERS = (
    *((3, b"NTFS    "), (3, b"EXFAT   "), (54, b"FAT12   "), (54, b"FAT16   ")),
    *((82, b"FAT32   "), (0, b"LUKS\xba\xbe")),
)
_DISC = (32769, b"CD001")


@dataclass(frozen=True)
class DiskContent:
    """Nothing but defaults for a disk that is not understood, such as an encrypted one.

    :ivar partition_table: GPT, MBR, or empty
    :ivar may_start_by_efi: whether there is an EFI partition, or one that may serve as such
    :ivar has_bios_boot: whether the first sector has code, or there is a BIOS boot partition
    :ivar has_prep_partition: whether a system of POWER may start
    :ivar file_system: the name of a file system of Linux without a partition table
    :ivar is_disc: whether it is an ISO 9660, which may have a partition table as well
    :ivar is_empty: whether the first HEAD_BYTES are zeros
    """

    partition_table: str = ""
    has_efi_partition: bool = False
    may_start_by_efi: bool = False
    has_bios_boot: bool = False
    has_prep_partition: bool = False
    file_system: str = ""
    is_disc: bool = False
    is_empty: bool = False

    @property
    def is_understood(self) -> bool:
        return self != DiskContent()


def content_of(
    disk_format: str, size_bytes: int, fetch: Callable[[ByteRange], bytes]
) -> DiskContent:
    """Return the content of the disk in a file; raise NotRead if it cannot be looked at.

    :param fetch: returns a part of the file; what it raises is raised here
    """
    if disk_format not in FORMATS:
        raise NotRead("a format without random access")
    file = FileParts(fetch, size_bytes)
    return look(Qcow2(file) if disk_format == "qcow2" else file)


def look(disk: Disk) -> DiskContent:
    """Return the content of a disk; raise NotRead if a part of it is not whole."""
    head = disk.read(0, min(HEAD_BYTES, disk.size_bytes))
    if len(head) < SECTOR:
        raise NotRead("too short")
    if not any(head):
        return DiskContent(is_empty=True)
    if _has(head, *_DISC):
        return DiskContent(is_disc=True)
    if any(_has(head, *mark) for mark in _OTHERS):
        return DiskContent()
    has_sector = _has(head, 510, b"\x55\xaa")
    # The space behind a partition table may look like anything.
    found = _partitioned(disk, head) if has_sector else None
    if found:
        return found
    name = next((name for name, at, mark in _LINUX if _has(head, at, mark)), "")
    return DiskContent(file_system=name, has_bios_boot=has_sector) if name else DiskContent()


def _has(head: bytes, at: int, mark: bytes) -> bool:
    return head[at : at + len(mark)] == mark


def _partitioned(disk: Disk, head: bytes) -> DiskContent | None:
    """Return the content of a disk with partitions; None if the sector has no valid table."""
    entries = [head[at : at + 16] for at in range(446, 510, 16)]
    kinds = {entry[4] for entry in entries if entry[4]}
    has_code = any(head[:440])
    if not kinds or any(entry[0] & 0x7F for entry in entries):
        return None
    if _PROTECTIVE in kinds:
        return _of_gpt(_gpt_kinds(disk, head), has_code)
    return DiskContent(
        partition_table=MBR,
        has_efi_partition=_EFI in kinds,
        may_start_by_efi=_EFI in kinds or bool(kinds & _MAYBE_EFI),
        has_bios_boot=has_code,
        has_prep_partition=_PREP in kinds,
    )


def _of_gpt(kinds: set[uuid.UUID], has_code: bool) -> DiskContent:
    return DiskContent(
        partition_table=GPT,
        has_efi_partition=_GPT_EFI in kinds,
        may_start_by_efi=bool(kinds & {_GPT_EFI, _GPT_DATA}),
        has_bios_boot=has_code or _GPT_BIOS in kinds,
        has_prep_partition=_GPT_PREP in kinds,
    )


def _gpt_kinds(disk: Disk, head: bytes) -> set[uuid.UUID]:
    """Return the types of the partitions; raise NotRead for a table that is not whole."""
    if len(head) < 2 * SECTOR:
        raise NotRead("too short")
    mark, _, header_bytes, header_sum, _, _, _, _, _, _, first, count, each, entries_sum = (
        _GPT_HEADER.unpack_from(head, SECTOR)
    )
    if mark != b"EFI PART" or not _GPT_HEADER.size <= header_bytes <= SECTOR:
        raise NotRead("no partition table, or one of larger sectors")
    header = head[SECTOR : SECTOR + header_bytes]
    if zlib.crc32(header[:16] + bytes(4) + header[20:]) != header_sum:
        raise NotRead("a damaged partition table")
    if not 0 < count <= _GPT_ENTRIES or each not in _GPT_ENTRY_BYTES:
        raise NotRead("no such partition table")
    at, size = first * SECTOR, count * each
    entries = head[at : at + size] if at + size <= len(head) else disk.read(at, size)
    if zlib.crc32(entries) != entries_sum:
        raise NotRead("damaged partitions")
    found = {uuid.UUID(bytes_le=entries[i : i + 16]) for i in range(0, size, each)}
    return found - {uuid.UUID(int=0)}
