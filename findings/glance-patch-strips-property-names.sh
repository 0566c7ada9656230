#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0: an image may be created with a property whose name ends or begins with a
# blank, but no PATCH reaches that property: each part of the path is stripped.
#
# A client that changes "os_distro " is answered 200, and has made a new property
# "os_distro" beside the old one; a client that removes it has removed another one, or is
# answered 409. The blanks of Unicode count as well.
#
# Seen: "created with ['os_distro '], changed ['os_distro'], ['os_distro'] with U+00A0".
# Fails if the change keeps the name.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check glance==33.0.0

"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON'
import json

import webob
from glance import context
from glance.api.v2 import images
from glance.common import wsgi

deserializer = images.RequestDeserializer(images.get_schema())


def request(method, body, content_type):
    made = wsgi.Request(webob.Request.blank("/v2/images", method=method).environ)
    made.content_type = content_type
    made.body = json.dumps(body).encode()
    made.context = context.RequestContext(is_admin=True)
    return made


def changed(name):
    operation = {"op": "replace", "path": f"/{name}", "value": "debian"}
    patch = request("PATCH", [operation], "application/openstack-images-v2.1-json-patch")
    return deserializer.update(patch)["changes"][0]["path"]


body = {"name": "x", "os_distro ": "fedora"}
created = deserializer.create(request("POST", body, "application/json"))["extra_properties"]
plain, unicode = changed("os_distro "), changed("os_distro\u00a0")
print(f"created with {list(created)}, changed {plain}, {unicode} with U+00A0")
assert list(created) == ["os_distro "], "the behaviour has changed"
assert plain == unicode == ["os_distro"], "the behaviour has changed"
PYTHON
