# SPDX-License-Identifier: Apache-2.0
"""What is read of disks that real tools have made, and of damaged ones."""

import contextlib
import hashlib
import struct
import uuid
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import imagefiles
from helion_images_panel.core.disk_content import (
    GPT,
    HEAD_BYTES,
    MBR,
    DiskContent,
    content_of,
    look,
)
from helion_images_panel.core.file_parts import MOST_BYTES, MOST_REQUESTS, FileParts, NotRead
from helion_images_panel.core.qcow2 import Qcow2
from tests import disks, programs
from tests.disks import BIOS_BOOT, BOOT_CODE, DATA, EFI, LINUX

QCOW2_OPTIONS = (
    (),
    ("-c",),
    ("-c", "-o", "compression_type=zstd"),
    ("-o", "cluster_size=4k"),
    ("-o", "cluster_size=2M"),
    ("-c", "-o", "cluster_size=2M"),
    ("-o", "compat=0.10"),
    ("-o", "preallocation=metadata"),
)

#: Programs that CI does not have.
RARE = ("mkfs.xfs", "mkfs.btrfs")


class Parts:
    """The parts of a file that are asked for, as Glance returns them."""

    def __init__(self, data):
        self.data = data
        self.asked = []

    def __call__(self, part):
        self.asked.append(part)
        return self.data[part.first : part.last + 1]

    def content(self, disk_format):
        found = content_of(disk_format, len(self.data), self)
        assert len(self.asked) <= MOST_REQUESTS
        assert sum(part.size_bytes for part in self.asked) <= MOST_BYTES
        assert all(0 <= part.first <= part.last < len(self.data) for part in self.asked)
        return found


def content(file: Path):
    """The same from the raw disk, and from each kind of QCOW2."""
    found = Parts(file.read_bytes()).content("raw")
    for options in QCOW2_OPTIONS:
        parts = Parts(disks.qcow2(file, *options).read_bytes())
        assert parts.content("qcow2") == found, options
    return found


@pytest.mark.parametrize(
    ("types", "code", "expected"),
    [
        ((EFI, LINUX), b"", DiskContent(GPT, True, True)),
        ((EFI, LINUX), BOOT_CODE, DiskContent(GPT, True, True, True)),
        ((BIOS_BOOT, EFI, LINUX), b"", DiskContent(GPT, True, True, True)),
        ((BIOS_BOOT, LINUX), BOOT_CODE, DiskContent(GPT, has_bios_boot=True)),
        ((LINUX,), b"", DiskContent(GPT)),
        # It may have FAT.
        ((DATA,), b"", DiskContent(GPT, may_start_by_efi=True)),
        (
            (LINUX, "9E1A2D38-C612-4316-AA26-8B49521E5A8B"),
            b"",
            DiskContent(GPT, False, False, False, True),
        ),
    ],
)
def test_gpt(tmp_path, types, code, expected):
    assert content(disks.partitioned(tmp_path / "disk", "gpt", *types, code=code)) == expected


@pytest.mark.parametrize(
    ("types", "code", "expected"),
    [
        (("83",), b"", DiskContent(MBR)),
        (("83",), BOOT_CODE, DiskContent(MBR, has_bios_boot=True)),
        (("ef", "83"), b"", DiskContent(MBR, True, True)),
        (("c", "83"), b"", DiskContent(MBR, may_start_by_efi=True)),
        (("41", "83"), b"", DiskContent(MBR, has_prep_partition=True)),
    ],
)
def test_mbr(tmp_path, types, code, expected):
    assert content(disks.partitioned(tmp_path / "disk", "dos", *types, code=code)) == expected


@pytest.mark.parametrize(
    ("program", "options", "expected"),
    [
        ("mkfs.ext4", ("-q",), DiskContent(file_system="ext2, ext3 or ext4")),
        ("mkfs.xfs", ("-q",), DiskContent(file_system="XFS")),
        ("mkfs.btrfs", ("-q",), DiskContent(file_system="Btrfs")),
        ("mkfs.fat", ("-F", "16"), DiskContent()),
        ("mkfs.ntfs", ("-q", "-F"), DiskContent()),
        ("mkfs.exfat", (), DiskContent()),
    ],
)
def test_a_file_system_without_partitions(tmp_path, program, options, expected):
    if not programs.path_of(program) and program in RARE:
        pytest.skip(f"There is no {program}.")
    assert content(disks.file_system(tmp_path / "disk", program, *options)) == expected


def test_a_disc(tmp_path):
    file = tmp_path / "disc"
    file.write_bytes(imagefiles.iso9660("CD", {"A.TXT": b"a" * 100_000}))
    assert content(file) == DiskContent(is_disc=True)


@pytest.mark.parametrize("size_bytes", [disks.MIB, 16 * disks.MIB])
def test_an_empty_disk(tmp_path, size_bytes):
    file = tmp_path / "disk"
    file.write_bytes(bytes(size_bytes))
    assert content(file) == DiskContent(is_empty=True)


def test_data_of_no_kind_tells_nothing(tmp_path):
    file = tmp_path / "disk"
    file.write_bytes(b"x" * disks.MIB)
    assert content(file) == DiskContent()


def test_encrypted_data_tells_nothing():
    assert Parts(imagefiles.raw(disks.MIB, b"LUKS\xba\xbe")).content("raw") == DiskContent()


@pytest.mark.parametrize("disk_format", ["vmdk", "vhd", "iso", "", "ploop"])
def test_other_formats_are_not_read(disk_format):
    parts = Parts(bytes(disks.MIB))
    with pytest.raises(NotRead):
        parts.content(disk_format)
    assert parts.asked == []


def test_a_qcow2_is_read_in_one_request(tmp_path):
    """As qemu-img writes it, and compressed as publishers do."""
    raw = disks.partitioned(tmp_path / "disk", "gpt", EFI, LINUX)
    for options in ((), ("-c",)):
        parts = Parts(disks.qcow2(raw, *options).read_bytes())
        parts.content("qcow2")
        assert len(parts.asked) == 1, options


@pytest.mark.parametrize(
    "at",
    [
        512 + 16,  # the header's checksum
        512 + 72,  # place of the entries
        512 + 80,  # their number
        1024,  # the first entry
    ],
)
def test_a_damaged_gpt_is_not_read(tmp_path, at):
    data = bytearray(disks.partitioned(tmp_path / "disk", "gpt", EFI, LINUX).read_bytes())
    data[at] ^= 0xFF
    with pytest.raises(NotRead):
        Parts(bytes(data)).content("raw")


def test_a_backing_file_is_not_read():
    for options in ({"backing_file": "/etc/passwd"}, {"external_data": True}):
        with pytest.raises(NotRead):
            Parts(imagefiles.qcow2(disks.MIB, b"a", **options)).content("qcow2")


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (4, 4),  # version
        (20, 8),  # bits of a cluster
        (20, 63),
        (32, 1),  # encryption
        (36, 0),  # entries of the first table
        (44, 0),  # its place, beside the header
        (40, 0x7FFFFFFF),  # beyond the file
        (76, 2),  # corrupt
        (76, 16),  # extended entries
        (76, 8),  # another compression, which is none
    ],
)
def test_a_header_that_is_not_understood(at, value):
    data = bytearray(imagefiles.qcow2(disks.MIB, b"a" * 8192))
    struct.pack_into(">I", data, at, value)
    if (at, value) == (76, 8):
        data[104] = 9
    if (at, value) == (44, 0):
        struct.pack_into(">Q", data, 40, 123)
    with pytest.raises(NotRead):
        Parts(bytes(data)).content("qcow2")


@pytest.mark.parametrize("size_bytes", [0, 1, 71, 72, 79, 80, 103, 104, 105])
def test_a_header_that_is_cut_off(size_bytes):
    data = bytearray(imagefiles.qcow2(disks.MIB, b"a"))
    struct.pack_into(">Q", data, 72, 8)  # the kind of compression is behind the header
    with pytest.raises(NotRead):
        Parts(bytes(data[:size_bytes])).content("qcow2")


@given(st.data())
def test_nothing_but_not_read_comes_of_damaged_files(damage):
    """Any bytes of the headers and tables may be anything."""
    data = bytearray(imagefiles.qcow2(4 * disks.MIB, BOOT_CODE.ljust(510, b"\0") + b"\x55\xaa"))
    for _ in range(damage.draw(st.integers(1, 6))):
        at = damage.draw(st.integers(0, len(data) // 8 - 1)) * 8
        struct.pack_into(">Q", data, at, damage.draw(st.integers(0, 2**64 - 1)))
    if damage.draw(st.booleans()):
        del data[damage.draw(st.integers(0, len(data))) :]
    parts = Parts(bytes(data))
    with contextlib.suppress(NotRead):
        parts.content("qcow2")


@given(st.binary(min_size=512, max_size=4096))
def test_nothing_but_not_read_comes_of_any_disk(sectors):
    for data in (sectors, sectors[:510] + b"\x55\xaa" + sectors[512:]):
        with contextlib.suppress(NotRead):
            assert isinstance(Parts(data).content("raw"), DiskContent)


def test_a_part_is_read_once_and_within_bounds():
    parts = Parts(bytes(range(256)) * 8192)
    file = FileParts(parts, len(parts.data))
    assert file.read(256, 4) == b"\0\1\2\3"
    assert file.read(257, 2) == b"\1\2"
    assert len(parts.asked) == 1
    for offset, length in ((-1, 2), (0, -1), (len(parts.data), 1), (0, MOST_BYTES + 1)):
        with pytest.raises(NotRead):
            file.read(offset, length)
    for number in range(1, MOST_REQUESTS):
        file.read(number * 4096, 16)
    with pytest.raises(NotRead):
        file.read(100_000, 16)
    assert len(parts.asked) == MOST_REQUESTS


def test_a_part_of_another_length_is_refused():
    with pytest.raises(NotRead):
        FileParts(lambda part: b"a" * (part.size_bytes + 1), 1000).read(0, 10)


@pytest.mark.parametrize("options", QCOW2_OPTIONS)
def test_the_disk_is_that_which_qemu_reads(tmp_path, options):
    """With data in some clusters, zeros in others, and the tables of a large disk."""
    raw = tmp_path / "disk"
    with raw.open("wb") as disk:
        disk.truncate(700 * disks.MIB)
        for at in (0, 70_000, 5 * disks.MIB, 699 * disks.MIB):
            disk.seek(at)
            disk.write(hashlib.shake_256(b"noise").digest(3000))
    data = disks.qcow2(raw, *options).read_bytes()
    with raw.open("rb") as disk:
        for at in (0, 4 * disks.MIB, 699 * disks.MIB - 699 * disks.MIB % 2**21):
            disk.seek(at)
            expected = disk.read(HEAD_BYTES)
            read = Qcow2(FileParts(Parts(data), len(data))).read(at, HEAD_BYTES)
            assert read == expected, at


def test_entries_behind_the_head():
    """A table may name any place for them; the disk is read there as well."""

    class Disk:
        size_bytes = 2**20

        def __init__(self, data):
            self.data = data
            self.asked = []

        def read(self, offset, length):
            self.asked.append((offset, length))
            return self.data[offset : offset + length]

    entries = uuid.UUID(EFI).bytes_le.ljust(128, b"\0") * 4
    at = 200
    header = struct.pack(
        "<8sIIIIQQQQ16sQIII",
        b"EFI PART",
        0x10000,
        92,
        0,
        0,
        1,
        99,
        34,
        90,
        bytes(16),
        at,
        4,
        128,
        zlib.crc32(entries),
    )
    header = header[:16] + struct.pack("<I", zlib.crc32(header)) + header[20:]
    sector = bytes(446) + b"\0\0\2\0\xee\xff\xff\xff" + struct.pack("<II", 1, 2047) + bytes(48)
    data = (sector + b"\x55\xaa" + header).ljust(at * 512, b"\0") + entries
    disk = Disk(data.ljust(2**20, b"\0"))
    assert look(disk) == DiskContent(GPT, True, True)
    assert disk.asked == [(0, HEAD_BYTES), (at * 512, 512)]
