#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0 on SQLite: an image is not found by its own `updated_at`, and is "later" than it.
#
# The API shows whole seconds; the database keeps microseconds, and the filters compare these.
# "eq" and "lte" of a time that Glance has just shown find nothing, and a client that asks for
# what has changed since the last time that it knows ("gt") is given the same image each time.
# Only "gte" and a comparison of IDs is safe.
#
# Seen, with the time that the image itself shows:
#   eq 0, gt 1, gte 1, lt 0, lte 0
# Fails if any of these changes, which it may where a database keeps whole seconds.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check glance==33.0.0

export OS_GLANCE_CONFIG_DIR="$folder"
mkdir "$folder/images" "$folder/staging" "$folder/tasks"
cat >"$folder/glance-api.conf" <<CONF
[DEFAULT]
log_file = $folder/log
enabled_backends = files:file
[database]
connection = sqlite:///$folder/glance.sqlite
[paste_deploy]
flavor = keystone
[glance_store]
default_backend = files
[files]
filesystem_store_datadir = $folder/images
[os_glance_staging_store]
filesystem_store_datadir = $folder/staging
[os_glance_tasks_store]
filesystem_store_datadir = $folder/tasks
CONF
# Who asks is told by the headers that Keystone's middleware would set.
sed 's/authtoken context/context/' "$folder/venv/etc/glance/glance-api-paste.ini" \
    >"$folder/glance-api-paste.ini"

"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON' | tee "$folder/seen"
import json

import webob
from glance.db.sqlalchemy import api, models
from glance.wsgi.api import application

models.register_models(api.get_engine())
member = {
    "X-Identity-Status": "Confirmed",
    "X-User-Id": "u",
    "X-Project-Id": "p",
    "X-Roles": "member,reader",
}


def ask(method, path, body=None):
    request = webob.Request.blank(path, method=method, headers=member)
    if body is not None:
        request.body = json.dumps(body).encode()
        request.content_type = "application/json"
    return request.get_response(application)


time = ask("POST", "/v2/images", {"name": "image"}).json["updated_at"]

counts = []
for operator in ("eq", "gt", "gte", "lt", "lte"):
    images = ask("GET", f"/v2/images?updated_at={operator}:{time}").json["images"]
    counts.append(f"{operator} {len(images)}")
print(", ".join(counts))
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
