# SPDX-License-Identifier: Apache-2.0
"""Further dashboards of the same cloud, with settings of their own."""

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from demo import ports
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.integration import frameless


@contextmanager
def dashboard(
    cloud: Cloud, name: str, settings: Mapping[str, Any], site: str = ""
) -> Iterator[Horizon]:
    """It borrows the static files of the cloud's own.

    :param site: Python code that its processes run when they start
    """
    own = {**frameless.SETTINGS, **settings, "STATIC_ROOT": str(cloud.horizon.folder / "static")}
    horizon = Horizon(cloud.state, cloud.keystone, settings=own, name=f"horizon-{name}")
    horizon.port = ports.assign({"horizon": None})["horizon"]
    horizon.configure()
    if site:
        (horizon.folder / "sitecustomize.py").write_text(site)
    try:
        horizon.start()
        yield horizon
    finally:
        horizon.stop()


def stock_middleware() -> list[str]:
    """Horizon's own, read from its settings, which cannot be imported here."""
    spec = find_spec("openstack_dashboard")
    assert spec
    assert spec.origin
    module = ast.parse((Path(spec.origin).parent / "settings.py").read_text())
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MIDDLEWARE":
            return list(ast.literal_eval(node.value))
    raise AssertionError("Horizon's settings have no MIDDLEWARE")
