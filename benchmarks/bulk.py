# SPDX-License-Identifier: Apache-2.0
"""One action on many images at once, in this panel and in the stock one.

``python -m benchmarks.bulk``. Glance takes 50 ms longer for each answer, as
one that is farther away would.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import requests

from benchmarks import cloud as clouds
from benchmarks.delay import DELAY_S, PEAK_PATH
from benchmarks.table import machine, markdown, spread
from demo.cloud import Cloud
from demo.horizon import Horizon
from demo.service import Service
from helion_images_panel import conf
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.processes import Process

#: May do everything with the images of this project.
USER, PROJECT_NAME = "acme-admin", "acme-web"

ACTIONS = ("protect", "publish", "delete")
PANEL, STOCK = "this panel", "stock panel"

#: No dashboard at all: the deletions alone, as many in flight as the setting has.
#: What they cost is what any panel has to pay to the same Glance at the least.
BARE = "bare requests"

#: What the stock panel does with many images too.
STOCK_ACTIONS = ("delete",)

MAKERS = 8


@dataclass(frozen=True)
class Turn:
    """One action in one panel.

    :param answered_s: from the click until the dashboard has answered it
    :param shown_s: until the list that follows is there as well
    :param peak: requests that Glance had in flight at once, at the most
    :param glance_cpu_s: processor time that Glance took for it
    :param horizon_cpu_s: processor time that the dashboard took for it
    """

    action: str
    panel: str
    answered_s: float
    shown_s: float
    peak: int
    glance_cpu_s: float
    horizon_cpu_s: float


def main() -> None:
    options = _parser().parse_args()
    began = time.monotonic()

    def report(line: str) -> None:
        print(f"[{time.monotonic() - began:6.1f} s] {line}", flush=True)

    # The stock panel acts on images of the page that it shows.
    settings = {
        "API_RESULT_PAGE_SIZE": options.images + 1,
        conf.CONCURRENCY.name: options.concurrency,
    }
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder,
        clouds.running(
            Path(folder, "cloud"),
            settings=settings,
            angular_images=False,
            glance_app="benchmarks.delayed_glance:application",
            glance_workers=options.workers,
            glance_database=options.database,
            token_cache=options.token_cache,
        ) as (cloud, stock),
    ):
        dashboards = {PANEL: cloud.horizon, STOCK: stock}
        rounds = play(
            cloud, dashboards, options.images, options.rounds, options.concurrency, report
        )
    assert all(turn.peak <= options.concurrency for turns in rounds for turn in turns)
    print(
        f"\n{options.images} images, {DELAY_S * 1000:.0f} ms added to each answer of Glance, "
        f"{conf.CONCURRENCY.name} = {options.concurrency}, {options.workers} processes of Glance, "
        f"{options.rounds} rounds, "
        f"median (range). {machine()}\n\n{table(rounds)}"
    )


def play(
    cloud: Cloud,
    dashboards: Mapping[str, Horizon],
    images: int,
    rounds: int,
    concurrency: int,
    report: Callable[[str], None],
) -> list[list[Turn]]:
    """The turns of each round, which begin with another panel each."""
    for panel in dashboards:
        take_turn(cloud, dashboards, panel, ACTIONS[-1], 3)
    report("everything runs and has been used once")
    played = []
    for number in range(rounds):
        turns = []
        for action in ACTIONS:
            panels = [PANEL, STOCK] if action in STOCK_ACTIONS else [PANEL]
            for panel in panels[:: 1 if number % 2 == 0 else -1]:
                turn = take_turn(cloud, dashboards, panel, action, images)
                turns.append(turn)
                report(f"round {number + 1}: {action}, {panel}: {turn.shown_s:.2f} s")
        turns.append(delete_without_dashboard(cloud, images, concurrency))
        report(f"round {number + 1}: delete, {BARE}: {turns[-1].shown_s:.2f} s")
        played.append(turns)
    return played


def take_turn(
    cloud: Cloud, dashboards: Mapping[str, Horizon], panel: str, action: str, count: int
) -> Turn:
    """Makes images, acts on them in one click, and asks Glance what came of it."""
    horizon = dashboards[panel]
    person = Dashboard(horizon.url).log_in(cloud.user(USER))
    images = Images(cloud)
    ids = make(images, action, count)
    person.get(PROJECT.index)
    peak_url = cloud.glance.url + PEAK_PATH
    requests.get(peak_url, timeout=10)
    # Publishing is confirmed on a page of its own, which names the images and the audience.
    if action == "publish":
        path, fields = PROJECT.publish, [("audience", "cloud")]
        fields += [("id", image_id) for image_id in ids]
    else:
        path, fields = PROJECT.index, [("action", f"images__{action}")]
        fields += [("object_ids", image_id) for image_id in ids]
    fields.append(("csrfmiddlewaretoken", person.csrf_token))
    glance_cpu_s, horizon_cpu_s = cpu_s(cloud.glance), cpu_s(horizon)
    clicked = time.monotonic()
    answer = person.request(
        "POST",
        path,
        data=fields,
        headers={"Referer": person.base},
        allow_redirects=False,
    )
    answered_s = time.monotonic() - clicked
    assert answer.status == 302, (answer.status, answer.text[:500])
    glance_cpu_s = cpu_s(cloud.glance) - glance_cpu_s
    horizon_cpu_s = cpu_s(horizon) - horizon_cpu_s
    peak = int(requests.get(peak_url, timeout=10).text)
    asked = time.monotonic()
    page = person.get(answer.response.headers["Location"])
    shown_s = answered_s + time.monotonic() - asked
    assert page.status == 200
    check(images, ids, action)
    with ThreadPoolExecutor(max_workers=MAKERS) as pool:
        list(pool.map(images.delete, ids))
    return Turn(action, panel, answered_s, shown_s, peak, glance_cpu_s, horizon_cpu_s)


def delete_without_dashboard(cloud: Cloud, count: int, concurrency: int) -> Turn:
    """Begun with a log-in, as it is for the panels; no list is asked for."""
    images, session = Images(cloud), cloud.session(USER)
    ids = make(images, ACTIONS[-1], count)
    peak_url = cloud.glance.url + PEAK_PATH
    requests.get(peak_url, timeout=10)
    session.get_token()
    glance_cpu_s = cpu_s(cloud.glance)
    clicked = time.monotonic()
    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        urls = [f"{cloud.glance.url}/v2/images/{image_id}" for image_id in ids]
        list(pool.map(lambda url: session.delete(url, connect_retries=2), urls))
    taken_s = time.monotonic() - clicked
    glance_cpu_s = cpu_s(cloud.glance) - glance_cpu_s
    peak = int(requests.get(peak_url, timeout=10).text)
    check(images, ids, ACTIONS[-1])
    return Turn(ACTIONS[-1], BARE, taken_s, taken_s, peak, glance_cpu_s, 0.0)


def make(images: Images, label: str, count: int) -> list[str]:
    with ThreadPoolExecutor(max_workers=MAKERS) as pool:
        return list(pool.map(lambda _n: images.make(label, PROJECT_NAME, data=None), range(count)))


def cpu_s(service: Service) -> float:
    """The processor time that the workers of a service have taken so far."""
    return sum(Process(pid).cpu_s() for pid in service.worker_pids)


def check(images: Images, ids: Sequence[str], action: str) -> None:
    """Nothing counts that was not done."""
    found = {image["id"]: image for image in images.list() if image["id"] in set(ids)}
    if action == "delete":
        assert not found
    elif action == "protect":
        assert [image["protected"] for image in found.values()] == [True] * len(ids)
    else:
        assert [image["visibility"] for image in found.values()] == ["public"] * len(ids)


HEADINGS = (
    "action",
    "panel",
    "until answered, s",
    "until the list shows, s",
    "to the stock panel",
    "requests in flight, at the most",
    "Glance's processor time, s",
    "Horizon's, s",
)


def table(rounds: Sequence[Sequence[Turn]]) -> str:
    """A row for each action and panel; ratios are taken within each round."""
    rows = []
    for action in ACTIONS:
        for panel in (PANEL, BARE, STOCK):
            turns = [_of(played, action, panel) for played in rounds]
            known = [turn for turn in turns if turn]
            if not known:
                continue
            stock = [_of(played, action, STOCK) for played in rounds]
            ratios = [
                turn.shown_s / other.shown_s
                for turn, other in zip(known, stock, strict=True)
                if other
            ]
            rows.append(
                (
                    action,
                    panel,
                    spread([turn.answered_s for turn in known], 2),
                    spread([turn.shown_s for turn in known], 2),
                    f"{median(ratios):.3f}" if ratios else "-",
                    str(max(turn.peak for turn in known)),
                    f"{median(turn.glance_cpu_s for turn in known):.2f}",
                    f"{median(turn.horizon_cpu_s for turn in known):.2f}",
                )
            )
    return markdown(HEADINGS, rows)


def _of(turns: Sequence[Turn], action: str, panel: str) -> Turn | None:
    found = [turn for turn in turns if (turn.action, turn.panel) == (action, panel)]
    return found[0] if found else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bulk",
        description="One action on many images at once, in this panel and in the stock one.",
    )
    parser.add_argument("--images", type=int, default=100, help="100 by default")
    parser.add_argument("--rounds", type=int, default=3, help="3 by default")
    parser.add_argument(
        "--concurrency",
        type=int,
        default=conf.CONCURRENCY.default,
        help=f"the setting {conf.CONCURRENCY.name}; {conf.CONCURRENCY.default} by default",
    )
    parser.add_argument("--workers", type=int, default=2, help="processes of Glance; 2 by default")
    parser.add_argument(
        "--database",
        default="",
        help="URL of an empty database for Glance, with its driver installed; SQLite, which lets "
        "in one transaction at a time, by default",
    )
    parser.add_argument(
        "--token-cache",
        default="",
        help="host:port of a memcached for Glance's tokens, with a client for it installed; "
        "Glance asks Keystone about each request by default",
    )
    parser.add_argument(
        "--folder", type=Path, help="where the cloud is for the time; the system's temporary folder"
    )
    return parser


if __name__ == "__main__":
    main()
