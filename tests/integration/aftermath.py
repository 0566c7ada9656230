# SPDX-License-Identifier: Apache-2.0
"""What a failure may not leave behind: half images, stray files, open sockets, threads."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from demo.cloud import Cloud
from demo.glance import STORES
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT
from tests.integration.processes import Process
from tests.integration.waiting import wait_until

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
    process = _horizon(cloud)
    before = _things(process)
    with no_thread_left(cloud):
        yield
    opened = _things(process) - before

    def left() -> set[str]:
        # Python collects when it works, and what it works on is requests.
        dashboard.get(PROJECT.index)
        # Our own connection is not to be kept for the next look.
        dashboard.session.close()
        return _things(process) & opened

    wait_until(left, lambda found: not found, "Horizon to close everything", COLLECTED_WITHIN_S)


@contextmanager
def no_thread_left(cloud: Cloud) -> Iterator[None]:
    """Horizon has as many threads afterwards as before, and not one more.

    Not for a test that restarts Horizon.
    """
    process = _horizon(cloud)
    _start_all_threads(cloud, process)
    before = process.threads()
    yield
    wait_until(process.threads, lambda now: now <= before, f"Horizon to have {before} threads")


def _horizon(cloud: Cloud) -> Process:
    (worker,) = cloud.horizon.worker_pids
    return Process(worker)


def _start_all_threads(cloud: Cloud, process: Process) -> None:
    """Has the web server make all threads that it may: it makes no more from then on.

    It makes one where all that it has are at work, such as at half a request.
    """
    address = urlsplit(cloud.horizon.url)
    with ExitStack() as connections:
        for _ in range(cloud.horizon.threads):
            connection = socket.create_connection((address.hostname or "", address.port or 80), 60)
            connections.enter_context(connection).sendall(b"GET / HTTP/1.1\r\n")
        wait_until(
            process.threads, lambda now: now > cloud.horizon.threads, "Horizon to have all threads"
        )


def _things(process: Process) -> set[str]:
    """Sockets by their number in the kernel, files by their path."""
    return set(process.opened().values())


def _sha512(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha512").hexdigest()
