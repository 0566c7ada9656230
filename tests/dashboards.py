# SPDX-License-Identifier: Apache-2.0
"""Further dashboards of the same cloud, with settings of their own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from demo import ports
from demo.cloud import Cloud
from demo.horizon import Horizon


@contextmanager
def dashboard(
    cloud: Cloud, name: str, settings: Mapping[str, Any], site: str = ""
) -> Iterator[Horizon]:
    """It borrows the static files of the cloud's own.

    :param site: Python code that its processes run when they start
    """
    borrowed = {"STATIC_ROOT": str(cloud.horizon.folder / "static")}
    horizon = Horizon(
        cloud.state, cloud.keystone, settings={**settings, **borrowed}, name=f"horizon-{name}"
    )
    horizon.port = ports.assign({"horizon": None})["horizon"]
    horizon.configure()
    if site:
        (horizon.folder / "sitecustomize.py").write_text(site)
    try:
        horizon.start()
        yield horizon
    finally:
        horizon.stop()
