# SPDX-License-Identifier: Apache-2.0
"""The texts for Horizon's `local_settings.d`."""

from __future__ import annotations

import textwrap

from helion_images_panel import conf

#: Horizon's own file of the rules stays as it is: those of a folder are added to it.
POLICY = '''\
"""The rules of Glance that Horizon before 27.0 does not have: see POLICY_FOLDER."""

from helion_images_panel.installation import POLICY_FOLDER as _helion_images_policy

POLICY_DIRS = {
    **POLICY_DIRS,
    "image": [*POLICY_DIRS.get("image", []), _helion_images_policy],
}
'''

_SETTINGS_HEAD = '''\
"""The settings of the Images panels, with their defaults.

To change one, remove the "# " in front of its name. Then restart the web server.
"""
'''


def settings() -> str:
    """Return a file that sets nothing, and shows each setting with its meaning."""
    parts = [_SETTINGS_HEAD]
    for setting in conf.SETTINGS:
        meaning = textwrap.wrap(setting.meaning, width=96, break_on_hyphens=False)
        lines = [*meaning, f"{setting.name} = {setting.default!r}"]
        parts.append("".join(f"# {line}\n" for line in lines))
    return "\n".join(parts)
