#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# oslo.utils 10.2.0: a floppy's FAT file system is taken for a disk with a partition table that
# is broken, so that Glance 33 refuses it as "raw" (415).
#
# A file system without partitions begins with a boot sector that ends as the one with a
# partition table does. A floppy of drivers, or of an installer's answers, has no table, and is
# an image like any other that an instance boots with. Nothing in the refusal names the file
# system; in QCOW2 the same disk is accepted.
#
# Seen, of an empty FAT12 file system:
#   floppy of 1.44 MB: gpt, Safety checks failed: mbr
#   floppy of 2.88 MB: gpt, Safety checks failed: mbr
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check oslo.utils==10.2.0 cryptography==50.0.2

"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON' | tee "$folder/seen"
import io
import struct

from oslo_utils.imageutils import format_inspector

FLOPPY = 0xF0


def file_system(sectors, cluster_sectors, track_sectors):
    """FAT12, empty: the boot sector, two tables, the root folder, the data."""
    boot = struct.pack("<3s8s", b"\xeb\x3c\x90", b"EXAMPLE ")
    boot += struct.pack("<HBHBHHB", 512, cluster_sectors, 1, 2, 224, sectors, FLOPPY)
    boot += struct.pack("<HHHII", 9, track_sectors, 2, 0, 0)
    boot += struct.pack("<BBBI11s8s", 0, 0, 0x29, 1, b"EXAMPLE    ", b"FAT12   ")
    boot = boot.ljust(510, b"\0") + b"\x55\xaa"
    table = bytes([FLOPPY, 0xFF, 0xFF]).ljust(9 * 512, b"\0")
    return (boot + table * 2).ljust(sectors * 512, b"\0")


for what, data in (
    ("floppy of 1.44 MB", file_system(2880, 1, 18)),
    ("floppy of 2.88 MB", file_system(5760, 2, 36)),
):
    wrapper = format_inspector.InspectWrapper(io.BytesIO(data))
    while wrapper.read(65536):
        pass
    wrapper.close()
    try:
        wrapper.format.safety_check()
        result = "safe"
    except format_inspector.SafetyCheckFailed as error:
        result = str(error)
    print(f"{what}: {wrapper.format}, {result}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
