#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0 and Nova 34.0.0: one value of Glance's own metadata definitions keeps an image from
# launching.
#
# The definitions that come with Glance offer "powervm" for hypervisor_type, and dashboards show
# them as a list to choose from. Nova has removed that driver and its value, and refuses the image.
# All other listed values and defaults of definitions for images are taken.
#
# Seen:
#   compute-hypervisor.json: hypervisor_type powervm is refused
# Fails if this changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nova==34.0.0
"$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$folder" glance==33.0.0

"$folder/venv/bin/python" -W ignore - "$folder"/glance-*.whl <<'PYTHON' 2>"$folder/warnings" | tee "$folder/seen"
import json
import sys
import zipfile
from pathlib import PurePath

from nova import objects

objects.register_all()
from nova.objects.image_meta import ImageMetaProps

wheel = zipfile.ZipFile(sys.argv[1])
looked_at = 0
for path in sorted(name for name in wheel.namelist() if "metadefs" in name and name.endswith(".json")):
    namespace = json.loads(wheel.read(path))
    associations = namespace.get("resource_type_associations", [])
    of_images = [each for each in associations if each["name"] == "OS::Glance::Image"]
    if not of_images:
        continue
    prefix = of_images[0].get("prefix", "")
    properties = dict(namespace.get("properties", {}))
    for each in namespace.get("objects", []):
        properties.update(each.get("properties", {}))
    for name, definition in properties.items():
        values = definition.get("enum") or definition.get("items", {}).get("enum") or []
        if not values and "default" in definition:
            values = [definition["default"]]
        for value in values:
            looked_at += 1
            try:
                ImageMetaProps.from_dict({prefix + name: str(value)})
            except ValueError:
                print(f"{PurePath(path).name}: {prefix + name} {value} is refused")
assert looked_at > 100, looked_at
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
