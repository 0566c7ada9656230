# SPDX-License-Identifier: Apache-2.0
"""Nova's other services, in the process of its API.

The bus in memory that they talk through reaches no other process. Compute reads and writes the
database itself here, which it may not where it is a process of its own.
"""

import logging
import os
import signal
import sys
import threading
from typing import Any


def start(_worker: Any) -> None:
    """Start the services beside the API; gunicorn calls it in the worker."""
    threading.Thread(target=_start_or_end, daemon=True).start()


def _start_or_end() -> None:
    try:
        _start()
    except BaseException:
        # Without them the API would take servers that nobody ever builds.
        logging.getLogger(__name__).exception("Nova's services did not start")
        os.kill(os.getppid(), signal.SIGTERM)


def _start() -> None:
    import os_brick
    import os_vif
    from nova import conf, context, objects, service
    from nova.compute import rpcapi as compute
    from nova.conductor import rpcapi as conductor
    from nova.objects import host_mapping
    from nova.scheduler import rpcapi as scheduler
    from oslo_service import opts

    from demo.compute import nova_driver

    # Nova looks for drivers below this package only.
    sys.modules["nova.virt.demo"] = nova_driver
    opts.register_service_opts(conf.CONF)
    objects.register_all()
    os_brick.setup(conf.CONF)
    os_vif.initialize()
    services = (
        ("nova-conductor", conductor.RPC_TOPIC),
        ("nova-scheduler", scheduler.RPC_TOPIC),
        ("nova-compute", compute.RPC_TOPIC),
    )
    for binary, topic in services:
        service.Service.create(binary=binary, topic=topic).start()
    host_mapping.discover_hosts(context.get_admin_context())
