# SPDX-License-Identifier: Apache-2.0
"""An upload passes through the dashboard: neither its memory nor its disk hold it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT

MIB = 1024 * 1024
SIZE_MIB = 1024
MEMORY_LIMIT_MIB = 32
DISK_LIMIT_MIB = 8
SAMPLE_EVERY_S = 0.02


class Zeros:
    """A body of SIZE_MIB, none of which exists before it is sent."""

    chunk = b"\0" * MIB

    def __len__(self) -> int:
        return SIZE_MIB * MIB

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(SIZE_MIB):
            yield self.chunk


class Process:
    """A process, by what Linux tells of it."""

    def __init__(self, pid: int):
        self.folder = Path(f"/proc/{pid}")

    def number(self, file: str, name: str) -> int:
        for line in (self.folder / file).read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
        raise AssertionError(f"no {name} in {self.folder / file}")

    def memory_mib(self, name: str) -> float:
        return self.number("status", name) / 1024

    def written_mib(self) -> float:
        return self.number("io", "write_bytes") / MIB

    def forget_peak(self) -> None:
        (self.folder / "clear_refs").write_text("5")

    def files(self) -> set[str]:
        """Open files on a disk, deleted ones too, without logs and devices."""
        found = set()
        for link in (self.folder / "fd").iterdir():
            try:
                target = os.readlink(link)
            except FileNotFoundError:
                continue
            if target.startswith("/") and not target.startswith(("/dev/", "/proc/")):
                found.add(target)
        return found


class Watch(threading.Thread):
    """Looks at a process and at folders all the time, until `stop`."""

    def __init__(self, process: Process, folders: list[Path]):
        super().__init__()
        self.process = process
        self.folders = folders
        self.peak_mib = 0.0
        self.opened: set[str] = set()
        self.made: set[Path] = set()
        self.samples = 0
        self._over = threading.Event()

    def run(self) -> None:
        known = {path for folder in self.folders for path in folder.iterdir()}
        known_files = self.process.files()
        while not self._over.wait(SAMPLE_EVERY_S):
            self.samples += 1
            self.peak_mib = max(self.peak_mib, self.process.memory_mib("VmRSS"))
            self.opened |= self.process.files() - known_files
            for folder in self.folders:
                self.made |= set(folder.iterdir()) - known

    def stop(self) -> None:
        self._over.set()
        self.join()


def test_one_gib(
    cloud: Cloud,
    person: Callable[[str], Dashboard],
    images: Images,
    record_property: Callable[[str, object], None],
) -> None:
    small = images.make("warm", data=None)
    assert person("alice").put(PROJECT.upload(small), bytes(4 * MIB)).status_code == 200

    image_id = images.make("gib", data=None)
    (worker,) = cloud.horizon.worker_pids
    process = Process(worker)
    process.forget_peak()
    memory_mib, written_mib = process.memory_mib("VmRSS"), process.written_mib()
    watch = Watch(process, [cloud.horizon.folder / "uploads"])
    watch.start()
    began = time.monotonic()
    try:
        answer = person("alice").put(PROJECT.upload(image_id), Zeros())
    finally:
        took_s = time.monotonic() - began
        watch.stop()
    peak_mib = max(watch.peak_mib, process.memory_mib("VmHWM"))
    numbers = {
        "took_s": round(took_s, 1),
        "before_mib": round(memory_mib, 1),
        "peak_mib": round(peak_mib, 1),
        "grown_mib": round(peak_mib - memory_mib, 1),
        "written_mib": round(process.written_mib() - written_mib, 2),
        "samples": watch.samples,
    }
    for name, value in numbers.items():
        record_property(name, value)
    print(f"\nUpload of {SIZE_MIB} MiB through the dashboard: {numbers}")

    assert answer.status_code == 200, answer.text
    image = images.show(image_id)
    assert (image["status"], image["size"]) == ("active", SIZE_MIB * MIB)
    assert numbers["samples"] > 10
    assert numbers["grown_mib"] < MEMORY_LIMIT_MIB
    assert numbers["written_mib"] < DISK_LIMIT_MIB
    assert not watch.made
    session_files = str(cloud.horizon.folder / "sessions")
    assert not {path for path in watch.opened if not path.startswith(session_files)}
