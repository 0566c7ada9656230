#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Nova 34.0.0: capital letters are taken in some properties of an image, and refused in others.
#
# An image with hw_vif_model "VirtIO" launches, one with hw_disk_bus "VirtIO" does not: the first
# property, and those of the operating system, the hypervisor, the SCSI controller and the
# architecture, are read in small letters, all other lists of values are compared as they stand.
# Both are written side by side in one image, and Glance takes both.
#
# Seen:
#   hw_vif_model VirtIO: taken as virtio
#   hw_disk_bus VirtIO: refused
#   os_type Windows: taken as windows
#   hw_firmware_type UEFI: refused
#   hw_scsi_model VIRTIO-SCSI: taken as virtio-scsi
#   hw_video_model Virtio: refused
#   hw_watchdog_action Reset: refused
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nova==34.0.0

"$folder/venv/bin/python" -W ignore - <<'PYTHON' 2>"$folder/warnings" | tee "$folder/seen"
from nova import objects

objects.register_all()
from nova.objects.image_meta import ImageMetaProps

for name, value in (
    ("hw_vif_model", "VirtIO"),
    ("hw_disk_bus", "VirtIO"),
    ("os_type", "Windows"),
    ("hw_firmware_type", "UEFI"),
    ("hw_scsi_model", "VIRTIO-SCSI"),
    ("hw_video_model", "Virtio"),
    ("hw_watchdog_action", "Reset"),
):
    try:
        print(f"{name} {value}: taken as {ImageMetaProps.from_dict({name: value}).get(name)}")
    except ValueError:
        print(f"{name} {value}: refused")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
