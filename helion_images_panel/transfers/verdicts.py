# SPDX-License-Identifier: Apache-2.0
"""The comparison of the stored data with the sent data, and its record on the image."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from helion_images_panel import exceptions
from helion_images_panel.api import cache, images
from helion_images_panel.api.client import Request, cache_key
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import (
    MISMATCH,
    UNKNOWN,
    VERIFIED,
    Verified,
    agrees,
    verified_property,
)
from helion_images_panel.transfers.digests import is_available

LOG = logging.getLogger(__name__)

#: Glance's own default for `hashing_algorithm`.
DEFAULT_ALGORITHM = "sha512"

#: Seconds: operators hardly ever change it, and `compare_and_record` notices a change.
ALGORITHM_CACHE_S = 24 * 3600


@dataclass(frozen=True)
class Verdict:
    """`state` is VERIFIED, MISMATCH, or UNKNOWN if nothing could be compared.

    `error` is the reason why the comparison, or its record, failed; the image itself is
    active and stays so.
    """

    state: str
    error: Exception | None = None


class NothingInCommon(exceptions.ImageServiceError):
    """Glance has no checksum of an algorithm that was computed here."""


def algorithms(request: Request) -> tuple[str, ...]:
    """Return the algorithms to compute, so that Glance's own checksums can confirm the data.

    That is `os_hash_algo` of this region's Glance, if its images show it; else its
    default, and MD5, which Glance computes as well.
    """
    key = _algorithm_key(request)
    cached = cache.get(key)
    if isinstance(cached, str):
        return (cached,)
    try:
        algorithm = images.hash_algorithm(request)
    except exceptions.ImageServiceError as error:
        LOG.debug("The hash algorithm is not known: %s", error)
        algorithm = None
    if algorithm is None or not is_available(algorithm):
        return (DEFAULT_ALGORITHM, "md5")
    cache.set(key, algorithm, ALGORITHM_CACHE_S)
    return (algorithm,)


def compare_and_record(
    request: Request,
    image_id: str,
    computed: Mapping[str, Checksum],
    more: Mapping[str, str] | None = None,
) -> Verdict:
    """Read the checksums that Glance has stored, and record the result on the image.

    `computed` has the checksums of the sent or read data, by algorithm. No exception is
    raised: errors are in the verdict.

    :param more: further properties that are recorded with the result
    """
    try:
        image = images.image_get(request, image_id)
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        LOG.warning("Image %s could not be compared: %s", image_id, error)
        return Verdict(UNKNOWN, error)
    if image.hash_algorithm:
        cache.set(_algorithm_key(request), image.hash_algorithm, ALGORITHM_CACHE_S)
    comparable = [checksum for checksum in computed.values() if agrees(image, checksum) is not None]
    if not comparable:
        LOG.warning("Image %s has no checksum to compare with", image_id)
        return Verdict(UNKNOWN, NothingInCommon(f"os_hash_algo {image.hash_algorithm}"))
    # Glance's secure hash is stronger evidence than its MD5.
    comparable.sort(key=lambda checksum: checksum.algorithm != image.hash_algorithm)
    mismatches = [checksum for checksum in comparable if not agrees(image, checksum)]
    if mismatches:
        # An alarm for operators: data was changed in transit.
        LOG.error("Image %s does not have the data that was sent, %s", image_id, mismatches[0])
    error_of_record = record(
        request, image_id, *(mismatches or comparable), *computed.values(), more=more
    )
    if mismatches:
        return Verdict(MISMATCH, error_of_record)
    return Verdict(UNKNOWN if error_of_record else VERIFIED, error_of_record)


def record(
    request: Request,
    image_id: str,
    *checksums: Checksum,
    more: Mapping[str, str] | None = None,
) -> Exception | None:
    """Record the computed checksums on the image, with the time and the user.

    The first of the checksums is the strongest evidence.

    :param more: further properties
    """
    verified = verified_now(request, *checksums)
    try:
        images.image_update(
            request, image_id, {**verified_property(image_id, verified), **(more or {})}
        )
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        LOG.warning("What was computed of image %s could not be recorded: %s", image_id, error)
        return error
    return None


def verified_now(request: Request, *checksums: Checksum) -> Verified:
    """Describe checksums that were computed just now for the user of the request."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Verified(tuple(dict.fromkeys(checksums)), now, str(request.user.username))


def _algorithm_key(request: Request) -> str:
    return cache_key(request, "hash_algorithm")
