#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: the LOGGING of its local_settings.py.example names each logger that it wants
# and has no root: with DEBUG = False, what a plugin logs has no handler.
#
# Most Horizons are configured by a copy of this file. A plugin with the usual
# `logging.getLogger(__name__)` has a logger of its own name. Its INFO is lost, as the root
# logger lets pass WARNING and no less; its WARNING comes to stderr from Python's last resort,
# as bare text, without the level and the name by which operators look for it. Its authors do
# not see this: settings.py gives the root logger a handler where DEBUG is True, and so does the
# start that makes the secret key, by a call of logging.info.
#
# Seen:
#   DEBUG = False, the start that makes the secret key: 19 loggers named, root: False
#     INFO horizon.tables an info
#     WARNING horizon.tables a warning
#     WARNING:a_plugin.api:a warning
#   DEBUG = False, the next start: 19 loggers named, root: False
#     INFO horizon.tables an info
#     WARNING horizon.tables a warning
#     a warning
#   DEBUG = True: 19 loggers named, root: False
#     INFO horizon.tables an info
#     WARNING horizon.tables a warning
#     INFO:a_plugin.api:an info
#     WARNING:a_plugin.api:a warning
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check horizon==27.0.0

# The place at which Horizon looks for the operator's copy of the example.
local=$("$folder/venv/bin/python" -c 'import openstack_dashboard as o; print(o.__path__[0])')/local

cat >"$folder/start.py" <<'PYTHON'
import logging
import os
import sys

import django
from django.conf import settings

django.setup()

named = settings.LOGGING["loggers"]
root = "root" in settings.LOGGING or "" in named
print(f"{sys.argv[1]}: {len(named)} loggers named, root: {root}", flush=True)
# The logs go to stderr; from here on, that is what is shown.
os.dup2(1, 2)
for name in ("horizon.tables", "a_plugin.api"):
    logging.getLogger(name).info("an info")
    logging.getLogger(name).warning("a warning")
PYTHON

start() {
    sed "s/^DEBUG = .*/DEBUG = $1/" "$local/local_settings.py.example" >"$local/local_settings.py"
    DJANGO_SETTINGS_MODULE=openstack_dashboard.settings "$folder/venv/bin/python" \
        "$folder/start.py" "$2" 2>>"$folder/errors" | sed '2,$s/^/  /'
}

{
    start False "DEBUG = False, the start that makes the secret key"
    start False "DEBUG = False, the next start"
    start True "DEBUG = True"
} | tee "$folder/seen"

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { cat "$folder/errors"; echo "it has changed"; exit 1; }
