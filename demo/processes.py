# SPDX-License-Identifier: Apache-2.0
"""Processes known by number and start time, so that a number used again is not mistaken."""

import contextlib
import os
import signal
import subprocess
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


def _stat_fields(pid: int) -> list[str]:
    # The second field, the command in parentheses, may itself hold blanks and parentheses.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def start_time(pid: int) -> str | None:
    """When a process started, None when there is none or only its remains."""
    if Path("/proc/self/stat").exists():
        try:
            fields = _stat_fields(pid)
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] in "ZX" else fields[19]
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return None if len(shown) < 2 or shown[0].startswith("Z") else shown[1].strip()


def children(pid: int) -> list[int]:
    """The numbers of a process's direct children."""
    shown = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = (line.split() for line in shown.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]
