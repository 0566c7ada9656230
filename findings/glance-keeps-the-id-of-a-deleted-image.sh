#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0: an ID that a client may choose, and that no image has any more, cannot be used
# again: GET says that there is no such image (404), POST that there is one (409).
#
# The record of a deleted image stays in the database until an operator purges it. A script that
# gives an image the same ID in each cloud, or after each build, works once.
#
# Seen:
#   created 201, deleted 204, read 404, created again 409
# Fails if any of these changes.
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


image = {"id": "7c6ea8f2-3f0e-4f5e-9d0c-2a4d5b1e9f10"}
path = f"/v2/images/{image['id']}"
print(
    f"created {ask('POST', '/v2/images', image).status_int},",
    f"deleted {ask('DELETE', path).status_int},",
    f"read {ask('GET', path).status_int},",
    f"created again {ask('POST', '/v2/images', image).status_int}",
)
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
