# SPDX-License-Identifier: Apache-2.0
"""Django settings of the tests of Horizon's framework, with this plugin among the applications.

They have two dashboards of their own, so this panel is installed, but not in a dashboard.
"""

from horizon.test.settings import *  # noqa: F403

INSTALLED_APPS = (*INSTALLED_APPS, "helion_images_panel")  # noqa: F405

# As in settings.py.
COMPRESS_ENABLED = False
COMPRESS_PRECOMPILERS = ()
# Each test makes a user, whose password took most of the time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
