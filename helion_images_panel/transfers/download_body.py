# SPDX-License-Identifier: Apache-2.0
"""A publisher's file on its way through this process to Glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helion_images_panel.api.publisher_files import PublisherFile
from helion_images_panel.api.publishers import NotRead
from helion_images_panel.transfers.body import CHUNK_BYTES, Observer, UploadStopped


class DownloadInterrupted(UploadStopped):
    """The file did not arrive as a whole; ``str()`` is the reason."""


class DownloadBody:
    """The chunks of the file, whose length the publisher's server need not send.

    `error` is the exception raised while reading, which the HTTP library may report as its own.
    """

    def __init__(self, file: PublisherFile, observers: Sequence[Observer] = ()):
        self.error: UploadStopped | None = None
        self.read_bytes = 0
        self._file = file
        self._observers = observers

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._chunks()
        except NotRead as error:
            self.error = DownloadInterrupted(str(error))
            raise self.error from error
        except UploadStopped as error:
            self.error = error
            raise

    def _chunks(self) -> Iterator[bytes]:
        for chunk in self._file.chunks(CHUNK_BYTES):
            self.read_bytes += len(chunk)
            for observer in self._observers:
                observer.update(chunk)
            yield chunk
        if not self.read_bytes:
            raise DownloadInterrupted("The publisher's file is empty.")
        for observer in self._observers:
            observer.finish()
