# SPDX-License-Identifier: Apache-2.0
"""The disk in a QCOW2 file, read by the file's own tables.

Source: QEMU, docs/interop/qcow2.rst. A file that needs another one is not read, nor one with a
feature that is not known here.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Iterator

from helion_images_panel.core.file_parts import FileParts, NotRead

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Header, tables and first data of what qemu-img writes, with clusters of its default size.
HEAD_BYTES = 7 * 64 * 1024

_MAGIC = b"QFI\xfb"
_HEADER = struct.Struct(">4sIQIIQIIQ")
_HEADER_BYTES = 104
_CLUSTER_BITS = range(9, 22)
#: The dirty bit, and that the kind of compression is named.
_DIRTY, _NAMES_COMPRESSION = 1, 8

_OFFSET = 0x00FF_FFFF_FFFF_FE00
_COPIED, _COMPRESSED = 1 << 63, 1 << 62
_ALL_ZEROS = 1

#: Entries of a table that are read together.
_ENTRIES_BYTES = 4096
#: The most that is read of one compressed cluster, and the most clusters of one part.
_COMPRESSED_BYTES = 256 * 1024
_CLUSTERS = 256
#: Base-2 logarithm of the memory of zstd: that of the largest cluster.
_WINDOW_LOG = 21


class Qcow2:
    """The disk in the file; `NotRead` for a file that is not whole, or not understood."""

    def __init__(self, file: FileParts):
        self._file = file
        head = file.read(0, min(file.size_bytes, HEAD_BYTES))
        # The kind of compression is the byte behind it.
        if len(head) <= _HEADER_BYTES:
            raise NotRead("too short")
        magic, version, backing, _, bits, self.size_bytes, encryption, self._l1_size, self._l1 = (
            _HEADER.unpack_from(head)
        )
        if magic != _MAGIC or version not in (2, 3) or backing or encryption:
            raise NotRead("another version, a backing file, or encrypted")
        if bits not in _CLUSTER_BITS:
            raise NotRead("no such size of a cluster")
        features = struct.unpack_from(">Q", head, 72)[0] if version == 3 else 0
        if features & ~(_DIRTY | _NAMES_COMPRESSION):
            raise NotRead("a feature that is not known")
        self._is_zstd = bool(features & _NAMES_COMPRESSION and head[_HEADER_BYTES])
        if self._is_zstd and head[_HEADER_BYTES] != 1:
            raise NotRead("another compression")
        self._bits = bits
        self._cluster_bytes = 1 << bits
        self._is_aligned(self._l1)

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes of the disk; zeros where the file has none."""
        if offset < 0 or length < 0 or offset + length > self.size_bytes:
            raise NotRead("outside the disk")
        return b"".join(
            bytes(size) if at is None else self._stored(at, size)
            for at, size in self._joined(offset, length)
        )

    def _joined(self, offset: int, length: int) -> Iterator[tuple[int | None, int]]:
        """Yield place and size of each piece; those that follow each other are one."""
        place: int | None = None
        size = 0
        for at, piece in self._pieces(offset, length):
            follows = at is None and place is None
            if at is not None and place is not None:
                follows = not (at | place) & _COMPRESSED and at == place + size
            if size and not follows:
                yield place, size
                size = 0
            if not size:
                place = at
            size += piece
        if size:
            yield place, size

    def _pieces(self, offset: int, length: int) -> Iterator[tuple[int | None, int]]:
        """Yield for each cluster where its bytes are in the file, and how many are needed.

        None stands for zeros. That of a compressed cluster is its descriptor; the bytes before
        the needed ones count as needed.
        """
        first, end = offset >> self._bits, offset + length
        if (end >> self._bits) - first > _CLUSTERS:
            raise NotRead("too many clusters")
        at = offset
        while at < end:
            inside = at & (self._cluster_bytes - 1)
            size = min(self._cluster_bytes - inside, end - at)
            entry = self._entry(at >> self._bits)
            if entry & _COMPRESSED:
                if inside:
                    raise NotRead("the middle of a compressed cluster")
                yield entry, size
            elif entry & _OFFSET and not entry & _ALL_ZEROS:
                yield self._is_aligned(entry & _OFFSET) + inside, size
            else:
                yield None, size
            at += size

    def _entry(self, cluster: int) -> int:
        """Return the entry of the second table; 0 for a cluster that is not in the file."""
        per_table = self._cluster_bytes // 8
        l1_index, l2_index = divmod(cluster, per_table)
        if l1_index >= self._l1_size:
            raise NotRead("the first table is too short")
        table = self._number(self._l1, l1_index, self._l1_size * 8)
        if table & ~_COPIED & ~_OFFSET:
            raise NotRead("not an entry of the first table")
        if not table & _OFFSET:
            return 0
        place = self._is_aligned(table & _OFFSET)
        entry = self._number(place, l2_index, self._cluster_bytes)
        if not entry & _COMPRESSED and entry & ~_COPIED & ~_OFFSET & ~_ALL_ZEROS:
            raise NotRead("not an entry of the second table")
        return entry

    def _number(self, table: int, index: int, table_bytes: int) -> int:
        start = index * 8 // _ENTRIES_BYTES * _ENTRIES_BYTES
        size = min(_ENTRIES_BYTES, table_bytes - start, self._file.size_bytes - table - start)
        entries = self._file.read(table + start, size)
        if index * 8 - start + 8 > len(entries):
            raise NotRead("the table is cut off")
        number: int = struct.unpack_from(">Q", entries, index * 8 - start)[0]
        return number

    def _is_aligned(self, offset: int) -> int:
        if offset & (self._cluster_bytes - 1) or not 0 < offset < self._file.size_bytes:
            raise NotRead("no place in the file")
        return offset

    def _stored(self, at: int, size: int) -> bytes:
        if at & _COMPRESSED:
            return self._decompressed(at, size)
        # The file may end within its last cluster.
        available = min(size, self._file.size_bytes - at)
        return self._file.read(at, available).ljust(size, b"\0")

    def _decompressed(self, entry: int, size: int) -> bytes:
        """Return the first bytes of a compressed cluster."""
        sectors_at = 62 - (self._bits - 8)
        at = entry & ((1 << sectors_at) - 1)
        sectors = ((entry & (_COMPRESSED - 1)) >> sectors_at) + 1
        # The last sector may end after the file.
        stored = min(sectors * 512 - at % 512, self._file.size_bytes - at, _COMPRESSED_BYTES)
        if stored <= 0:
            raise NotRead("no place in the file")
        data = self._file.read(at, stored)
        try:
            found = self._unpack(data, size)
        except (zlib.error, zstd.ZstdError, EOFError, ValueError, MemoryError) as error:
            raise NotRead("the cluster is damaged") from error
        if len(found) != size:
            raise NotRead("the cluster is too short")
        return found

    def _unpack(self, data: bytes, size: int) -> bytes:
        if self._is_zstd:
            options = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
            return bytes(zstd.ZstdDecompressor(options=options).decompress(data, size))
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size)
