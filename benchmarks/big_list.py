# SPDX-License-Identifier: Apache-2.0
"""The Admin panel's list on a large cloud: ``python -m benchmarks.big_list``.

Projects and images are written into the databases: the API takes 50 ms for each. One domain
has few projects and few images. Of the others, each has many projects and owns a share of
all images; those of the last one are all at the end of each order. An answer that is not
full goes on by itself in the browser; here, its parts are requested until the page is full.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

from benchmarks.table import machine, markdown
from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.panels import ADMIN
from tests.integration.processes import Process
from tests.integration.test_call_budget import Log

ROWS_ON_PAGE = 20
SORTS = [f"{sign}{key}" for key in ("name", "status", "format", "size", "created", "updated")
         for sign in ("", "-")]  # fmt: skip
SEARCHED_SORTS = ("name", "-updated", "-size")

#: Of 100 images that are not the small domain's.
SHARES = {"1 %": 1, "10 %": 10, "90 %": 88, "1 %, at the end of each order": 1}
SMALL, SMALL_PROJECTS, SMALL_IMAGES = "small", 3, 300

#: One in so many images has the word in its name.
WORDS = {"needle": 50, "haystack": 20_000}

PAGES = ("first", "second", "in the middle", "near the end")
#: Pages of a domain with few of all images, when they were read before.
AGAIN = ("first, again", "in the middle, again")
HEADINGS = (
    "share", "page", "first answer, s: median (maximum)", "full page, s: median (maximum)",
    "parts", "calls to Glance in one answer", "Horizon's memory growth, MiB",
)  # fmt: skip
SEARCH_HEADINGS = (
    "matches", "sort", "first answer, s", "rows in it", "looked at", "full page or end, s", "parts",
    "calls to Glance in one answer",
)  # fmt: skip
GROWTH_ROUNDS = 20
GROWTH_HEADINGS = (
    "images in the cloud", "calls to Glance", "page, s", "the same calls alone, s", "the rest, s",
    "Horizon's processor time, s",
)  # fmt: skip

_INSERT = """
INSERT INTO images (id, name, size, status, created_at, updated_at, deleted, owner, min_disk,
  min_ram, protected, visibility, os_hidden, disk_format, container_format)
VALUES (?, ?, ?, ?, ?, ?, 0, ?, 0, 0, 0, 'private', 0, ?, 'bare')
"""
_INSERT_PROJECT = """
INSERT INTO project (id, name, extra, description, enabled, domain_id, parent_id, is_domain)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_COLUMNS = {
    "name": "name", "status": "status", "format": "disk_format", "size": "size",
    "created": "created_at", "updated": "updated_at",
}  # fmt: skip


@dataclass(frozen=True)
class Domain:
    name: str
    id: str
    projects: tuple[str, ...]

    @property
    def is_at_end(self) -> bool:
        return "end" in self.name


@dataclass
class Answers:
    """One page, in one answer or in several.

    :ivar calls: the most calls to Glance in one of the answers
    """

    first_s: float = 0.0
    first_rows: int = 0
    full_s: float = 0.0
    parts: int = 0
    calls: int = 0
    grown_mib: float = 0.0
    looked_at: str = ""
    next_url: str | None = None


def main() -> None:
    options = _parser().parse_args()
    began = time.monotonic()

    def report(line: str) -> None:
        print(f"[{time.monotonic() - began:6.1f} s] {line}", flush=True)

    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        cloud = Cloud(Path(folder, "cloud"), seeded=False)
        cloud.start()
        try:
            bench = Bench(cloud)
            small = bench.make_domain(SMALL, SMALL_PROJECTS)
            domains = [bench.make_domain(name, options.projects) for name in SHARES]
            report("the projects are there")
            bench.fill([small], [1], SMALL_IMAGES)
            growth = []
            for images in (options.images // 10, options.images):
                bench.fill(domains, list(SHARES.values()), images)
                growth.append(bench.growth(small))
                report(" | ".join(growth[-1]))
            lines = []
            for domain in domains:
                for place in (*PAGES, *(AGAIN if domain.name.startswith("1 %") else ())):
                    lines.append(bench.all_orders(domain, place))
                    report(" | ".join(lines[-1]))
            searches = []
            for word, number in WORDS.items():
                # A search through the whole cloud takes as long in each order.
                for sort in SEARCHED_SORTS[: None if number < 1000 else 1]:
                    searches.append((f"1 in {number}", *bench.search(word, sort)))
                    report(" | ".join(searches[-1]))
        finally:
            cloud.stop()
    print(f"\n{options.images} images, {options.projects} projects in each domain. {machine()}\n")
    for headings, rows in (
        (GROWTH_HEADINGS, growth),
        (HEADINGS, lines),
        (SEARCH_HEADINGS, searches),
    ):
        print(f"{markdown(headings, rows)}\n")


class Bench:
    """A cloud with images, and an admin of all of it at its dashboard."""

    def __init__(self, cloud: Cloud):
        self.cloud = cloud
        self.rng = random.Random(1)  # noqa: S311  # nosec B311
        self.count = 0

    @cached_property
    def person(self) -> Dashboard:
        """Is asked for when all domains are there: the first page caches them."""
        admin = self.cloud.user("admin")
        dashboard = Dashboard(self.cloud.horizon.url)
        person = dashboard.log_in(admin, self.cloud.project_id(admin.project))
        person.session.cookies.set("API_RESULT_PAGE_SIZE", str(ROWS_ON_PAGE))
        person.get(ADMIN.index)
        return person

    @cached_property
    def horizon(self) -> Process:
        (worker,) = self.cloud.horizon.worker_pids
        return Process(worker)

    def make_domain(self, name: str, projects: int) -> Domain:
        session, url = self.cloud.session("admin"), self.cloud.keystone.auth_url
        body = {"domain": {"name": name}}
        domain = session.post(f"{url}/domains", json=body).json()["domain"]["id"]
        ids = tuple(f"{self.rng.getrandbits(128):032x}" for _ in range(projects))
        rows = [
            (each, f"{name} {number:04}", "{}", "", 1, domain, domain, 0)
            for number, each in enumerate(ids)
        ]
        with sqlite3.connect(self.cloud.keystone.database) as connection:
            connection.executemany(_INSERT_PROJECT, rows)
        connection.close()
        return Domain(name, domain, ids)

    def fill(self, domains: Sequence[Domain], weights: Sequence[int], images: int) -> None:
        """Add images until there are so many; names, sizes and times are spread at random."""
        rows = []
        while self.count < images:
            self.count += 1
            (domain,) = self.rng.choices(domains, weights)
            rows.append(self._row(domain))
        with sqlite3.connect(self.cloud.glance.database) as connection:
            connection.executemany(_INSERT, rows)
        connection.close()

    def _row(self, domain: Domain) -> tuple[str | int, ...]:
        # "At the end" is the end of an ascending order; of a descending one, it is the start.
        rng, is_at_end = self.rng, domain.is_at_end
        moment = time.gmtime((1.7e9 if is_at_end else 1.6e9) + rng.randrange(10**7))
        timestamp = time.strftime("%Y-%m-%d %H:%M:%S", moment) + f".{rng.randrange(10**6):06}"
        words = [word for word, number in WORDS.items() if self.count % number == 7]
        return (
            str(uuid.UUID(int=rng.getrandbits(128))),
            f"{'zz ' if is_at_end else ''}{rng.randrange(10**8):08} {' '.join(words) or 'image'}",
            rng.randrange(10**10) + (10**10 if is_at_end else 0),
            "uploading" if is_at_end else rng.choice(("active", "active", "deactivated", "queued")),
            timestamp,
            timestamp,
            rng.choice(domain.projects),
            "vmdk" if is_at_end else rng.choice(("iso", "qcow2", "raw")),
        )

    def growth(self, domain: Domain) -> Sequence[str]:
        """What a page of a small domain takes, and what Glance takes for the same requests."""
        self.person.get(ADMIN.index, domain=domain.id, sort="name")
        log = Log(self.cloud.glance)
        self.person.get(ADMIN.index, domain=domain.id, sort="name")
        paths = [each.removeprefix("GET ") for each in log.requests()]
        lists = [path for path in paths if "owner=" in path]
        others = [path for path in paths if path not in lists]
        pages, calls = [], []
        before_s = self.horizon.cpu_s()
        for _ in range(GROWTH_ROUNDS):
            began = time.perf_counter()
            self.person.get(ADMIN.index, domain=domain.id, sort="name")
            pages.append(time.perf_counter() - began)
        cpu_s = (self.horizon.cpu_s() - before_s) / GROWTH_ROUNDS
        session = self.cloud.session("admin")

        def request(path: str) -> None:
            session.get(f"{self.cloud.glance.url}{path}")

        with ThreadPoolExecutor(max_workers=len(lists) or 1) as pool:
            for _ in range(GROWTH_ROUNDS):
                began = time.perf_counter()
                list(pool.map(request, lists))
                for path in others:
                    request(path)
                calls.append(time.perf_counter() - began)
        times = (median(pages), median(calls), median(pages) - median(calls), cpu_s)
        return str(self.count), str(len(paths)), *(f"{each:.3f}" for each in times)

    def all_orders(self, domain: Domain, place: str) -> Sequence[str]:
        # For a domain at the end, half of the pages take the whole cloud.
        sorts = ("name", "-name") if domain.is_at_end else SORTS
        pages = [self._page(domain, sort, place) for sort in sorts]
        first, full = [page.first_s for page in pages], [page.full_s for page in pages]
        return (
            domain.name,
            place,
            f"{median(first):.2f} ({max(first):.2f})",
            f"{median(full):.2f} ({max(full):.2f})",
            f"{median(page.parts for page in pages):.0f} ({max(page.parts for page in pages)})",
            str(max(page.calls for page in pages)),
            f"{max(page.grown_mib for page in pages):.0f}",
        )

    def _page(self, domain: Domain, sort: str, place: str) -> Answers:
        query = {"domain": domain.id, "sort": sort}
        if place == "second":
            url = self._answers(ADMIN.index, **query).next_url
            assert url, "no second page"
            return self._answers(url)
        if not place.startswith("first"):
            query["marker"] = self._image_at(domain, sort, 0.5 if "middle" in place else 0.95)
        return self._answers(ADMIN.index, **query)

    def _image_at(self, domain: Domain, sort: str, part: float) -> str:
        """The image that has this part of the domain's images before it."""
        direction = "DESC" if sort.startswith("-") else "ASC"
        column = _COLUMNS[sort.removeprefix("-")]
        with sqlite3.connect(self.cloud.glance.database) as connection:
            rows = connection.execute(
                f"SELECT id, owner FROM images ORDER BY {column} {direction}, id {direction}"  # noqa: S608  # nosec B608
            ).fetchall()
        connection.close()
        own = [image_id for image_id, owner in rows if owner in set(domain.projects)]
        return str(own[int(len(own) * part)])

    def search(self, word: str, sort: str) -> Sequence[str]:
        """All images of the cloud whose name has this word."""
        found = self._answers(ADMIN.index, domain="all", sort=sort, name=word)
        return (
            sort,
            f"{found.first_s:.2f}",
            str(found.first_rows),
            found.looked_at or "-",
            f"{found.full_s:.2f}",
            str(found.parts),
            str(found.calls),
        )

    def _answers(self, path: str, **query: str) -> Answers:
        """Request a page, in parts until it is full or the list is over."""
        found, rows = Answers(), 0
        log = Log(self.cloud.glance)
        self.horizon.forget_peak()
        before_mib = self.horizon.memory_mib("VmRSS")
        url: str | None = path
        while url:
            asked = time.perf_counter()
            page = self.person.get(url, **(query if not found.parts else {}))
            took_s = time.perf_counter() - asked
            assert (page.status, page.errors) == (200, []), page.errors
            rows += len(page.rows)
            if not found.parts:
                looked_at = re.search(r"Looked at ([\d,]+)", page.text)
                found.looked_at = looked_at[1] if looked_at else ""
                found.first_s, found.first_rows = took_s, rows
            found.full_s += took_s
            found.parts += 1
            requests = log.requests()
            log = Log(self.cloud.glance)
            found.calls = max(found.calls, len(requests))
            on = page.link("Go on") if rows < ROWS_ON_PAGE else None
            found.next_url = page.next_url
            url = f"{on}&found={rows}" if on else None
        found.grown_mib = self.horizon.memory_mib("VmHWM") - before_mib
        return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.big_list",
        description="The Admin panel's list on a large cloud.",
    )
    parser.add_argument("--images", type=int, default=100_000, help="100000 by default")
    parser.add_argument("--projects", type=int, default=500, help="per domain; 500 by default")
    parser.add_argument(
        "--folder", type=Path, help="where the cloud is for the time; the system's temporary folder"
    )
    return parser


if __name__ == "__main__":
    main()
