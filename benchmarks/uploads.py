# SPDX-License-Identifier: Apache-2.0
"""One file into Glance by every way, in turns: ``python -m benchmarks.uploads``."""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
from pathlib import Path

from benchmarks import cloud as clouds
from benchmarks import relay
from benchmarks.clients import (
    CHUNK_BYTES,
    Direct,
    OpenStackClient,
    Panel,
    Relayed,
    StockPanel,
    Way,
)
from benchmarks.rounds import WARM_UP_MIB, SourceFile, play, read_once, reporter, warm_up
from benchmarks.table import machine, table
from tests.integration.images import Images
from tests.integration.processes import MIB

#: What is compared with the direct PUT.
OTHER_WAYS = ["relay", "panel", "openstack", "stock"]


def main() -> None:
    options = _parser().parse_args()
    report = reporter()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as name:
        folder = Path(name)
        file = make_file(folder / "image.raw", options.size * MIB)
        small = make_file(folder / "small.raw", WARM_UP_MIB * MIB)
        with (
            clouds.running(folder / "cloud") as (cloud, stock),
            relay.running(cloud.glance.port) as relay_port,
        ):
            known: dict[str, Way] = {
                "direct": Direct(cloud),
                "relay": Relayed(cloud, relay_port),
                "panel": Panel(cloud),
                "openstack": OpenStackClient(cloud),
                "stock": StockPanel(cloud, stock),
            }
            ways = [known[way] for way in dict.fromkeys(["direct", *options.ways])]
            images = Images(cloud)
            warm_up(ways, images, small, report)
            tables = []
            for at_once in options.at_once:
                read_once(file.path)
                rounds = play(ways, images, file, at_once, options.rounds, report)
                tables.append(table(rounds, Direct.title))
    print(f"\n{options.size} MiB raw, {options.rounds} rounds, median (range). {machine()}")
    for text in tables:
        print(f"\n{text}")


def make_file(path: Path, size_bytes: int) -> SourceFile:
    """A file that neither compresses nor has holes."""
    digest = hashlib.sha512()
    with path.open("wb") as opened:
        for start in range(0, size_bytes, CHUNK_BYTES):
            chunk = os.urandom(min(CHUNK_BYTES, size_bytes - start))
            digest.update(chunk)
            opened.write(chunk)
        os.fsync(opened.fileno())
    return SourceFile(path, size_bytes, digest.hexdigest())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.uploads", description="One file into Glance by every way."
    )
    parser.add_argument("--size", type=int, default=1024, help="MiB of the file; 1024 by default")
    parser.add_argument("--rounds", type=int, default=3, help="3 by default")
    parser.add_argument(
        "--at-once",
        type=int,
        nargs="+",
        default=[1, 4],
        metavar="N",
        help="files at the same time; 1 and then 4 by default",
    )
    parser.add_argument(
        "--ways",
        nargs="+",
        default=OTHER_WAYS,
        choices=OTHER_WAYS,
        help="what is compared with the direct PUT; all by default",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the file and the cloud are for the time; the system's temporary folder "
        "by default. Needs eleven times the size for four at once",
    )
    return parser


if __name__ == "__main__":
    main()
