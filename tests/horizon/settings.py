# SPDX-License-Identifier: Apache-2.0
"""Django settings of Horizon's own tests of its dashboards, with this plugin in place."""

from pathlib import Path

from openstack_dashboard import enabled

import helion_images_panel

# Of two files with the same name the first one found is taken. This must come
# before Horizon's settings, which read the folder as they are imported.
enabled.__path__.insert(0, str(Path(helion_images_panel.__file__).parent / "enabled"))

from openstack_dashboard.test.settings import *  # noqa: E402, F403

# The tests look at neither compiled style sheets nor AngularJS templates. Without them, and
# with templates parsed once as in production, they take half the time.
COMPRESS_ENABLED = False
COMPRESS_PRECOMPILERS = ()
HORIZON_CONFIG["external_templates"] = []  # noqa: F405
_options = TEMPLATES[0]["OPTIONS"]  # noqa: F405
_options["loaders"] = [("django.template.loaders.cached.Loader", _options["loaders"])]
