# SPDX-License-Identifier: Apache-2.0
"""Disk images that contain only the differences from another one, their parent.

No instance boots from one alone. `static/helion_images_panel/js/create/file_disk.js`
finds the same before the upload.
"""

from __future__ import annotations

import re

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
