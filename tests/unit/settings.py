# SPDX-License-Identifier: Apache-2.0
"""Django settings of the unit tests: Horizon's own for tests, with this plugin in place.

The two `enabled` files take the stock panels' place as in a deployment, so that
URLs, permissions and pages are those of a real Horizon site.
"""

import socket
from pathlib import Path

from openstack_dashboard import enabled

# Of two files with the same name the first one found is taken. This must come
# before Horizon's settings, which read the folder as they are imported.
_plugin = Path(__file__).resolve().parents[2] / "helion_images_panel"
enabled.__path__.insert(0, str(_plugin / "enabled"))

from openstack_dashboard.defaults import POLICY_FILES as _POLICY_FILES  # noqa: E402
from openstack_dashboard.test.settings import *  # noqa: E402, F403

# Horizon's allow every socket of the process one second, which a busy machine exceeds.
socket.setdefaulttimeout(60)

ALLOWED_HOSTS = ["testserver"]
SECRET_KEY = "for the unit tests only"
TIME_ZONE = "UTC"

# Horizon's tests switch policy off; here it is what decides, with its defaults.
POLICY_CHECK_FUNCTION = "openstack_auth.policy.check"
POLICY_FILES = _POLICY_FILES

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# No test without a network asks a publisher.
HELION_IMAGES_CATALOGUE_ACCESS = "off"

# Nothing static is compiled: pages name their scripts and styles, and that is all.
COMPRESS_ENABLED = False
COMPRESS_PRECOMPILERS = ()

OPENSTACK_KEYSTONE_DEFAULT_DOMAIN = "default"

# Most of a page's time went into what these tests do not look at: each template was
# compiled anew for each page, and Horizon's pages in AngularJS were put into it.
_options = TEMPLATES[0]["OPTIONS"]  # noqa: F405
_options["loaders"] = [("django.template.loaders.cached.Loader", _options["loaders"])]
HORIZON_CONFIG["external_templates"] = []  # noqa: F405
