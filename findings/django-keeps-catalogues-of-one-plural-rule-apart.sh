#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Django 5.2.19: catalogues of a language that have the same plural rule are never merged,
# although the code says that they are: each application's stays a dictionary of its own.
#
# TranslationCatalog.update compares the code of the new rule with the function of the old one,
# and these are never equal. Translations are right all the same, but a text without one is
# looked for in the dictionary of every application, each time, and then in the default
# language: with these nine, it took three times as long as in a merged one. Whoever walks over
# the catalogue gets some of the messages several times.
#
# Seen:
#   German catalogues read: 9, with 1 plural rule
#   dictionaries kept: 9
#   dictionaries asked for a text of none: 9
#   messages: 759, and of a walk: 773
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django==5.2.19

"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import django
from django.conf import settings

applications = (
    *("admin", "auth", "contenttypes", "flatpages"),
    *("humanize", "redirects", "sessions", "sites"),
)
settings.configure(
    INSTALLED_APPS=[f"django.contrib.{name}" for name in applications],
    LANGUAGE_CODE="en",
    SECRET_KEY="not a secret",
)
django.setup()

from django.utils.translation.trans_real import DjangoTranslation


class ReadTranslation(DjangoTranslation):
    """Keep in mind what is merged."""

    def merge(self, other):
        if getattr(other, "_catalog", None):
            read.append(other)
        super().merge(other)


class Asked(dict):
    """Count who is asked."""

    def get(self, *arguments):
        asked.add(id(self))
        return super().get(*arguments)


read, asked = [], set()
german = ReadTranslation("de")
catalog = german._catalog

rules = {one.info()["plural-forms"] for one in read}
print(f"German catalogues read: {len(read)}, with {len(rules)} plural rule")
print(f"dictionaries kept: {len(catalog._catalogs)}")

catalog._catalogs[:] = map(Asked, catalog._catalogs)
assert german.gettext("a text of none") == "a text of none"
print(f"dictionaries asked for a text of none: {len(asked)}")

# Without the heading of each file, which has the empty message.
walk = [message for message, _text in catalog.items() if message]
print(f"messages: {len(set(walk))}, and of a walk: {len(walk)}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
