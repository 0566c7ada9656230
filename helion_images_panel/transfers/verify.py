# SPDX-License-Identifier: Apache-2.0
"""Comparison of data that Glance got from elsewhere with the expected checksum."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from helion_images_panel import exceptions
from helion_images_panel.api import cache, images, imports, lock
from helion_images_panel.api.client import Request, image_cache_key
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import (
    ARCHIVE_URL,
    IMPORTED,
    STAGED_ARCHIVE,
    UNPACKED_URL,
    Requested,
    is_archive,
    is_recent_upload,
    requested_of,
    requested_property,
)
from helion_images_panel.core.verification import (
    expected_of,
    is_converted,
    is_official_unchanged,
    known_checksum,
    stored_checksum,
)
from helion_images_panel.transfers import conversion, slots, verdicts
from helion_images_panel.transfers.body import CHUNK_BYTES
from helion_images_panel.transfers.digests import AlgorithmUnavailable, Digests, is_available

LOG = logging.getLogger(__name__)

#: Seconds for which computed checksums are cached.
COMPUTED_CACHE_S = 24 * 3600

#: Bytes that tell an archive from an image.
_HEAD_BYTES = 32


class CheckBusy(Exception):
    """Retry later: no free slot, a check is running, or the expected checksum changed."""


@dataclass(frozen=True)
class Checked:
    """`actual` is the checksum of the data by the expected algorithm.

    `deleted` means that the data did not match and the image was deleted.
    `to_be_deleted` means that the image will be deleted when a user has seen the
    mismatch. `converted` means that the cloud has converted or unpacked the data, which
    therefore cannot be compared. Without any of these, the image is kept although it does not
    match: nothing shows whether the cloud has converted it. `intact` is False if the data
    does not even match Glance's own checksum. `error` is the reason why the result could
    not be recorded, or the image not deleted.
    """

    actual: Checksum
    agrees: bool
    deleted: bool = False
    to_be_deleted: bool = False
    converted: bool = False
    intact: bool = True
    error: Exception | None = None


def verify(
    request: Request, image: Image, expected: Checksum, seen: Checksum | None = None
) -> Checked:
    """Compare an active image's data, record the result, and delete a wrong upload, and an
    official image that is not the publisher's.

    Glance stores an upload unchanged. An import may convert the data, by plugins that no
    request to Glance shows: imported data that does not match is reported, and kept. So is
    that of an image whose tasks Glance may have deleted. Of an official image the record shows
    whether the data was converted: see `is_official_unchanged`.

    The response to a check that takes an hour may be lost. A mismatch is therefore
    first recorded on the image, visible to all its users, and the image is deleted when
    the check is requested again with the mismatch that was `seen`.

    Checksums that Glance confirms are used if there is one of the algorithm; otherwise
    all of the data is read, with a few MiB in memory at most. Raise CheckBusy,
    AlgorithmUnavailable, ImageServiceError and SessionEnded, without any change then.

    :param seen: the checksum of the data that the user was shown
    """
    actual = known_checksum(image, expected.algorithm)
    own = stored_checksum(image, image.hash_algorithm or "") or stored_checksum(image, "md5")
    intact = True
    if actual is None:
        if not is_available(expected.algorithm):
            raise AlgorithmUnavailable(expected.algorithm)
        computed = _computed(request, image, [expected, *([own] if own else [])])
        actual = computed[expected.algorithm]
        intact = own is None or computed.get(own.algorithm, own) == own
    if not intact:
        # The store returned other data than Glance stored. That proves nothing about
        # the expected checksum, and is no reason to delete the image.
        LOG.error("The data of image %s is not what Glance stored, %s", image.id, own)
        cache.delete(_computed_key(request, image.id))  # The store may be repaired.
        error = verdicts.record(request, image.id, *computed.values())
        return Checked(actual, agrees=False, intact=False, error=error)
    if actual == expected:
        return Checked(
            actual, True, error=verdicts.record(request, image.id, own or actual, actual)
        )
    image = images.image_get(request, image.id)
    if expected_of(image) != expected:
        # Reading takes time: a user has corrected the checksum in the meantime.
        raise CheckBusy("another checksum is expected now")
    if is_converted(image) or _was_unpacked(request, image):
        conversion.notice(request, image)
        LOG.info("Image %s was converted by the cloud and is not compared", image.id)
        return Checked(actual, agrees=False, converted=True)
    LOG.warning("Image %s was expected to have %s, and has %s", image.id, expected, actual)
    deletable = _is_official(request, image) or _is_upload(request, image)
    if seen != actual or not deletable:
        # If this fails, the computed checksums are still cached.
        verdicts.record(request, image.id, actual, *([own] if own else []))
        return Checked(actual, agrees=False, to_be_deleted=deletable)
    error = _delete(request, image)
    return Checked(actual, agrees=False, deleted=error is None, error=error)


def _is_official(request: Request, image: Image) -> bool:
    """Whether the data is certainly that of the catalogue's URL, as it came: another client may
    have sent other data after a download that failed.
    """
    return is_official_unchanged(image) and imports.is_last_import(
        request, image.id, imports.WEB_DOWNLOAD
    )


def _is_upload(request: Request, image: Image) -> bool:
    """Whether Glance has certainly stored the data unchanged: it was uploaded, not imported."""
    if not is_recent_upload(image):
        return False
    # Another client may have imported data into the image.
    imported = imports.was_imported(request, image.id)
    if imported:
        # Glance deletes the task, which shows it, after a time.
        _record_source(request, image, Requested(IMPORTED, "-"))
    return imported is False


def _was_unpacked(request: Request, image: Image) -> bool:
    """Whether the source was an archive and the stored data is not; recorded on the image."""
    requested = requested_of(image)
    if requested is None or requested.source not in (ARCHIVE_URL, STAGED_ARCHIVE):
        return False
    head_range = f"bytes=0-{_HEAD_BYTES - 1}"
    with _reading_slot(), images.image_data(request, image.id, head_range) as data:
        head = next(data.chunks(_HEAD_BYTES), b"")
    if is_archive(head):
        return False
    _record_source(request, image, replace(requested, source=UNPACKED_URL))
    return True


def _record_source(request: Request, image: Image, requested: Requested) -> None:
    try:
        images.image_update(request, image.id, requested_property(image.id, requested))
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        LOG.warning("The import of image %s could not be recorded: %s", image.id, error)


def _computed(request: Request, image: Image, wanted: Sequence[Checksum]) -> Mapping[str, Checksum]:
    """Return the checksums of the data by the same algorithms.

    Cached, as data never changes: if the result cannot be recorded on the image, the
    next check need not read the data again.
    """
    key = _computed_key(request, image.id)
    cached: Mapping[str, Checksum] = cache.get(key) or {}
    # Glance's own checksum may be of an algorithm that this Python lacks.
    algorithms = [checksum.algorithm for checksum in wanted if is_available(checksum.algorithm)]
    if all(algorithm in cached for algorithm in algorithms):
        return cached
    with (
        _reading_slot(),
        _exclusive(request, image.id),
        Digests(algorithms) as digests,
    ):
        with images.image_data(request, image.id) as data:
            for chunk in data.chunks(CHUNK_BYTES):
                digests.update(chunk)
        digests.finish()
    cache.set(key, dict(digests.checksums), COMPUTED_CACHE_S)
    return digests.checksums


def _reading_slot() -> slots.Slot:
    """Acquire the slot of a request for data: Glance may take long to send the first byte."""
    slot = slots.DOWNLOADS.acquire()
    if slot is None:
        raise CheckBusy("no free slot")
    return slot


def _computed_key(request: Request, image_id: str) -> str:
    return image_cache_key(request, "computed", image_id)


@contextmanager
def _exclusive(request: Request, image_id: str) -> Iterator[None]:
    """Allow one check of an image at a time: every page that shows it may request one.

    Two checks read the data twice, and do no harm: without the cache, both are made.
    """
    try:
        with lock.held(image_cache_key(request, "verify", image_id), required=False):
            yield
    except lock.LockHeld as error:
        raise CheckBusy("checked already") from error


def _delete(request: Request, image: Image) -> Exception | None:
    """Delete the image; return the error, or None on success."""
    try:
        if image.protected:
            images.image_update(request, image.id, {"protected": False})
        images.image_delete(request, image.id)
    except exceptions.ImageNotFound:
        return None
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        LOG.warning("Image %s could not be deleted: %s", image.id, error)
        return error
    return None
