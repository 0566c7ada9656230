#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: its wheel has catalogues of messages for translators, and none for programs:
# a Horizon from PyPI is English, whichever of its languages the user chooses.
#
# gettext reads .mo files, which are made of the .po files by `compilemessages` or by the
# packages of a distribution. Without them there is no error: the user chooses a language, the
# answers name it in Content-Language, and Django's own few texts are in it. A test of a plugin's
# translations against such a Horizon sees a mixture that no user of a distribution has.
#
# Seen:
#   languages to choose from: 18
#   .po files: 114
#   .mo files: 0
#   German, as installed: Instances, Sign Out, Passwort
#   German, after the catalogue was compiled: Instanzen, Abmelden, Passwort
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    horizon==27.0.0 babel==2.19.0

export DJANGO_SETTINGS_MODULE=openstack_dashboard.settings
cat >"$folder/german.py" <<'PYTHON'
import sys

import django
from django.utils import translation

django.setup()
with translation.override("de"):
    texts = [translation.gettext(text) for text in ("Instances", "Sign Out", "Password")]
print(f"German, {sys.argv[1]}: {', '.join(texts)}")
PYTHON

locale=$("$folder/venv/bin/python" -c 'import openstack_dashboard as o; print(o.__path__[0])')/locale

{
    "$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import files

from django.conf import settings

print(f"languages to choose from: {len(settings.LANGUAGES)}")
for suffix in (".po", ".mo"):
    print(f"{suffix} files: {sum(file.suffix == suffix for file in files('horizon'))}")
PYTHON
    "$folder/venv/bin/python" "$folder/german.py" "as installed"
    "$folder/venv/bin/pybabel" --quiet compile --use-fuzzy --domain django --locale de \
        --directory "$locale"
    "$folder/venv/bin/python" "$folder/german.py" "after the catalogue was compiled"
} 2>"$folder/errors" | tee "$folder/seen"

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { cat "$folder/errors"; echo "it has changed"; exit 1; }
