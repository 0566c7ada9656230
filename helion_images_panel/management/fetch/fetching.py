# SPDX-License-Identifier: Apache-2.0
"""An official image from its record to the one that is handed over.

It is private until its data was compared, and has a property until it is finished: another
run continues with it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from helion_images_panel.api import images, imports
from helion_images_panel.api.credentials import NoCredentials
from helion_images_panel.catalogue.comparison import Comparison
from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.catalogue.new_image import attributes_of
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.image_schema import ImageSchema, typed
from helion_images_panel.core.verification import expected_of
from helion_images_panel.exceptions import ImageNotFound, ImageServiceError, SessionEnded
from helion_images_panel.management.fetch import plan
from helion_images_panel.management.fetch.arrival import NotArrived, StillArriving, wait_for_data
from helion_images_panel.management.fetch.plan import Options, Result
from helion_images_panel.management.fetch.session import Session
from helion_images_panel.transfers.digests import AlgorithmUnavailable
from helion_images_panel.transfers.verify import CheckBusy, Checked, verify

#: Seconds between two attempts of a comparison while another one reads data.
BUSY_S = 5.0

#: What is known of the data of an image that is handed over.
VERIFIED = "verified"
CONVERTED = "converted"
NO_CHECKSUM = "no_checksum"


class NotHandedOver(Exception):
    """The image has data, and is not what was to be fetched; `outcome` is one of `plan`."""

    def __init__(self, outcome: str, reason: str):
        super().__init__(reason)
        self.outcome = outcome


def fetched(
    session: Session,
    comparisons: Sequence[Comparison],
    known: Sequence[Image],
    unfinished: Sequence[Image],
    options: Options,
) -> Iterator[Result]:
    """Fetch the images of these entries, one after the other.

    :param known: the cloud's images, without the unfinished ones
    :param unfinished: those that this command has begun
    """
    for compared in comparisons:
        begun = plan.unfinished_image(compared.entry, compared.newest, unfinished)
        result = plan.settled(compared, known, begun, options)
        if result is None and compared.newest:
            result = _Fetch(session, compared, compared.newest, options).result(begun)
        if result:
            yield result


class _Fetch:
    """One entry; `_own` is its image as this command has it now."""

    def __init__(self, session: Session, compared: Comparison, build: Build, options: Options):
        self._session = session
        self._compared = compared
        self._build = build
        self._options = options
        self._own: Image | None = None

    @property
    def _entry(self) -> Entry:
        return self._compared.entry

    def result(self, begun: Image | None) -> Result:
        self._own = begun
        try:
            image = self._with_data()
            verification, reason = self._verification(image)
            image = self._finished(image)
        except StillArriving:
            seconds = f"{self._options.timeout_s:g}"
            reason = f"Glance has not finished within {seconds} seconds; another run continues"
            return self._ended(plan.IN_PROGRESS, reason)
        except NotHandedOver as error:
            return self._ended(error.outcome, str(error))
        except SessionEnded:
            return self._ended(plan.FAILED, "the image service rejected the token")
        except (ImageServiceError, NotArrived, NoCredentials) as error:
            # The report has those that were fetched before.
            return self._ended(plan.FAILED, str(error))
        return Result(self._compared, plan.FETCHED, image, verification, reason)

    def _ended(self, outcome: str, reason: str) -> Result:
        return Result(self._compared, outcome, self._own, reason=reason)

    def _with_data(self) -> Image:
        deadline = time.monotonic() + self._options.timeout_s
        if self._own is not None:
            try:
                return wait_for_data(self._session, self._own.id, deadline)
            except ImageNotFound:
                self._own = None  # A user has deleted it.
            except NotArrived as error:
                # It was killed between its record and the download, or the download failed.
                self._delete_record(self._own, str(error))
        image = self._begin()
        try:
            return wait_for_data(self._session, image.id, deadline)
        except NotArrived as error:
            self._delete_record(image, str(error))
            raise

    def _begin(self) -> Image:
        schema = self._session.call(images.image_schema)
        attributes = self._attributes(schema)
        image = self._own = self._session.call(images.image_create, attributes)
        store = self._options.store
        try:
            self._session.call(imports.import_from_url, image.id, self._build.url, store)
        except (ImageServiceError, SessionEnded) as error:
            self._delete_record(image, str(error))
            raise
        return image

    def _attributes(self, schema: ImageSchema) -> dict[str, Any]:
        options, entry = self._options, self._entry
        required = {each.name: each for each in schema.required}
        chosen: dict[str, Any] = {
            "name": plan.image_name(entry, self._build),
            "visibility": "private",
            "tags": list(dict.fromkeys((*entry.tags, *options.tags))),
            **{
                name: typed(required[name], value) if name in required else value
                for name, value in options.properties.items()
            },
        }
        attributes = attributes_of(entry, self._build, chosen, schema)
        if schema.may_refuse_changes:
            # Its marker could not be removed.
            return attributes
        return {**attributes, **plan.marker(entry, self._build, attributes["id"])}

    def _delete_record(self, image: Image, reason: str) -> None:
        """Delete an image without data."""
        try:
            self._session.call(images.image_delete, image.id)
        except ImageNotFound:
            pass
        except (ImageServiceError, SessionEnded) as error:
            left = f"{reason}; image {image.id} without data remains: {error}"
            raise NotHandedOver(plan.FAILED, left) from error
        self._own = None

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

    def _finished(self, image: Image) -> Image:
        """Give the image the visibility and the protection that it is handed over with."""
        image = self._session.call(images.image_get, image.id)
        changes: dict[str, Any] = {}
        if plan.PROPERTY in image.properties:
            changes[plan.PROPERTY] = None
        if image.visibility != self._options.visibility:
            changes["visibility"] = self._options.visibility
        if self._options.is_protected and not image.protected:
            changes["protected"] = True
        if not changes:
            return image
        try:
            return self._session.call(images.image_update, image.id, changes)
        except ImageServiceError as error:
            reason = f"the image was compared, and could not be finished: {error}"
            raise NotHandedOver(plan.FAILED, reason) from error
