#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Keystone 30.0.0, as installed, with no limit configured: a list of projects ends after 1,000,
# and nothing in the response says so. A client that does not ask for pages never learns of
# the others, as keystoneclient and with it Horizon.
#
# `max_db_limit` (1000 unless set) is the size of a page for clients that ask for pages. Where
# no `limit` is in the request, the database is asked for that many rows all the same, and only
# a limit that was asked for, or `list_limit`, sets "truncated" and the link to the next page.
# Domains are read in the same way.
#
# Seen, for a domain of 1,001 projects:
#   no limit: 1000 projects, truncated not said, no next page
#   limit=5000: 1000 projects, truncated True, a next page of 1
#   keystoneclient: 1000 projects
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    keystone==30.0.0 python-keystoneclient==6.0.0 requests-mock==1.12.1

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
import sqlite3
import sys
from uuid import uuid4

database_path = sys.argv.pop()  # Keystone parses the arguments of its process

import requests_mock
from keystone.wsgi.api import application
from keystoneauth1 import session, token_endpoint
from keystoneclient.v3 import client
from werkzeug.test import Client

keystone = Client(application)
password = {"user": {"name": "admin", "domain": {"id": "default"}, "password": "secret"}}
scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
login = {"identity": {"methods": ["password"], "password": password}, "scope": scope}
token = keystone.post("/v3/auth/tokens", json={"auth": login}).headers["X-Subject-Token"]
headers = {"X-Auth-Token": token}

domain = {"domain": {"name": "many"}}
domain_id = keystone.post("/v3/domains", json=domain, headers=headers).json["domain"]["id"]
# By the API each takes a while.
with sqlite3.connect(database_path) as database:
    database.executemany(
        "INSERT INTO project (id, name, domain_id, parent_id, enabled, is_domain, extra) "
        "VALUES (?, ?, ?, ?, 1, 0, '{}')",
        [(uuid4().hex, f"project {number}", domain_id, domain_id) for number in range(1001)],
    )


def get(path):
    return keystone.get(path, headers=headers).json


address = f"/v3/projects?domain_id={domain_id}"
for limit in ("", "&limit=5000"):
    found = get(address + limit)
    following = found["links"]["next"]
    rest = len(get(following.partition("localhost")[2])["projects"]) if following else 0
    print(
        f"{limit.strip('&') or 'no limit'}: {len(found['projects'])} projects,",
        f"truncated {found.get('truncated', 'not said')},",
        f"a next page of {rest}" if following else "no next page",
    )

# The client talks to the same application.
with requests_mock.Mocker() as network:
    network.get(
        requests_mock.ANY, json=lambda request, _: get(f"{request.path}?{request.query}")
    )
    auth = token_endpoint.Token("http://localhost/v3", token)
    projects = client.Client(session=session.Session(auth=auth)).projects.list(domain=domain_id)
    print(f"keystoneclient: {len(projects)} projects")
PYTHON
"$folder/venv/bin/python" "$folder/look.py" "$folder/keystone.sqlite" 2>>"$folder/log" | tee "$folder/seen" ||
    { tail "$folder/log"; exit 1; }

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
