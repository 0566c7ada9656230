# SPDX-License-Identifier: Apache-2.0
"""Checksums of data in transit, computed in a thread of their own.

hashlib releases Python's global lock while it works: the thread hashes one chunk while
the next is read and the last is sent.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.transfers.body import UploadStopped

#: Chunks that may wait for the thread, which bounds the memory.
CHUNKS_AHEAD = 2


class ChecksumRefused(UploadStopped):
    """The data does not have the expected checksum."""

    def __init__(self, expected: Checksum, actual: Checksum):
        super().__init__(f"Expected {expected}, got {actual}")
        self.expected = expected
        self.actual = actual


class AlgorithmUnavailable(UploadStopped):
    """This Python cannot compute the expected checksum."""

    def __init__(self, algorithm: str):
        super().__init__(f"No {algorithm} in this Python")
        self.algorithm = algorithm


def is_available(algorithm: str) -> bool:
    """Whether this Python can compute checksums by the algorithm.

    A system in FIPS mode may list MD5 and refuse it, even for the integrity of data.
    """
    return _new(algorithm) is not None


def _new(algorithm: str) -> Any:
    try:
        digest = hashlib.new(algorithm, usedforsecurity=False)
    except ValueError:
        return None
    # SHAKE has no length of its own.
    return digest if digest.digest_size else None


class Digests:
    """The checksums of all chunks passed to `update`; used as a context manager that ends its
    thread.

    `finish` raises `ChecksumRefused` if the data does not have the expected checksum.

    Raise `AlgorithmUnavailable` at first, if this Python lacks the expected algorithm.

    :param algorithms: names of hashlib; algorithms that this Python lacks are left out
    """

    def __init__(self, algorithms: Iterable[str], expected: Checksum | None = None):
        names = {*algorithms, *([expected.algorithm] if expected else [])}
        self.checksums: Mapping[str, Checksum] = {}
        self._expected = expected
        hashes = {name: _new(name) for name in names}
        self._hashes = {name: digest for name, digest in hashes.items() if digest is not None}
        if expected and expected.algorithm not in self._hashes:
            raise AlgorithmUnavailable(expected.algorithm)
        self._chunks: queue.Queue[bytes | None] = queue.Queue(CHUNKS_AHEAD)
        self._thread = threading.Thread(target=self._compute, name="image-digests", daemon=True)
        self._error: Exception | None = None

    def __enter__(self) -> Digests:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def update(self, chunk: bytes) -> None:
        """Queue a chunk; blocks while `CHUNKS_AHEAD` chunks are waiting."""
        self._chunks.put(chunk)

    def finish(self) -> None:
        """Wait for the thread and fill `checksums`."""
        self._end()
        if self._error is not None:
            raise self._error
        self.checksums = {
            name: Checksum(name, digest.hexdigest()) for name, digest in self._hashes.items()
        }
        if self._expected is not None:
            actual = self.checksums[self._expected.algorithm]
            if actual != self._expected:
                raise ChecksumRefused(self._expected, actual)

    def _end(self) -> None:
        if self._thread.is_alive():
            self._chunks.put(None)
            self._thread.join()

    def _compute(self) -> None:
        """Consume chunks to the end even after an error, so that `update` never blocks forever."""
        while (chunk := self._chunks.get()) is not None:
            if self._error is None:
                try:
                    for digest in self._hashes.values():
                        digest.update(chunk)
                except Exception as error:
                    self._error = error
