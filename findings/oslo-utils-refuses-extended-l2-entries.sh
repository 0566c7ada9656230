#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# oslo.utils 10.2.0: a QCOW2 disk with extended L2 entries fails the safety checks, so that
# Glance 33 refuses it (415).
#
# The feature (bit 4 of the incompatible ones, with subclusters) is in QEMU since 5.2 of 2020:
# `qemu-img create -o extended_l2=on`, recommended for large clusters. The inspector knows the
# bits before it. The refusal is the one of a feature that nobody has specified, and names none;
# `qemu-img convert -O qcow2` makes a disk without it.
#
# Seen, of a blank disk of 1 MiB:
#   without: qcow2, virtual size 1048576, safe
#   compression type named: qcow2, virtual size 1048576, safe
#   extended L2 entries: qcow2, virtual size 1048576, Safety checks failed: unknown_features
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

CLUSTER_BITS = 16
CLUSTER = 1 << CLUSTER_BITS
SIZE = 1 << 20
COMPRESSION_TYPE, EXTENDED_L2 = 1 << 3, 1 << 4
ZLIB, ZSTANDARD = 0, 1


def disk(features, compression=ZLIB):
    """A blank disk: the header, the table of reference counts, a block of these, the L1 table."""
    counts, block, l1 = CLUSTER, 2 * CLUSTER, 3 * CLUSTER
    header = struct.pack(">4sIQIIQ", b"QFI\xfb", 3, 0, 0, CLUSTER_BITS, SIZE)
    header += struct.pack(">IIQQIIQ", 0, 1, l1, counts, 1, 0, 0)
    header += struct.pack(">QQQIIB7x", features, 0, 0, 4, 112, compression)
    header += struct.pack(">II", 0, 0)  # no extensions
    used = struct.pack(">4H", 1, 1, 1, 1)
    clusters = (header, struct.pack(">Q", block), used, b"")
    return b"".join(cluster.ljust(CLUSTER, b"\0") for cluster in clusters)


for what, data in (
    ("without", disk(0)),
    ("compression type named", disk(COMPRESSION_TYPE, ZSTANDARD)),
    ("extended L2 entries", disk(EXTENDED_L2)),
):
    wrapper = format_inspector.InspectWrapper(io.BytesIO(data))
    while wrapper.read(65536):
        pass
    wrapper.close()
    result = "safe"
    try:
        wrapper.format.safety_check()
    except format_inspector.SafetyCheckFailed as error:
        result = str(error)
    print(f"{what}: {wrapper.format}, virtual size {wrapper.format.virtual_size}, {result}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
