#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Keystone 30.0.0: of the two filters for a part of a name, only one takes it literally.
#
# `name__contains` compares the text in Python. `name__icontains`, and the other ones without
# regard to case, hand it to the database's LIKE as it is, where "_" stands for any character
# and "%" for any number of them: a search for "web_1" finds "web-1", one for "50%" finds all
# that holds "50", and none finds only what was asked for.
#
# Seen, of projects called web_1, web-1, 50% off and 50 nodes:
#   contains web_1: ['web_1']
#   icontains web_1: ['web-1', 'web_1']
#   contains 50%: ['50% off']
#   icontains 50%: ['50 nodes', '50% off']
#   istartswith _: ['50 nodes', '50% off', 'web-1', 'web_1']
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    keystone==30.0.0

export OS_KEYSTONE_CONFIG_DIR="$folder"
cat >"$folder/keystone.conf" <<CONF
[DEFAULT]
log_file = $folder/log
[database]
connection = sqlite:///$folder/keystone.sqlite
[fernet_tokens]
key_repository = $folder/fernet
[fernet_receipts]
key_repository = $folder/fernet
CONF
mkdir --mode 700 "$folder/fernet"
manage() { "$folder/venv/bin/keystone-manage" --config-file "$folder/keystone.conf" "$@"; }
manage db_sync >"$folder/log" 2>&1
manage fernet_setup --keystone-user "$(id -un)" --keystone-group "$(id -gn)" >>"$folder/log" 2>&1
manage bootstrap --bootstrap-password secret >>"$folder/log" 2>&1

cat >"$folder/look.py" <<'PYTHON'
import sys

sys.argv = sys.argv[:1]  # Keystone parses the arguments of its process

from urllib.parse import quote

from keystone.wsgi.api import application
from werkzeug.test import Client

keystone = Client(application)
password = {"user": {"name": "admin", "domain": {"id": "default"}, "password": "secret"}}
scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
login = {"identity": {"methods": ["password"], "password": password}, "scope": scope}
token = keystone.post("/v3/auth/tokens", json={"auth": login}).headers["X-Subject-Token"]
headers = {"X-Auth-Token": token}

domain = {"domain": {"name": "names"}}
domain_id = keystone.post("/v3/domains", json=domain, headers=headers).json["domain"]["id"]
for name in ("web_1", "web-1", "50% off", "50 nodes"):
    project = {"project": {"name": name, "domain_id": domain_id}}
    assert keystone.post("/v3/projects", json=project, headers=headers).status_code == 201

for comparison in (
    "contains web_1",
    "icontains web_1",
    "contains 50%",
    "icontains 50%",
    "istartswith _",
):
    operator, _blank, text = comparison.partition(" ")
    query = f"domain_id={domain_id}&name__{operator}={quote(text)}"
    found = keystone.get(f"/v3/projects?{query}", headers=headers).json["projects"]
    print(f"{comparison}: {sorted(project['name'] for project in found)}")
PYTHON
"$folder/venv/bin/python" "$folder/look.py" 2>>"$folder/log" | tee "$folder/seen" ||
    { tail "$folder/log"; exit 1; }

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
