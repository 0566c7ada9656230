# SPDX-License-Identifier: Apache-2.0
"""The command helion_images_lifecycle, as the cloud's admin runs it."""

from __future__ import annotations

import os
import subprocess

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.integration import commands


def environment(cloud: Cloud, who: str = "admin", horizon: Horizon | None = None) -> dict[str, str]:
    """That of a process on the dashboard's host, with a user's credentials.

    :param horizon: whose settings it has, if not the cloud's own
    """
    return {
        **os.environ,
        **(horizon or cloud.horizon).environment(),
        **cloud.environment(who),
        "PYTHONWARNINGS": "ignore",
    }


def run(
    cloud: Cloud, *arguments: str, horizon: Horizon | None = None
) -> subprocess.CompletedProcess[str]:
    return commands.run(
        ["helion_images_lifecycle", *arguments],
        environment(cloud, horizon=horizon),
        (horizon or cloud.horizon).folder,
    )
