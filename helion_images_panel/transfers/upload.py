# SPDX-License-Identifier: Apache-2.0
"""A browser's upload, streamed through this process to Glance."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from helion_images_panel import conf, exceptions
from helion_images_panel.api import images
from helion_images_panel.api.client import Request
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import Decompressed, decompressed_property
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of, expected_of_source
from helion_images_panel.transfers import verdicts
from helion_images_panel.transfers.body import Stream, UploadBody, UploadStopped
from helion_images_panel.transfers.decompressed_body import DecompressedBody
from helion_images_panel.transfers.digests import ChecksumRefused, Digests
from helion_images_panel.transfers.inspection import Finding, Inspection
from helion_images_panel.transfers.progress import Progress
from helion_images_panel.transfers.verdicts import Verdict

LOG = logging.getLogger(__name__)

#: Maximum seconds for Glance to notice that a body ended early, and between two requests
#: for the status.
SETTLE_S = 5.0
SETTLE_POLL_S = 0.05

#: Seconds within which Glance begins with a body that has ended already.
BEGINS_WITHIN_S = 1.0

#: Computed of a compressed file without an expected checksum: publishers use it most.
FILE_ALGORITHM = "sha256"

GIB = 1024**3


@dataclass(frozen=True)
class Uploaded:
    """Result for an active image: the `verdict` on the stored data, and `findings` that are
    warnings.
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()


def upload(
    request: Request, image: Image, stream: Stream, size_bytes: int, store: str | None = None
) -> Uploaded:
    """Stream `size_bytes` from the browser into the image, and compare the checksums.

    Raise `UploadInterrupted` when the browser stops, `ContentRefused` and
    `ChecksumRefused` because of the data, `ImageServiceError` and `SessionEnded` when
    Glance refuses. The image is not active then: Glance knows the length, and sets the
    image back to "queued" when fewer bytes arrive.
    """
    inspection = _inspection(image)
    algorithms = verdicts.algorithms(request)
    with (
        Digests(algorithms, expected_of(image)) as digests,
        Progress(request, image.id) as progress,
    ):
        body = UploadBody(stream, size_bytes, (inspection, digests), progress)
        _send(request, image.id, body, store)
    LOG.info("Uploaded %d bytes into image %s", size_bytes, image.id)
    verdict = verdicts.compare_and_record(request, image.id, digests.checksums)
    return Uploaded(verdict, tuple(inspection.findings))


def upload_decompressed(
    request: Request,
    image: Image,
    stream: Stream,
    size_bytes: int,
    store: str | None = None,
) -> Uploaded:
    """Do the same with the content of a compressed file, which has `size_bytes`.

    Its length is not known before, so Glance takes it for whole at the mark of its end, which
    follows only when nothing speaks against it. The image expects the checksum of the file, or
    of its content. Raise `NotDecompressed` too.
    """
    inspection = _inspection(image)
    expected = expected_of_source(image)
    of_file = [expected.algorithm] if expected else [FILE_ALGORITHM]
    with (
        Digests(of_file) as file_digests,
        Digests([*verdicts.algorithms(request), *of_file]) as digests,
        Progress(request, image.id) as progress,
    ):
        accepted = _EitherChecksum(expected, file_digests, digests)
        packed = UploadBody(stream, size_bytes, (file_digests,), progress)
        with DecompressedBody(
            packed,
            conf.DECOMPRESSED_GIB.value * GIB,
            (inspection, digests, accepted),
            image.container_format == "ova",
        ) as body:
            _send(request, image.id, body, store)
    LOG.info(
        "Uploaded %d bytes into image %s, from %d of %s",
        *(body.read_bytes, image.id, size_bytes, body.kind),
    )
    (checksum,) = file_digests.checksums.values()
    done = Decompressed(body.kind, checksum, accepted.is_of_file)
    verdict = verdicts.compare_and_record(
        request, image.id, digests.checksums, decompressed_property(image.id, done)
    )
    return Uploaded(verdict, tuple(inspection.findings))


class _EitherChecksum:
    """Refuses data unless the expected checksum is that of the file, or of its content."""

    def __init__(self, expected: Checksum | None, of_file: Digests, of_content: Digests):
        self.is_of_file = False
        self._expected = expected
        self._digests = (of_file, of_content)

    def update(self, chunk: bytes) -> None:
        """Leave the data to the digests."""

    def finish(self) -> None:
        if self._expected is None:
            return
        name = self._expected.algorithm
        of_file, of_content = (each.checksums[name] for each in self._digests)
        self.is_of_file = of_file == self._expected
        if self._expected not in (of_file, of_content):
            raise ChecksumRefused(self._expected, of_file)


def _inspection(image: Image) -> Inspection:
    return Inspection(
        image.disk_format,
        image.container_format,
        conf.CONTENT_WARNINGS.value,
        conf.GPT_CHECKS_NONFATAL.value,
    )


def _send(
    request: Request, image_id: str, body: UploadBody | DecompressedBody, store: str | None
) -> None:
    body.begin()
    try:
        images.image_upload(request, image_id, body, store)
    except (UploadStopped, exceptions.ImageServiceError):
        if body.error:
            _wait_until_queued(request, image_id)
            raise body.error from None
        raise


def _wait_until_queued(request: Request, image_id: str) -> None:
    """Wait until the image is "queued" again, so that the next upload can follow immediately.

    Glance may not have begun yet: then it is "queued", becomes "saving", and is "queued" again.
    """
    began = time.monotonic()
    has_begun = False
    while time.monotonic() < began + SETTLE_S:
        try:
            is_saving = images.image_get(request, image_id).status == "saving"
        except (exceptions.ImageServiceError, exceptions.SessionEnded):
            return
        has_begun = has_begun or is_saving
        if not is_saving and (has_begun or time.monotonic() > began + BEGINS_WITHIN_S):
            return
        time.sleep(SETTLE_POLL_S)
