# SPDX-License-Identifier: Apache-2.0
"""An official image whose file is compressed: this process reads it from the publisher, and
Glance gets its content.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from helion_images_panel import conf
from helion_images_panel.api import images, imports, publisher_files
from helion_images_panel.api.publishers import NotRead
from helion_images_panel.catalogue.entries import host_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import agrees, expected_of_source, is_converted
from helion_images_panel.exceptions import ImageNotFound, ImageServiceError, SessionEnded
from helion_images_panel.management.fetch import plan
from helion_images_panel.management.fetch.arrival import (
    BEGINS_WITHIN_S,
    FIRST_POLL_S,
    NotArrived,
    wait_for_data,
)
from helion_images_panel.management.fetch.one_image import (
    CONVERTED,
    NO_CHECKSUM,
    VERIFIED,
    Fetch,
    NotHandedOver,
)
from helion_images_panel.transfers import decompression, sending
from helion_images_panel.transfers.body import UploadStopped
from helion_images_panel.transfers.decompression import NotDecompressed
from helion_images_panel.transfers.digests import AlgorithmUnavailable, ChecksumRefused
from helion_images_panel.transfers.download_body import DownloadBody
from helion_images_panel.transfers.inspection import ContentRefused
from helion_images_panel.transfers.upload import Uploaded
from helion_images_panel.transfers.upload_decompressed import store_content
from helion_images_panel.ui.base.refusals import of_content

#: Why a file was not decompressed.
_REASONS: Mapping[str, str] = {
    decompression.DAMAGED: "the publisher's file is damaged",
    decompression.ENDS_EARLY: "the publisher's file is not complete: it ends in the middle",
    decompression.TOO_LARGE: (
        f"the file becomes larger than {{limit}} GiB ({conf.DECOMPRESSED_GIB.name})"
    ),
    decompression.TOO_MUCH_MEMORY: (
        "the file needs more memory to be decompressed than the dashboard allows"
    ),
    decompression.NOT_COMPRESSED: (
        "what the publisher's server sends is no gzip, xz, zstd or bzip2 file"
    ),
    decompression.NO_IMAGE: "the {kind} file contains a {content} file, not an image",
    decompression.EMPTY: "the {kind} file contains no data",
}

#: Glance sees the end of a process that was killed by its connection.
_RECEIVING = ("saving", "uploading")


class Streamed(Fetch):
    """The data is compared before Glance is told that it is whole: wrong data is never stored."""

    _next_run = "another run begins again"

    #: What was found when the data was stored.
    _uploaded: Uploaded

    @property
    def _is_staged(self) -> bool:
        return self._session.call(sending.stages)

    def _with_data(self) -> Image:
        if self._own is not None:
            self._remove_begun(self._own)
        image = self._stored()
        try:
            return wait_for_data(self._session, image.id, self._deadline)
        except NotArrived as error:
            self._delete_record(image, str(error))
            raise

    def _remove_begun(self, image: Image) -> None:
        """Delete what another run has left, whatever its record says: a member of the project may
        have sent other data into an image that was left queued.
        """
        until = time.monotonic() + BEGINS_WITHIN_S
        try:
            image = self._session.call(images.image_get, image.id)
            while image.status in _RECEIVING and time.monotonic() < until:
                time.sleep(FIRST_POLL_S)
                image = self._session.call(images.image_get, image.id)
        except ImageNotFound:
            self._own = None  # A user has deleted it.
            return
        self._delete_record(image, "another run has not finished it")

    def _stored(self) -> Image:
        """Create the image, and send its data. On any error no image remains."""
        left_s = self._deadline - time.monotonic()
        try:
            with publisher_files.opened(
                self._build.url, self._entry.file_hosts, host_of, left_s
            ) as file:
                image = self._new_record()
                self._send(image, file)
        except NotRead as error:
            # Before the record.
            raise NotArrived(str(error)) from error
        return image

    def _send(self, image: Image, file: publisher_files.PublisherFile) -> None:
        try:
            self._uploaded = store_content(
                self._session.request,
                image,
                lambda observer: DownloadBody(file, (observer,)),
                self._options.store,
                self._build.content_checksum,
                self._session.renew,
            )
        except ChecksumRefused as error:
            found = f"expected {error.expected}, found {error.actual}"
            reason = f"the data is not the publisher's, and was not stored: {found}"
            self._refuse(image, reason, plan.MISMATCH)
        except UploadStopped as error:
            self._refuse(image, _reason(error, image))
        except (ImageServiceError, SessionEnded) as error:
            self._delete_record(image, str(error))
            raise

    def _verification(self, image: Image) -> tuple[str, str]:
        """Compare what Glance has stored with what this run has sent."""
        found = {agrees(image, checksum) for checksum in self._uploaded.checksums.values()}
        if expected_of_source(image) != self._build.checksum:
            reason = "its record does not have the publisher's checksum"
            raise NotHandedOver(plan.FAILED, reason)
        is_as_sent = True in found and False not in found
        if not is_as_sent and not self._was_converted(image):
            reason = "Glance does not show that it has stored the data that was sent"
            self._refuse(image, f"{reason}, and the image was deleted")
        if self._build.checksum is None:
            return NO_CHECKSUM, "the publisher names no checksum"
        if not is_as_sent:
            return CONVERTED, "the data was compared before the cloud converted it"
        error = self._uploaded.verdict.error
        return VERIFIED, f"the result could not be recorded: {error}" if error else ""

    def _was_converted(self, image: Image) -> bool:
        """Whether Glance has imported what this run has staged, and changed its format. After an
        import that failed, a member of the project may have sent other data.
        """
        return (
            self._uploaded.importing
            and is_converted(image)
            and self._session.call(imports.is_last_import, image.id, imports.GLANCE_DIRECT)
        )


def _reason(error: UploadStopped, image: Image) -> str:
    if isinstance(error, NotDecompressed):
        values = {"kind": error.kind, "content": error.content}
        return _REASONS[error.cause].format(limit=conf.DECOMPRESSED_GIB.value, **values)
    if isinstance(error, ContentRefused):
        return of_content(error.finding, image.format).reason
    if isinstance(error, AlgorithmUnavailable):
        return f"this Python cannot compute {error.algorithm} checksums: nothing was stored"
    return str(error)
