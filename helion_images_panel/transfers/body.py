# SPDX-License-Identifier: Apache-2.0
"""The body of an upload, read from the browser as Glance takes it.

Nothing is kept: one chunk is read, looked at, handed on, forgotten. The next
read waits until Glance has taken the last, so that what the browser has sent
is what Glance has got.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

#: gunicorn is fastest with reads of this size, and others do not mind.
CHUNK_BYTES = 1024 * 1024


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Witness(Protocol):
    """Sees all chunks, each before Glance gets it, and may raise `UploadStopped`."""

    def see(self, chunk: bytes, /) -> None: ...

    def conclude(self) -> None:
        """All chunks have been seen, and Glance does not have the last one yet."""


class Listener(Protocol):
    def tell(self, taken_bytes: int, at_last: bool, /) -> None: ...


class UploadStopped(Exception):
    """The data must not be stored, or is not whole."""


class UploadInterrupted(UploadStopped):
    """The browser stopped sending before the image was whole."""


class UploadBody:
    """Chunks of a stream of known length; never fewer bytes than promised.

    The last chunk is held back until every witness has agreed: Glance, which
    knows the length, stores nothing of a body that ends before it, and the
    image is "queued" again.

    `error` is what went wrong in reading. It is kept here because the HTTP
    library may report it as an error of the connection to Glance.
    """

    def __init__(
        self,
        stream: Stream,
        size_bytes: int,
        witnesses: Sequence[Witness] = (),
        listener: Listener | None = None,
    ):
        self.stream = stream
        self.size_bytes = size_bytes
        self.witnesses = witnesses
        self.listener = listener
        self.read_bytes = 0
        self.error: UploadStopped | None = None
        self._first: bytes | None = None

    def __len__(self) -> int:
        return self.size_bytes

    def begin(self) -> None:
        """Reads the first chunk, which is refused without Glance having heard of it."""
        if self.size_bytes:
            self._first = self._next()

    def __iter__(self) -> Iterator[bytes]:
        chunk, self._first = self._first, None
        while chunk or self.read_bytes < self.size_bytes:
            yield chunk or self._next()
            chunk = None
            # The next one is asked for when the connection has taken this one.
            if self.listener is not None:
                self.listener.tell(self.read_bytes, self.read_bytes == self.size_bytes)

    def _next(self) -> bytes:
        try:
            chunk = self._read(min(CHUNK_BYTES, self.size_bytes - self.read_bytes))
            self.read_bytes += len(chunk)
            for witness in self.witnesses:
                witness.see(chunk)
            if self.read_bytes == self.size_bytes:
                for witness in self.witnesses:
                    witness.conclude()
        except UploadStopped as error:
            self.error = error
            raise
        return chunk

    def _read(self, size: int) -> bytes:
        """As many bytes, and no less."""
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
