# SPDX-License-Identifier: Apache-2.0
"""Contents, declared as what they are and as what they are not."""

import struct

import pytest
from oslo_utils.imageutils import format_inspector

from demo import imagefiles
from helion_images_panel.transfers import inspection, parents
from helion_images_panel.transfers.inspection import ContentRefused, Finding, Inspection

MIB = 1024 * 1024


def partitioned(boot_flag=0x80, size=MIB):
    """A disk with one partition, by its master boot record."""
    entry = struct.pack("<B3BB3BII", boot_flag, 0, 2, 0, 0x83, 0, 0, 0, 1, 100)
    return (bytes(446) + entry + bytes(48) + b"\x55\xaa").ljust(size, b"\0")


def hybrid():
    """A CD that boots as a disk as well."""
    iso = imagefiles.iso9660("DISK", {"A": b"a"})
    return partitioned(size=512) + iso[512:]


def vhd(size=MIB):
    return b"conectix".ljust(512, b"\0").ljust(size, b"\0")


def vdi():
    return (bytes(0x40) + struct.pack("<I", 0xBEDA107F)).ljust(MIB, b"\0")


def vhdx(complete=True, flags=None):
    """As much of one as an inspector reads; with `flags` the parameters of the disk as well."""
    header = b"regi" + struct.pack("<III", 0, 1 if complete else 0, 0)
    guid = bytes.fromhex("06a27c8b90479a4bb8fe575f050f886e")
    header += guid + struct.pack("<QII", 300 * 1024, 64 * 1024, 1)
    table = b"metadata" + struct.pack("<HH", 0, 1 if flags is None else 2) + bytes(20)
    table += bytes.fromhex("2442a52f1bcd7648b2115dbed83bf4b8") + struct.pack("<IIII", 4096, 8, 0, 0)
    if flags is not None:
        table += bytes.fromhex("3767a1ca36fa434db3b633f0aa44e76b") + struct.pack("<II", 70000, 8)
    data = b"vhdxfile".ljust(192 * 1024, b"\0") + header
    data = data.ljust(300 * 1024, b"\0") + table
    data = data.ljust(304 * 1024, b"\0") + struct.pack("<Q", MIB)
    data = data.ljust(300 * 1024 + 70000, b"\0") + struct.pack("<II", MIB, flags or 0)
    return data.ljust(MIB + 304 * 1024, b"\0")


QCOW2 = imagefiles.qcow2(MIB, b"payload")
VMDK = imagefiles.vmdk(MIB)
ISO = imagefiles.iso9660("DISK", {"A": b"a"})
LUKS = (b"LUKS\xba\xbe\x00\x01".ljust(592, b"\0")).ljust(MIB, b"\0")
QED = b"QED\0".ljust(MIB, b"\0")
PLAIN = imagefiles.raw(3 * MIB, b"nothing that anybody knows")
BACKED = imagefiles.qcow2(MIB, backing_file="/etc/passwd")
EXTERNAL = imagefiles.qcow2(MIB, external_data=True)
TEXT = b"#!/bin/sh\n" * 100


def finding_of(data, disk_format="raw", container="bare", tolerated=(), size=MIB):
    """What is refused, or None; in chunks of that size."""
    seen = Inspection(disk_format, container, tolerated)
    try:
        for start in range(0, len(data), size):
            seen.update(data[start : start + size])
        seen.finish()
    except ContentRefused as error:
        return error.finding
    return None


@pytest.mark.parametrize("size", [MIB, 4096, 500])
@pytest.mark.parametrize(
    ("disk_format", "data"),
    [
        ("qcow2", QCOW2),
        ("vmdk", VMDK),
        ("iso", ISO),
        ("vhd", vhd()),
        ("vhdx", vhdx()),
        ("vdi", vdi()),
        ("raw", PLAIN),
        ("raw", b"x"),
        ("raw", TEXT),
        ("raw", partitioned()),
        ("raw", LUKS),
        ("iso", hybrid()),
        ("ploop", PLAIN),
        ("ami", PLAIN),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_it_is_declared_to_be(disk_format, data, size):
    assert finding_of(data, disk_format, size=size) is None


@pytest.mark.parametrize("size", [MIB, 4096, 500])
@pytest.mark.parametrize(
    ("disk_format", "data", "actual"),
    [
        ("qcow2", PLAIN, "raw"),
        ("qcow2", TEXT, "raw"),
        ("qcow2", b"Q", "raw"),
        ("qcow2", QCOW2[:80], "raw"),
        ("qcow2", VMDK, "vmdk"),
        ("qcow2", ISO, "iso"),
        ("qcow2", partitioned(), "raw"),
        ("qcow2", LUKS, "raw"),
        ("vmdk", QCOW2, "qcow2"),
        ("iso", QCOW2, "qcow2"),
        ("iso", partitioned(), "raw"),
        # Glance would take these without a word.
        ("raw", QCOW2, "qcow2"),
        ("raw", VMDK, "vmdk"),
        ("raw", vhd(), "vhd"),
        ("raw", vhdx(), "vhdx"),
        ("raw", vdi(), "vdi"),
        ("raw", ISO, "iso"),
        # Glance refuses these, but only after the last byte.
        ("raw", hybrid(), "iso"),
        ("qcow2", hybrid(), "iso"),
        ("ploop", QCOW2, "qcow2"),
        ("ari", ISO, "iso"),
    ],
)
def test_another_format_than_declared(disk_format, data, actual, size):
    assert finding_of(data, disk_format, size=size) == Finding(inspection.FORMAT, actual)


@pytest.mark.parametrize("disk_format", ["qcow2", "raw", "vmdk"])
@pytest.mark.parametrize(
    ("data", "cause"), [(BACKED, "backing_file"), (EXTERNAL, "data_file")], ids=["backing", "data"]
)
def test_a_disk_that_needs_another_file(disk_format, data, cause):
    assert finding_of(data, disk_format) == Finding(inspection.REFERENCE, causes=(cause,))


@pytest.mark.parametrize(
    ("disk_format", "data", "cause"),
    [
        ("raw", QED, "banned"),
        ("qcow2", QED, "banned"),
        ("raw", partitioned(boot_flag=0x13), "mbr"),
        ("qcow2", b"QFI\xfb\x00\x00\x00\x01".ljust(MIB, b"\0"), "unknown_features"),
        ("vhd", vhd()[:100], inspection.DAMAGED),
        ("vhdx", vhdx()[: 250 * 1024], inspection.DAMAGED),
        ("vmdk", VMDK[:600], inspection.DAMAGED),
        ("vmdk", VMDK.replace(b"monolithicSparse", b"monolithicFlat  "), "descriptor"),
        ("vmdk", b'# Disk DescriptorFile\ncreateType="monolithicFlat"\n' * 20, "descriptor"),
        ("qcow2", QCOW2[:510] + b"\x55\xaa" + QCOW2[512:], inspection.SEVERAL_FORMATS),
        ("iso", QCOW2[:512] + ISO[512:], inspection.SEVERAL_FORMATS),
        ("raw", QCOW2[:512] + ISO[512:], inspection.SEVERAL_FORMATS),
    ],
)
def test_unsafe(disk_format, data, cause):
    found = finding_of(data, disk_format)
    assert found.kind == inspection.UNSAFE
    assert cause in found.causes


def test_two_failures_of_which_one_is_no_reference_are_unsafe():
    both = bytearray(BACKED)
    both[72] = 0x80
    found = finding_of(bytes(both), "qcow2")
    assert found == Finding(inspection.UNSAFE, causes=("backing_file", "unknown_features"))


@pytest.mark.parametrize("container", ["ova", "docker", "aki", "ari", "ami", "compressed", None])
@pytest.mark.parametrize("data", [BACKED, QED, PLAIN])
def test_glance_looks_into_bare_images_only_and_so_do_we(container, data):
    assert finding_of(data, "vmdk", container) is None


@pytest.mark.parametrize("data", [BACKED, EXTERNAL, QED])
def test_what_is_certain_is_refused_at_the_first_chunk(data):
    seen = Inspection("qcow2", "bare")
    with pytest.raises(ContentRefused):
        seen.update(data[:MIB].ljust(MIB, b"\0"))


def with_footer():
    """A VMDK, a part of whose header is at its end."""
    return (VMDK[:56] + b"\xff" * 8 + VMDK[64:]).ljust(MIB, b"\0")


@pytest.mark.parametrize("size", [MIB, 4096])
@pytest.mark.parametrize(
    ("disk_format", "data"),
    [
        ("qcow2", PLAIN),
        ("raw", QCOW2),
        ("iso", VMDK),
        ("raw", hybrid()),
        ("raw", with_footer()),
        ("qcow2", with_footer()),
        ("raw", vhdx()),
    ],
)
def test_a_wrong_format_is_refused_within_the_first_mib(disk_format, data, size):
    seen = Inspection(disk_format, "bare")
    data = data[:MIB].ljust(MIB, b"\0")

    def read():
        for start in range(0, MIB, size):
            seen.update(data[start : start + size])

    with pytest.raises(ContentRefused) as refused:
        read()
    assert refused.value.finding.kind == inspection.FORMAT


def test_a_wrong_format_that_is_tolerated_is_a_warning_at_the_end():
    seen = Inspection("raw", "bare", ["format", "unsafe"])
    for chunk in (with_footer(), bytes(MIB)):
        seen.update(chunk)
    assert seen.findings == []
    seen.finish()
    assert [finding.kind for finding in seen.findings] == ["unsafe", "format"]


def test_the_right_format_is_not_refused_before_its_end():
    seen = Inspection("vmdk", "bare")
    for chunk in (with_footer(), bytes(MIB)):
        seen.update(chunk)
    with pytest.raises(ContentRefused):
        seen.finish()


def boot_sector(name, at=3, media=0xF0):
    """The first sector of a file system without a partition table."""
    sector = bytearray(510) + b"\x55\xaa"
    sector[0x10], sector[0x15] = 2, media
    sector[at : at + len(name)] = name
    # Code of the boot loader where the partition table would be.
    sector[446:450] = b"code"
    return bytes(sector).ljust(MIB, b"\0")


FILE_SYSTEMS = [
    (boot_sector(b"NTFS    "), "ntfs"),
    (boot_sector(b"EXFAT   "), "exfat"),
    (boot_sector(b"FAT12   ", at=54), "fat"),
    (boot_sector(b"FAT16   ", at=54), "fat"),
    (boot_sector(b"FAT32   ", at=82), "fat"),
    (boot_sector(b"OTHER   "), ""),
]


@pytest.mark.parametrize(("data", "name"), FILE_SYSTEMS)
def test_a_file_system_without_a_partition_table_is_named(data, name):
    expected = Finding(inspection.UNSAFE, causes=("mbr",), file_system=name)
    assert finding_of(data) == expected


def test_checks_of_partition_tables_may_be_nonfatal_as_in_glance():
    def findings(data, disk_format="raw", nonfatal=("mbr",)):
        seen = Inspection(disk_format, "bare", (), nonfatal)
        seen.update(data)
        seen.finish()
        return seen.findings

    for data, _ in FILE_SYSTEMS:
        assert findings(data) == []
    with pytest.raises(ContentRefused, match="mbr"):
        findings(FILE_SYSTEMS[0][0], nonfatal=("gptmbr",))
    # It opens nothing else.
    for data, disk_format in ((BACKED, "qcow2"), (QED, "raw"), (FILE_SYSTEMS[0][0], "qcow2")):
        with pytest.raises(ContentRefused):
            findings(data, disk_format, nonfatal=("mbr", "gptmbr", "backing_file", "banned"))


def test_a_disk_in_a_fat_that_is_no_floppy_has_no_partition_table_to_check():
    assert finding_of(boot_sector(b"FAT16   ", at=54, media=0xF8)) is None


def test_nothing_is_looked_at_once_all_is_known(monkeypatch):
    seen = Inspection("qcow2", "bare")
    seen.update(QCOW2.ljust(MIB, b"\0"))
    monkeypatch.setattr(format_inspector.FileInspector, "eat_chunk", None)
    seen.update(b"more")
    seen.finish()
    assert seen.findings == []


@pytest.mark.parametrize(
    ("disk_format", "data", "tolerated", "kinds"),
    [
        ("qcow2", BACKED, ["reference"], ["reference"]),
        ("qcow2", QED, ["unsafe", "format"], ["unsafe", "format"]),
        ("raw", QCOW2, ["format"], ["format"]),
        ("raw", BACKED, ["reference", "format"], ["reference", "format"]),
        ("qcow2", QCOW2, ["reference", "unsafe", "format"], []),
    ],
)
def test_what_is_tolerated_is_a_warning(disk_format, data, tolerated, kinds):
    seen = Inspection(disk_format, "bare", tolerated)
    seen.update(data)
    seen.finish()
    assert [finding.kind for finding in seen.findings] == kinds


@pytest.mark.parametrize(
    ("disk_format", "data", "tolerated", "kind"),
    [
        ("qcow2", BACKED, ["unsafe", "format"], "reference"),
        ("qcow2", QED, ["reference", "format"], "unsafe"),
        ("raw", QCOW2, ["reference", "unsafe"], "format"),
        ("raw", BACKED, ["reference"], "format"),
    ],
)
def test_the_rest_is_refused_all_the_same(disk_format, data, tolerated, kind):
    assert finding_of(data, disk_format, tolerated=tolerated).kind == kind


class Broken(format_inspector.FileInspector):
    """An inspector with a bug."""

    NAME = "broken"

    def _initialize(self):
        self.add_safety_check(format_inspector.SafetyCheck.null())

    @property
    def format_match(self):
        raise AttributeError("a bug")


class Crashing(Broken):
    format_match = False

    def eat_chunk(self, chunk):
        raise ZeroDivisionError("a bug")


def test_what_an_inspector_failed_over_is_not_taken_for_safe(monkeypatch):
    monkeypatch.setitem(format_inspector.ALL_FORMATS, "broken", Broken)
    unreadable = Finding(inspection.UNSAFE, causes=(inspection.UNREADABLE,))
    assert finding_of(PLAIN) == unreadable
    assert finding_of(PLAIN, tolerated=["unsafe"]) is None
    # What another inspector vouches for is known, and has its own checks.
    assert finding_of(QCOW2, "qcow2") is None
    assert finding_of(BACKED, "qcow2").kind == inspection.REFERENCE


def test_an_inspector_that_crashes_while_it_reads_stops_nobody(monkeypatch):
    monkeypatch.setitem(format_inspector.ALL_FORMATS, "crashing", Crashing)
    assert finding_of(PLAIN) is None
    assert finding_of(QCOW2, "qcow2") is None


def described(*lines):
    """What a VMDK's description says of its parent; no disk."""
    return b"".join(line + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("disk_format", "head", "expected"),
    [
        ("vmdk", described(b"CID=fffffffe", b"parentCID=ffffffff"), False),
        ("vmdk", described(b"parentCID = FFFFFFFF", b'parentFileNameHint=""'), False),
        ("vmdk", described(b"parentCID=fffffffe"), True),
        ("vmdk", described(b"PARENTCID =\t00000000"), True),
        ("vmdk", described(b"parentCID=ffffffff", b'parentFileNameHint="base.vmdk"'), True),
        ("vmdk", described(b'#parentFileNameHint  ="" base"'), True),
        ("vmdk", b"", False),
        ("vhd", b"conectix".ljust(60) + struct.pack(">I", 3), False),
        ("vhd", b"conectix".ljust(60) + struct.pack(">I", 4), True),
        ("vdi", bytes(76) + struct.pack("<I", 1), False),
        ("vdi", bytes(76) + struct.pack("<I", 2), False),
        ("vdi", bytes(76) + struct.pack("<I", 3), True),
        ("vdi", bytes(76) + struct.pack("<I", 4), True),
        ("qcow2", described(b'parentFileNameHint="base.vmdk"'), False),
    ],
)
def test_has_parent(disk_format, head, expected):
    assert parents.has_parent(disk_format, head) is expected


def differencing(data, at, kind):
    return data[:at] + kind + data[at + 4 :]


@pytest.mark.parametrize("flags", [None, 0, 1])
def test_a_vhdx_without_a_parent(flags):
    assert finding_of(vhdx(flags=flags), "vhdx") is None


def test_a_vhdx_whose_tables_make_no_sense_has_no_parent():
    whole = vhdx(flags=2)
    for cut in (bytes(MIB), whole[: 200 * 1024], whole[: 330 * 1024]):
        seen = parents.VhdxParameters()
        seen.update(cut)
        assert not seen.has_parent
    backwards = bytearray(whole)
    backwards[192 * 1024 + 32 : 192 * 1024 + 40] = bytes(8)
    seen = parents.VhdxParameters()
    for start in range(0, len(backwards), 4096):
        seen.update(bytes(backwards[start : start + 4096]))
    assert not seen.has_parent


@pytest.mark.parametrize("size", [MIB, 4096, 500])
@pytest.mark.parametrize(
    ("disk_format", "data"),
    [
        ("vhd", differencing(vhd(), 60, struct.pack(">I", 4))),
        ("vdi", differencing(vdi(), 76, struct.pack("<I", 4))),
        ("vhd", differencing(vhd(512), 60, struct.pack(">I", 4))),
        ("vhdx", vhdx(flags=2)),
    ],
)
def test_a_disk_that_needs_its_parent(disk_format, data, size):
    needed = Finding(inspection.REFERENCE, causes=(inspection.PARENT,))
    assert finding_of(data, disk_format, size=size) == needed
    assert finding_of(data, disk_format, tolerated=["reference"], size=size) is None


def test_the_whole_beginning_is_looked_at_for_a_parent(monkeypatch):
    """All of the beginning of a VMDK, and all that there is of a short one."""
    heads = []
    monkeypatch.setattr(parents, "has_parent", lambda _format, head: heads.append(head))
    for size in (MIB, 500):
        assert finding_of(VMDK, "vmdk", size=size) is None
    assert [head[: parents.HEAD_BYTES] for head in heads] == [VMDK[: parents.HEAD_BYTES]] * 2
    assert all(b"createType" in head[parents.HEAD_BYTES :] for head in heads)


def test_text_over_which_the_vmdk_inspector_fails_is_not_taken_for_safe():
    """Text that is not ASCII further on; oslo.utils 8.2 and 10.2 raise an AttributeError."""
    data = b"# a comment\n" * 50 + "é".encode() * 50
    assert finding_of(data) == Finding(inspection.UNSAFE, causes=(inspection.UNREADABLE,))
