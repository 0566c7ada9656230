#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# oslo.utils 10.2.0: a VHD of fixed size is taken for a raw disk, so that Glance 33 refuses it
# as "vhd" (415) and accepts it as "raw", with the footer as the last sector of the disk.
#
# Such a file is the disk followed by a footer of 512 bytes; a dynamic VHD has a copy of the
# footer at its beginning, and only that is looked for. Azure takes fixed-size VHDs only, and
# Hyper-V makes them on request: both are called "VHD", and nothing in the refusal says which
# of the two the file is.
#
# Seen:
#   dynamic: vhd, virtual size 8355840
#   fixed: raw, virtual size 8356352
#   fixed, expected to be vhd: Content does not match expected format 'vhd'
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

CYLINDERS, HEADS, SECTORS = 240, 4, 17
SIZE = CYLINDERS * HEADS * SECTORS * 512
FIXED, DYNAMIC = 2, 3


def with_checksum(block, at):
    checksum = ~sum(block) & 0xFFFFFFFF
    return block[:at] + struct.pack(">I", checksum) + block[at + 4 :]


def footer(kind):
    data_at = 0xFFFFFFFFFFFFFFFF if kind == FIXED else 512
    fields = (b"conectix", 2, 0x10000, data_at, 0, b"demo", 0x10000, b"Wi2k", SIZE, SIZE)
    block = struct.pack(">8sIIQI4sI4sQQ", *fields)
    block += struct.pack(">HBBII16sB427x", CYLINDERS, HEADS, SECTORS, kind, 0, bytes(range(16)), 0)
    return with_checksum(block, 64)


def dynamic():
    """A disk without data: the footer, a header, a table without entries, the footer."""
    entries = 4  # blocks of 2 MiB
    header = struct.pack(">8sQQIIII", b"cxsparse", 2**64 - 1, 1536, 0x10000, entries, 2 << 20, 0)
    header = with_checksum(header.ljust(1024, b"\0"), 36)
    table = b"\xff" * 4 * entries
    return footer(DYNAMIC) + header + table.ljust(512, b"\xff") + footer(DYNAMIC)


def inspected(data, expected=None):
    wrapper = format_inspector.InspectWrapper(io.BytesIO(data), expected_format=expected)
    while wrapper.read(65536):
        pass
    wrapper.close()
    return f"{wrapper.format}, virtual size {wrapper.format.virtual_size}"


fixed = bytes(SIZE) + footer(FIXED)
print("dynamic:", inspected(dynamic()))
print("fixed:", inspected(fixed))
try:
    print("fixed, expected to be vhd:", inspected(fixed, "vhd"))
except format_inspector.ImageFormatError as error:
    print("fixed, expected to be vhd:", error)
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
