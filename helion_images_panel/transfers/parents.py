# SPDX-License-Identifier: Apache-2.0
"""Disk images that contain only the differences from another one, their parent.

No instance boots from one alone. `static/helion_images_panel/js/create/file_disk.js`
finds the same before the upload.
"""

from __future__ import annotations

import re
import struct

_SECTOR = 512

#: Bytes of a file that are looked at: the header of a VMDK, and its description.
HEAD_BYTES = 21 * _SECTOR

#: The name of the parent, or its content ID, which is all ones without a parent.
_VMDK_PARENT = re.compile(rb'parentfilenamehint(?!="")|parentcid\s*=\s*(?!f{8})\w', re.IGNORECASE)

_VHD_DIFFERENCING = (4).to_bytes(4, "big")

#: Both kinds of differences of VirtualBox: to undo changes, and of snapshots.
_VDI_DIFFERENCING = ((3).to_bytes(4, "little"), (4).to_bytes(4, "little"))


def has_parent(disk_format: str, head: bytes) -> bool:
    """Whether the disk image needs a parent.

    :param disk_format: what the file is, by Glance's name
    :param head: its first HEAD_BYTES, or more
    """
    if disk_format == "vmdk":
        return bool(_VMDK_PARENT.search(head))
    if disk_format == "vhd":
        return head[60:64] == _VHD_DIFFERENCING
    return disk_format == "vdi" and head[76:80] in _VDI_DIFFERENCING


#: Places and sizes of VHDX (MS-VHDX 2.2.3 and 2.6), and the two GUIDs as they stand in the file.
_VHDX_REGIONS = (192 * 1024, 64 * 1024)
_VHDX_TABLE_BYTES = 64 * 1024
_VHDX_METADATA = bytes.fromhex("06a27c8b90479a4bb8fe575f050f886e")
_VHDX_PARAMETERS = bytes.fromhex("3767a1ca36fa434db3b633f0aa44e76b")
_VHDX_HAS_PARENT = 2


class VhdxParameters:
    """Looks for the parent of a VHDX in its chunks: its parameters stand in no fixed place.

    A table of regions names the place of a table of metadata, and that the place of the
    parameters. Each is stored until it is complete, up to 64 KiB.
    """

    def __init__(self) -> None:
        self.has_parent = False
        self._position = 0
        self._place: tuple[int, int] | None = _VHDX_REGIONS
        self._data = b""
        self._stages = [self._of_regions, self._of_metadata, self._of_parameters]
        self._metadata_at = 0

    @property
    def is_searching(self) -> bool:
        return self._place is not None

    def update(self, chunk: bytes) -> None:
        end = self._position + len(chunk)
        while self._place:
            at = self._place[0] + len(self._data)
            left = self._place[1] - len(self._data)
            if at < self._position:
                self._place = None  # It has passed by.
                break
            if at >= end:
                break
            self._data += chunk[at - self._position : at - self._position + left]
            if len(self._data) < self._place[1]:
                break
            data, self._data = self._data, b""
            self._place = self._stages.pop(0)(data)
        self._position = end

    def _of_regions(self, data: bytes) -> tuple[int, int] | None:
        (count,) = struct.unpack_from("<I", data, 8)
        entry = _vhdx_entry(data, 16, count, _VHDX_METADATA)
        if entry is None:
            return None
        (self._metadata_at,) = struct.unpack_from("<Q", data, entry + 16)
        return self._metadata_at, _VHDX_TABLE_BYTES

    def _of_metadata(self, data: bytes) -> tuple[int, int] | None:
        (count,) = struct.unpack_from("<H", data, 10)
        entry = _vhdx_entry(data, 32, count, _VHDX_PARAMETERS)
        if entry is None:
            return None
        return self._metadata_at + struct.unpack_from("<I", data, entry + 16)[0], 8

    def _of_parameters(self, data: bytes) -> None:
        self.has_parent = bool(struct.unpack_from("<I", data, 4)[0] & _VHDX_HAS_PARENT)


def _vhdx_entry(table: bytes, first: int, count: int, guid: bytes) -> int | None:
    """Return the place of the entry of this GUID in a table of entries of 32 bytes."""
    last = min(first + 32 * count, len(table))
    places = range(first, last - 31, 32)
    return next((at for at in places if table.startswith(guid, at)), None)
