#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pymemcache 4.0.0: of a memcached that does not answer, its HashClient says so once, and in
# the second that follows every call looks as if it had worked with an empty cache.
#
# Django's PyMemcacheCache, the cache of most Horizons, uses this client also for one server,
# and leaves `ignore_exc` at False: errors are to be raised. After an error the server rests for
# `retry_timeout`, and its calls return their defaults meanwhile: get returns None, and add False,
# which means that the key is taken. A lock that is held by add, or a session, cannot be told
# from one that is not there.
#
# Seen:
#   get: ConnectionRefusedError
#   get: None
#   add: False
#   set: False
#   get, 1.1 s later: ConnectionRefusedError
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pymemcache==4.0.0

"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import socket
import time

from pymemcache import HashClient

# A port of this machine at which nobody answers.
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    server = free.getsockname()

cache = HashClient([server], ignore_exc=False)


def say(what, call, *arguments, **options):
    try:
        result = call(*arguments, **options)
    except OSError as error:
        result = type(error).__name__
    print(f"{what}: {result}")


say("get", cache.get, "key")
say("get", cache.get, "key")
say("add", cache.add, "lock", "holder", noreply=False)
say("set", cache.set, "key", "value", noreply=False)
time.sleep(1.1)
say("get, 1.1 s later", cache.get, "key")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
