#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Nova 34.0.0: of the two architectures as Debian names them, an image may have one.
#
# "architecture" of an image is read in the spelling of libvirt, with some others that Nova knows.
# amd64 is one of those, in any case of its letters; arm64 is not, and neither is armhf or ppc64el.
# Publishers name their files so, Glance takes any text, and the launch of an instance is refused.
# A blank or an empty value is refused as well.
#
# Seen:
#   amd64: x86_64
#   AMD64: x86_64
#   i386: i686
#   arm64: refused, Architecture name 'arm64' is not valid
#   armhf: refused, Architecture name 'armhf' is not valid
#   ppc64el: refused, Architecture name 'ppc64el' is not valid
#   x86: refused, Architecture name 'x86' is not valid
#   aarch64: aarch64
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

for name in ("amd64", "AMD64", "i386", "arm64", "armhf", "ppc64el", "x86", "aarch64"):
    try:
        print(f"{name}: {ImageMetaProps.from_dict({'architecture': name}).hw_architecture}")
    except ValueError as error:
        print(f"{name}: refused, {error}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
