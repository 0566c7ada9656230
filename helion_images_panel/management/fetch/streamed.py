# SPDX-License-Identifier: Apache-2.0
"""An official image whose file is compressed: this process reads it from the publisher, and
Glance gets its content.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from helion_images_panel import conf
from helion_images_panel.api import images, publisher_files
from helion_images_panel.api.publishers import NotRead
from helion_images_panel.catalogue.entries import host_of
from helion_images_panel.core import verification
from helion_images_panel.core.decompression import decompressed_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of_source, state_of
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

    #: What was found when this run stored the data; None if another one has stored it.
    _uploaded: Uploaded | None = None

    @property
    def _is_staged(self) -> bool:
        return self._session.call(sending.stages)

    def _with_data(self) -> Image:
        if self._own is not None and (image := self._of_killed_run(self._own)):
            return image
        image = self._stored()
        try:
            return wait_for_data(self._session, image.id, self._deadline)
        except NotArrived as error:
            self._delete_record(image, str(error))
            raise

    def _of_killed_run(self, image: Image) -> Image | None:
        """Return the image if its data is certainly the publisher's; else delete it.

        A member of the project may have sent other data into an image that was left queued.
        """
        try:
            image = self._settled(image)
        except ImageNotFound:
            self._own = None  # A user has deleted it.
            return None
        except NotArrived:
            pass
        else:
            if self._has_publishers_data(image):
                return image
        self._delete_record(image, "another run was killed in the middle of the file")
        return None

    def _settled(self, image: Image) -> Image:
        """Wait until Glance is done with what a killed run has sent."""
        until = time.monotonic() + BEGINS_WITHIN_S
        image = self._session.call(images.image_get, image.id)
        while image.status in _RECEIVING and time.monotonic() < until:
            time.sleep(FIRST_POLL_S)
            image = self._session.call(images.image_get, image.id)
        if image.status == "importing":
            image = wait_for_data(self._session, image.id, self._deadline)
        return image

    def _has_publishers_data(self, image: Image) -> bool:
        recorded, checksum = decompressed_of(image), self._build.checksum
        return bool(
            recorded
            and checksum
            and recorded.is_expected
            and recorded.checksum == checksum
            and state_of(image) in (verification.VERIFIED, verification.CONVERTED)
        )

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
            self._delete_record(image, reason, plan.MISMATCH)
            raise NotHandedOver(plan.MISMATCH, reason) from error
        except UploadStopped as error:
            reason = _reason(error, image)
            self._delete_record(image, reason)
            raise NotHandedOver(plan.FAILED, reason) from error
        except (ImageServiceError, SessionEnded) as error:
            self._delete_record(image, str(error))
            raise

    def _verification(self, image: Image) -> tuple[str, str]:
        state = state_of(image)
        if state == verification.MISMATCH:
            reason = "Glance has stored other data than was sent, and the image was deleted"
            self._delete_record(image, reason)
            raise NotHandedOver(plan.FAILED, reason)
        if expected_of_source(image) != self._build.checksum:
            reason = "its record does not have the publisher's checksum"
            raise NotHandedOver(plan.FAILED, reason)
        if self._build.checksum is None:
            return NO_CHECKSUM, "the publisher names no checksum"
        if state == verification.CONVERTED:
            return CONVERTED, "the data was compared before the cloud converted it"
        error = self._uploaded.verdict.error if self._uploaded else None
        if state == verification.VERIFIED:
            return VERIFIED, ""
        why = f": {error}" if error else ""
        return VERIFIED, f"the result could not be recorded{why}"


def _reason(error: UploadStopped, image: Image) -> str:
    if isinstance(error, NotDecompressed):
        values = {"kind": error.kind, "content": error.content}
        return _REASONS[error.cause].format(limit=conf.DECOMPRESSED_GIB.value, **values)
    if isinstance(error, ContentRefused):
        return of_content(error.finding, image.format).reason
    if isinstance(error, AlgorithmUnavailable):
        return f"this Python cannot compute {error.algorithm} checksums: nothing was stored"
    return str(error)
