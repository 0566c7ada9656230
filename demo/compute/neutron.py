# SPDX-License-Identifier: Apache-2.0
"""Neutron: networks on paper. No agent runs; the demo's driver takes each port for connected."""

from collections.abc import Mapping

from demo import REPOSITORY, sqlite
from demo.compute.service import ComputeApi
from demo.service import search_path

CONFIG = """\
[DEFAULT]
core_plugin = ml2
service_plugins =
transport_url = fake:///
api_paste_config = {api_paste}
state_path = {folder}/state
notify_nova_on_port_status_changes = false
notify_nova_on_port_data_changes = false
[database]
connection = {database}
[ml2]
type_drivers = local
tenant_network_types = local
mechanism_drivers = demo
extension_drivers =
[oslo_concurrency]
lock_path = {folder}/locks
"""

ENTRY_POINTS = """\
[neutron.ml2.mechanism_drivers]
demo = demo.compute.neutron_driver:BindsEveryPort
"""

METADATA = """\
Metadata-Version: 2.1
Name: demo-neutron-driver
Version: 1
"""


class Neutron(ComputeApi):
    wsgi_app = "neutron.wsgi.api:application"

    def configure(self) -> None:
        super().configure()
        config = CONFIG.format(
            folder=self.folder,
            database=sqlite.url(self.database),
            api_paste=self.python_environment.shipped("neutron", "api-paste.ini"),
        )
        (self.folder / "neutron.conf").write_text(config + self.login("keystone_authtoken"))
        # Neutron finds drivers by the entry points of installed packages only.
        package = self.folder / "path" / "demo_neutron_driver-1.dist-info"
        package.mkdir(parents=True, exist_ok=True)
        (package / "entry_points.txt").write_text(ENTRY_POINTS)
        (package / "METADATA").write_text(METADATA)

    def set_up(self) -> None:
        """Make the database. The migrations change constraints, which SQLite cannot."""
        self.database.unlink(missing_ok=True)
        self.run(
            str(self.python_environment.python),
            "-m",
            "demo.compute.neutron_tables",
            sqlite.url(self.database),
        )
        self.manage(
            "neutron-db-manage",
            "--config-file",
            str(self.folder / "neutron.conf"),
            "stamp",
            "heads",
        )
        sqlite.use_write_ahead_log(self.database)

    def environment(self) -> Mapping[str, str]:
        return {
            **super().environment(),
            "PYTHONPATH": search_path(self.folder / "path", REPOSITORY),
            "OS_NEUTRON_CONFIG_DIR": str(self.folder),
            "OS_NEUTRON_CONFIG_FILES": "neutron.conf",
        }
