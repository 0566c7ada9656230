# SPDX-License-Identifier: Apache-2.0
"""The list of images, in this panel and in the stock ones: ``python -m benchmarks index``.

The floor is what no panel can do without: a page of Horizon with hardly anything on
it, and Glance's own answer with the rows of the list. In the browser the floor is that
page alone, until it shows anything.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import cloud as clouds
from benchmarks import first_row
from benchmarks.table import machine, markdown, ratio, spread
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.browser.browser import HOW_TO_GET_IT, is_installed
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT

USER, PROJECT_NAME = "alice", "acme-web"

PANEL, STOCK, FLOOR = "this panel", "stock Django panel", "floor"
ANGULAR = "stock AngularJS panel"

#: Horizon's own form of the user's settings: navigation, header, and four fields.
BARE_PAGE = "/settings/"

#: In the names of the images, which are short enough to be shown in one piece.
WORD = "listed"

BROWSER_ROWS = 20


@dataclass(frozen=True)
class Turn:
    """One look at a list of so many rows."""

    rows: int
    what: str
    took_s: float


def main() -> None:
    options = _parser().parse_args()
    began = time.monotonic()

    def report(line: str) -> None:
        print(f"[{time.monotonic() - began:6.1f} s] {line}", flush=True)

    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder,
        clouds.running(Path(folder, "cloud"), angular_images=False) as (cloud, stock),
    ):
        images = Images(cloud)
        for number in range(max(options.rows)):
            images.make(owner=PROJECT_NAME, data=b"listed" * 100, name=f"{WORD} {number:04}")
        report("the images are there")
        turns = [turn for rows in options.rows for turn in play(cloud, stock, rows, options.rounds)]
        print(
            f"\nThe index of a project, {options.rounds} rounds, median (range). {machine()}\n\n"
            f"{table(turns)}\n",
            flush=True,
        )
        if options.browser_rounds and not is_installed():
            report(HOW_TO_GET_IT)
        elif options.browser_rounds:
            with clouds.stock_dashboard(cloud, "angular", None, angular_images=True) as angular:
                report("the AngularJS panel is there")
                loads = load(cloud, {STOCK: stock, ANGULAR: angular}, options.browser_rounds)
            print(
                f"\nIn Chromium with a warm cache, {BROWSER_ROWS} rows, {options.browser_rounds} "
                f"rounds, median (range).\n\n{first_row.table(loads, (STOCK, ANGULAR))}"
            )


def load(cloud: Cloud, stock: Mapping[str, Horizon], rounds: int) -> list[first_row.Load]:
    """Load the list of each dashboard, and the bare page, in turns."""
    pages = {
        name: first_row.Page(
            horizon,
            path,
            word,
            first_row.log_in(cloud, horizon, USER, PROJECT_NAME, BROWSER_ROWS),
        )
        for name, horizon, path, word in (
            (PANEL, cloud.horizon, PROJECT.index, WORD),
            *((name, horizon, PROJECT.index, WORD) for name, horizon in stock.items()),
            (FLOOR, cloud.horizon, BARE_PAGE, ""),
        )
    }
    return first_row.play(pages, rounds)


def play(cloud: Cloud, stock: Horizon, rows: int, rounds: int) -> list[Turn]:
    """Each way in turn, after all have been used."""
    ways = {
        PANEL: _index(cloud, cloud.horizon, rows),
        STOCK: _index(cloud, stock, rows),
        FLOOR: _floor(cloud, rows),
    }
    turns = []
    for number in range(rounds + 3):
        names = list(ways)[:: 1 if number % 2 == 0 else -1]
        for name in names:
            asked = time.perf_counter()
            ways[name]()
            turns.append(Turn(rows, name, time.perf_counter() - asked))
    return turns[3 * len(ways) :]


def _index(cloud: Cloud, horizon: Horizon, rows: int) -> Callable[[], None]:
    person = _person(cloud, horizon)
    # Horizon reads a person's own page size from it.
    person.session.cookies.set("API_RESULT_PAGE_SIZE", str(rows))

    def look() -> None:
        page = person.request("GET", PROJECT.index)
        found = page.html.count("data-object-id=")
        assert (page.status, found) == (200, rows), (page.status, found)

    return look


def _floor(cloud: Cloud, rows: int) -> Callable[[], None]:
    person, session = _person(cloud, cloud.horizon), cloud.session(USER)
    url = f"{cloud.glance.url}/v2/images?limit={rows + 1}&sort=name:asc,id:asc"

    def look() -> None:
        assert person.request("GET", BARE_PAGE).status == 200
        assert len(session.get(url).json()["images"]) >= rows

    return look


def _person(cloud: Cloud, horizon: Horizon) -> Dashboard:
    return Dashboard(horizon.url).log_in(cloud.user(USER), cloud.project_id(PROJECT_NAME))


HEADINGS = ("rows", "what", "answered after, s", "to the stock panel", "to the floor")


def table(turns: Sequence[Turn]) -> str:
    """A row for each number of rows and way; ratios are taken within each round."""
    lines = []
    for rows in sorted({turn.rows for turn in turns}):
        took = {
            what: [turn.took_s for turn in turns if (turn.rows, turn.what) == (rows, what)]
            for what in (PANEL, STOCK, FLOOR)
        }
        for what, values in took.items():
            ratios = [ratio(values, took[base]) for base in (STOCK, FLOOR)]
            lines.append((str(rows), what, spread(values, 3), *ratios))
    return markdown(HEADINGS, lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks index",
        description="The list of images, in this panel and in the stock one.",
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[20, 100], help="20 and 100")
    parser.add_argument("--rounds", type=int, default=20, help="20 by default")
    parser.add_argument(
        "--browser-rounds",
        type=int,
        default=20,
        help="loads of each page in Chromium: 20 by default, 0 for none",
    )
    parser.add_argument(
        "--folder", type=Path, help="where the cloud is for the time; the system's temporary folder"
    )
    return parser


if __name__ == "__main__":
    main()
