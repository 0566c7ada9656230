#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0: a response to a request for a part of an image (Range, 206) has the header
# Content-MD5 of the whole image.
#
# The header is to be the digest of the body that it comes with. A client that verifies what it
# receives takes each part for damaged, and one that resumes a download has nothing to compare
# the part with.
#
# Seen:
#   whole: 200, 10 bytes, the MD5 of these
#   a part: 206, 4 bytes, bytes 0-3/10, the MD5 of others
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
import hashlib
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


def ask(method, path, body=None, **headers):
    request = webob.Request.blank(path, method=method, headers=member | headers)
    if body is not None:
        is_data = isinstance(body, bytes)
        request.body = body if is_data else json.dumps(body).encode()
        request.content_type = f"application/{'octet-stream' if is_data else 'json'}"
    return request.get_response(application)


image = ask("POST", "/v2/images", {"disk_format": "raw", "container_format": "bare"}).json
path = f"/v2/images/{image['id']}/file"
assert ask("PUT", path, b"0123456789").status_int == 204

for what, headers in (("whole", {}), ("a part", {"Range": "bytes=0-3"})):
    answer = ask("GET", path, **headers)
    own = hashlib.md5(answer.body).hexdigest() == answer.headers["Content-MD5"]
    place = answer.headers.get("Content-Range")
    print(
        f"{what}: {answer.status_int}, {len(answer.body)} bytes,",
        *([f"{place},"] if place else []),
        f"the MD5 of {'these' if own else 'others'}",
    )
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
