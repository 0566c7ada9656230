# SPDX-License-Identifier: Apache-2.0
"""Publishing step by step, as the page's script does it, and images made for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.integration.client import Dashboard, Page
from tests.integration.images import unique
from tests.integration.panels import PROJECT, Panel


@dataclass
class Published:
    """What the steps of one run have said: of `done` projects, and of others with why."""

    status: int = 200
    reason: str = ""
    steps: int = 0
    reached: int = 0
    total: int = 0
    done: list[str] = field(default_factory=list)
    projects: list[dict[str, str]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)


def create(dashboard: Dashboard, **fields: Any) -> Page:
    """Create Image for a file whose bytes nobody sends, unless the fields say otherwise."""
    file = {"source": "file", "file_name": "a.img", "file_size": 4096, "disk_format": "raw"}
    form = dashboard.get(PROJECT.create).form("disk_format")
    return dashboard.submit(form, **{"name": unique("new"), **file, **fields})


def publish(
    dashboard: Dashboard,
    panel: Panel,
    image_id: str,
    audience: str,
    steps: int = 100,
    tried: Sequence[str] = (),
    **choice: str,
) -> Published:
    """:param steps: as many as are taken at the most; a run that is cut off takes fewer
    :param tried: the projects that earlier steps of the same run have handled
    """
    run = Published(tried=list(tried))
    while run.steps < steps:
        fields = {"audience": audience, "tried": ",".join(run.tried), **choice}
        response = dashboard.post(panel.publish_step(image_id), fields).response
        run.status, run.steps = response.status_code, run.steps + 1
        if not response.ok:
            is_json = response.headers["Content-Type"].startswith("application/json")
            run.reason = response.json()["reason"] if is_json else ""
            return run
        answer = response.json()
        run.done += [each["project"] for each in answer["projects"] if each["kind"] == "done"]
        run.projects += [each for each in answer["projects"] if each["kind"] != "done"]
        run.tried += answer["tried"]
        run.reached, run.total = answer["reached"], answer["total"]
        if not answer["left"]:
            return run
    return run
