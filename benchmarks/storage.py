# SPDX-License-Identifier: Apache-2.0
"""The page Storage on a large cloud, beside the command line: ``python -m benchmarks storage``.

The command line lists all images, which a person would add up. The page has its first figures
in its first answer; the others come while the page counts on, as its script has it do here.
Before each count nothing is cached, as the page begins anew.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.big_list import SHARES, SMALL, SMALL_IMAGES, SMALL_PROJECTS, Bench
from benchmarks.table import machine, markdown
from demo.cloud import Cloud
from demo.service import script
from tests.integration.panels import ADMIN

COMMAND = "openstack image list --long"
HEADINGS = (
    *("images of", "images", "first figures, s", "to the command line", "images in them"),
    *("whole, s", "answers", "longest answer, s", "longest state, KiB"),
    "Horizon's memory growth, MiB",
)


@dataclass
class Count:
    """One count from its first request until all is counted.

    :ivar longest_s: of the answer that took longest
    :ivar state_kib: what the page sends for the next step, at most
    """

    first_s: float = 0.0
    first_images: str = ""
    images: str = ""
    whole_s: float = 0.0
    answers: int = 0
    longest_s: float = 0.0
    state_kib: float = 0.0
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
            report("the images are there")
            listed_s = listed(cloud, options.images)
            report(f"{COMMAND}: {listed_s:.1f} s")
            lines = []
            for name, domain in (
                ("all domains", "all"),
                ("a domain with few projects", small.id),
                (f"a domain with {domains[0].name}", domains[0].id),
            ):
                lines.append(row(name, counted(bench, domain), listed_s))
                report(" | ".join(lines[-1]))
        finally:
            cloud.stop()
    print(f"\n{options.images} images, {options.projects} projects in each domain. {machine()}")
    print(f"{COMMAND}: {listed_s:.1f} s\n\n{markdown(HEADINGS, lines)}")


def listed(cloud: Cloud, images: int) -> float:
    """How long the command line takes, with its login."""
    environment = {"PATH": "/usr/bin:/bin", **cloud.environment("admin")}
    command = [script("openstack"), "image", "list", "--long", "-f", "csv"]
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    took_s = time.perf_counter() - began
    assert done.stdout.count(b"\n") > images, done.stdout[-500:]
    return took_s


def counted(bench: Bench, domain: str) -> Count:
    found, person = Count(), bench.person
    bench.horizon.forget_peak()
    before_mib = bench.horizon.memory_mib("VmRSS")
    began = asked = time.perf_counter()
    page = person.get(ADMIN.storage, domain=domain)
    while True:
        took_s = time.perf_counter() - asked
        assert (page.status, page.errors) == (200, []), page.errors
        found.answers += 1
        found.longest_s = max(found.longest_s, took_s)
        states = page.tree.all("input", name="state")
        if found.answers == 1:
            found.first_s, found.first_images = took_s, images_in(page.text)
        if not states:
            break
        found.state_kib = max(found.state_kib, len(states[0]["value"]) / 1024)
        asked = time.perf_counter()
        page = person.submit(page.form("state"))
    found.whole_s = time.perf_counter() - began
    found.images = images_in(page.text)
    found.grown_mib = bench.horizon.memory_mib("VmHWM") - before_mib
    return found


def images_in(text: str) -> str:
    match = re.search(r"([\d,]+) images?", text)
    return match[1] if match else "0"


def row(name: str, found: Count, listed_s: float) -> Sequence[str]:
    return (
        name,
        found.images,
        f"{found.first_s:.2f}",
        f"{found.first_s / listed_s:.3f}",
        found.first_images,
        f"{found.whole_s:.1f}",
        str(found.answers),
        f"{found.longest_s:.2f}",
        f"{found.state_kib:.0f}",
        f"{found.grown_mib:.0f}",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks storage",
        description="The page Storage on a large cloud, beside the command line.",
    )
    parser.add_argument("--images", type=int, default=100_000, help="100000 by default")
    parser.add_argument("--projects", type=int, default=500, help="per domain; 500 by default")
    parser.add_argument(
        "--folder", type=Path, help="where the cloud is for the time; the system's temporary folder"
    )
    return parser


if __name__ == "__main__":
    main()
