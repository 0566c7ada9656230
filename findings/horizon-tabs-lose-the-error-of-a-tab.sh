#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Horizon 27.0.0: an error that Horizon handles elsewhere, by a message and the page without
# what failed, ends a page with tabs in a server error that names another cause.
#
# `TabView` handles what is raised while its tabs are made, as in a tab's `allowed`, and then
# takes the group that was not made from the context. What is raised in `get_context_data` of
# a tab is handled too, and the tab is rendered with False in place of its context.
#
# Seen:
#   no error: the tab
#   in allowed: KeyError: 'tab_group'
#   in get_context_data: TypeError: context must be a dict rather than bool.
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
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "page.html": "{% for tab in tab_group.get_tabs %}{{ tab.render }}{% endfor %}",
                            "tab.html": "the tab",
                        },
                    )
                ]
            },
        }
    ],
    LOGIN_URL="/login/",
    LOGIN_REDIRECT_URL="/",
    SECRET_KEY="not a secret",
    USE_TZ=True,
    HORIZON_CONFIG={},
    OPENSTACK_PROFILER={"enabled": False},
    INTEGRATION_TESTS_SUPPORT=False,
)
django.setup()

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from horizon import exceptions, tabs


class Tab(tabs.Tab):
    name, slug, template_name = "Tab", "tab", "tab.html"
    failing = ""

    def allowed(self, request):
        self.fail_in("allowed")
        return True

    def get_context_data(self, request):
        self.fail_in("get_context_data")
        return {}

    def fail_in(self, method):
        if self.failing == method:
            raise exceptions.NotAvailable("A service does not answer.")


class Tabs(tabs.TabGroup):
    slug, tabs = "tabs", (Tab,)


class View(tabs.TabView):
    tab_group_class, template_name = Tabs, "page.html"


def look(failing):
    Tab.failing = failing
    request = RequestFactory().get("/")
    request.horizon, request.user = {"async_messages": []}, AnonymousUser()
    request._messages = CookieStorage(request)
    try:
        return View.as_view()(request).render().content.decode()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for failing in ("", "allowed", "get_context_data"):
    print(f"{'in ' + failing if failing else 'no error'}: {look(failing)}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
