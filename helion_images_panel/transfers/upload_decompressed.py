# SPDX-License-Identifier: Apache-2.0
"""A compressed file of a browser or a publisher, whose content becomes the image."""

from __future__ import annotations

import logging
from collections.abc import Callable

from helion_images_panel import conf
from helion_images_panel.api.client import Request
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import Decompressed, decompressed_property
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of_source
from helion_images_panel.transfers import verdicts
from helion_images_panel.transfers.body import Observer, Stream, UploadBody
from helion_images_panel.transfers.decompressed_body import DecompressedBody, Packed
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

    Raise `NotDecompressed`, and what `upload` raises.
    """
    with Progress(request, image.id) as progress:
        return store_content(
            request,
            image,
            lambda observer: UploadBody(stream, size_bytes, (observer,), progress),
            store,
        )


def store_content(
    request: Request,
    image: Image,
    packed: Callable[[Observer], Packed],
    store: str | None = None,
    expected_content: Checksum | None = None,
    request_afterwards: Callable[[], Request] | None = None,
) -> Uploaded:
    """Store the content of a compressed file.

    The length of the content is not known before, so Glance takes it for whole at the mark of
    its end, which follows only when nothing speaks against it. The image expects the checksum
    of the file, or of its content.

    :param packed: returns the body of the file, which has to show its chunks to the observer
    :param expected_content: the checksum of the content, if it is known beside that of the file
    :param request_afterwards: returns the request for what follows, as the token may have ended
    """
    inspection = inspection_of(image)
    expected = expected_of_source(image)
    for each in (expected, expected_content):
        if each and not is_available(each.algorithm):
            raise AlgorithmUnavailable(each.algorithm)
    of_file = [expected.algorithm if expected else FILE_ALGORITHM]
    of_content = [*of_file, *([expected_content.algorithm] if expected_content else [])]
    algorithms = verdicts.algorithms(request)
    sending = Sending(request, image, store)
    with Digests(of_file) as file_digests, Digests([*algorithms, *of_content]) as digests:
        accepted = _Accepted(expected, expected_content, file_digests, digests)
        with DecompressedBody(
            packed(file_digests),
            conf.DECOMPRESSED_GIB.value * GIB,
            (inspection, digests, accepted, sending),
            image.container_format == "ova",
        ) as body:
            send(request, image.id, sending, body)
        packed_bytes = body.packed.read_bytes
        LOG.info("Decompressed %d bytes of %s for image %s", packed_bytes, body.kind, image.id)
        (checksum,) = file_digests.checksums.values()
        record = Decompressed(body.kind, checksum, accepted.is_of_file)
        return completed(
            request_afterwards() if request_afterwards else request,
            *(image, sending, digests, algorithms, inspection),
            more=decompressed_property(image.id, record),
        )


class _Accepted:
    """Refuses data unless the expected checksum is that of the file, or of its content, and the
    content has its own.
    """

    def __init__(
        self,
        expected: Checksum | None,
        expected_content: Checksum | None,
        of_file: Digests,
        of_content: Digests,
    ):
        self.is_of_file = False
        self._expected = expected
        self._expected_content = expected_content
        self._of_file = of_file
        self._of_content = of_content

    def update(self, chunk: bytes) -> None:
        """Leave the data to the digests."""

    def finish(self) -> None:
        if self._expected:
            name = self._expected.algorithm
            of_file = self._of_file.checksums[name]
            self.is_of_file = of_file == self._expected
            if self._expected not in (of_file, self._of_content.checksums[name]):
                raise ChecksumRefused(self._expected, of_file)
        if self._expected_content:
            of_content = self._of_content.checksums[self._expected_content.algorithm]
            if self._expected_content != of_content:
                raise ChecksumRefused(self._expected_content, of_content)
