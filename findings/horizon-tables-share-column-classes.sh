#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: the columns of a DataTable are copied for each request, but not the list
# of their classes: a table that hides its check boxes hides those of every other table of
# the same kind in the process.
#
# `set_multiselect_column_visibility` puts the class "hidden" into the list of the column,
# which the copies share with the table's class. While a request of somebody who may act
# on rows is between its table actions and its rows, another thread, with the request of
# somebody who may not, takes the check boxes away (and the other way round).
#
# Seen:
#   at first: multi_select_column
#   after another table hid its own: multi_select_column hidden
#   of a table made later: multi_select_column hidden
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check horizon==27.0.0

"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON' | tee "$folder/seen"
import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "horizon"],
    LOGIN_URL="/login/",
    LOGIN_REDIRECT_URL="/",
    SECRET_KEY="not a secret",
    USE_TZ=True,
    HORIZON_CONFIG={},
    OPENSTACK_PROFILER={"enabled": False},
    INTEGRATION_TESTS_SUPPORT=False,
)
django.setup()

from django.test import RequestFactory
from horizon import tables


class RowsTable(tables.DataTable):
    name = tables.Column("name")

    class Meta:
        name = "rows"
        multi_select = True


def table():
    return RowsTable(RequestFactory().get("/"), data=[])


def classes(of):
    return " ".join(of.columns["multi_select"].classes)


of_a_member, of_a_reader = table(), table()
print("at first:", classes(of_a_member))
of_a_reader.set_multiselect_column_visibility(False)
print("after another table hid its own:", classes(of_a_member))
print("of a table made later:", classes(table()))
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
