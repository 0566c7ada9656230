# SPDX-License-Identifier: Apache-2.0
"""An upload passes through the dashboard: neither its memory nor its disk hold it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.processes import MIB, Process, Watch
from tests.thorough import only_thorough

pytestmark = only_thorough

SIZE_MIB = 1024
MEMORY_LIMIT_MIB = 32
DISK_LIMIT_MIB = 8


class Zeros:
    """A body of SIZE_MIB, none of which exists before it is sent."""

    chunk = b"\0" * MIB

    def __len__(self) -> int:
        return SIZE_MIB * MIB

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(SIZE_MIB):
            yield self.chunk


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
