#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Nova 34.0.0: an image property that is a switch takes any word, and means "no" by each that it
# does not know.
#
# A wrong value in a list, or a number that is none, refuses the launch. A wrong value in a switch
# says nothing at all: hw_qemu_guest_agent "enabled" turns the guest agent off, and
# os_require_quiesce "required" lets snapshots be taken without it.
#
# Seen:
#   hw_qemu_guest_agent yes: True
#   hw_qemu_guest_agent on: True
#   hw_qemu_guest_agent enabled: False
#   hw_qemu_guest_agent required: False
#   os_require_quiesce required: False
#   hw_cpu_cores many: refused
#   hw_disk_bus enabled: refused
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
    ("hw_qemu_guest_agent", "yes"),
    ("hw_qemu_guest_agent", "on"),
    ("hw_qemu_guest_agent", "enabled"),
    ("hw_qemu_guest_agent", "required"),
    ("os_require_quiesce", "required"),
    ("hw_cpu_cores", "many"),
    ("hw_disk_bus", "enabled"),
):
    try:
        print(f"{name} {value}: {ImageMetaProps.from_dict({name: value}).get(name)}")
    except ValueError:
        print(f"{name} {value}: refused")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
