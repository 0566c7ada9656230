# SPDX-License-Identifier: Apache-2.0
"""The command helion_images_lifecycle, as the cloud's admin runs it."""

from __future__ import annotations

import os
import subprocess
import sys

from demo.cloud import Cloud


def run(cloud: Cloud, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        **cloud.horizon.environment(),
        **cloud.environment("admin"),
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.run(
        [sys.executable, "-m", "django", "helion_images_lifecycle", *arguments],
        env=environment,
        cwd=cloud.horizon.folder,
        capture_output=True,
        text=True,
        check=False,
    )
