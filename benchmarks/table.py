# SPDX-License-Identifier: Apache-2.0
"""What came of the rounds, as a table of Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import distributions
from pathlib import Path
from statistics import median

from benchmarks.rounds import Turn
from tests.integration.processes import MIB

HEADINGS = (
    "way",
    "at once",
    "wall time, s",
    "to the direct PUT",
    "Horizon's memory growth, MiB",
    "temporary disk, MiB",
    "Horizon wrote, MiB",
)
SHOWN_VERSIONS = ("horizon", "glance", "keystone", "gunicorn", "python-openstackclient")


def table(rounds: Sequence[Sequence[Turn]], base: str) -> str:
    """A row for each way: medians with the range; memory and disk as the most of all rounds.

    Ratios are taken within each round, to the way called `base`.
    """
    ways = sorted({turn.way for turns in rounds for turn in turns}, key=lambda way: way != base)
    rows = []
    for way in ways:
        turns = [_of(turns, way) for turns in rounds]
        ratios = [_of(turns, way).took_s / _of(turns, base).took_s for turns in rounds]
        rows.append(
            (
                way,
                str(turns[0].at_once),
                spread([turn.took_s for turn in turns], 1),
                spread(ratios, 3),
                _most(turn.grown_mib for turn in turns),
                _most(turn.disk_mib for turn in turns),
                _most(turn.written_mib for turn in turns),
            )
        )
    return markdown(HEADINGS, rows)


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """What the numbers depend on."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / MIB / 1024
    installed = {each.name: each.version for each in distributions()}
    versions = ", ".join(
        f"{name} {installed[name]}" for name in SHOWN_VERSIONS if name in installed
    )
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory_gib:.0f} GiB of memory, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; {versions}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _of(turns: Sequence[Turn], way: str) -> Turn:
    return next(turn for turn in turns if turn.way == way)


def spread(values: Sequence[float], digits: int) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def ratio(values: Sequence[float], base: Sequence[float]) -> str:
    """The median of the ratios within each round, with their range."""
    return spread([a / b for a, b in zip(values, base, strict=True)], 2)


def _most(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{max(known):.1f}" if known else "-"
