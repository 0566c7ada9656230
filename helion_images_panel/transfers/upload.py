# SPDX-License-Identifier: Apache-2.0
"""A browser's upload, streamed through this process to Glance."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helion_images_panel import conf, exceptions
from helion_images_panel.api import images
from helion_images_panel.api.client import Request
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import Requested, is_staged_file, requested_property
from helion_images_panel.core.verification import UNKNOWN, expected_of
from helion_images_panel.transfers import verdicts
from helion_images_panel.transfers.body import Stream, UploadBody, UploadStopped
from helion_images_panel.transfers.decompressed_body import DecompressedBody
from helion_images_panel.transfers.digests import Digests
from helion_images_panel.transfers.inspection import Finding, Inspection
from helion_images_panel.transfers.progress import Progress
from helion_images_panel.transfers.sending import Sending
from helion_images_panel.transfers.verdicts import Verdict

LOG = logging.getLogger(__name__)

#: Maximum seconds for Glance to notice that a body ended early, and between two requests
#: for the status.
SETTLE_S = 5.0
SETTLE_POLL_S = 0.05

#: Seconds within which Glance begins with a body that has ended already.
BEGINS_WITHIN_S = 1.0


@dataclass(frozen=True)
class Uploaded:
    """Result for an active image: the `verdict` on the stored data, and `findings` that are
    warnings. Without a verdict yet if the image is `importing` the data. `checksums` are those
    of the data that was sent, by algorithm.
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    importing: bool = False
    checksums: Mapping[str, Checksum] = field(default_factory=dict)


def upload(
    request: Request, image: Image, stream: Stream, size_bytes: int, store: str | None = None
) -> Uploaded:
    """Stream `size_bytes` from the browser into the image, and compare the checksums.

    Data that is staged is imported then, and compared when Glance has stored it.

    Raise `UploadInterrupted` when the browser stops, `ContentRefused` and
    `ChecksumRefused` because of the data, `ImageServiceError` and `SessionEnded` when
    Glance refuses. The image is not active then: Glance knows the length, and sets the
    image back to "queued" when fewer bytes arrive. Raise `ImportNotStarted` when it has all
    of the data staged, and refuses the import.
    """
    inspection = inspection_of(image)
    algorithms = verdicts.algorithms(request)
    sending = Sending(request, image, store)
    with (
        Digests(algorithms, expected_of(image)) as digests,
        Progress(request, image.id) as progress,
    ):
        body = UploadBody(stream, size_bytes, (inspection, digests, sending), progress)
        send(request, image.id, sending, body)
        return completed(request, image, sending, digests, algorithms, inspection)


def inspection_of(image: Image) -> Inspection:
    """Return the inspection of data for the image, by the operator's settings."""
    return Inspection(
        image.disk_format,
        image.container_format,
        conf.CONTENT_WARNINGS.value,
        conf.GPT_CHECKS_NONFATAL.value,
    )


def send(
    request: Request, image_id: str, sending: Sending, body: UploadBody | DecompressedBody
) -> None:
    """Send the data. Raise the body's own error, when the image takes data again."""
    body.begin()
    try:
        sending.send(body)
    except (UploadStopped, exceptions.ImageServiceError):
        if body.error:
            _wait_until_queued(request, image_id)
            raise body.error from None
        raise


def completed(
    request: Request,
    image: Image,
    sending: Sending,
    digests: Digests,
    algorithms: Sequence[str],
    inspection: Inspection,
    more: Mapping[str, str] | None = None,
) -> Uploaded:
    """Have staged data imported, or compare stored data.

    :param more: further properties that are recorded with the checksums
    """
    findings = tuple(inspection.findings)
    if sending.stages:
        sending.start_import(request, digests.checksums, algorithms, more or {})
        LOG.info("Staged %d bytes for image %s", sending.sent_bytes, image.id)
        return Uploaded(Verdict(UNKNOWN), findings, True, digests.checksums)
    LOG.info("Uploaded %d bytes into image %s", sending.sent_bytes, image.id)
    if is_staged_file(image):
        # An import of an earlier file has failed; this one is stored as it is.
        more = {**requested_property(image.id, Requested.of_file()), **(more or {})}
    verdict = verdicts.compare_and_record(request, image.id, digests.checksums, more)
    return Uploaded(verdict, findings, checksums=digests.checksums)


def _wait_until_queued(request: Request, image_id: str) -> None:
    """Wait until the image is "queued" again, so that the next upload can follow immediately.

    Glance may not have begun yet: then it is "queued", becomes "saving", and is "queued" again.
    """
    began = time.monotonic()
    has_begun = False
    while time.monotonic() < began + SETTLE_S:
        try:
            is_saving = images.image_get(request, image_id).status in ("saving", "uploading")
        except (exceptions.ImageServiceError, exceptions.SessionEnded):
            return
        has_begun = has_begun or is_saving
        if not is_saving and (has_begun or time.monotonic() > began + BEGINS_WITHIN_S):
            return
        time.sleep(SETTLE_POLL_S)
