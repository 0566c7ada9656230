#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0: an image that becomes private keeps its members. Nobody sees them meanwhile, not
# even the owner, whose GET of them is refused (403). When the image is shared again, for
# another project, the former members have it again as well, as if they had just accepted it.
#
# "Private" therefore pauses a sharing and does not end it: who wants it to end has to remove the
# members before. It also is a way to take an image from all of its members, and to give it back
# with their answers, in one request each.
#
# Seen:
#   shared: the member reads it 200, the owner reads the members 200
#   private: the member reads it 404, the owner reads the members 403
#   shared again: the member reads it 200, the members are p2 accepted
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
PATCH = "application/openstack-images-v2.1-json-patch"


def ask(project, method, path, body=None, kind="application/json"):
    headers = {
        "X-Identity-Status": "Confirmed",
        "X-User-Id": "u",
        "X-Project-Id": project,
        "X-Roles": "member,reader",
    }
    request = webob.Request.blank(path, method=method, headers=headers)
    if body is not None:
        request.body = json.dumps(body).encode()
        request.content_type = kind
    return request.get_response(application)


def make(visibility):
    change = [{"op": "replace", "path": "/visibility", "value": visibility}]
    assert ask("p1", "PATCH", path, change, PATCH).status_int == 200


def look(when):
    members = ask("p1", "GET", f"{path}/members")
    read = f"{when}: the member reads it {ask('p2', 'GET', path).status_int},"
    return read, members


path = f"/v2/images/{ask('p1', 'POST', '/v2/images', {'visibility': 'shared'}).json['id']}"
ask("p1", "POST", f"{path}/members", {"member": "p2"})
ask("p2", "PUT", f"{path}/members/p2", {"status": "accepted"})
for visibility in ("shared", "private"):
    make(visibility)
    read, members = look(visibility)
    print(read, f"the owner reads the members {members.status_int}")
make("shared")
read, members = look("shared again")
found = " ".join(f"{each['member_id']} {each['status']}" for each in members.json["members"])
print(read, f"the members are {found}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
