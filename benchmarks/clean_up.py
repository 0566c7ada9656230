# SPDX-License-Identifier: Apache-2.0
"""Previews of the page Clean Up on a large cloud: ``python -m benchmarks clean_up``.

The first answer has the first figures; the others come while the page looks on, as its script has
it do here: first at all images, then at those found, with all that decides. Nothing is deleted.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.big_list import SHARES, SMALL, SMALL_IMAGES, SMALL_PROJECTS, Bench
from benchmarks.table import machine, markdown
from demo.cloud import Cloud
from tests.integration.panels import ADMIN
from tests.integration.test_call_budget import Log

HEADINGS = (
    *("images of", "rule", "images", "found", "first answer, s", "looked at in it", "whole, s"),
    *("answers", "longest answer, s", "longest state, KiB", "calls to Glance"),
    "Horizon's memory growth, MiB",
)

#: Kinds of rules, with their number. Families are signed for each image: there are none here.
RULES = (("snapshots", "180"), ("duplicates", ""), ("queued", "7"))

#: One in so many images is a snapshot; one in so many has the data of the one before.
SNAPSHOTS, COPIES = 4, 10

_PROPERTY = """
INSERT INTO image_properties (image_id, name, value, created_at, deleted)
VALUES (?, ?, ?, '2024-01-01', 0)
"""


@dataclass
class Preview:
    """One preview from its first request until it is whole.

    :ivar longest_s: of the answer that took longest
    :ivar state_kib: what the page sends for the next step, at most
    """

    first_s: float = 0.0
    first_images: str = ""
    found: str = ""
    whole_s: float = 0.0
    answers: int = 0
    longest_s: float = 0.0
    state_kib: float = 0.0
    calls: int = 0
    grown_mib: float = 0.0


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
            bench.fill([small], [1], SMALL_IMAGES)
            bench.fill(domains, list(SHARES.values()), options.images)
            describe(cloud)
            report("the images are there")
            lines = []
            for name, domain in (
                ("all domains", "all"),
                (f"a domain with {domains[0].name}", domains[0].id),
            ):
                for kind, number in RULES:
                    found = previewed(bench, domain, kind, number)
                    lines.append(row(name, kind, options.images, found))
                    report(" | ".join(lines[-1]))
        finally:
            cloud.stop()
    print(f"\n{options.images} images, {options.projects} projects in each domain. {machine()}")
    print(f"\n{markdown(HEADINGS, lines)}")


def describe(cloud: Cloud) -> None:
    """Make some images snapshots, and some of them copies of others of their project."""
    with sqlite3.connect(cloud.glance.database) as connection:
        rows = connection.execute("SELECT id, size, owner FROM images ORDER BY id").fetchall()
        hashes, properties = [], []
        for number, (image_id, size, owner) in enumerate(rows):
            if number % COPIES == 0 and number:
                before_id, size, owner = rows[number - 1]
                digits = hashlib.sha512(before_id.encode()).hexdigest()
            else:
                digits = hashlib.sha512(image_id.encode()).hexdigest()
            hashes.append((digits, size, owner, image_id))
            if number % SNAPSHOTS == 0:
                properties.append((image_id, "image_type", "snapshot"))
        connection.executemany(
            "UPDATE images SET os_hash_algo = 'sha512', os_hash_value = ?, size = ?, owner = ? "
            "WHERE id = ? AND status <> 'queued'",
            hashes,
        )
        connection.executemany(_PROPERTY, properties)
    connection.close()


def previewed(bench: Bench, domain: str, kind: str, number: str) -> Preview:
    found, person = Preview(), bench.person
    form = person.get(ADMIN.rules, domain=domain).form("kind")
    fields = {"kind": kind, **({f"number_{kind}": number} if number else {})}
    log = Log(bench.cloud.glance)
    bench.horizon.forget_peak()
    before_mib = bench.horizon.memory_mib("VmRSS")
    began = asked = time.perf_counter()
    page = person.submit(form, **fields)
    while True:
        took_s = time.perf_counter() - asked
        assert (page.status, page.errors) == (200, []), page.errors
        found.answers += 1
        found.longest_s = max(found.longest_s, took_s)
        if found.answers == 1:
            found.first_s, found.first_images = took_s, number_in(page.text, "looked at so far")
        states = page.tree.all("input", name="state")
        if states:
            found.state_kib = max(found.state_kib, len(states[0]["value"]) / 1024)
        if "data-hip-steps-percent" not in page.html:
            break
        asked = time.perf_counter()
        page = person.submit(page.form("state"))
    found.whole_s = time.perf_counter() - began
    found.found = number_in(page.text, "can be deleted")
    found.grown_mib = bench.horizon.memory_mib("VmHWM") - before_mib
    found.calls = len(log.requests())
    return found


def number_in(text: str, words: str) -> str:
    match = re.search(rf"([\d,]+) images? {words}", text)
    return match[1] if match else "0"


def row(name: str, kind: str, images: int, found: Preview) -> Sequence[str]:
    return (
        name,
        kind,
        f"{images:,}",
        found.found,
        f"{found.first_s:.2f}",
        found.first_images,
        f"{found.whole_s:.1f}",
        str(found.answers),
        f"{found.longest_s:.2f}",
        f"{found.state_kib:.0f}",
        str(found.calls),
        f"{found.grown_mib:.0f}",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks clean_up",
        description="Previews of the page Clean Up on a large cloud.",
    )
    parser.add_argument("--images", type=int, default=100_000, help="100000 by default")
    parser.add_argument("--projects", type=int, default=500, help="per domain; 500 by default")
    parser.add_argument(
        "--folder", type=Path, help="where the cloud is for the time; the system's temporary folder"
    )
    return parser


if __name__ == "__main__":
    main()
