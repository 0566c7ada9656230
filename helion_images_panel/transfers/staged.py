# SPDX-License-Identifier: Apache-2.0
"""The import of staged data, and what is recorded of the file before Glance may convert it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from helion_images_panel import exceptions
from helion_images_panel.api import cache, images, staging
from helion_images_panel.api.client import Request, image_cache_key
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import Requested, is_archive, requested_property
from helion_images_panel.core.staged_image import is_staged
from helion_images_panel.core.verification import verified_property
from helion_images_panel.transfers import first_bytes, verdicts

LOG = logging.getLogger(__name__)

#: Bytes that tell an archive from an image, and the virtual size of a disk.
HEAD_BYTES = first_bytes.HEAD_BYTES

#: Seconds for which what was sent is cached, if its import was not started.
CACHE_S = 24 * 3600


class ImportNotStarted(exceptions.ImageServiceError):
    """All of the data is staged, and its import is still to be started; `error` is why."""

    def __init__(self, error: exceptions.ImageServiceError | exceptions.SessionEnded):
        super().__init__(str(error), getattr(error, "status", None))
        self.error = error


@dataclass(frozen=True)
class Sent:
    """What was computed of a file while it was sent: `requested` are its formats, `more` are
    further properties.
    """

    requested: Requested
    checksums: tuple[Checksum, ...]
    more: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, image: Image, head: bytes, checksums: Iterable[Checksum], more: Mapping[str, str]
    ) -> Sent:
        formats = (image.disk_format, image.container_format)
        archive = is_archive(head)
        virtual_bytes = None if archive else first_bytes.detect(head).virtual_bytes
        requested = Requested.of_staged(*formats, archive=archive, virtual_bytes=virtual_bytes)
        return cls(requested, tuple(checksums), dict(more))


def begin_import(request: Request, image: Image, sent: Sent | None, store: str | None) -> None:
    """Record what was sent, and start the import of the staged data.

    Recorded first, it outlasts the session, the page and this process: the image shows as
    verified only if Glance's own checksum agrees afterwards.

    :param sent: None if it is not known: then an expected checksum is compared afterwards
    """
    if sent is not None:
        cache.set(_key(request, image.id), sent, CACHE_S)
    try:
        if sent is not None:
            _record(request, image.id, sent)
        staging.import_staged(request, image.id, store)
    except exceptions.SessionEnded as error:
        raise ImportNotStarted(error) from error
    except exceptions.ImageServiceError as error:
        if not _has_begun(request, image.id):
            raise ImportNotStarted(error) from error
    cache.delete(_key(request, image.id))


def resume_import(request: Request, image: Image, store: str | None) -> None:
    """Start the import of data that is staged already; raise ImportNotStarted."""
    sent = cache.get(_key(request, image.id))
    begin_import(request, image, sent if isinstance(sent, Sent) else None, store)


def _record(request: Request, image_id: str, sent: Sent) -> None:
    """A cloud that requires properties of each image refuses this, and takes the import."""
    verified = verdicts.verified_now(request, *sent.checksums)
    properties = {
        **requested_property(image_id, sent.requested),
        **verified_property(image_id, verified),
        **sent.more,
    }
    try:
        staging.record_staged(request, image_id, properties)
    except exceptions.ImageServiceError as error:
        LOG.warning("What was sent into image %s could not be recorded: %s", image_id, error)


def _has_begun(request: Request, image_id: str) -> bool:
    """Whether Glance has accepted the import, though its response was an error or was lost."""
    try:
        return not is_staged(images.image_get(request, image_id))
    except (exceptions.ImageServiceError, exceptions.SessionEnded):
        return False


def _key(request: Request, image_id: str) -> str:
    return image_cache_key(request, "staged", image_id)
