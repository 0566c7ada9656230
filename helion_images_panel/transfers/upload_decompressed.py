# SPDX-License-Identifier: Apache-2.0
"""A browser's upload of a compressed file, whose content becomes the image."""

from __future__ import annotations

import logging

from helion_images_panel import conf
from helion_images_panel.api.client import Request
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import Decompressed, decompressed_property
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of_source
from helion_images_panel.transfers import verdicts
from helion_images_panel.transfers.body import Stream, UploadBody
from helion_images_panel.transfers.decompressed_body import DecompressedBody
from helion_images_panel.transfers.digests import (
    AlgorithmUnavailable,
    ChecksumRefused,
    Digests,
    is_available,
)
from helion_images_panel.transfers.progress import Progress
from helion_images_panel.transfers.sending import Sending
from helion_images_panel.transfers.upload import Uploaded, completed, inspection_of, send

LOG = logging.getLogger(__name__)

#: Computed of a file without an expected checksum: publishers use it most.
FILE_ALGORITHM = "sha256"

GIB = 1024**3


def upload_decompressed(
    request: Request, image: Image, stream: Stream, size_bytes: int, store: str | None = None
) -> Uploaded:
    """Stream `size_bytes` of a compressed file from the browser, and store their content.

    The length of the content is not known before, so Glance takes it for whole at the mark of
    its end, which follows only when nothing speaks against it. The image expects the checksum
    of the file, or of its content. Raise `NotDecompressed`, and what `upload` raises.
    """
    inspection = inspection_of(image)
    expected = expected_of_source(image)
    if expected and not is_available(expected.algorithm):
        raise AlgorithmUnavailable(expected.algorithm)
    of_file = [expected.algorithm if expected else FILE_ALGORITHM]
    algorithms = verdicts.algorithms(request)
    sending = Sending(request, image, store)
    with (
        Digests(of_file) as file_digests,
        Digests([*algorithms, *of_file]) as digests,
        Progress(request, image.id) as progress,
    ):
        accepted = _EitherChecksum(expected, file_digests, digests)
        with DecompressedBody(
            UploadBody(stream, size_bytes, (file_digests,), progress),
            conf.DECOMPRESSED_GIB.value * GIB,
            (inspection, digests, accepted, sending),
            image.container_format == "ova",
        ) as body:
            send(request, image.id, sending, body)
        LOG.info("Decompressed %d bytes of %s for image %s", size_bytes, body.kind, image.id)
        (checksum,) = file_digests.checksums.values()
        record = Decompressed(body.kind, checksum, accepted.is_of_file)
        return completed(
            *(request, image, sending, digests, algorithms, inspection),
            more=decompressed_property(image.id, record),
        )


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
