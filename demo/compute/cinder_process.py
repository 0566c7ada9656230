# SPDX-License-Identifier: Apache-2.0
"""Cinder's three services in one process, which talk through its memory."""

# Cinder's own programs begin with this too: nothing may be imported before.
from cinder import monkey_patch  # isort: skip

monkey_patch.patch()

import sys  # noqa: E402

from cinder import (  # noqa: E402
    coordination,
    objects,
    privsep,
    rpc,
    service,
    utils,
    version,
)
from cinder.common import config, constants  # noqa: E402
from oslo_config import cfg  # noqa: E402
from oslo_log import log  # noqa: E402
from oslo_service import service as launching  # noqa: E402

from demo import sqlite  # noqa: E402


def main() -> None:
    sqlite.queue_transactions()
    # All volumes are files of the user who runs the demo: nothing needs root.
    privsep.sys_admin_pctxt.set_client_mode(False)
    utils.get_root_helper = lambda: "env"
    objects.register_all()
    cfg.CONF(sys.argv[1:], project="cinder", version=version.version_string())
    config.set_middleware_defaults()
    log.setup(cfg.CONF, "cinder")
    coordination.COORDINATOR.start()
    rpc.init(cfg.CONF)
    launcher = launching.ServiceLauncher(cfg.CONF, restart_method="mutate")
    (backend,) = cfg.CONF.enabled_backends
    launcher.launch_service(service.Service.create(binary=constants.SCHEDULER_BINARY))
    launcher.launch_service(
        service.Service.create(
            host=f"{cfg.CONF.host}@{backend}",
            service_name=backend,
            binary=constants.VOLUME_BINARY,
        )
    )
    launcher.launch_service(service.WSGIService("osapi_volume"))
    launcher.wait()


if __name__ == "__main__":
    main()
