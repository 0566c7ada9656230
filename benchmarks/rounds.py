# SPDX-License-Identifier: Apache-2.0
"""Rounds in which every way has its turn, and what was measured in each turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks.clients import CHUNK_BYTES, Way
from demo.horizon import Horizon
from tests.integration.images import Images
from tests.integration.processes import MIB, Process, Watch

WARM_UP_MIB = 16

Report: TypeAlias = Callable[[str], None]


@dataclass(frozen=True)
class Turn:
    """One way, `at_once` files: the last three are None where no Horizon is in the way.

    :param took_s: from the first request until the last image is active
    :param grown_mib: how far the peak of Horizon's memory was above what it had before
    :param disk_mib: the most that Horizon's temporary files took, deleted ones too
    :param written_mib: what Horizon had written to disks
    """

    way: str
    at_once: int
    took_s: float
    grown_mib: float | None = None
    disk_mib: float | None = None
    written_mib: float | None = None


@dataclass(frozen=True)
class SourceFile:
    """What is uploaded; `sha512` tells whether Glance has got it whole."""

    path: Path
    size_bytes: int
    sha512: str


def reporter() -> Report:
    """Prints lines with the time since now."""
    began = time.monotonic()

    def report(line: str) -> None:
        print(f"[{time.monotonic() - began:6.1f} s] {line}", flush=True)

    return report


def warm_up(ways: Sequence[Way], images: Images, small: SourceFile, report: Report) -> None:
    """Every way is used once before its time counts."""
    for way in ways:
        take_turn(way, images, small, 1)
    report("everything runs and has been used once")


def read_once(path: Path) -> None:
    """Has the whole file in the page cache."""
    with path.open("rb", buffering=0) as opened:
        while opened.read(CHUNK_BYTES):
            pass


def play(
    ways: Sequence[Way],
    images: Images,
    file: SourceFile,
    at_once: int,
    rounds: int,
    report: Report,
) -> list[list[Turn]]:
    """The turns of each round. Each begins with another way."""
    played = []
    for number in range(rounds):
        first = number % len(ways)
        turns = []
        for way in [*ways[first:], *ways[:first]]:
            turns.append(take_turn(way, images, file, at_once))
            report(f"{at_once} at once, round {number + 1}: {way.title} {turns[-1].took_s:.2f} s")
        played.append(turns)
    return played


def take_turn(way: Way, images: Images, file: SourceFile, at_once: int) -> Turn:
    """Uploads, checks what Glance has got, and removes it."""
    way.log_in()
    with _watched(way.horizon) as seen:
        began = time.monotonic()
        with ThreadPoolExecutor(max_workers=at_once) as pool:
            image_ids = list(pool.map(way.upload, [file.path] * at_once))
        took_s = time.monotonic() - began
    for image_id in image_ids:
        image = images.show(images.adopt(image_id))
        assert image["status"] == "active", image
        assert (image["size"], image["os_hash_value"]) == (file.size_bytes, file.sha512), image
    images.clean()
    return Turn(way.title, at_once, took_s, *seen)


@contextmanager
def _watched(horizon: Horizon | None) -> Iterator[list[float]]:
    """A list that holds memory growth, temporary disk and bytes written at the end, in MiB."""
    numbers: list[float] = []
    if horizon is None:
        yield numbers
        return
    (worker,) = horizon.worker_pids
    process = Process(worker)
    process.forget_peak()
    before_mib, written_mib = process.memory_mib("VmRSS"), process.written_mib()
    watch = Watch(process, [horizon.folder / "uploads"])
    watch.start()
    try:
        yield numbers
    finally:
        watch.stop()
    numbers += [
        process.memory_mib("VmHWM") - before_mib,
        watch.peak_disk_bytes / MIB,
        process.written_mib() - written_mib,
    ]
