# SPDX-License-Identifier: Apache-2.0
"""What a command has Django check before it runs."""

from __future__ import annotations

#: The tag of the checks of this package's settings. All other checks load every dashboard, panel
#: and URL of Horizon, which takes longer than most runs, and a command needs none of them.
OWN_CHECKS = ["helion_images_panel"]
