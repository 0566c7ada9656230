# SPDX-License-Identifier: Apache-2.0
"""Processes known by number and start time, so that a number used again is not mistaken."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Identity:
    """One process: its number, and when it started in the system's own words."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        return start_time(self.pid) == self.started

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and all its children, if it still is that process.

        It must lead a process group of its own.
        """
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)


def start_time(pid: int) -> str | None:
    """When a process started, None when there is none or only its remains."""
    fields = _stat_fields(pid)
    return None if not fields or fields[0] in "ZX" else fields[19]


def children(pid: int) -> list[int]:
    """The numbers of a process's direct children."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [child for child in numbers if _stat_fields(child)[1:2] == [str(pid)]]


def _stat_fields(pid: int) -> list[str]:
    """What Linux tells of a process, from its state on; empty if there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    # The command before it, in parentheses, may itself hold blanks and parentheses.
    return text.rpartition(")")[2].split()
