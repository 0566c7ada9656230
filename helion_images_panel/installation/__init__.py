# SPDX-License-Identifier: Apache-2.0
"""The command `helion-images-panel`: puts the panels into a Horizon, takes them out, checks them.

Importing this package imports nothing else: a snippet of Horizon's settings does it.
"""

from pathlib import Path

#: A folder for POLICY_DIRS: see `snippets.POLICY`.
POLICY_FOLDER = str(Path(__file__).resolve().parent / "glance_policy.d")
