#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0: an image may be called "ubuntu:24.04", and then no list finds it by that name.
#
# What stands before the first colon of the filter is taken for an operator, as in "in:a,b". An
# unknown one is an error (400), so that a search by a name as those of containers fails. An
# image whose own name begins with "in:" or "eq:" is not found, and another one may be in its
# place. Of properties and tags the value is taken as it is.
#
# Seen, of images called ubuntu:24.04, in:base and base:
#   name=ubuntu:24.04 is answered 400: Unable to filter by unknown operator 'ubuntu'.
#   name=in:base finds ['base']
#   name=eq:ubuntu:24.04 finds ['ubuntu:24.04']
#   name=eq:in:base finds ['in:base']
#   os_release=ubuntu:24.04 finds ['ubuntu:24.04']
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


for name in ("ubuntu:24.04", "in:base", "base"):
    image = {"name": name, "os_release": name}
    assert ask("POST", "/v2/images", image).status_int == 201

for query in (
    "name=ubuntu:24.04",
    "name=in:base",
    "name=eq:ubuntu:24.04",
    "name=eq:in:base",
    "os_release=ubuntu:24.04",
):
    answer = ask("GET", f"/v2/images?{query}")
    if answer.status_int == 200:
        print(f"{query} finds {[image['name'] for image in answer.json['images']]}")
    else:
        reason = answer.text.strip().splitlines()[-1]
        print(f"{query} is answered {answer.status_int}: {reason}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
