# SPDX-License-Identifier: Apache-2.0
"""Every address and every action of the panels, asked of the code that runs.

A test that walks over these meets what is added later without being told. The one address
without a login has tests of its own: tests/unit/ui/transfers/test_probe.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from demo.horizon import Horizon

PACKAGE = "helion_images_panel"
DOMAIN_PATH = "domain/"


@dataclass(frozen=True)
class Routes:
    """`paths` are relative to the panel's index, such as "<image_id>/update/".

    `actions` are those of all tables, as a browser posts them: "images__delete".
    Of these `acting` do something to rows, and are not links alone.
    """

    paths: tuple[str, ...]
    actions: tuple[str, ...]
    acting: tuple[str, ...]

    @property
    def of_an_image(self) -> tuple[str, ...]:
        return tuple(path for path in self.paths if "<image_id>" in path)

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(path for path in self.paths if "<image_id>" not in path)


PANELS = ("project", "admin", "domain")


def routes(horizon: Horizon, panel: str) -> Routes:
    """:param panel: one of PANELS"""
    return _routes(horizon)[panel]


@cache
def _routes(horizon: Horizon) -> dict[str, Routes]:
    told = subprocess.run(
        [sys.executable, "-m", __name__],
        env={**os.environ, **horizon.environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    found = map(json.loads, told.stdout.splitlines()[-len(PANELS) :])
    return {
        panel: Routes(**{name: tuple(values) for name, values in each.items()})
        for panel, each in zip(PANELS, found, strict=True)
    }


def main() -> None:
    """What `routes` asks for, in a process with Horizon's settings."""
    import django

    django.setup()

    from importlib import import_module

    from horizon import tables

    for panel in PANELS:
        dashboard = "project" if panel == "domain" else panel
        # Horizon loads all panels with the first.
        urls = import_module(f"{PACKAGE}.dashboards.{dashboard}.images.urls")
        found = {
            "paths": sorted(_paths(urls.urlpatterns, panel)),
            "actions": sorted(_actions(tables, object)),
            "acting": sorted(_actions(tables, tables.BatchAction)),
        }
        print(json.dumps(found))


def _paths(patterns: list, panel: str) -> list[str]:  # type: ignore[type-arg]
    """The panel of a domain's manager is a part of the Project panel, with a path of its own."""
    from helion_images_panel.ui.transfers.probe import WithoutLogin

    paths = []
    for pattern in patterns:
        is_domain = str(pattern.pattern) == DOMAIN_PATH
        if hasattr(pattern, "url_patterns"):
            if is_domain == (panel == "domain"):
                paths += _paths(pattern.url_patterns, "")
        elif isinstance(pattern, WithoutLogin):
            continue
        elif pattern.callback.__module__.startswith(PACKAGE) and panel != "domain":
            paths.append(str(pattern.pattern))
    return paths


def _actions(tables: object, of_kind: type) -> set[str]:
    kinds = list(tables.DataTable.__subclasses__())  # type: ignore[attr-defined]
    actions = set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.startswith(PACKAGE):
            meta = kind._meta
            actions |= {
                f"{meta.name}__{action.name}"
                for action in (*meta.row_actions, *meta.table_actions)
                if issubclass(action, of_kind)
            }
    return actions


if __name__ == "__main__":
    main()
