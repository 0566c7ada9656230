#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: the messages of its scripts have one address for all languages and one
# Last-Modified for all, the start of the server: who changes the language and asks whether
# they were modified is told 304, and keeps those of the language before.
#
# The view compares nothing but the time at which horizon.site_urls was imported. Vary names
# the cookie with the language, and a cache that heeds it asks without the time. Chromium 156
# does not heed it for a script element: it has the script of the page before in memory, asks
# with the time, and goes on in the old language. Without a Cache-Control, it does not even ask
# where the server has run for some days, also minutes after the change. The texts of the
# templates are then in the new language, and those of the scripts in the old one.
#
# Seen:
#   Last-Modified is the start of the server: True
#   Cache-Control: None
#   Vary: Accept-Language, Cookie
#   English: 200, Content-Language en, DATE_FORMAT N j, Y
#   German: 200, Content-Language de, DATE_FORMAT j. F Y
#   German, if modified since the English answer: 304, Content-Language de, no content
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check horizon==27.0.0

"$folder/venv/bin/python" - 2>"$folder/errors" <<'PYTHON' | tee "$folder/seen"
import importlib
import os
import re

os.environ["DJANGO_SETTINGS_MODULE"] = "openstack_dashboard.settings"

import django
from django.conf import settings

# Horizon's own settings, but for a memcached and the name of the host.
settings.ALLOWED_HOSTS = ["testserver"]
settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
django.setup()

from django.test import Client
from django.urls import reverse
from django.utils.http import http_date

address = reverse("horizon:jsi18n", args=["horizon+openstack_dashboard"])
# It was imported with the addresses.
site_urls = importlib.import_module("horizon.site_urls")


def ask(language, **headers):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(address, headers=headers)


def say(what, response):
    formats = re.search(r'"DATE_FORMAT": "(.*?)"', response.text)
    content = f"DATE_FORMAT {formats[1]}" if formats else response.text or "no content"
    language = response["Content-Language"]
    print(f"{what}: {response.status_code}, Content-Language {language}, {content}")


english = ask("en")
started = http_date(site_urls.last_modified_date.timestamp())
print(f"Last-Modified is the start of the server: {english['Last-Modified'] == started}")
print(f"Cache-Control: {english.get('Cache-Control')}")
print(f"Vary: {english['Vary']}")
say("English", english)
say("German", ask("de"))
later = ask("de", if_modified_since=english["Last-Modified"])
say("German, if modified since the English answer", later)
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { cat "$folder/errors"; echo "it has changed"; exit 1; }
