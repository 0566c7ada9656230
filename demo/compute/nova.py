# SPDX-License-Identifier: Apache-2.0
"""Nova: API, conductor, scheduler and compute in one process, which talk through its memory."""

from collections.abc import Mapping
from pathlib import Path

from demo import sqlite
from demo.compute.environment import Environment
from demo.compute.service import ComputeApi
from demo.glance import Glance
from demo.keystone import Keystone
from demo.service import QUEUE_TRANSACTIONS
from demo.state import State

BUS = "fake:///"

#: A restart is no outage: what was up before is taken for up, and not after a minute only.
_FOREVER_S = 10 * 365 * 24 * 3600

CONFIG = f"""\
[DEFAULT]
host = demo
my_ip = 127.0.0.1
transport_url = {BUS}
state_path = {{folder}}/state
compute_driver = demo.DemoDriver
service_down_time = {_FOREVER_S}
vif_plugging_is_fatal = false
vif_plugging_timeout = 0
block_device_allocate_retries_interval = 1
[api_database]
connection = {{api_database}}
[database]
connection = {{database}}
[oslo_concurrency]
lock_path = {{folder}}/locks
[glance]
api_servers = {{glance_url}}
[vnc]
enabled = false
[image_cache]
manager_interval = -1
[filter_scheduler]
# There is one host, which has room.
enabled_filters = ComputeFilter
"""

FIRST_LINES = (
    QUEUE_TRANSACTIONS
    + "from demo.compute import nova_process\npost_worker_init = nova_process.start\n"
)


class Nova(ComputeApi):
    wsgi_app = "nova.wsgi.osapi_compute:application"
    first_lines = FIRST_LINES
    threads = 16

    def __init__(
        self, state: State, keystone: Keystone, glance: Glance, environment: Environment, name: str
    ) -> None:
        super().__init__(state, keystone, environment, name)
        self._glance = glance

    @property
    def databases(self) -> tuple[Path, Path]:
        """Of the API, and of the only cell."""
        return self.folder / "api.db", self.folder / "cell1.db"

    def configure(self) -> None:
        super().configure()
        (self.folder / "state").mkdir(exist_ok=True)
        api_database, database = self.databases
        config = CONFIG.format(
            folder=self.folder,
            api_database=sqlite.url(api_database),
            database=sqlite.url(database),
            glance_url=self._glance.url,
        )
        sections = [
            self.login("keystone_authtoken"),
            self.login("placement"),
            self.login("neutron"),
            self.login("cinder", "catalog_info = block-storage::publicURL"),
            self.login("service_user", "send_service_user_token = true"),
        ]
        (self.folder / "nova.conf").write_text(config + "".join(sections))
        paste = self.python_environment.shipped("nova", "api-paste.ini").read_text()
        (self.folder / "api-paste.ini").write_text(paste)

    def set_up(self) -> None:
        """Make the databases and the cell; a second cell of the same name is refused."""
        api_database, database = self.databases
        for file in self.folder.glob("*.db*"):
            file.unlink()
        self._manage("api_db", "sync")
        self._manage("cell_v2", "map_cell0", "--database_connection", sqlite.url(self._cell0))
        self._manage("db", "sync")
        for each in (api_database, database, self._cell0):
            sqlite.use_write_ahead_log(each)
        self._manage("cell_v2", "create_cell", "--name", "cell1")

    @property
    def _cell0(self) -> Path:
        """The database of the servers that found no host."""
        return self.folder / "cell0.db"

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "OS_NOVA_CONFIG_DIR": str(self.folder)}

    def _manage(self, *arguments: str) -> None:
        self.manage("nova-manage", "--config-file", str(self.folder / "nova.conf"), *arguments)
