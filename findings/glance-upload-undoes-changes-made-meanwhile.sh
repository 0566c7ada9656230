#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Glance 33.0.0: what is changed in an image while its data is uploaded is undone when the
# upload ends: name, properties, tags, requirements. Each client was answered 200.
#
# The upload reads the image once, at its beginning, and saves that object at the end,
# with all properties and tags; the condition is the status alone. Staging, and the
# copy of an active image to another store, save an object that they have held in the same
# way. An upload of hours leaves that much time for a change to be lost.
#
# Seen:
#   at the beginning: queued, before, 0, {}, ['old']
#   changed during the upload: saving, after, 512, {'os_distro': 'debian'}, ['new']
#   after the upload: active, before, 0, {}, ['old']
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check glance==33.0.0

"$folder/venv/bin/python" - "$folder" 2>/dev/null <<'PYTHON' | tee "$folder/seen"
import sys
from pathlib import Path

import glance_store
import webob
from glance import context
from glance.api.v2 import image_data
from glance.common import wsgi
from glance.db.sqlalchemy import api, models
from oslo_db import options

folder = Path(sys.argv[1])
options.set_defaults(api.CONF)
api.CONF(args=[], default_config_files=[])
api.CONF.set_override("connection", f"sqlite:///{folder}/glance.sqlite", "database")
api.CONF.set_override("enabled_backends", {"here": "file"})
glance_store.register_store_opts(api.CONF)
api.CONF.set_override("default_backend", "here", "glance_store")
api.CONF.set_override("filesystem_store_datadir", f"{folder}/data", "here")
glance_store.create_multi_stores(api.CONF)
models.register_models(api.get_engine())
member = context.RequestContext(user_id="u", project_id="p", roles=["member"])

controller = image_data.ImageDataController()
repo = controller.gateway.get_repo(member)
IMAGE = "00000000-0000-0000-0000-000000000001"


def state():
    image = repo.get(IMAGE)
    properties = dict(image.extra_properties)
    return f"{image.status}, {image.name}, {image.min_ram}, {properties}, {sorted(image.tags)}"


def change():
    """As a PATCH does it: read, change, save."""
    image = repo.get(IMAGE)
    image.name, image.min_ram, image.tags = "after", 512, {"new"}
    image.extra_properties["os_distro"] = "debian"
    repo.save(image)


class Data:
    """An image that arrives in two parts; somebody changes its record between them."""

    parts = [b"first part", b"second part"]

    def read(self, _size):
        if len(self.parts) == 1:
            change()
            print("changed during the upload:", state())
        return self.parts.pop(0) if self.parts else b""


factory = controller.gateway.get_image_factory(member)
repo.add(
    factory.new_image(
        image_id=IMAGE,
        name="before",
        visibility="private",
        owner="p",
        disk_format="raw",
        container_format="bare",
        tags=["old"],
    )
)
print("at the beginning:", state())
request = wsgi.Request(webob.Request.blank("/", method="PUT").environ)
request.context = member
controller.upload(request, IMAGE, Data(), None)
print("after the upload:", state())
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
