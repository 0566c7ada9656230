#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: whoever imports its settings for tests gives every socket of the process a
# second, also those that are no part of a test.
#
# openstack_dashboard.test.settings, on which plugins of Horizon build the settings of their unit
# tests, takes over horizon.test.settings, and that calls socket.setdefaulttimeout(1) while it is
# imported. Connections of the test runner's own plugins are made with it. The server with which
# pytest-rerunfailures 16.7 counts the failures of pytest-xdist's workers stops listening to
# them a second after their last word, which pytest shows as an exception in a thread; a test
# that waits for a connection fails on a machine that is busy for a second.
#
# Seen:
#   before: None
#   after: 1.0
#   a read of 1.5 s: TimeoutError
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check horizon==27.0.0

"$folder/venv/bin/python" - 2>"$folder/errors" <<'PYTHON' | tee "$folder/seen"
import os
import socket
import threading
import warnings

warnings.simplefilter("ignore")
os.environ["DJANGO_SETTINGS_MODULE"] = "openstack_dashboard.test.settings"
print(f"before: {socket.getdefaulttimeout()}")

from django.conf import settings

assert settings.INSTALLED_APPS
print(f"after: {socket.getdefaulttimeout()}")

with socket.create_server(("127.0.0.1", 0)) as server:
    client = socket.create_connection(server.getsockname())
    connection, _address = server.accept()
    with client, connection:
        late = threading.Timer(1.5, client.sendall, (b"word",))
        late.start()
        try:
            print(f"a read of 1.5 s: {connection.recv(4)}")
        except TimeoutError as error:
            print(f"a read of 1.5 s: {type(error).__name__}")
        late.join()
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { cat "$folder/errors"; echo "it has changed"; exit 1; }
