# SPDX-License-Identifier: Apache-2.0
"""Dashboards with the panels of other plugins, and the services of those in the catalog."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from demo import ports
from demo.cloud import Cloud
from demo.horizon import Horizon
from demo.keystone import Directory
from demo.ports import HOST

#: The folders with the enabled files of the plugins, by the distribution.
PLUGINS = {
    "manila-ui": "manila_ui/local/enabled",
    "octavia-dashboard": "octavia_dashboard/enabled",
    "heat-dashboard": "heat_dashboard/enabled",
    "designate-dashboard": "designatedashboard/enabled",
}

#: Types and names of their services, and those that they need beside them.
SERVICES = {
    "share": "manila",
    "sharev2": "manilav2",
    "load-balancer": "octavia",
    "orchestration": "heat",
    "dns": "designate",
    "network": "neutron",
}

EXTENSION = """
# The files of other plugins, as if an operator had copied them.
_enabled.__path__.extend({folders!r})
"""

#: In an enabled file; some of them cannot be imported outside of Horizon.
_NAMED = re.compile(r"""^(PANEL|PANEL_DASHBOARD) = ['"](\w+)['"]""", re.MULTILINE)


class NeighbouredHorizon(Horizon):
    """A dashboard in which the other plugins are enabled too."""

    def configure(self) -> None:
        super().configure()
        settings = self.folder / "local" / "local_settings.py"
        folders = [str(folder) for folder in enabled_folders()]
        settings.write_text(settings.read_text() + EXTENSION.format(folders=folders))


def enabled_folders() -> list[Path]:
    """Return the folders of all plugins.

    :raises LookupError: a plugin is not installed
    """
    found = []
    for distribution, folder in PLUGINS.items():
        package, _, rest = folder.partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise LookupError(f"{distribution} is not installed: run tox -e neighbours")
        found.append(Path(spec.origin).parent / rest)
    return found


def panels() -> set[str]:
    """The addresses of the panels that the plugins add, as their enabled files name them."""
    found = set()
    for folder in enabled_folders():
        for file in folder.glob("_[0-9]*.py"):
            values = dict(_NAMED.findall(file.read_text()))
            if "PANEL" in values:
                found.add(f"/{values['PANEL_DASHBOARD']}/{values['PANEL']}/")
    return found


def make_catalog(cloud: Cloud) -> None:
    """Add the services of the plugins: their panels are hidden without. Nothing listens there."""
    port = ports.assign({"nothing": None})["nothing"]
    directory = Directory(cloud.session("admin"), cloud.keystone.auth_url)
    url = f"http://{HOST}:{port}"
    of_plugins = {kind: (name, url) for kind, name in SERVICES.items()}
    directory.make_catalog({**cloud.catalog(), **of_plugins})


def start(cloud: Cloud, name: str, *, stock: bool) -> NeighbouredHorizon:
    """Start one; its static files are collected and compressed first."""
    horizon = NeighbouredHorizon(
        cloud.state, cloud.keystone, stock=stock, angular_images=False, name=name
    )
    horizon.port = ports.assign({"horizon": None})["horizon"]
    horizon.configure()
    horizon.prepare()
    horizon.start()
    return horizon
