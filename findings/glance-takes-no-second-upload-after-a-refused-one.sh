#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0, file store: after an upload was refused because the data has another format
# (415), each further upload to the same image is a server error (500), whatever its data.
#
# The image is `queued` as before, and its format can be corrected. The refusal comes after the
# last byte, when the data is in the store; it is not taken away, and the store refuses to write
# the file that exists. Only another image, with another ID, can be uploaded.
#
# Seen:
#   raw data as qcow2: 415
#   the format corrected: 200, queued, raw
#   the same data as raw: 500, queued
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

TYPES = {
    "POST": "application/json",
    "PATCH": "application/openstack-images-v2.1-json-patch",
    "PUT": "application/octet-stream",
}


def ask(method, path, body=None, **headers):
    request = webob.Request.blank(path, method=method, headers=member | headers)
    if body is not None:
        request.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.content_type = TYPES[method]
    return request.get_response(application)


image = ask("POST", "/v2/images", {"disk_format": "qcow2", "container_format": "bare"}).json
path = f"/v2/images/{image['id']}"
data = bytes(65536)
print(f"raw data as qcow2: {ask('PUT', path + '/file', data).status_int}")

correction = [{"op": "replace", "path": "/disk_format", "value": "raw"}]
corrected = ask("PATCH", path, correction)
print("the format corrected:", corrected.status_int, end=", ")
print(corrected.json["status"], corrected.json["disk_format"], sep=", ")

again = ask("PUT", path + "/file", data).status_int
print(f"the same data as raw: {again}, {ask('GET', path).json['status']}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
