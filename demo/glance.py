# SPDX-License-Identifier: Apache-2.0
"""Glance: the images, in two file stores."""

import json
import sysconfig
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from demo import accounts, sqlite
from demo.keystone import Keystone
from demo.service import FREEZE, QUEUE_TRANSACTIONS, GunicornService, Service, script
from demo.state import State

STORES = ("fast", "archive")
DEFAULT_STORE = STORES[0]

CONFIG = """\
[DEFAULT]
enabled_backends = fast:file,archive:file
use_keystone_limits = true
enabled_import_methods = [glance-direct,web-download,copy-image]
worker_self_reference_url = {url}
[database]
connection = {database}
# What a crash of the machine loses, is made again.
sqlite_synchronous = false
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
[oslo_limit]
auth_type = password
auth_url = {auth_url}
username = {user.name}
password = {user.password}
user_domain_name = {user.domain}
{limits_scope}
"""

# Glance looks up limits with the one or the other token. Keystone remembers the roles of a
# project's, and works out those of the system's for every request; but before 29 it shows
# a project's only the limits of that project.
OF_THE_PROJECT = """\
project_name = {user.project}
project_domain_name = {user.domain}"""
OF_THE_SYSTEM = "system_scope = all"


def release(service: str) -> int:
    """The first number of an installed service's version."""
    return int(version(service).partition(".")[0])


CAN_REQUIRE = release("glance") >= 32
"""Whether Glance can require a property of each image; before, all of the schema is definitions."""

CORS = """\
[cors]
allowed_origin = {origins}
allow_methods = GET,PUT,POST,DELETE,PATCH
allow_headers = Content-Type,X-Auth-Token,X-Image-Meta-Store,X-OpenStack-Image-Size
expose_headers = X-OpenStack-Request-ID
"""

LOCATIONS = """\
[DEFAULT]
enabled_backends = fast:file,archive:file,web:http
show_multiple_locations = true
[web]
store_description = The web, to read from
"""

REMEMBER_ENDPOINT = "from demo import limits\nlimits.remember_endpoint()\n"
CHECK_SCHEMAS_ONCE = "from demo import schemas\nschemas.check_once()\n"
"""First lines of gunicorn's file: see there."""


class Glance(GunicornService):
    """The image service.

    :param import_ports: ports of loopback from which a web-download may take
        data, beside that of the demo's own file server
    :param cors_origins: origins whose pages may talk to Glance
    :param locations: whether an image's data may lie on a web server; adds a
        read-only store for those
    :param more_config: the end of the configuration file, where the last word counts
    :param image_schema: what ``schema-image.json`` has: definitions of properties, and
        which of them are required
    :param database_url: URL of an empty database on a server, instead of an SQLite file

    What of these a test changes holds from the next ``configure`` and ``start`` on.
    """

    wsgi_app = "glance.wsgi.api:application"
    health_path = "/healthcheck"
    set_up_makes = ("glance.db*",)
    first_lines = QUEUE_TRANSACTIONS + REMEMBER_ENDPOINT + CHECK_SCHEMAS_ONCE + FREEZE
    threads = 16

    def __init__(
        self,
        state: State,
        keystone: Keystone,
        files: Service,
        import_ports: Sequence[int] = (),
        name: str = "glance",
        *,
        cors_origins: Sequence[str] = (),
        locations: bool = False,
        more_config: str = "",
        image_schema: Mapping[str, Any] | None = None,
        database_url: str = "",
    ) -> None:
        super().__init__(state, name)
        self._keystone = keystone
        self._files = files
        self._import_ports = import_ports
        self.cors_origins = cors_origins
        self.locations = locations
        self.more_config = more_config
        self.image_schema = image_schema
        self.database_url = database_url

    @property
    def database(self) -> Path:
        return self.folder / "glance.db"

    def configure(self) -> None:
        if self.database_url:
            # A server needs none of what lets threads share an SQLite file.
            self.first_lines = self.first_lines.replace(QUEUE_TRANSACTIONS, "")
        super().configure()
        for folder in (*STORES, "staging", "tasks", "locks"):
            (self.folder / folder).mkdir(exist_ok=True)
        # Where there is none, oslo.policy looks for them in many places at each check.
        (self.folder / "policy.d").mkdir(exist_ok=True)
        (self.folder / "policy.yaml").write_text("{}\n")
        # The filter that lets browsers in looks for a configuration of its own.
        paste = _shipped("glance-api-paste.ini").read_text()
        (self.folder / "glance-api-paste.ini").write_text(
            paste.replace(
                "oslo_config_program = glance-api\n",
                "oslo_config_program = glance-api\n"
                f"oslo_config_file = {self.folder / 'glance-api.conf'}\n",
            )
        )
        config = CONFIG.format(
            folder=self.folder,
            database=self.database_url or sqlite.url(self.database),
            url=self.url,
            auth_url=self._keystone.auth_url,
            user=accounts.GLANCE,
            limits_scope=OF_THE_SYSTEM
            if release("keystone") < 29
            else OF_THE_PROJECT.format(user=accounts.GLANCE),
            default_store=DEFAULT_STORE,
            ports=",".join(str(port) for port in (self._files.port, *self._import_ports)),
        )
        if self.cors_origins:
            config += CORS.format(origins=",".join(self.cors_origins))
        if self.locations:
            config += LOCATIONS
        (self.folder / "glance-api.conf").write_text(config + self.more_config)
        schema = self.folder / "schema-image.json"
        schema.unlink(missing_ok=True)
        if self.image_schema is not None:
            known = self.image_schema if CAN_REQUIRE else self.image_schema["properties"]
            schema.write_text(json.dumps(known))

    def environment(self) -> Mapping[str, str]:
        # The ID is known when Glance is launched, not when its file is written. oslo.limit
        # before 2.9 cannot find the endpoint by its service and region.
        return {
            **super().environment(),
            "OS_GLANCE_CONFIG_DIR": str(self.folder),
            "OS_OSLO_LIMIT__ENDPOINT_ID": self._keystone.endpoint_ids.get("image", ""),
        }

    def fingerprint(self) -> str:
        return version("glance")

    def set_up(self) -> None:
        """Make the database and load the catalog of metadata definitions."""
        self._manage("db_sync")
        if not self.database_url:
            sqlite.use_write_ahead_log(self.database)
        self._manage("db_load_metadefs", str(_shipped("metadefs")))

    def _manage(self, *arguments: str) -> None:
        self.run(script("glance-manage"), "--config-dir", str(self.folder), *arguments)


def _shipped(name: str) -> Path:
    """A file that Glance's wheel installs beside the environment's scripts."""
    return Path(sysconfig.get_path("data"), "etc", "glance", name)
