# SPDX-License-Identifier: Apache-2.0
"""Cinder: API, scheduler and volume in one process; volumes are sparse files."""

from collections.abc import Mapping, Sequence

from demo import REPOSITORY, sqlite
from demo.compute.environment import Environment
from demo.compute.service import ComputeService
from demo.glance import Glance
from demo.keystone import Keystone
from demo.ports import HOST
from demo.service import search_path
from demo.state import State

CONFIG = """\
[DEFAULT]
host = demo
my_ip = {host}
transport_url = fake:///
state_path = {folder}/state
api_paste_config = {api_paste}
resource_query_filters_file = {filters}
osapi_volume_listen = {host}
osapi_volume_listen_port = {port}
osapi_volume_workers = 1
enabled_backends = files
default_volume_type = __DEFAULT__
glance_api_servers = {glance_url}
image_conversion_dir = {folder}/conversion
# A restart is no outage: what was up before is taken for up.
service_down_time = 315360000
[files]
volume_driver = demo.compute.cinder_driver.FileDriver
volume_backend_name = files
volume_folder = {folder}/volumes
[database]
connection = {database}
[oslo_concurrency]
lock_path = {folder}/locks
[coordination]
backend_url = file://{folder}/coordination
"""


class Cinder(ComputeService):
    def __init__(
        self, state: State, keystone: Keystone, glance: Glance, environment: Environment, name: str
    ) -> None:
        super().__init__(state, keystone, environment, name)
        self._glance = glance

    def configure(self) -> None:
        super().configure()
        for name in ("state", "conversion", "volumes", "locks", "coordination"):
            (self.folder / name).mkdir(exist_ok=True)
        config = CONFIG.format(
            folder=self.folder,
            host=HOST,
            port=self.port,
            database=sqlite.url(self.database),
            glance_url=self._glance.url,
            api_paste=self.python_environment.shipped("cinder", "api-paste.ini"),
            # By these the dialog Launch Instance looks for volumes.
            filters=self.python_environment.shipped("cinder", "resource_filters.json"),
        )
        sections = [
            self.login("keystone_authtoken"),
            self.login("service_user", "send_service_user_token = true"),
        ]
        (self.folder / "cinder.conf").write_text(config + "".join(sections))

    def set_up(self) -> None:
        self.manage("cinder-manage", *self._config, "db", "sync")
        sqlite.use_write_ahead_log(self.database)

    def command(self) -> Sequence[str]:
        python = str(self.python_environment.python)
        return [python, "-m", "demo.compute.cinder_process", *self._config]

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "PYTHONPATH": search_path(REPOSITORY)}

    @property
    def _config(self) -> tuple[str, str]:
        return ("--config-file", str(self.folder / "cinder.conf"))
