#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: a form that is opened and saved without a change changes a text that holds
# "{$" or "$}": the user's name, description or property then has "{%" or "%}" there.
#
# Horizon puts a function of its own in the place of Django's `escape`, so that AngularJS finds
# none of its marks in texts of users. Pages show such a text with other characters, and so do
# the fields of forms, which the browser sends back. A mark for a key's value, as "{$id$}" in a
# template that is kept in a property, is so lost with the first edit of something else.
#
# Seen:
#   stored {$id$}, in the form {%id%}, saved {%id%}
# Fails if that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check horizon==27.0.0

"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON' | tee "$folder/seen"
import django
from django.conf import settings
from horizon.utils import escape

escape.monkeypatch_escape()  # As the dashboard's settings do.
settings.configure(
    HORIZON_CONFIG={}, INTEGRATION_TESTS_SUPPORT=False, OPENSTACK_PROFILER={"enabled": False}
)
django.setup()

from html.parser import HTMLParser

from horizon import forms


class Edit(forms.SelfHandlingForm):
    name = forms.CharField()

    def handle(self, _request, _data):
        return True


class Browser(HTMLParser):
    """Sends the fields of a form back as they are."""

    def handle_starttag(self, _tag, attributes):
        self.sent = {dict(attributes)["name"]: dict(attributes)["value"]}


stored = {"name": "{$id$}"}
browser = Browser()
browser.feed(str(Edit(None, initial=stored)["name"]))
saved = Edit(None, data=browser.sent)
assert saved.is_valid()
print(
    f"stored {stored['name']}, in the form {browser.sent['name']},",
    f"saved {saved.cleaned_data['name']}",
)
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
