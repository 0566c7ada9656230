# SPDX-License-Identifier: Apache-2.0
"""Many deleted images restored at once, beside a bare client that shares them anew.

``python -m benchmarks.restore``. Without a way to restore, an image that is deleted by
mistake is uploaded and shared again: the bare client does the latter alone, with as many
requests in flight, for members that have to be there and accepted afterwards.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import cloud as clouds
from benchmarks.bulk import MAKERS
from benchmarks.table import machine, markdown, spread
from demo.cloud import Cloud
from helion_images_panel import conf
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT

#: May accept for all projects, as Glance's policy lets admins.
USER, PROJECT_NAME = "acme-admin", "acme-web"

MEMBERS = ("acme-data", "acme-lab", "globex-ops", "globex-research")

PANEL, BARE = "restored by this panel", "members created and accepted by bare requests"
STEPS = ("deleted by this panel", PANEL, BARE)


def main() -> None:
    options = _parser().parse_args()
    settings = {conf.CONCURRENCY.name: options.concurrency}
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder,
        clouds.running(
            Path(folder, "cloud"),
            settings=settings,
            angular_images=False,
            glance_workers=options.workers,
        ) as (cloud, _stock),
    ):
        person = Dashboard(cloud.horizon.url).log_in(cloud.user(USER))
        play(cloud, person, 3, options.members, options.concurrency)
        rounds = []
        for number in range(options.rounds):
            rounds.append(play(cloud, person, options.images, options.members, options.concurrency))
            print(f"round {number + 1}: {rounds[-1]}", flush=True)
    print(
        f"\n{options.images} images with {options.members} members each, "
        f"{options.concurrency} requests in flight, {options.workers} processes of Glance, "
        f"{options.rounds} rounds, median (range). {machine()}\n\n{table(rounds)}"
    )


def play(
    cloud: Cloud, person: Dashboard, count: int, members: int, concurrency: int
) -> dict[str, float]:
    """Seconds of each step, in the order in which they are taken."""
    images = Images(cloud)
    projects = MEMBERS[:members]
    with ThreadPoolExecutor(max_workers=MAKERS) as pool:
        ids = list(pool.map(lambda _n: _shared(images, projects), range(count)))
    before = [images.state(image_id) for image_id in ids]
    seconds = {STEPS[0]: _acted(person, "delete", ids)}
    assert not any(images.exists(image_id) for image_id in ids)
    seconds[PANEL] = _acted(person, "restore", ids)
    assert [images.state(image_id) for image_id in ids] == before
    for image_id in ids:
        for project in projects:
            path = f"/images/{image_id}/members/{cloud.project_id(project)}"
            images._call("DELETE", path)
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        pairs = [(image_id, project) for image_id in ids for project in projects]
        list(pool.map(lambda pair: images.share(*pair), pairs))
    seconds[BARE] = time.monotonic() - began
    assert [images.state(image_id) for image_id in ids] == before
    images.clean()
    return seconds


def _shared(images: Images, projects: Sequence[str]) -> str:
    image_id = images.make("restored", PROJECT_NAME, visibility="shared")
    for project in projects:
        images.share(image_id, project)
    return image_id


def _acted(person: Dashboard, action: str, ids: Sequence[str]) -> float:
    """Seconds until the dashboard has answered."""
    fields = [("action", f"images__{action}"), *(("object_ids", image_id) for image_id in ids)]
    began = time.monotonic()
    answer = person.post(PROJECT.index, fields, follow=False)
    seconds = time.monotonic() - began
    assert answer.status == 302, (answer.status, answer.text[:500])
    return seconds


def table(rounds: Sequence[dict[str, float]]) -> str:
    """A row for each step; ratios are taken within each round."""
    rows = [
        (
            step,
            spread([seconds[step] for seconds in rounds], 2),
            spread([seconds[step] / seconds[BARE] for seconds in rounds], 3),
        )
        for step in STEPS
    ]
    return markdown(("step", "seconds", "to the bare requests"), rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restore", description=__doc__)
    parser.add_argument("--images", type=int, default=100, help="100 by default")
    parser.add_argument("--members", type=int, default=3, help="of each image; 3 by default")
    parser.add_argument("--rounds", type=int, default=3, help="3 by default")
    parser.add_argument("--concurrency", type=int, default=conf.CONCURRENCY.default)
    parser.add_argument("--workers", type=int, default=2, help="processes of Glance; 2 by default")
    parser.add_argument("--folder", type=Path, help="where the cloud is for the time")
    return parser


if __name__ == "__main__":
    main()
