# SPDX-License-Identifier: Apache-2.0
"""The Admin panel's list on a large cloud: ``python -m benchmarks.big_list``.

Rows are written into Glance's database: its API takes 50 ms for each. The domain has
many projects, and owns a share of all images. An answer that is not full goes on by
itself in the browser; here, its parts are requested until the page is full.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import machine, markdown
from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.panels import ADMIN
from tests.integration.processes import Process
from tests.integration.test_call_budget import Log

SORTS = ("name", "-updated", "-size")
HEADINGS = (
    "share", "list", "first answer, s", "rows in it", "full page, s", "parts", "calls to Glance",
    "Horizon's memory growth, MiB",
)  # fmt: skip

_INSERT = """
INSERT INTO images (id, name, size, status, created_at, updated_at, deleted, owner, min_disk,
  min_ram, protected, visibility, os_hidden, disk_format, container_format)
VALUES (?, ?, ?, ?, ?, ?, 0, ?, 0, 0, 0, 'private', 0, 'raw', 'bare')
"""


@dataclass(frozen=True)
class Domain:
    id: str
    projects: tuple[str, ...]


def main() -> None:
    options = _parser().parse_args()
    began = time.monotonic()

    def report(line: str) -> None:
        print(f"[{time.monotonic() - began:6.1f} s] {line}", flush=True)

    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        cloud = Cloud(Path(folder, "cloud"), seeded=False)
        cloud.start()
        try:
            domains = [make_domain(cloud, share, options.projects) for share in options.shares]
            report("the projects are there")
            fill(cloud, domains, options.shares, options.images)
            report(f"{options.images} images are there")
            admin = cloud.user("admin")
            person = Dashboard(cloud.horizon.url).log_in(admin, cloud.project_id(admin.project))
            person.get(ADMIN.index)
            lines = []
            for share, domain in zip(options.shares, domains, strict=True):
                for name in ("", "needle"):
                    for sort in SORTS:
                        lines.append((f"{share} %", *look(cloud, person, domain, sort, name)))
                        report(" | ".join(lines[-1]))
        finally:
            cloud.stop()
    print(
        f"\n{options.images} images, a domain of {options.projects} projects. {machine()}\n\n"
        f"{markdown(HEADINGS, lines)}"
    )


def make_domain(cloud: Cloud, share: int, projects: int) -> Domain:
    session, url = cloud.session("admin"), cloud.keystone.auth_url
    body = {"domain": {"name": f"share-{share}"}}
    domain = session.post(f"{url}/domains", json=body).json()["domain"]["id"]
    found = []
    for number in range(projects):
        body = {"project": {"name": f"{share}-{number:04}", "domain_id": domain}}
        found.append(session.post(f"{url}/projects", json=body).json()["project"]["id"])
    return Domain(domain, tuple(found))


def fill(cloud: Cloud, domains: Sequence[Domain], shares: Sequence[int], images: int) -> None:
    """Spread the images at random; one in 50 has a name with "needle"."""
    rng = random.Random(1)  # noqa: S311  # nosec B311
    connection = sqlite3.connect(cloud.glance.database)
    rows = []
    for number in range(images):
        (domain,) = rng.choices(domains, shares)
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1.7e9 + number)) + ".000000"
        word = "needle" if number % 50 == 7 else "image"
        rows.append(
            (
                str(uuid.UUID(int=rng.getrandbits(128))),
                f"{rng.randrange(10**8):08} {word}",
                rng.randrange(10**10),
                "active",
                moment,
                moment,
                rng.choice(domain.projects),
            )
        )
    with connection:
        connection.executemany(_INSERT, rows)
    connection.close()


def look(cloud: Cloud, person: Dashboard, domain: Domain, sort: str, name: str) -> Sequence[str]:
    """Request the first page, in parts until it is full or the list is over."""
    log = Log(cloud.glance)
    (worker,) = cloud.horizon.worker_pids
    process = Process(worker)
    process.forget_peak()
    before_mib = process.memory_mib("VmRSS")
    asked = time.perf_counter()
    page = person.get(ADMIN.index, domain=domain.id, sort=sort, name=name)
    first_s, first_rows = time.perf_counter() - asked, len(page.rows)
    rows, parts = first_rows, 1
    while rows < 20 and (url := page.link("Go on")):
        page = person.get(f"{url}&found={rows}")
        rows += len(page.rows)
        parts += 1
    return (
        f"{name or 'all'}, {sort}",
        f"{first_s:.2f}",
        str(first_rows),
        f"{time.perf_counter() - asked:.2f}",
        str(parts),
        str(len(log.requests())),
        f"{process.memory_mib('VmHWM') - before_mib:.0f}",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.big_list",
        description="The Admin panel's list on a large cloud.",
    )
    parser.add_argument("--images", type=int, default=100_000, help="100000 by default")
    parser.add_argument("--projects", type=int, default=500, help="per domain; 500 by default")
    parser.add_argument(
        "--shares", type=int, nargs="+", default=[1, 9, 90], help="of the images, in percent"
    )
    parser.add_argument(
        "--folder", type=Path, help="where the cloud is for the time; the system's temporary folder"
    )
    return parser


if __name__ == "__main__":
    main()
