# SPDX-License-Identifier: Apache-2.0
"""A browser's upload, streamed through this process into Glance."""

from __future__ import annotations

import logging
import time

from helion_images_panel import exceptions
from helion_images_panel.api import images
from helion_images_panel.api.client import Request
from helion_images_panel.uploads.body import CHUNK_BYTES, Stream, UploadBody

LOG = logging.getLogger(__name__)

#: After a refusal the browser is still sending, and would see a broken
#: connection instead of the reason if it were cut off at once.
DRAIN_S = 5.0


def upload(request: Request, image_id: str, stream: Stream, size_bytes: int) -> None:
    """Streams `size_bytes` from the browser into the image.

    Raises `UploadInterrupted` when the browser stops, `ImageServiceError`
    when Glance does. Either way the image is not active: Glance knows the
    length, and goes back to "queued" when fewer bytes arrive.
    """
    body = UploadBody(stream, size_bytes)
    try:
        images.image_upload(request, image_id, body)
    except exceptions.ImageServiceError:
        if body.error:
            raise body.error from None
        raise
    LOG.info("Uploaded %d bytes into image %s", size_bytes, image_id)


def drain(stream: Stream, size_bytes: int) -> None:
    """Reads the rest and throws it away, for a while: up to `size_bytes`."""
    deadline = time.monotonic() + DRAIN_S
    left = size_bytes
    try:
        while left > 0 and time.monotonic() < deadline:
            chunk = stream.read(min(CHUNK_BYTES, left))
            if not chunk:
                return
            left -= len(chunk)
    except OSError:
        return
