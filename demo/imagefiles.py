# SPDX-License-Identifier: Apache-2.0
"""Small disk images, right down to their bytes.

Each is a valid, complete file of its format, as small as the format allows.
"""

import struct

SECTOR = 512

_QCOW2_CLUSTER_BITS = 12
_QCOW2_CLUSTER = 1 << _QCOW2_CLUSTER_BITS
_QCOW2_ENTRIES = _QCOW2_CLUSTER // 8
_QCOW2_REFCOUNTS = _QCOW2_CLUSTER // 2
_QCOW2_COPIED = 1 << 63
_QCOW2_HEADER_BYTES = 104
_QCOW2_EXTERNAL_DATA = 1 << 2


def raw(size_bytes: int, payload: bytes = b"") -> bytes:
    """A raw disk that begins with the payload; the rest is zeros."""
    return payload.ljust(size_bytes, b"\0")


def qcow2(
    virtual_size_bytes: int,
    payload: bytes = b"",
    backing_file: str = "",
    external_data: bool = False,
) -> bytes:
    """A QCOW2 (version 3) disk that begins with the payload; the rest is unallocated.

    A backing file, or data that is said to be in an external file, makes an
    image that every careful service refuses.
    """
    cluster = _QCOW2_CLUSTER
    data = _clusters(payload)
    l2_tables = -(-data // _QCOW2_ENTRIES)
    l1_entries = max(1, -(-virtual_size_bytes // (cluster * _QCOW2_ENTRIES)))
    l1 = -(-l1_entries * 8 // cluster)
    used = 1 + l1 + l2_tables + data
    blocks, table = 0, 0
    while True:
        total = used + table + blocks
        if blocks * _QCOW2_REFCOUNTS >= total and table * _QCOW2_ENTRIES >= blocks:
            break
        blocks = -(-total // _QCOW2_REFCOUNTS)
        table = -(-blocks // _QCOW2_ENTRIES)
    first_block = 1 + table
    first_l1 = first_block + blocks
    first_l2 = first_l1 + l1
    first_data = first_l2 + l2_tables

    name = backing_file.encode()
    header = struct.pack(
        ">4sIQIIQIIQQIIQQQQII",
        b"QFI\xfb",
        3,
        _QCOW2_HEADER_BYTES + 8 if name else 0,
        len(name),
        _QCOW2_CLUSTER_BITS,
        virtual_size_bytes,
        0,  # not encrypted
        l1_entries,
        first_l1 * cluster,
        cluster,  # the refcount table follows the header
        table,
        0,  # no internal snapshots
        0,
        _QCOW2_EXTERNAL_DATA if external_data else 0,  # incompatible features
        0,  # no compatible or autoclear features
        0,
        4,  # refcounts are 1 << 4 bits wide
        _QCOW2_HEADER_BYTES,
    )
    header = header[:_QCOW2_HEADER_BYTES] + struct.pack(">II", 0, 0) + name

    def pointers(first: int, count: int, flag: int = 0) -> bytes:
        return b"".join(struct.pack(">Q", (first + i) * cluster | flag) for i in range(count))

    return b"".join(
        (
            _padded(header, 1),
            _padded(pointers(first_block, blocks), table),
            _padded(struct.pack(">H", 1) * total, blocks),
            _padded(pointers(first_l2, l2_tables, _QCOW2_COPIED), l1),
            _padded(pointers(first_data, data, _QCOW2_COPIED), l2_tables),
            _padded(payload, data),
        )
    )


def _clusters(content: bytes) -> int:
    return -(-len(content) // _QCOW2_CLUSTER)


def _padded(content: bytes, clusters: int) -> bytes:
    return content.ljust(clusters * _QCOW2_CLUSTER, b"\0")


_ISO_SECTOR = 2048
_ISO_DATE = bytes([126, 1, 1, 0, 0, 0, 0])
_ISO_LONG_DATE = b"2026010100000000\0"
_ISO_NO_DATE = b"0" * 16 + b"\0"


def iso9660(label: str, files: dict[str, bytes]) -> bytes:
    """An ISO 9660 image with the files in its root folder.

    :param label: volume name, up to 32 of A-Z 0-9 _
    :param files: by names such as README.TXT, in capitals; together their
        directory must fit one sector, which is room for some forty
    """
    root_sector, first_file = 20, 21
    records, bodies, sector = [], [], first_file
    root = root_sector, _ISO_SECTOR
    records += [_iso_record(b"\0", *root, folder=True), _iso_record(b"\1", *root, folder=True)]
    for name, content in sorted(files.items()):
        records.append(_iso_record(f"{name};1".encode(), sector, len(content)))
        bodies.append(content.ljust(-(-len(content) // _ISO_SECTOR) * _ISO_SECTOR, b"\0"))
        sector += len(bodies[-1]) // _ISO_SECTOR
    directory = b"".join(records)
    if len(directory) > _ISO_SECTOR:
        raise ValueError("too many files for one directory sector")
    path_tables = [struct.pack(f"{order}BBIH2s", 1, 0, root_sector, 1, b"\0\0") for order in "<>"]

    def text(value: str, length: int) -> bytes:
        return value.encode().ljust(length)

    primary = b"".join(
        (
            b"\1CD001\1\0",
            text("", 32),
            text(label, 32),
            bytes(8),
            _both32(sector),
            bytes(32),
            _both16(1) + _both16(1) + _both16(_ISO_SECTOR),
            _both32(len(path_tables[0])),
            struct.pack("<II", 18, 0) + struct.pack(">II", 19, 0),
            _iso_record(b"\0", *root, folder=True),
            text("", 128 * 4 + 37 * 3),
            _ISO_LONG_DATE * 2 + _ISO_NO_DATE * 2,
            b"\1\0",
        )
    )
    sectors = [primary, b"\xffCD001\1", *path_tables, directory]
    return (
        bytes(16 * _ISO_SECTOR)
        + b"".join(each.ljust(_ISO_SECTOR, b"\0") for each in sectors)
        + b"".join(bodies)
    )


def _both16(value: int) -> bytes:
    return struct.pack("<H", value) + struct.pack(">H", value)


def _both32(value: int) -> bytes:
    return struct.pack("<I", value) + struct.pack(">I", value)


def _iso_record(name: bytes, sector: int, size_bytes: int, folder: bool = False) -> bytes:
    tail = bytes([len(name)]) + name + (b"" if len(name) % 2 else b"\0")
    body = (
        b"\0"
        + _both32(sector)
        + _both32(size_bytes)
        + _ISO_DATE
        + bytes([2 if folder else 0, 0, 0])
        + _both16(1)
    )
    return bytes([1 + len(body) + len(tail)]) + body + tail


_VMDK_GRAIN_SECTORS = 128
_VMDK_ENTRIES = 512
_VMDK_DESCRIPTOR_SECTORS = 20


def vmdk(virtual_size_bytes: int) -> bytes:
    """An empty VMDK disk, monolithic and sparse.

    :param virtual_size_bytes: a multiple of 64 KiB, the size of a grain
    """
    sectors = virtual_size_bytes // SECTOR
    tables = -(-sectors // (_VMDK_GRAIN_SECTORS * _VMDK_ENTRIES))
    table_sectors = _VMDK_ENTRIES * 4 // SECTOR
    directory_sectors = -(-tables * 4 // SECTOR)
    first = 1 + _VMDK_DESCRIPTOR_SECTORS
    second = first + directory_sectors + tables * table_sectors
    end = second + directory_sectors + tables * table_sectors
    overhead = -(-end // _VMDK_GRAIN_SECTORS) * _VMDK_GRAIN_SECTORS
    header = struct.pack(
        "<4sIIQQQQIQQQB4sH",
        b"KDMV",
        1,
        3,  # line ends can be checked; there is a second grain directory
        sectors,
        _VMDK_GRAIN_SECTORS,
        1,
        _VMDK_DESCRIPTOR_SECTORS,
        _VMDK_ENTRIES,
        first,
        second,
        overhead,
        0,
        b"\n \r\n",
        0,
    )
    descriptor = "\n".join(
        (
            "# Disk DescriptorFile",
            "version=1",
            "CID=fffffffe",
            "parentCID=ffffffff",
            'createType="monolithicSparse"',
            "# Extent description",
            f'RW {sectors} SPARSE "disk.vmdk"',
            "# The Disk Data Base",
            'ddb.virtualHWVersion = "4"',
            f'ddb.geometry.cylinders = "{min(16383, max(1, sectors // (16 * 63)))}"',
            'ddb.geometry.heads = "16"',
            'ddb.geometry.sectors = "63"',
            'ddb.adapterType = "ide"',
            "",
        )
    ).encode()

    def directory(start: int) -> bytes:
        entries = (
            struct.pack("<I", start + directory_sectors + i * table_sectors) for i in range(tables)
        )
        return b"".join(entries).ljust(directory_sectors * SECTOR, b"\0") + bytes(
            tables * table_sectors * SECTOR
        )

    content = (
        header.ljust(SECTOR, b"\0")
        + descriptor.ljust(_VMDK_DESCRIPTOR_SECTORS * SECTOR, b"\0")
        + directory(first)
        + directory(second)
    )
    return content.ljust(overhead * SECTOR, b"\0")
