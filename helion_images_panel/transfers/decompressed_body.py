# SPDX-License-Identifier: Apache-2.0
"""The body of an upload that is decompressed on the way from its source to Glance.

A thread of its own decompresses the next pieces while the last one is sent: Python's
decompressors release its global lock while they work. A browser's data is read by the
thread of the request, as some web servers require.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Protocol, TypeAlias

from helion_images_panel.transfers.body import Observer, UploadStopped
from helion_images_panel.transfers.decompression import (
    EMPTY,
    NO_IMAGE,
    TOO_LARGE,
    Decompressor,
    NotDecompressed,
)
from helion_images_panel.transfers.first_bytes import detect

#: Pieces, and chunks of the compressed file, that may wait: together they bound the memory.
PIECES_AHEAD = 4
CHUNKS_AHEAD = 2

#: What the thread hands over: a piece, an error, that it has begun another chunk, or the end.
_Output: TypeAlias = "bytes | Exception | None"
_WANTS_MORE = b""


class Packed(Protocol):
    """The chunks of a compressed file; `error` is what was raised while reading."""

    @property
    def error(self) -> UploadStopped | None: ...
    @property
    def read_bytes(self) -> int: ...
    def __iter__(self) -> Iterator[bytes]: ...


class DecompressedBody:
    """The content of a compressed file, as pieces of a stream whose length is not known before.

    Used as a context manager that ends its thread. The last piece is held back until all
    observers have agreed; without the mark of the end that follows it, Glance stores nothing.

    :param packed: the compressed file, with the observers of its own bytes
    :param max_bytes: the content may not be larger
    :param is_archive_allowed: whether the content may be a tar archive
    """

    def __init__(
        self,
        packed: Packed,
        max_bytes: int,
        observers: Sequence[Observer] = (),
        is_archive_allowed: bool = False,
    ):
        self.packed = packed
        self.kind = ""
        self.read_bytes = 0
        self._error: UploadStopped | None = None
        self._max_bytes = max_bytes
        self._observers = observers
        self._is_archive_allowed = is_archive_allowed
        self._chunks = iter(packed)
        self._inputs: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._outputs: queue.Queue[_Output] = queue.Queue(PIECES_AHEAD)
        self._is_ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._begun: list[bytes | None] = []

    @property
    def error(self) -> UploadStopped | None:
        """What was raised while reading, which the HTTP library may report as its own."""
        return self._error or self.packed.error

    def begin(self) -> None:
        """Read the first two pieces: content may be refused before any request to Glance, and
        that of one piece is judged as a whole.
        """
        head = next(self._chunks)
        try:
            decompressor = Decompressor(head)
        except UploadStopped as error:
            self._error = error
            raise
        self.kind = decompressor.kind
        self._inputs.put(head)
        for _ in range(CHUNKS_AHEAD - 1):
            self._read_more()
        self._thread = threading.Thread(
            target=self._decompress, args=(decompressor,), name="image-data", daemon=True
        )
        self._thread.start()
        self._begun = [self._next(), self._next()]

    def __enter__(self) -> DecompressedBody:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_ended.set()
        self._inputs.put(None)
        while self._thread and self._thread.is_alive():
            # It may wait for room.
            with contextlib.suppress(queue.Empty):
                self._outputs.get(timeout=0.05)

    def __iter__(self) -> Iterator[bytes]:
        piece, following = self._begun
        self._begun = []
        while piece:
            yield piece
            # The next is read first: after the last one, the observers may refuse all of it.
            piece, following = following, self._next() if following else None

    def _next(self) -> bytes | None:
        """Return the next piece, after the observers have seen it; None at the end."""
        try:
            piece = self._output()
            if piece is None:
                self._finish()
            else:
                self._see(piece)
        except UploadStopped as error:
            self._error = error
            raise
        return piece

    def _output(self) -> bytes | None:
        while (output := self._outputs.get()) == _WANTS_MORE:
            self._read_more()
        if isinstance(output, Exception):
            raise output
        return output

    def _read_more(self) -> None:
        self._inputs.put(next(self._chunks, None))

    def _see(self, piece: bytes) -> None:
        if not self.read_bytes:
            self._check_content(piece)
        self.read_bytes += len(piece)
        if self.read_bytes > self._max_bytes:
            raise NotDecompressed(TOO_LARGE, self.kind)
        for observer in self._observers:
            observer.update(piece)

    def _check_content(self, head: bytes) -> None:
        found = detect(head)
        is_tar = found.packed == "tar"
        if found.packed and not (is_tar and self._is_archive_allowed):
            raise NotDecompressed(NO_IMAGE, self.kind, found.packed)

    def _finish(self) -> None:
        if not self.read_bytes:
            raise NotDecompressed(EMPTY, self.kind)
        for observer in self._observers:
            observer.finish()

    def _decompress(self, decompressor: Decompressor) -> None:
        try:
            while (chunk := self._inputs.get()) is not None:
                self._outputs.put(_WANTS_MORE)
                for piece in decompressor.pieces(chunk):
                    self._outputs.put(piece)
                    if self._is_ended.is_set():
                        return
            decompressor.finish()
            self._outputs.put(None)
        except Exception as error:
            self._outputs.put(error)
