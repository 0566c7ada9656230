#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: a list of metadata definitions that is empty is an error (500).
#
# Horizon reads each namespace of a resource type in a thread of its own, and makes as many
# threads as there are namespaces; a pool of none cannot be made. Launch Instance asks so for
# volumes (OS::Cinder::Volumes) where there is a Cinder, and a Glance need not have definitions
# of these, or any at all.
#
# Seen, with a Glance that has so many namespaces for the type:
#   2: ['A', 'B']
#   1: ['A']
#   0: ValueError: max_workers must be greater than zero
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check horizon==27.0.0

"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON' | tee "$folder/seen"
from types import SimpleNamespace

import django
from django.conf import settings
from openstack_dashboard import defaults

values = {name: getattr(defaults, name) for name in dir(defaults) if name.isupper()}
apps = ["django.contrib.contenttypes", "django.contrib.auth"]
settings.configure(**values, HORIZON_CONFIG={}, INSTALLED_APPS=apps, SECRET_KEY="not a secret")
django.setup()

from openstack_dashboard.api import glance


class Namespace(dict):
    """As glanceclient has it: its keys are attributes too."""

    __getattr__ = dict.__getitem__


def answering(names):
    found = [Namespace(namespace=name, properties={}) for name in names]
    return SimpleNamespace(
        metadefs_namespace=SimpleNamespace(
            list=lambda **_query: iter(found),
            get=lambda name, resource_type: next(each for each in found if each.namespace == name),
        )
    )


request = SimpleNamespace(session={}, COOKIES={})
for names in (["A", "B"], ["A"], []):
    glance.glanceclient = lambda _request: answering(names)  # noqa: B023
    try:
        listed, *_more = glance.metadefs_namespace_full_list(request, "OS::Cinder::Volumes")
        result = [each.namespace for each in listed]
    except ValueError as error:
        result = f"ValueError: {error}"
    print(f"{len(names)}: {result}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
