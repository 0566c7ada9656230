# SPDX-License-Identifier: Apache-2.0
"""The body of an upload, read from the browser as Glance accepts it.

No data is stored: each chunk is read, inspected, sent and discarded. The next read
waits until Glance has accepted the last chunk, so the bytes that the browser has sent
are those that Glance has received.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

#: Bytes per read: gunicorn is fastest with this size, and other servers work as well.
CHUNK_BYTES = 1024 * 1024

#: Bytes of freed chunks that the process keeps.
KEPT_BYTES = 8 * CHUNK_BYTES

# glibc returns the memory of each freed chunk to the kernel, which clears its pages before the
# next one: that takes as long as the checksum. It keeps twice the size of the largest block that
# was freed; this one is never written to, and so takes no memory.
bytes(KEPT_BYTES)


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Observer(Protocol):
    """Receives all chunks, each before it is sent to Glance; may raise `UploadStopped`."""

    def update(self, chunk: bytes, /) -> None: ...

    def finish(self) -> None:
        """Called after the last chunk was read and before it is sent to Glance."""


class Listener(Protocol):
    def report(self, taken_bytes: int, at_last: bool, /) -> None: ...


class UploadStopped(Exception):
    """The data must not be stored, or is not complete."""


class UploadInterrupted(UploadStopped):
    """The browser stopped sending before the data was complete."""


class UploadBody:
    """Chunks of a stream of known length; never fewer bytes than announced.

    The last chunk is held back until every observer has agreed: Glance, which knows the
    length, stores nothing of a body that ends early, and sets the image back to
    "queued".

    `error` is the exception raised while reading. It is stored because the HTTP library
    may report it as an error of the connection to Glance.
    """

    def __init__(
        self,
        stream: Stream,
        size_bytes: int,
        observers: Sequence[Observer] = (),
        listener: Listener | None = None,
    ):
        self.stream = stream
        self.size_bytes = size_bytes
        self.observers = observers
        self.listener = listener
        self.read_bytes = 0
        self.error: UploadStopped | None = None
        self._first: bytes | None = None

    def __len__(self) -> int:
        return self.size_bytes

    def begin(self) -> None:
        """Read the first chunk, which may be refused before any request to Glance."""
        if self.size_bytes:
            self._first = self._next()

    def __iter__(self) -> Iterator[bytes]:
        chunk, self._first = self._first, None
        while chunk or self.read_bytes < self.size_bytes:
            yield chunk or self._next()
            chunk = None
            # The iterator continues when the connection has accepted this chunk.
            if self.listener is not None:
                self.listener.report(self.read_bytes, self.read_bytes == self.size_bytes)

    def _next(self) -> bytes:
        try:
            chunk = self._read(min(CHUNK_BYTES, self.size_bytes - self.read_bytes))
            self.read_bytes += len(chunk)
            for observer in self.observers:
                observer.update(chunk)
            if self.read_bytes == self.size_bytes:
                for observer in self.observers:
                    observer.finish()
        except UploadStopped as error:
            self.error = error
            raise
        return chunk

    def _read(self, size: int) -> bytes:
        """Read exactly `size` bytes."""
        chunk = b""
        while len(chunk) < size:
            try:
                more = self.stream.read(size - len(chunk))
            except OSError as error:
                raise UploadInterrupted("The browser's connection broke.") from error
            if not more:
                sent = self.read_bytes + len(chunk)
                raise UploadInterrupted(f"The browser sent {sent} of {self.size_bytes} bytes.")
            chunk = chunk + more if chunk else more
        return chunk
