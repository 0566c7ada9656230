#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Django 5.2.8: the session backend "cache" does not use SESSION_SERIALIZER. What a view
# reads back has other types there than with the backends "signed_cookies" and "db".
#
# A tuple stays a tuple and a key that is a number stays a number in the cache; in a
# cookie they become a list and a text. Code that compares what it has stored with what it
# reads, or that is tried with one backend only, then fails with the other. Horizon runs
# with both.
#
# Seen: "cache {'seen': ('a', 'b'), 1: 'one'}, signed_cookies {'seen': ['a', 'b'], '1': 'one'}".
# Fails if the two agree.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.8

"$folder/venv/bin/python" - <<'PYTHON'
import django
from django.conf import settings

IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
settings.configure(SECRET_KEY="only here", CACHES={"default": {"BACKEND": IN_MEMORY}})
django.setup()

from django.contrib.sessions.backends import cache, signed_cookies


def read_back(backend):
    session = backend.SessionStore()
    session["seen"], session[1] = ("a", "b"), "one"
    session.save()
    return backend.SessionStore(session.session_key).load()


of_cache, of_cookies = read_back(cache), read_back(signed_cookies)
print(f"cache {of_cache}, signed_cookies {of_cookies}")
assert of_cache == {"seen": ("a", "b"), 1: "one"}, "the behaviour has changed"
assert of_cookies == {"seen": ["a", "b"], "1": "one"}, "the behaviour has changed"
PYTHON
