# SPDX-License-Identifier: Apache-2.0
"""An official image whose file Glance downloads, and stores as it comes."""

from __future__ import annotations

import time

from helion_images_panel.api import images, imports
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of
from helion_images_panel.exceptions import ImageNotFound, ImageServiceError, SessionEnded
from helion_images_panel.management.fetch import plan
from helion_images_panel.management.fetch.arrival import NotArrived, wait_for_data
from helion_images_panel.management.fetch.one_image import (
    CONVERTED,
    NO_CHECKSUM,
    VERIFIED,
    Fetch,
    NotHandedOver,
)
from helion_images_panel.transfers.digests import AlgorithmUnavailable
from helion_images_panel.transfers.verify import CheckBusy, Checked, verify

#: Seconds between two attempts of a comparison while another one reads data.
BUSY_S = 5.0


class Download(Fetch):
    def _with_data(self) -> Image:
        if self._own is not None:
            try:
                return wait_for_data(self._session, self._own.id, self._deadline)
            except ImageNotFound:
                self._own = None  # A user has deleted it.
            except NotArrived as error:
                # It was killed between its record and the download, or the download failed.
                self._delete_record(self._own, str(error))
        image = self._begin()
        try:
            return wait_for_data(self._session, image.id, self._deadline)
        except NotArrived as error:
            self._delete_record(image, str(error))
            raise

    def _begin(self) -> Image:
        image = self._new_record()
        store = self._options.store
        try:
            self._session.call(imports.import_from_url, image.id, self._build.url, store)
        except (ImageServiceError, SessionEnded) as error:
            self._delete_record(image, str(error))
            raise
        return image

    def _verification(self, image: Image) -> tuple[str, str]:
        """Compare the data; return what is known of it, and a remark."""
        expected = expected_of(image)
        if expected != self._build.checksum:
            reason = "its record does not have the publisher's checksum"
            raise NotHandedOver(plan.FAILED, reason)
        if expected is None:
            return NO_CHECKSUM, "the publisher names no checksum"
        checked = self._checked(image, expected)
        if checked.agrees:
            remark = f"the result could not be recorded: {checked.error}" if checked.error else ""
            return VERIFIED, remark
        if checked.converted:
            # After a download that failed, a member of the project may have sent other data.
            if not self._session.call(imports.is_last_import, image.id, imports.WEB_DOWNLOAD):
                reason = "nothing shows that Glance has downloaded the data"
                self._refuse(image, f"{reason}, and the image was deleted")
            return CONVERTED, "the cloud has converted the data, which cannot be compared"
        found = f"expected {expected}, found {checked.actual}"
        if not checked.intact:
            reason = f"Glance returns other data than it has stored: {found}"
            raise NotHandedOver(plan.FAILED, reason)
        if checked.deleted:
            self._own = None
            reason = f"the data is not the publisher's, and the image was deleted: {found}"
            raise NotHandedOver(plan.MISMATCH, reason)
        reason = f"the data is not the publisher's: {found}"
        if checked.error:
            reason = f"{reason}; the image could not be deleted: {checked.error}"
        else:
            reason = f"{reason}; the image is kept, as the cloud may have converted it"
        raise NotHandedOver(plan.MISMATCH, reason)

    def _checked(self, image: Image, expected: Checksum) -> Checked:
        """Compare the data, and delete the image if it is certainly not the publisher's."""
        deadline = time.monotonic() + self._options.timeout_s
        seen = None
        while True:
            try:
                checked = self._session.call(verify, image, expected, seen)
            except AlgorithmUnavailable as error:
                reason = f"this Python cannot compute {error} checksums: nothing was compared"
                raise NotHandedOver(plan.FAILED, reason) from error
            except CheckBusy as error:
                if time.monotonic() + BUSY_S > deadline:
                    reason = f"the data is being compared: {error}; another run continues"
                    raise NotHandedOver(plan.IN_PROGRESS, reason) from error
                time.sleep(BUSY_S)
                continue
            if not checked.to_be_deleted:
                return checked
            # The report says what the page of a user would show.
            seen = checked.actual
            image = self._session.call(images.image_get, image.id)
