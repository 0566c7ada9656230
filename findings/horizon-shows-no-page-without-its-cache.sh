#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: without its cache every page is an error (500), also where sessions are in
# cookies and nothing that the page shows is in the cache; also the page of the login.
#
# A middleware that can end other sessions of a user reads and writes the default cache for each
# request, whatever it is told by SIMULTANEOUS_SESSIONS, and expects it to answer. The
# cache that Horizon is installed with raises when memcached does not answer.
#
# Seen, of a request of nobody, with a memcached that is down:
#   allow: ConnectionRefusedError
#   disconnect: ConnectionRefusedError
#   allow, with the client's ignore_exc: 200
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check horizon==27.0.0 pymemcache==4.0.0

"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON' | tee "$folder/seen"
import socket

import django
from django.conf import settings

# A port of this machine at which nobody answers.
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    address = "{}:{}".format(*free.getsockname())

settings.configure(
    CACHES={"default": {}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    SECRET_KEY="not a secret",
    SESSION_TIMEOUT=3600,
    HORIZON_CONFIG={},
    INTEGRATION_TESTS_SUPPORT=False,
    OPENSTACK_PROFILER={"enabled": False},
)
django.setup()

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.cache import caches
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings
from horizon.middleware.simultaneous_sessions import SimultaneousSessionsMiddleware


def page(sessions, **options):
    cache = {
        "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
        "LOCATION": address,
        "OPTIONS": options,
    }
    with override_settings(CACHES={"default": cache}, SIMULTANEOUS_SESSIONS=sessions):
        assert caches["default"]
        request = RequestFactory().get("/auth/login/")
        request.user, request.session = AnonymousUser(), SessionStore()
        try:
            return SimultaneousSessionsMiddleware(lambda _request: HttpResponse())(
                request
            ).status_code
        except OSError as error:
            return type(error).__name__


print("allow:", page("allow"))
print("disconnect:", page("disconnect"))
print("allow, with the client's ignore_exc:", page("allow", ignore_exc=True))
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
