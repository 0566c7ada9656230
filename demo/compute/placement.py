# SPDX-License-Identifier: Apache-2.0
"""Placement: what the compute host has left."""

from collections.abc import Mapping

from demo import sqlite
from demo.compute.service import ComputeApi

CONFIG = """\
[placement_database]
connection = {database}
sync_on_startup = true
"""


class Placement(ComputeApi):
    wsgi_app = "placement.wsgi.api:application"

    def configure(self) -> None:
        super().configure()
        config = CONFIG.format(database=sqlite.url(self.database))
        (self.folder / "placement.conf").write_text(config + self.login("keystone_authtoken"))

    def set_up(self) -> None:
        sqlite.use_write_ahead_log(self.database)

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "OS_PLACEMENT_CONFIG_DIR": str(self.folder)}
