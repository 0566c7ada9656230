# SPDX-License-Identifier: Apache-2.0
"""Data that Glance got from elsewhere, compared with the checksum that somebody expects."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from helion_images_panel import exceptions
from helion_images_panel.api import cache, images, lock
from helion_images_panel.api.client import Request
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of, known_checksum, stored_checksum
from helion_images_panel.transfers import slots, verdicts
from helion_images_panel.transfers.body import CHUNK_BYTES
from helion_images_panel.transfers.digests import Digests

LOG = logging.getLogger(__name__)

#: Seconds for which what was computed is remembered.
COMPUTED_KEPT_S = 24 * 3600


class CheckBusy(Exception):
    """To be asked for again: no place, a check under way, or another expectation now."""


@dataclass(frozen=True)
class Checked:
    """`actual` is the data's own checksum of the kind that was expected.

    `removed` tells that the image was not what was expected, and is gone.
    `is_to_go` tells that it goes as soon as somebody has seen that.
    `intact` is False where the data is not even what Glance says that it stored.
    `error` is what kept the outcome from being recorded, or the image from
    being removed.
    """

    actual: Checksum
    agrees: bool
    removed: bool = False
    is_to_go: bool = False
    intact: bool = True
    error: Exception | None = None


def verify(
    request: Request, image: Image, expected: Checksum, seen: Checksum | None = None
) -> Checked:
    """Compares an active image's data, records the outcome, and removes what is wrong.

    The answer to a check that takes an hour may reach nobody. A mismatch is
    therefore written on the image at first, for everybody to see, and the
    image removed when it is asked for with what was `seen` of its data.

    Checksums that Glance confirms are used where one is of the kind; otherwise
    all of the data is read, of which no more than a few MiB are in memory.
    Raises CheckBusy, ImageServiceError and SessionEnded, and has changed
    nothing then.
    """
    actual = known_checksum(image, expected.algorithm)
    own = stored_checksum(image, image.hash_algorithm or "") or stored_checksum(image, "md5")
    intact = True
    if actual is None:
        computed = _computed(request, image, [expected, *([own] if own else [])])
        actual = computed[expected.algorithm]
        intact = own is None or computed.get(own.algorithm, own) == own
    if not intact:
        # What came out of the store is not what went in. That says nothing of
        # what somebody expected, and is no reason to take the image away.
        LOG.error("The data of image %s is not what Glance stored, %s", image.id, own)
        cache.delete(_computed_key(image.id))  # It may be mended.
        error = verdicts.record(request, image.id, *computed.values())
        return Checked(actual, agrees=False, intact=False, error=error)
    if actual == expected:
        return Checked(
            actual, True, error=verdicts.record(request, image.id, own or actual, actual)
        )
    image = images.image_get(request, image.id)
    if expected_of(image) != expected:
        # Reading takes its time: somebody has corrected it meanwhile.
        raise CheckBusy("another checksum is expected now")
    LOG.warning("Image %s was expected to have %s, and has %s", image.id, expected, actual)
    if seen != actual:
        # What cannot be written there is remembered, and found again.
        verdicts.record(request, image.id, actual, *([own] if own else []))
        return Checked(actual, agrees=False, is_to_go=True)
    error = _removed(request, image)
    return Checked(actual, agrees=False, removed=error is None, error=error)


def _computed(request: Request, image: Image, wanted: Sequence[Checksum]) -> Mapping[str, Checksum]:
    """The data's own checksums of the same kinds, by their algorithms.

    Kept for a while, as data never changes: where the outcome cannot be
    written on the image, the next check need not read it again.
    """
    key = _computed_key(image.id)
    before: Mapping[str, Checksum] = cache.get(key) or {}
    if all(checksum.algorithm in before for checksum in wanted):
        return before
    slot = slots.DOWNLOADS.take()
    if slot is None:
        raise CheckBusy("no place")
    algorithms = [checksum.algorithm for checksum in wanted]
    with slot, _alone(image.id), Digests(algorithms) as digests:
        with images.image_data(request, image.id) as data:
            for chunk in data.chunks(CHUNK_BYTES):
                digests.see(chunk)
        digests.conclude()
    cache.set(key, dict(digests.checksums), COMPUTED_KEPT_S)
    return digests.checksums


def _computed_key(image_id: str) -> str:
    return f"helion_images.computed.{image_id}"


@contextmanager
def _alone(image_id: str) -> Iterator[None]:
    """One check of an image at a time: every page that shows it may ask for one."""
    try:
        with lock.held(f"helion_images.verify.{image_id}"):
            yield
    except lock.LockHeld as error:
        raise CheckBusy("checked already") from error


def _removed(request: Request, image: Image) -> Exception | None:
    """What kept the image from being removed; None where it is gone."""
    try:
        if image.protected:
            images.image_update(request, image.id, {"protected": False})
        images.image_delete(request, image.id)
    except exceptions.ImageNotFound:
        return None
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        LOG.warning("Image %s could not be removed: %s", image.id, error)
        return error
    return None
