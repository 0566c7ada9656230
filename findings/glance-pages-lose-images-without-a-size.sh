#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0 on SQLite: a list by size that is followed page by page ends where a page
# ends with an image that has no size yet, and leaves out all images behind it.
#
# The marker's NULL is compared as a value of the type's default, 0 for numbers and "" for
# text, so that the next page begins behind images of that value: none of the other NULLs
# is, and none of the sizes is smaller (in descending order the list comes back to images
# that it has already listed). Without pages the order is right. By name it is one image:
# between NULL and "" one is left out, and backwards one comes twice.
#
# Seen:
#   size, whole: 1 3 5 7 4 6 2
#   size, in pages of two: 1 3
#   name, whole: 1 3 2 4 5
#   name, in pages of two: 1 3 4 5
#   name backwards, whole: 5 4 2 3 1
#   name backwards, in pages of two: 5 4 2 3 2 1
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check glance==33.0.0

cat >"$folder/lists.py" <<'PYTHON'
import sys
from pathlib import Path

from glance import context
from glance.db.sqlalchemy import api, models
from oslo_db import options

database = Path(sys.argv[1], f"{sys.argv[2]}.sqlite")
options.set_defaults(api.CONF)
api.CONF(args=[], default_config_files=[])
api.CONF.set_override("connection", f"sqlite:///{database}", "database")
models.register_models(api.get_engine())
admin = context.RequestContext(is_admin=True, project_id="p")


def fill(key, values):
    for number, value in enumerate(values, 1):
        image = {
            "id": f"00000000-0000-0000-0000-{number:012}",
            "owner": "p",
            "visibility": "private",
            "disk_format": "raw",
            "container_format": "bare",
            "status": "queued" if (key, value) == ("size", None) else "active",
            key: value,
        }
        api.image_create(admin, image)


def rows(key, direction, **page):
    order = {"sort_key": [key, "id"], "sort_dir": [direction, direction]}
    return [image["id"] for image in api.image_get_all(admin, **order, **page)]


def followed(key, direction):
    found, marker = [], None
    for _page in range(10):
        page = rows(key, direction, limit=2, marker=marker)
        found += page
        if len(page) < 2:
            break
        marker = page[-1]
    return found


def say(what, ids):
    print(f"{what}: {' '.join(id_.rpartition('-')[2].lstrip('0') for id_ in ids)}")


if sys.argv[2] == "size":
    fill("size", [None, 30, None, 10, None, 20, None])
    say("size, whole", rows("size", "asc"))
    say("size, in pages of two", followed("size", "asc"))
else:
    fill("name", [None, "", None, "", "b"])
    for what, direction in (("name", "asc"), ("name backwards", "desc")):
        say(f"{what}, whole", rows("name", direction))
        say(f"{what}, in pages of two", followed("name", direction))
PYTHON

for key in size name; do
    "$folder/venv/bin/python" "$folder/lists.py" "$folder" "$key" 2>/dev/null
done | tee "$folder/seen"

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
