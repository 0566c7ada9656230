# SPDX-License-Identifier: Apache-2.0
"""What a failure may not leave behind: half images, stray files, open sockets, threads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.cloud import Cloud
from demo.glance import STORES
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.processes import Process
from tests.integration.waiting import wait_until

#: More threads than this are not made by the few requests at once of one test.
FEW_THREADS = 4
REMOVED_WITHIN_S = 15
#: Python collects Horizon's own clients, with their connections, once in a while.
COLLECTED_WITHIN_S = 60


class Aftermath:
    """Compares Glance's stores with what was sent.

    `sent` is the SHA-512 of what was sent, by the ID of the image. An image that
    is not in there may not be active.
    """

    def __init__(self, cloud: Cloud, images: Images):
        self.cloud = cloud
        self.images = images
        self.sent: dict[str, str] = {}
        self._before = self._stored()

    def forgive(self, image_id: str) -> None:
        """Removes the part of an image that Glance leaves in its store when it is killed."""
        for path in self._files(image_id):
            path.unlink()

    def check(self) -> None:
        """Waits until all is as it has to be: Glance removes what broke off when it notices."""
        wait_until(
            lambda: list(self._wrong()),
            lambda wrong: not wrong,
            "no trace of a failure",
            REMOVED_WITHIN_S,
        )

    def _wrong(self) -> Iterator[str]:
        for image_id in self.images.made:
            yield from self._wrong_image(image_id)
        known = {*self.images.made, *self._before}
        for path in self._stored().values():
            if path.name not in known:
                yield f"{path} belongs to no image"
        for folder in ("staging", "tasks"):
            yield from map(str, (self.cloud.glance.folder / folder).iterdir())
        yield from map(str, (self.cloud.horizon.folder / "uploads").iterdir())

    def _wrong_image(self, image_id: str) -> Iterator[str]:
        files = self._files(image_id)
        status = self.images.status(image_id) if self.images.exists(image_id) else "deleted"
        if status != "active":
            yield from (f"{path} of a {status} image" for path in files)
        elif image_id not in self.sent:
            yield f"{image_id} is active"
        elif not files or any(_sha512(path) != self.sent[image_id] for path in files):
            yield f"{image_id} is active, and is not what was sent"

    def _files(self, image_id: str) -> list[Path]:
        folders = (self.cloud.glance.folder / store for store in STORES)
        return [path for folder in folders if (path := folder / image_id).exists()]

    def _stored(self) -> dict[str, Path]:
        folders = (self.cloud.glance.folder / store for store in STORES)
        return {path.name: path for folder in folders for path in folder.iterdir()}


@contextmanager
def nothing_left_open(cloud: Cloud, dashboard: Dashboard) -> Iterator[None]:
    """Horizon has no more threads afterwards, and nothing open that was opened within.

    Not for a test that restarts Horizon.
    """
    (worker,) = cloud.horizon.worker_pids
    process = Process(worker)
    threads, before = process.threads(), _things(process)
    yield
    opened = _things(process) - before

    def left() -> set[str]:
        # Python collects when it works, and what it works on is requests.
        dashboard.get(PROJECT.index)
        # Our own connection is not to be kept for the next look.
        dashboard.session.close()
        return _things(process) & opened

    wait_until(left, lambda found: not found, "Horizon to close everything", COLLECTED_WITHIN_S)
    limit = max(threads, FEW_THREADS) + FEW_THREADS
    wait_until(process.threads, lambda now: now <= limit, f"Horizon to have {limit} threads")


def _things(process: Process) -> set[str]:
    """Sockets by their number in the kernel, files by their path."""
    return set(process.opened().values())


def _sha512(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha512").hexdigest()
