# SPDX-License-Identifier: Apache-2.0
"""A process, by what Linux tells of it: its memory, its threads, its files and sockets."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path

MIB = 1024 * 1024
SAMPLE_EVERY_S = 0.02
BLOCK_BYTES = 512


class Process:
    """One process of this machine and of the same user."""

    def __init__(self, pid: int):
        self.folder = Path(f"/proc/{pid}")

    def number(self, file: str, name: str) -> int:
        for line in (self.folder / file).read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
        raise AssertionError(f"no {name} in {self.folder / file}")

    def memory_mib(self, name: str) -> float:
        """:param name: VmRSS is what it has, VmHWM the most that it had since `forget_peak`"""
        return self.number("status", name) / 1024

    def forget_peak(self) -> None:
        (self.folder / "clear_refs").write_text("5")

    def written_mib(self) -> float:
        """What it has had written to disks since it started."""
        return self.number("io", "write_bytes") / MIB

    def cpu_s(self) -> float:
        """Time on a core since it started, its own and the kernel's for it."""
        fields = (self.folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def threads(self) -> int:
        return sum(1 for _ in (self.folder / "task").iterdir())

    def opened(self) -> dict[str, str]:
        """Number to target of all that is open, such as "socket:[123]" or a path."""
        found = {}
        for link in (self.folder / "fd").iterdir():
            try:
                found[link.name] = os.readlink(link)
            except FileNotFoundError:
                continue
        return found

    def sockets(self) -> int:
        return sum(1 for target in self.opened().values() if target.startswith("socket:"))

    def files(self) -> dict[str, int]:
        """Open files on a disk, deleted ones too, to the bytes that they take there."""
        found = {}
        for number, target in self.opened().items():
            if target.startswith("/") and not target.startswith(("/dev/", "/proc/")):
                try:
                    found[target] = _taken_bytes(self.folder / "fd" / number)
                except FileNotFoundError:
                    continue
        return found


class Watch(threading.Thread):
    """Looks at a process and at folders all the time, until `stop`.

    :param folders: where a web server puts what it has received
    """

    def __init__(self, process: Process, folders: Iterable[Path]):
        super().__init__()
        self.process = process
        self.folders = list(folders)
        self.peak_mib = 0.0
        #: Files that were opened, and those that were made in the folders.
        self.opened: set[str] = set()
        self.made: set[Path] = set()
        #: The most that both took at one time.
        self.peak_disk_bytes = 0
        self.samples = 0
        self._over = threading.Event()

    def run(self) -> None:
        known = {path for folder in self.folders for path in folder.iterdir()}
        known_files = set(self.process.files())
        while not self._over.wait(SAMPLE_EVERY_S):
            self.samples += 1
            self.peak_mib = max(self.peak_mib, self.process.memory_mib("VmRSS"))
            opened = {
                path: size for path, size in self.process.files().items() if path not in known_files
            }
            made = {path for folder in self.folders for path in folder.iterdir()} - known
            taken = dict(opened)
            for path in made:
                try:
                    taken[str(path)] = _taken_bytes(path)
                except FileNotFoundError:
                    continue
            self.opened |= set(opened)
            self.made |= made
            self.peak_disk_bytes = max(self.peak_disk_bytes, sum(taken.values()))

    def stop(self) -> None:
        self._over.set()
        self.join()


def _taken_bytes(path: Path) -> int:
    return path.stat().st_blocks * BLOCK_BYTES
