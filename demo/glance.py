# SPDX-License-Identifier: Apache-2.0
"""Glance: the images, in two file stores."""

import shutil
import sysconfig
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from demo import accounts, sqlite
from demo.keystone import Keystone
from demo.service import QUEUE_TRANSACTIONS, GunicornService, Service, script
from demo.state import State

STORES = ("fast", "archive")
DEFAULT_STORE = STORES[0]

CONFIG = """\
[DEFAULT]
enabled_backends = fast:file,archive:file
enabled_import_methods = [glance-direct,web-download,copy-image]
worker_self_reference_url = {url}
[database]
connection = {database}
[glance_store]
default_backend = {default_store}
[fast]
store_description = Default store, on fast disks
filesystem_store_datadir = {folder}/fast
[archive]
store_description = Slow and cheap
filesystem_store_datadir = {folder}/archive
[os_glance_staging_store]
filesystem_store_datadir = {folder}/staging
[os_glance_tasks_store]
filesystem_store_datadir = {folder}/tasks
[oslo_concurrency]
lock_path = {folder}/locks
[paste_deploy]
flavor = keystone
config_file = {folder}/glance-api-paste.ini
[import_filtering_opts]
allowed_hosts = [127.0.0.1,localhost]
allowed_ports = [{ports}]
[keystone_authtoken]
auth_type = password
auth_url = {auth_url}
www_authenticate_uri = {auth_url}
username = {user.name}
password = {user.password}
user_domain_name = {user.domain}
project_name = {user.project}
project_domain_name = {user.domain}
service_token_roles_required = true
"""


class Glance(GunicornService):
    """The image service.

    :param import_ports: ports of loopback from which a web-download may take
        data, beside that of the demo's own file server
    """

    wsgi_app = "glance.wsgi.api:application"
    health_path = "/healthcheck"
    first_lines = QUEUE_TRANSACTIONS
    threads = 16

    def __init__(
        self,
        state: State,
        keystone: Keystone,
        files: Service,
        import_ports: Sequence[int] = (),
        name: str = "glance",
    ) -> None:
        super().__init__(state, name)
        self._keystone = keystone
        self._files = files
        self._import_ports = import_ports

    @property
    def database(self) -> Path:
        return self.folder / "glance.db"

    def configure(self) -> None:
        super().configure()
        for folder in (*STORES, "staging", "tasks", "locks"):
            (self.folder / folder).mkdir(exist_ok=True)
        shutil.copyfile(_shipped("glance-api-paste.ini"), self.folder / "glance-api-paste.ini")
        (self.folder / "glance-api.conf").write_text(
            CONFIG.format(
                folder=self.folder,
                database=sqlite.url(self.database),
                url=self.url,
                auth_url=self._keystone.auth_url,
                user=accounts.GLANCE,
                default_store=DEFAULT_STORE,
                ports=",".join(str(port) for port in (self._files.port, *self._import_ports)),
            )
        )

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "OS_GLANCE_CONFIG_DIR": str(self.folder)}

    def fingerprint(self) -> str:
        return version("glance")

    def set_up(self) -> None:
        """Make the database and load the catalog of metadata definitions."""
        self._manage("db_sync")
        sqlite.use_write_ahead_log(self.database)
        self._manage("db_load_metadefs", str(_shipped("metadefs")))

    def _manage(self, *arguments: str) -> None:
        self.run(script("glance-manage"), "--config-dir", str(self.folder), *arguments)


def _shipped(name: str) -> Path:
    """A file that Glance's wheel installs beside the environment's scripts."""
    return Path(sysconfig.get_path("data"), "etc", "glance", name)
