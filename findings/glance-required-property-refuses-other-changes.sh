#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0: where schema-image.json lists a property as `required`, a PATCH of anything
# else is refused, also of an image that has the property.
#
# The check of a change puts the change's own value, and nothing of the image, beside the
# list: each operation has to bring the required property itself. With one such property
# only operations on it pass, even in one PATCH with others; removing another property
# passes. An operator who wants a cost centre on each image so makes all images read-only,
# and a protected one can then not even be unprotected.
#
# Seen: "add /department: accepted", "replace /name: refused", "both: refused",
# "remove /note: accepted". Fails if any of these changes.
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

schema = images.get_schema({"department": {"type": "string"}})
schema.required = ["department"]
deserializer = images.RequestDeserializer(schema)


def ask(*operations):
    request = wsgi.Request(webob.Request.blank("/v2/images/x", method="PATCH").environ)
    request.content_type = "application/openstack-images-v2.1-json-patch"
    request.body = json.dumps(operations).encode()
    request.context = context.RequestContext(is_admin=True)
    try:
        deserializer.update(request)
    except webob.exc.HTTPBadRequest as error:
        assert "'department' is a required property" in str(error), error
        return "refused"
    return "accepted"


department = {"op": "add", "path": "/department", "value": "science"}
name = {"op": "replace", "path": "/name", "value": "renamed"}
seen = {
    "add /department": ask(department),
    "replace /name": ask(name),
    "both": ask(department, name),
    "remove /note": ask({"op": "remove", "path": "/note"}),
}
for what, answer in seen.items():
    print(f"{what}: {answer}")
assert list(seen.values()) == ["accepted", "refused", "refused", "accepted"], "it has changed"
PYTHON
